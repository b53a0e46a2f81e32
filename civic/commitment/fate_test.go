package commitment_test

import (
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/civic/panel"
	"glosa/db"
)

func (h *house) missing(to edition.Stage) (keys []string) {
	h.Helper()
	h.ok(h.db.Read(h.ctx, func(tx *db.Tx) error {
		e, err := edition.Load(tx, "demo26")
		if err != nil {
			return err
		}
		list, err := commitment.Gate(tx, e, to)
		keys = nil
		for _, m := range list {
			keys = append(keys, m.Args["commitment"])
		}
		return err
	}))
	return keys
}

func TestNoCommitmentIsLeftInSilence(t *testing.T) {
	each(t, func(h *house) {
		a := h.active()
		b, err := h.Propose(h.ctx, rapporteur, "demo25", h.draft()) // a parking list is not a promise
		h.ok(err)
		c := h.accepted()
		h.ok(h.Document(h.ctx, glosa.Admin(), account()))
		old := account().ID
		if got := strings.Join(h.missing(edition.Agreed), " "); got != strings.Join([]string{string(old), string(a), string(c)}, " ") {
			h.Fatalf("missing %s, want %s %s %s", got, old, a, c)
		}
		d := func(id glosa.CommitmentID, o commitment.Outcome, reason string, into ...glosa.CommitmentID) error {
			return h.Dispose(h.ctx, facilitator, commitment.Disposition{Commitment: id, Edition: "demo26", Outcome: o, Reason: reason, Into: into})
		}
		h.is(glosa.Conflict, d(b, commitment.Continues, "")) // was never agreed
		h.is(glosa.Invalid, d(a, commitment.Abandons, ""))
		h.is(glosa.Denied, h.Dispose(h.ctx, gov, commitment.Disposition{Commitment: a, Edition: "demo26", Outcome: commitment.Continues}))
		h.ok(d(a, commitment.Continues, ""))
		h.state(a, commitment.CarriedOver)
		h.is(glosa.Conflict, d(a, commitment.Unknown, "")) // said is said
		h.ok(d(old, commitment.Unknown, ""))
		h.is(glosa.NotFound, d(c, commitment.Merges, "", "DEMO-2001-01"))
		h.ok(d(c, commitment.Merges, "", a))
		h.state(c, commitment.Merged)
		if got := h.missing(edition.Agreed); len(got) != 0 {
			h.Errorf("still missing %v", got)
		}
		h.ok(d(old, commitment.Abandons, "La norma en que se apoyaba ya no existe.")) // unknown may be decided again
		if card := h.state(old, commitment.Abandoned); card.ReasonBy != "seat:civil:1" || len(card.Fates) != 1 {
			h.Errorf("by %s, %d fates", card.ReasonBy, len(card.Fates))
		}
		if l := h.card(a).Links; len(l) != 1 || l[0].To != string(c) || l[0].Way != commitment.Earlier {
			h.Errorf("the heir's links: %+v", l)
		}
		tasks, left, err := h.Worklist(h.ctx, "demo26")
		h.ok(err)
		if len(tasks) != 3 || left != 0 {
			h.Errorf("%d tasks, %d left", len(tasks), left)
		}
	})
}

// account is a commitment as sources might state it; its words are the test's own.
func account() commitment.Account {
	at := time.Date(2024, 12, 9, 0, 0, 0, 0, time.UTC)
	return commitment.Account{ID: "DEMO-2024-01", Edition: "demo24",
		Versions: []commitment.Version{
			{Wording: commitment.Wording{Title: "Plan de largo plazo"}, At: at, DateText: "9 de diciembre de 2024", Restated: true, Sources: []glosa.SourceID{"S001"}},
			{Wording: commitment.Wording{Title: "Plan de largo plazo por reforma de ley"}, At: at.AddDate(0, 7, 0), DateText: "Julio de 2025", Restated: true, Sources: []glosa.SourceID{"S002"}}},
		Entries:    []commitment.Entry{{DateText: "Julio de 2025", At: at.AddDate(0, 7, 0), Kind: "event", Text: "Se aprueba la reforma", Sources: []glosa.SourceID{"S002"}, OGP: "MXROO0002", Era: "2022-2027"}},
		Links:      []commitment.Link{{Way: commitment.OGP, To: "MXROO0002", Basis: commitment.OnRecord, Sources: []glosa.SourceID{"S002"}}},
		Government: commitment.Verdict{Own: "Entregado", Sources: []glosa.SourceID{"S002"}}}
}

func TestDocumented(t *testing.T) {
	each(t, func(h *house) {
		a := account()
		a.Versions[0].Wording.Title = "«Plan» de largo plazo"
		h.is(glosa.Invalid, h.Document(h.ctx, glosa.Admin(), a)) // restated words carry no quotation marks
		a = account()
		a.Entries[0].Sources = nil
		h.is(glosa.Invalid, h.Document(h.ctx, glosa.Admin(), a))
		a = account()
		a.Edition = "demo25"
		h.is(glosa.Conflict, h.Document(h.ctx, glosa.Admin(), a)) // runs its own machine
		h.is(glosa.Denied, h.Document(h.ctx, facilitator, account()))
		h.ok(h.Document(h.ctx, glosa.Admin(), account()))
		h.is(glosa.Conflict, h.Document(h.ctx, glosa.Admin(), account()))

		c := h.state("DEMO-2024-01", commitment.AsStated)
		if !c.Documented() || c.Computable || c.Government.Own != "Entregado" || len(c.Timeline) != 1 || c.Timeline[0].OGP != "MXROO0002" {
			h.Errorf("card %+v", c)
		}
		if len(c.Drift) != 2 || c.Drift[1].Words[0].Op != panel.Same {
			h.Errorf("drift %+v", c.Drift)
		}
		h.is(glosa.Conflict, h.Suspend(h.ctx, gov, c.ID, "x"))
	})
}

func TestGatesOfItsOwnCommitments(t *testing.T) {
	each(t, func(h *house) {
		id, err := h.Propose(h.ctx, rapporteur, "demo26", h.draft())
		h.ok(err)
		if got := h.missing(edition.Agreed); len(got) != 0 {
			h.Errorf("the parking list holds up the agreements: %v", got)
		}
		h.ok(h.Negotiate(h.ctx, civil, id))
		if got := h.missing(edition.Agreed); len(got) != 1 {
			h.Errorf("missing %v, want the one that waits for a yes", got)
		}
		h.ok(h.Accept(h.ctx, gov, id, h.words(id)))
		h.ok(h.Accept(h.ctx, civil, id, h.words(id)))
		if got := h.missing(edition.Evaluated); len(got) != 1 {
			h.Errorf("missing %v, want the one without a verdict", got)
		}
		h.is(glosa.NotFound, func() error { _, err := h.Card(h.ctx, "DEMO-1999-99"); return err }())
	})
}
