package people

import (
	"strings"
	"testing"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

func TestForgetErasesTheName(t *testing.T) {
	each(t, func(r room) {
		safe := NewSafe([32]byte{7})
		sealed, err := safe.Seal(AuthorName, NewPrivate(secret))
		r.ok(err)
		contact, err := safe.Seal(Contact, NewPrivate("a@example.org"))
		r.ok(err)
		var id PersonID
		r.act(func(tx *db.Tx) (err error) {
			id, err = KeepAuthor(tx, sealed)
			if err != nil {
				return err
			}
			if _, err := KeepContact(tx, sealed); glosa.KindOf(err) != glosa.Internal || err == nil {
				r.t.Error("a name was kept as a contact")
			}
			_, err = KeepContact(tx, contact)
			return err
		})
		r.read(func(tx *db.Tx) error {
			p, err := Open(tx, safe, id)
			if err != nil || p.Reveal() != secret {
				r.t.Errorf("%d bytes, %v", len(p.Reveal()), err)
			}
			_, box, err := selectPrivate(tx, id)
			if err != nil || strings.Contains(string(box), secret) {
				r.t.Errorf("the row shows the name, or is not there: %v", err)
			}
			return nil
		})
		for range 2 {
			r.act(func(tx *db.Tx) error { return Forget(tx, id) })
		}
		r.read(func(tx *db.Tx) error {
			_, err := Open(tx, safe, id)
			r.want(glosa.NotFound, err)
			_, err = Open(tx, safe, contact.ID())
			return err
		})
	})
}

// TestPrivateIsNoArgument: no room can write a Private into a table of its own.
func TestPrivateIsNoArgument(t *testing.T) {
	each(t, func(r room) {
		err := r.DB.Act(r.t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec("update reference_load set territory = $1", NewPrivate(secret))
			return err
		})
		if err == nil || strings.Contains(err.Error(), secret) {
			r.t.Errorf("got %v", err)
		}
	})
}

func TestPseudonymDiffersByEdition(t *testing.T) {
	each(t, func(r room) {
		protocol, err := edition.Template("demo25")
		r.ok(err)
		r.ok((&edition.Desk{DB: r.DB}).Found(r.t.Context(), facilitator, edition.Founding{ID: "demo25", Series: "demo", Number: 1, Name: "Demostración 2025", Code: "DEMO25", Protocol: protocol, Synthetic: true}))
		who, other := r.human(), r.human()
		names := map[string]bool{}
		r.act(func(tx *db.Tx) error {
			for _, e := range []glosa.EditionID{ed, ed, "demo25"} {
				for _, h := range []glosa.HumanID{who, other} {
					p, err := Pseudonym(tx, e, h)
					if err != nil {
						return err
					}
					names[p] = true
				}
			}
			return nil
		})
		if len(names) != 4 {
			r.t.Errorf("%d pseudonyms for two people in two editions", len(names))
		}
		r.act(func(tx *db.Tx) error { return ForgetPseudonyms(tx, who) })
	})
}
