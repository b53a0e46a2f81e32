package opinion_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/opinion"
	"glosa/civic/people/voter"
	"glosa/db"
	"glosa/db/dbtest"
)

// TestRowsArePublicOnlyWhereFrozenSo: the protocol says it before anybody votes.
func TestRowsArePublicOnlyWhereFrozenSo(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) {
		h := newHall(t, d, clock)
		const other glosa.EditionID = "demo27"
		text, err := edition.Template("demo26")
		h.ok(err)
		text = []byte(strings.Replace(string(text), "rows: auditors", "rows: public", 1))
		h.ok(h.edition.Found(h.ctx, facilitator, edition.Founding{ID: other, Series: "otra", Number: 1, Name: "Otra", Code: "OTRA26", Protocol: text,
			Session: clock.Now().AddDate(0, 0, 130), Synthetic: true}))
		h.ok(h.edition.Freeze(h.ctx, facilitator, other))
		e, err := h.edition.Get(h.ctx, other)
		h.ok(err)
		if s := opinion.SettingsOf(e); s.Rows != opinion.ForAll {
			t.Errorf("%+v", s)
		}
		for _, wrong := range []string{strings.Replace(string(text), "rows: public", "rows: everybody", 1),
			strings.Replace(string(text), "doors: [device, contact, code, oidc]", "doors: [window]", 1)} {
			if _, err := edition.ParseProtocol([]byte(wrong)); glosa.KindOf(err) != glosa.Invalid {
				t.Errorf("a wrong protocol: %v", err)
			}
		}
	})
}

// TestPublicRowsAreEverybodys: where they were frozen so, anybody has the same bytes
// that auditors have, the list of what is official names them as a file, and they stay
// when the key and the ballots go.
func TestPublicRowsAreEverybodys(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.open(7)
		h.camps(16, 16)
		dbtest.Exec(t, h.db, `update opinion_set set settings = replace(settings, '"rows":"auditors"', '"rows":"public"')`)
		_, err := h.PublicRows(h.ctx, ed)
		h.is(glosa.NotFound, err) // nobody has them before the end
		h.at(h.board().Until)
		rows, err := h.PublicRows(h.ctx, ed)
		h.ok(err)
		private, err := h.Rows(h.ctx, evaluator, ed)
		h.ok(err)
		if !bytes.Equal(rows, private) || glosa.Digest(rows) != h.board().Input {
			t.Error("what everybody gets is not what auditors get")
		}
		h.ok(h.Officials(h.ctx, func(o glosa.Official) error {
			if o.What != "rows" {
				return nil
			}
			f, err := o.Open()
			h.ok(err)
			raw, err := io.ReadAll(f)
			if !bytes.Equal(raw, rows) || o.File != "/es/ediciones/demo26/opinion/participants-votes.csv" {
				t.Errorf("official is %s of %d bytes", o.File, len(raw))
			}
			return err
		}))
		h.ok(h.edition.Cancel(h.ctx, facilitator, ed, "Se suspendió (SINTÉTICO)", "Oficio (SINTÉTICO)"))
		h.later((voter.KeyLasts + 1) * 24 * time.Hour)
		h.later(time.Hour)
		again, err := h.PublicRows(h.ctx, ed)
		h.ok(err)
		if !bytes.Equal(again, rows) || !h.keys.gone[ed] {
			t.Error("they went with the key, or the key stayed")
		}
	})
}

// TestKeyAndRowsGo: ninety days after the evaluation nothing joins votes to people.
func TestKeyAndRowsGo(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.open(7)
		all := h.camps(16, 16)
		h.at(h.board().Until)
		picture := h.board().Picture
		h.ok(h.edition.Cancel(h.ctx, facilitator, ed, "Se suspendió (SINTÉTICO)", "Oficio (SINTÉTICO)"))
		h.later((voter.KeyLasts + 1) * 24 * time.Hour)
		h.later(time.Hour)
		b := h.board()
		if b.Gone.IsZero() || len(b.Picture.Dots) != len(picture.Dots) || !h.keys.gone[ed] {
			t.Errorf("%+v", b)
		}
		_, err := h.Rows(h.ctx, evaluator, ed)
		h.is(glosa.NotFound, err)
		_, err = h.Own(h.ctx, all[0], ed)
		h.is(glosa.NotFound, err)
		var left int
		h.ok(h.db.Read(h.ctx, func(tx *db.Tx) error { return tx.Row(`select count(*) from opinion_ballot`).Scan(&left) }))
		if n := len(h.events("opinion.rows_gone")); left != 0 || n != 1 {
			t.Errorf("%d ballots left, told %d times", left, n)
		}
	})
}
