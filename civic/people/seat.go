package people

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// Seat makes a chair of the actor's side in an edition: its side, number, roles, and whether a
// substitute may sit in it. Returns its id. Denied, Invalid, NotFound, Conflict
// when that side has a chair of that number.
func (d *Desk) Seat(ctx context.Context, by glosa.Actor, s Seat) (string, error) {
	if err := by.MayIn("people.seat", s.Edition); err != nil {
		return "", err
	}
	if err := checkSeat(s); err != nil {
		return "", err
	}
	if err := OwnSide(by, "people.seat", s.Side); err != nil {
		return "", err
	}
	s.ID = seatID(s.Edition, s.Side, s.Number)
	return s.ID, d.DB.Act(ctx, func(tx *db.Tx) error {
		if _, err := edition.Enter(tx, by, "people.seat", s.Edition); err != nil {
			return err
		}
		if s.Institution != "" {
			if _, err := Office(tx, s.Institution); err != nil {
				return err
			}
		}
		made, err := insertSeat(tx, s, NamedBy(by))
		if err != nil {
			return err
		}
		if made == 0 {
			return glosa.Refuse(glosa.Conflict, "pe.seated", "seat", s.ID)
		}
		return tx.Leave(madeOf(by, s))
	})
}

func seatID(ed glosa.EditionID, side glosa.Side, number int) string {
	return fmt.Sprintf("%s-%s-%d", ed, side, number)
}

func checkSeat(s Seat) error {
	var wrong []glosa.Field
	if !validSide(s.Side) {
		wrong = append(wrong, glosa.Field{Name: "side", Key: "pe.side"})
	}
	if s.Number < 1 || s.Number > 500 {
		wrong = append(wrong, glosa.Field{Name: "number", Key: "pe.number"})
	}
	if len(s.Roles) == 0 || slices.ContainsFunc(s.Roles, func(r glosa.Role) bool { return !grantable(r) }) {
		wrong = append(wrong, glosa.Field{Name: "roles", Key: "pe.roles"})
	}
	if !fit(s.Roles, s.Side) {
		wrong = append(wrong, glosa.Field{Name: "roles", Key: "pe.misfit"})
	}
	if !slices.Contains(sectors, s.Sector) {
		wrong = append(wrong, glosa.Field{Name: "sector", Key: "pe.sector"})
	}
	if len(wrong) > 0 {
		return glosa.Wrong(wrong...)
	}
	return nil
}

// Sit puts a human into a seat of the actor's side from a day on, as its holder or as a substitute,
// by a document. Denied when the seat takes no substitute; Invalid, NotFound;
// Conflict when the seat has a holder in those days, or a substitute likewise,
// or when a substitute would sit for nobody.
func (d *Desk) Sit(ctx context.Context, by glosa.Actor, ed glosa.EditionID, s Sitting) (string, error) {
	if err := by.MayIn("people.seat", ed); err != nil {
		return "", err
	}
	if err := checkGrant(s.From, s.To, s.Substitute, s.Document); err != nil {
		return "", err
	}
	err := d.DB.Act(ctx, func(tx *db.Tx) error {
		s.ID = tx.NewID()
		if _, err := edition.Enter(tx, by, "people.seat", ed); err != nil {
			return err
		}
		seat, err := seatIn(tx, ed, s.Seat)
		if err != nil {
			return err
		}
		if err := names(tx, by, "people.seat", seat.Side, s.Human); err != nil {
			return err
		}
		if err := roomFor(tx, seat, s); err != nil {
			return err
		}
		if err := insertSitting(tx, s, seat.Side, NamedBy(by)); err != nil {
			return err
		}
		if err := tx.Leave(seatTaken.Event(by, ed, seat.ID, SeatTaken{Side: glosa.Code(seat.Side), Number: seat.Number,
			Substitute: s.Substitute, From: s.From.Time(), Document: s.Document.Digest})); err != nil || s.To == "" {
			return err
		}
		return tx.Leave(seatLeft.Event(by, ed, seat.ID, SeatLeft{Side: glosa.Code(seat.Side), Number: seat.Number, To: s.To.Time()}))
	})
	return s.ID, err
}

func seatIn(tx *db.Tx, ed glosa.EditionID, id string) (Seat, error) {
	found, err := selectSeat(tx, id)
	if err != nil {
		return Seat{}, err
	}
	if len(found) == 0 || found[0].Edition != ed {
		return Seat{}, glosa.Missing("seat", id)
	}
	return found[0], nil
}

// roomFor refuses a second holder, a second substitute, a substitute where none
// may sit, and one who would stand in for nobody.
func roomFor(tx *db.Tx, seat Seat, s Sitting) error {
	if s.Substitute && !seat.Delegable {
		return glosa.Refuse(glosa.Denied, "pe.inperson", "rule", "seat:"+seat.ID)
	}
	others, err := selectSittings(tx, seat.ID)
	if err != nil {
		return err
	}
	held := false
	for _, o := range others {
		if !overlap(o.From, o.To, s.From, s.To) {
			continue
		}
		if o.Substitute == s.Substitute {
			return glosa.Refuse(glosa.Conflict, "pe.seated", "seat", seat.ID)
		}
		held = held || !o.Substitute
	}
	if s.Substitute && !held {
		return glosa.Refuse(glosa.Conflict, "pe.nobody", "seat", seat.ID)
	}
	return nil
}

// Rise ends a sitting of the actor's side with a last day. Denied, Invalid, NotFound, Conflict when it has ended.
func (d *Desk) Rise(ctx context.Context, by glosa.Actor, ed glosa.EditionID, seat, sitting string, to Day) error {
	if err := by.MayIn("people.seat", ed); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		if _, err := edition.Enter(tx, by, "people.seat", ed); err != nil {
			return err
		}
		chair, err := seatIn(tx, ed, seat)
		if err != nil {
			return err
		}
		if err := OwnSide(by, "people.seat", chair.Side); err != nil {
			return err
		}
		all, err := selectSittings(tx, seat)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(s Sitting) bool { return s.ID == sitting })
		switch {
		case at < 0:
			return glosa.Missing("sitting", sitting)
		case all[at].To != "":
			return glosa.Refuse(glosa.Conflict, "pe.ended")
		case !to.Valid() || to < all[at].From:
			return glosa.WrongField("to", "pe.date", "value", string(to))
		}
		if err := endSitting(tx, sitting, to); err != nil {
			return err
		}
		return tx.Leave(seatLeft.Event(by, ed, chair.ID, SeatLeft{Side: glosa.Code(chair.Side), Number: chair.Number, To: to.Time()}))
	})
}

// Seats lists the chairs of an edition by side and number.
func Seats(tx *db.Tx, ed glosa.EditionID) ([]Seat, error) { return selectSeats(tx, ed) }

// Sittings lists who has sat in a seat; the humans in it stay inside the house.
func Sittings(tx *db.Tx, seat string) ([]Sitting, error) { return selectSittings(tx, seat) }

// Tenures lists who has held a post; the humans in it stay inside the house.
func Tenures(tx *db.Tx, post glosa.PostKey) ([]Tenure, error) { return selectTenures(tx, post) }

// Delegations lists what was delegated of a post, ended ones too.
func Delegations(tx *db.Tx, post glosa.PostKey) ([]Delegation, error) {
	return selectDelegations(tx, post)
}

// Declare is a declaration of interests for an edition by whoever acts: none,
// or what they are. It is public. Denied, Invalid.
func (d *Desk) Declare(ctx context.Context, by glosa.Actor, ed glosa.EditionID, interest Interest, text string) error {
	if err := by.MayIn("people.declare", ed); err != nil {
		return err
	}
	text = strings.TrimSpace(text)
	if interest != NoInterest && interest != HasInterest {
		return glosa.WrongField("interest", "pe.interest")
	}
	if interest == HasInterest && text == "" || len(text) > 4000 || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' || r == 0x7f }) {
		return glosa.WrongField("text", "pe.words")
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		if _, err := edition.Enter(tx, by, "people.declare", ed); err != nil {
			return err
		}
		if err := knownHuman(tx, by.Human); err != nil {
			return err
		}
		row := Declaration{ID: tx.NewID(), Edition: ed, By: by.By(), Interest: interest, Text: text}
		if err := insertDeclaration(tx, row, by.Human); err != nil {
			return err
		}
		return tx.Leave(declared.Event(by, ed, row.ID, Declared{Interest: glosa.Code(interest), Digest: glosa.Digest([]byte(text))}))
	})
}

// Declarations lists the declarations of an edition, oldest first.
func Declarations(tx *db.Tx, ed glosa.EditionID) ([]Declaration, error) {
	return selectDeclarations(tx, ed)
}

// HasDeclared is nil when the human has declared their interests for the edition. Denied otherwise.
func HasDeclared(tx *db.Tx, ed glosa.EditionID, human glosa.HumanID) error {
	n, err := countDeclarations(tx, ed, human)
	if err == nil && n == 0 {
		err = glosa.Refuse(glosa.Denied, "pe.undeclared", "rule", "people.declare")
	}
	return err
}

// Document writes down who took part in an edition as cited sources say, in
// place of what stood there. Only public reference data: a private person
// enters with a capacity and no name. Denied, Invalid.
func (d *Desk) Document(ctx context.Context, by glosa.Actor, ed glosa.EditionID, list []Participant) error {
	if err := by.MayIn("people.document", ed); err != nil {
		return err
	}
	for i := range list {
		list[i].Edition = ed
		if err := checkParticipant(list[i]); err != nil {
			return err
		}
	}
	digest, err := digestOf(list)
	if err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		if _, err := edition.Enter(tx, by, "people.document", ed); err != nil {
			return err
		}
		if err := replaceParticipants(tx, ed, list); err != nil {
			return err
		}
		return tx.Leave(documented.Event(by, ed, string(ed), Documented{Count: len(list), Digest: digest}))
	})
}

func checkParticipant(p Participant) error {
	switch {
	case p.Name != "" && !plainLine(p.Name, 200):
		return glosa.WrongField("name", "pe.name")
	case !plainLine(p.Capacity, 300):
		return glosa.WrongField("capacity", "pe.name")
	case p.Institution != "" && !plainLine(p.Institution, 300):
		return glosa.WrongField("institution", "pe.name")
	case p.Side != glosa.NoSide && !validSide(p.Side):
		return glosa.WrongField("side", "pe.side")
	case !sourced(p.Sources):
		return glosa.WrongField("sources", "pe.source")
	}
	return nil
}

// Participants lists who took part in an edition as cited sources say.
func Participants(tx *db.Tx, ed glosa.EditionID) ([]Participant, error) {
	return selectParticipants(tx, ed)
}

// KeepAuthor keeps the name a question's author signs with, and gives the random
// id to remember it by. Seal it before the act.
func KeepAuthor(tx *db.Tx, name Sealed) (PersonID, error) { return keep(tx, name, AuthorName) }

// KeepContact keeps a mailbox or a telephone, and gives the random id to remember it by.
func KeepContact(tx *db.Tx, contact Sealed) (PersonID, error) { return keep(tx, contact, Contact) }

// keep writes sealed words of the right kind. Internal when they are of another.
func keep(tx *db.Tx, s Sealed, kind Kept) (PersonID, error) {
	if s.kind != kind {
		return "", &glosa.Error{Kind: glosa.Internal, Err: fmt.Errorf("people: sealed as %q, kept as %q", s.kind, kind)}
	}
	return s.id, Keep(tx, s)
}

// Keep keeps sealed words of any kind under their own id.
func Keep(tx *db.Tx, s Sealed) error { return insertPrivate(tx, s) }

// Open opens kept words. NotFound when they were never kept, or are forgotten.
func Open(tx *db.Tx, s *Safe, id PersonID) (Private, error) {
	kind, box, err := selectPrivate(tx, id)
	if err != nil {
		if glosa.KindOf(err) == glosa.NotFound {
			return Private{}, glosa.Missing("person", "")
		}
		return Private{}, err
	}
	return s.open(id, kind, box)
}

// Forget erases kept words for good; forgetting twice, or nothing, is no error,
// so that an erasure can be repeated after a restore. Who may ask for it is the
// asking room's law: an author's key, or two persons of different sides.
func Forget(tx *db.Tx, id PersonID) error {
	if id == "" {
		return nil
	}
	_, err := deletePrivate(tx, id)
	return err
}

// Pseudonym is a human's name inside one edition: random, another one in each
// edition, so that nobody joins two editions by it. It never leaves the house.
func Pseudonym(tx *db.Tx, ed glosa.EditionID, human glosa.HumanID) (string, error) {
	if err := knownHuman(tx, human); err != nil {
		return "", err
	}
	if words, err := selectPseudonym(tx, ed, human); err == nil || glosa.KindOf(err) != glosa.NotFound {
		return words, err
	}
	id := glosa.Digest([]byte(tx.NewID())) // 80 random bits, and the time hidden by the digest
	words := hex.EncodeToString(id[:10])
	return words, insertPseudonym(tx, ed, human, words)
}

// ForgetPseudonyms cuts a human loose from every edition.
func ForgetPseudonyms(tx *db.Tx, human glosa.HumanID) error { return deletePseudonyms(tx, human) }
