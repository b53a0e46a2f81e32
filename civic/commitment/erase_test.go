package commitment_test

import (
	"strings"
	"testing"

	"glosa"
	"glosa/civic/commitment"
	"glosa/db/dbtest"
)

var (
	modGov   = seat("h-mod-gov", glosa.Government, 7, glosa.Moderator)
	modCivil = seat("h-mod-civil", glosa.Civil, 7, glosa.Moderator)
	modTwo   = seat("h-mod-gov", glosa.Civil, 8, glosa.Moderator) // the same human on the other side
)

// brought is evidence of a citizen and a file of the owner.
func (h *house) brought(id glosa.CommitmentID) (link, file commitment.Evidence) {
	h.Helper()
	link, err := h.Bring(h.ctx, glosa.Citizen(), id, commitment.Brought{Title: "Foto de la vecina", URL: "https://example.mx/vecina"})
	h.ok(err)
	file, err = h.Bring(h.ctx, gov, id, commitment.Brought{Title: "Nómina con nombres", File: strings.NewReader("nombre,sueldo\nuna,1\n")})
	h.ok(err)
	return link, file
}

func TestErasedByTwoSides(t *testing.T) {
	each(t, func(h *house) {
		id := h.active()
		link, file := h.brought(id)
		say := func(by glosa.Actor, e commitment.Evidence, ground glosa.Code) error {
			return h.Erase(h.ctx, by, e.ID, ground, "third_party_rights")
		}
		h.is(glosa.Invalid, say(modGov, link, "i_dislike_it"))
		h.is(glosa.Denied, say(gov, link, "third_party_data"))
		for _, e := range []commitment.Evidence{link, file} {
			h.ok(say(modGov, e, "third_party_data"))
			h.is(glosa.Denied, say(modGov, e, "third_party_data"))
			h.is(glosa.Denied, say(modTwo, e, "third_party_data"))
		}
		if n := h.kinds()["text.erased"]; n != 0 {
			h.Errorf("%d tombstones after one word", n)
		}
		if f, err := h.Files.Get(h.ctx, file.File); err != nil {
			h.Errorf("one word dropped the file: %v", err)
		} else {
			f.Close()
		}
		h.ok(say(modCivil, link, "illegal")) // not the same word: nothing is erased
		list, err := h.Erasables(h.ctx, modCivil, "demo26")
		h.ok(err)
		if len(list) != 2 || list[0].ID != file.ID || list[0].Asked != glosa.Government || list[0].Mine || !list[1].Split {
			h.Errorf("list %+v", list)
		}
		h.ok(say(modGov, link, "third_party_data"))
		for _, e := range []commitment.Evidence{link, file} {
			h.ok(say(modCivil, e, "third_party_data"))
			h.is(glosa.Conflict, say(modGov, e, "third_party_data"))
		}
		h.gone(id, link, file)
	})
}

// gone: no row, no event and no file says any more what it was; the page and the
// record say that it was, and by whom it was erased.
func (h *house) gone(id glosa.CommitmentID, link, file commitment.Evidence) {
	h.Helper()
	c := h.card(id)
	if len(c.Evidence) != 2 || c.Unseen != 0 {
		h.Fatalf("%d shown, %d waiting", len(c.Evidence), c.Unseen)
	}
	for _, e := range c.Evidence {
		x := e.Erased
		if e.State != commitment.Gone || e.Title+e.URL+string(e.File) != "" || x.At.IsZero() || x.Ground != "third_party_data" ||
			x.Law != "third_party_rights" || x.Posts != [2]glosa.Code{"seat:government:7", "seat:civil:7"} {
			h.Errorf("%+v", e)
		}
		h.is(glosa.Conflict, h.Review(h.ctx, h.evaluator, e.ID, commitment.Admissible, "Va."))
	}
	h.is(glosa.Invalid, h.Report(h.ctx, gov, id, commitment.Update{Status: commitment.Complete, Percent: 100, Text: "Listo."})) // no evidence is left
	if _, err := h.Files.Get(h.ctx, file.File); glosa.KindOf(err) != glosa.NotFound {
		h.Errorf("the bytes are there: %v", err)
	}
	_, err := h.Bring(h.ctx, gov, id, commitment.Brought{Title: "Otra vez", File: strings.NewReader("nombre,sueldo\nuna,1\n")})
	h.is(glosa.Conflict, err)
	kept, err := h.Kept(h.ctx, "", 10)
	h.ok(err)
	for _, k := range kept {
		if !k.Erased || k.Opened || k.Object != nil || k.Commit.IsZero() {
			h.Errorf("kept %+v", k)
		}
		tombs := 0
		for _, ev := range dbtest.Events(h, h.db) {
			if ev.Kind == "text.erased" && strings.Contains(string(ev.Body), k.Commit.String()) {
				tombs++
			}
		}
		if tombs != 1 {
			h.Errorf("%d tombstones of %s", tombs, k.Evidence)
		}
	}
}

// TestBytesThatSomethingElseNamesStay, and an older backup erases again.
func TestBytesThatSomethingElseNamesStay(t *testing.T) {
	each(t, func(h *house) {
		id := h.active()
		_, file := h.brought(id)
		twin, err := h.Bring(h.ctx, gov, id, commitment.Brought{Title: "La misma", File: strings.NewReader("nombre,sueldo\nuna,1\n")})
		h.ok(err)
		for _, by := range []glosa.Actor{modCivil, modGov} {
			h.ok(h.Erase(h.ctx, by, file.ID, "own_request", "arco_cancellation"))
		}
		f, err := h.Files.Get(h.ctx, file.File)
		h.ok(err)
		f.Close()
		kept, err := h.Kept(h.ctx, "", 10)
		h.ok(err)
		var tombs []commitment.Tombstone
		for _, k := range kept {
			if k.Evidence == twin.ID {
				tombs = append(tombs, commitment.Tombstone{Target: k.Commit, Erasure: commitment.Erasure{At: h.clock.Now(), Ground: "illegal", Law: "court_order", Posts: [2]glosa.Code{"a", "b"}}})
			}
		}
		for want := 1; want >= 0; want-- {
			n, err := h.Repeat(h.ctx, glosa.Admin(), tombs)
			h.ok(err)
			if n != want {
				h.Errorf("%d erased again, want %d", n, want)
			}
		}
		if _, err := h.Files.Get(h.ctx, file.File); glosa.KindOf(err) != glosa.NotFound {
			h.Errorf("nothing names the bytes, and they are there: %v", err)
		}
	})
}

// TestTheTablesWantTwo: what the desk refuses, the tables refuse too.
func TestTheTablesWantTwo(t *testing.T) {
	each(t, func(h *house) {
		_, file := h.brought(h.active())
		for _, by := range []glosa.Actor{modCivil, modGov} {
			h.ok(h.Erase(h.ctx, by, file.ID, "own_request", "minor"))
		}
		for name, query := range map[string]string{
			"OneHuman":    `update commitment_erasure set human2 = human1`,
			"OneSide":     `update commitment_erasure set side2 = side1`,
			"Nobody":      `update commitment_erasure set human2 = ''`,
			"OtherWord":   `update commitment_erasure set word2 = 'illegal/minor'`,
			"ByOnePost":   `update commitment_evidence set gone_post2 = gone_post1 where state = 'erased'`,
			"SaltLeft":    `update commitment_evidence set salt = sealed where state = 'erased'`,
			"NameLeft":    `update commitment_evidence set title = 'una' where state = 'erased'`,
			"WithoutTime": `update commitment_evidence set state = 'erased', title = '', url = '', salt = file_of.salt from (select salt from commitment_evidence where state = 'erased') as file_of where commitment_evidence.state <> 'erased'`,
		} {
			if h.sql(query) == nil {
				h.Errorf("%s: the table let it pass", name)
			}
		}
	})
}
