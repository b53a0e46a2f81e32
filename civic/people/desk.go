package people

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"glosa"
	"glosa/db"
)

// Desk is where people, posts and seats are written down.
type Desk struct {
	DB *db.DB

	directories db.Memo[directoryKey, Directory]
	everybody   db.Memo[struct{}, []Institution]
	offices     db.Memo[struct{}, []Post]
	register    db.Memo[struct{}, Register]
}

// ours is what the memos of this room are read from.
var ours = []string{"people"}

// Load writes the reference data of a territory, as often as one likes: rows
// are known by their keys, and what an installation registered under other
// keys stays. Nothing is written, and no event is left, when nothing changed.
// Denied, Invalid.
func (d *Desk) Load(ctx context.Context, by glosa.Actor, ref Reference) error {
	if err := by.May("people.load"); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error { return load(tx, by, ref) })
}

func load(tx *db.Tx, by glosa.Actor, ref Reference) error {
	same, err := rememberLoad(tx, ref.Territory, ref.Digest)
	if err != nil || same {
		return err
	}
	for _, t := range ref.Territories {
		if err := upsertTerritory(tx, t); err != nil {
			return err
		}
	}
	for _, a := range ref.Aliases {
		if err := insertAlias(tx, a); err != nil {
			return err
		}
	}
	for _, i := range ref.Institutions {
		if err := upsertInstitution(tx, i); err != nil {
			return err
		}
	}
	for _, p := range ref.Posts {
		if err := upsertPost(tx, p); err != nil {
			return err
		}
	}
	return tx.Leave(loaded.Event(by, "", string(ref.Territory), Loaded{Territory: ref.Territory, Digest: ref.Digest,
		Territories: len(ref.Territories), Institutions: len(ref.Institutions), Posts: len(ref.Posts)}, "institutions", "territory:"+string(ref.Territory)))
}

// RegisterInstitution writes an institution of the actor's side, or corrects one.
// Denied, Invalid, Conflict when it would come after itself, or go over to the
// other side with its posts.
func (d *Desk) RegisterInstitution(ctx context.Context, by glosa.Actor, i Institution) error {
	if err := by.May("people.register"); err != nil {
		return err
	}
	if err := checkInstitution(i); err != nil {
		return err
	}
	if err := OwnSide(by, "people.register", i.Side); err != nil {
		return err
	}
	digest, err := digestOf(i)
	if err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		if err := keepsSide(tx, by, i); err != nil {
			return err
		}
		if err := upsertInstitution(tx, i); err != nil {
			return err
		}
		all, err := selectInstitutions(tx)
		if err != nil {
			return err
		}
		if err := checkLinks(all); err != nil {
			return &glosa.Error{Kind: glosa.Conflict, Key: "pe.links", Err: err}
		}
		return tx.Leave(registered.Event(by, "", string(i.Key), InstitutionRegistered{Institution: i.Key, Digest: digest},
			"institutions", "institution:"+string(i.Key)))
	})
}

// keepsSide refuses to correct what is of the other side, and to move an
// institution that has posts from one side to the other.
func keepsSide(tx *db.Tx, by glosa.Actor, i Institution) error {
	was, err := Office(tx, i.Key)
	if err != nil {
		if glosa.KindOf(err) == glosa.NotFound {
			return nil
		}
		return err
	}
	if err := OwnSide(by, "people.register", was.Side); err != nil || Namer(was.Side) == Namer(i.Side) {
		return err
	}
	n, err := countPosts(tx, i.Key)
	if err == nil && n > 0 {
		err = glosa.Refuse(glosa.Conflict, "pe.sided")
	}
	return err
}

// digestOf is the digest of a row in canonical JSON: a page's text can be compared with it.
func digestOf(row any) (glosa.Hash, error) {
	js, err := glosa.JCS(row)
	return glosa.Digest(js), err
}

// RegisterPost writes a post of the actor's side, or corrects one. Its side is
// its institution's, and stays. Denied, Invalid, NotFound when its institution is
// unknown, Conflict when it would change sides.
func (d *Desk) RegisterPost(ctx context.Context, by glosa.Actor, p Post) error {
	if err := by.May("people.register"); err != nil {
		return err
	}
	if err := checkPost(p); err != nil {
		return err
	}
	if err := OwnSide(by, "people.register", p.Side); err != nil {
		return err
	}
	digest, err := digestOf(p)
	if err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		i, err := Office(tx, p.Institution)
		if err != nil {
			return err
		}
		if Namer(i.Side) != Namer(p.Side) {
			return glosa.WrongField("side", "pe.side")
		}
		was, err := PostOf(tx, p.Key)
		switch {
		case err == nil && was.Side != p.Side:
			return orElse(OwnSide(by, "people.register", was.Side), glosa.Refuse(glosa.Conflict, "pe.sided"))
		case err != nil && glosa.KindOf(err) != glosa.NotFound:
			return err
		}
		if err := upsertPost(tx, p); err != nil {
			return err
		}
		return tx.Leave(postRegistered.Event(by, "", string(p.Key), PostRegistered{Post: p.Key, Institution: p.Institution,
			Roles: codes(p.Roles), Digest: digest}, "post:"+string(p.Key), "institution:"+string(p.Institution)))
	})
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// Enrol gives a new human an id: opaque, and joined to nothing here. Denied.
func (d *Desk) Enrol(ctx context.Context, by glosa.Actor) (glosa.HumanID, error) {
	if err := by.May("people.register"); err != nil {
		return "", err
	}
	var id glosa.HumanID
	err := d.DB.Act(ctx, func(tx *db.Tx) (err error) {
		id, err = NewHuman(tx)
		return err
	})
	return id, err
}

// NewHuman gives a new human an id, inside another room's act.
func NewHuman(tx *db.Tx) (glosa.HumanID, error) {
	id := glosa.HumanID(tx.NewID())
	return id, insertHuman(tx, id)
}

// Grant gives a post of the actor's side to a human from a day on. The document
// is what appoints them. Returns the tenure's id. Denied, Invalid, NotFound,
// Conflict when somebody holds the post in those days: what two hold, nobody
// answers for.
func (d *Desk) Grant(ctx context.Context, by glosa.Actor, t Tenure) (string, error) {
	if err := by.May("people.grant"); err != nil {
		return "", err
	}
	if err := checkGrant(t.From, t.To, false, t.Document); err != nil {
		return "", err
	}
	err := d.DB.Act(ctx, func(tx *db.Tx) error {
		t.ID = tx.NewID()
		p, err := PostOf(tx, t.Post)
		if err != nil {
			return err
		}
		if err := names(tx, by, "people.grant", p.Side, t.Human); err != nil {
			return err
		}
		held, err := selectTenures(tx, t.Post)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(held, func(o Tenure) bool { return overlap(o.From, o.To, t.From, t.To) }) {
			return glosa.Refuse(glosa.Conflict, "pe.held", "post", string(t.Post))
		}
		if err := insertTenure(tx, t, p.Side, NamedBy(by)); err != nil {
			return err
		}
		err = tx.Leave(postGranted.Event(by, "", string(t.Post), PostGranted{Tenure: glosa.Code(t.ID), Post: t.Post,
			From: t.From.Time(), Document: t.Document.Digest}, "post:"+string(t.Post), "institution:"+string(p.Institution)))
		if err != nil || t.To == "" {
			return err
		}
		return tx.Leave(postLeft.Event(by, "", string(t.Post), PostLeft{Tenure: glosa.Code(t.ID), Post: t.Post, To: t.To.Time()}, "post:"+string(t.Post)))
	})
	return t.ID, err
}

// overlap tells whether two spans of days touch; an empty end lasts.
func overlap(from1, to1, from2, to2 Day) bool {
	return (to1 == "" || from2 <= to1) && (to2 == "" || from1 <= to2)
}

// names is nil when the actor names people of the side, and this human is known
// and stands on no other.
func names(tx *db.Tx, by glosa.Actor, act glosa.Act, side glosa.Side, human glosa.HumanID) error {
	if err := OwnSide(by, act, side); err != nil {
		return err
	}
	if err := knownHuman(tx, human); err != nil {
		return err
	}
	today, err := Today(tx, by.Edition)
	if err != nil {
		return err
	}
	return OwnHuman(tx, by, act, human, today)
}

func knownHuman(tx *db.Tx, human glosa.HumanID) error {
	n, err := countHuman(tx, human)
	if err == nil && n == 0 {
		err = glosa.Missing("human", "") // the id is private: it is not repeated
	}
	return err
}

// Leave ends a tenure of the actor's side with a last day. Denied, Invalid, NotFound, Conflict when it has ended.
func (d *Desk) Leave(ctx context.Context, by glosa.Actor, tenure string, to Day) error {
	if err := by.May("people.grant"); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		found, err := selectTenure(tx, tenure)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return glosa.Missing("tenure", tenure)
		}
		t := found[0]
		p, err := PostOf(tx, t.Post)
		if err != nil {
			return err
		}
		if err := OwnSide(by, "people.grant", p.Side); err != nil {
			return err
		}
		if t.To != "" {
			return glosa.Refuse(glosa.Conflict, "pe.ended")
		}
		if !to.Valid() || to < t.From {
			return glosa.WrongField("to", "pe.date", "value", string(to))
		}
		if err := endTenure(tx, tenure, to); err != nil {
			return err
		}
		return tx.Leave(postLeft.Event(by, "", string(t.Post), PostLeft{Tenure: glosa.Code(t.ID), Post: t.Post, To: to.Time()}, "post:"+string(t.Post)))
	})
}

// Delegate lets another human do some acts of a post, from a day to a day, by a
// document. Who delegates holds the post, or names the people of its side and
// writes down what its holder signed. Returns the delegation's id. Denied, Invalid, NotFound.
func (d *Desk) Delegate(ctx context.Context, by glosa.Actor, g Delegation) (string, error) {
	if err := by.May("people.delegate"); err != nil {
		return "", err
	}
	if err := checkGrant(g.From, g.To, true, g.Document); err != nil {
		return "", err
	}
	if len(g.Acts) == 0 || slices.ContainsFunc(g.Acts, func(a glosa.Act) bool { return !knownAct(a) || !Delegable(a) }) {
		return "", glosa.WrongField("acts", "pe.acts")
	}
	err := d.DB.Act(ctx, func(tx *db.Tx) error {
		g.ID, g.Ended = tx.NewID(), time.Time{}
		p, err := PostOf(tx, g.Post)
		if err != nil {
			return err
		}
		if err := ownPost(tx, by, p); err != nil {
			return err
		}
		if err := knownHuman(tx, g.Human); err != nil {
			return err
		}
		if err := insertDelegation(tx, g, p.Side, NamedBy(by)); err != nil {
			return err
		}
		return tx.Leave(delegated.Event(by, "", string(g.Post), Delegated{Delegation: glosa.Code(g.ID), Post: g.Post, Acts: g.Acts,
			From: g.From.Time(), To: g.To.Time(), Document: g.Document.Digest}, "post:"+string(g.Post)))
	})
	return g.ID, err
}

func knownAct(a glosa.Act) bool { return slices.Contains(glosa.Acts(), a) }

// ownPost refuses whoever neither holds the post nor names the people of its side.
func ownPost(tx *db.Tx, by glosa.Actor, p Post) error {
	if Names(by, p.Side) {
		return nil
	}
	if by.Post != p.Key || by.Side != p.Side {
		return orElse(sameSide(by, p), notHeld(p.Key))
	}
	today, err := Today(tx, by.Edition)
	if err != nil {
		return err
	}
	return heldOn(tx, p.Key, by.Human, today)
}

// sameSide says whose people they are to somebody who names those of the other side.
func sameSide(by glosa.Actor, p Post) error {
	if by.Has(glosa.Facilitator) || by.Has(glosa.Overview) {
		return OwnSide(by, "people.delegate", p.Side)
	}
	return nil
}

// EndDelegation takes a delegation back, at once. Denied, NotFound, Conflict when it has ended.
func (d *Desk) EndDelegation(ctx context.Context, by glosa.Actor, id string) error {
	if err := by.May("people.delegate"); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		found, err := selectDelegation(tx, id)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return glosa.Missing("delegation", id)
		}
		g := found[0]
		p, err := PostOf(tx, g.Post)
		if err != nil {
			return err
		}
		if err := ownPost(tx, by, p); err != nil {
			return err
		}
		if !g.Ended.IsZero() {
			return glosa.Refuse(glosa.Conflict, "pe.ended")
		}
		if err := endDelegation(tx, id); err != nil {
			return err
		}
		return tx.Leave(delegationEnded.Event(by, "", string(g.Post), DelegationEnded{Delegation: glosa.Code(g.ID), Post: g.Post}, "post:"+string(g.Post)))
	})
}

// checkGrant checks what every document that grants something has in common.
func checkGrant(from, to Day, mustEnd bool, doc Document) error {
	var wrong []glosa.Field
	if !from.Valid() {
		wrong = append(wrong, glosa.Field{Name: "from", Key: "pe.date"})
	}
	if (to != "" || mustEnd) && (!to.Valid() || to < from) {
		wrong = append(wrong, glosa.Field{Name: "to", Key: "pe.date"})
	}
	if doc.Digest.IsZero() {
		wrong = append(wrong, glosa.Field{Name: "document", Key: "pe.document"})
	}
	if !plainLine(doc.Title, 200) {
		wrong = append(wrong, glosa.Field{Name: "title", Key: "pe.title"})
	}
	if len(wrong) > 0 {
		return glosa.Wrong(wrong...)
	}
	return nil
}

// plainLine tells whether s is one line of visible text of at most so many characters.
func plainLine(s string, most int) bool {
	return strings.TrimSpace(s) != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= most &&
		!strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

func checkInstitution(i Institution) error {
	var wrong []glosa.Field
	check := func(ok bool, field, key string) {
		if !ok {
			wrong = append(wrong, glosa.Field{Name: field, Key: key})
		}
	}
	check(validKey(string(i.Key)), "key", "pe.key")
	check(plainLine(i.Name, 200), "name", "pe.name")
	check(i.Note == "" || plainLine(i.Note, 500), "note", "pe.name")
	check(validSide(i.Side), "side", "pe.side")
	check(slices.Contains(sectors, i.Sector), "sector", "pe.sector")
	check(i.Next != i.Key && (i.Next == "") == (i.NextBy == "") && (i.NextBy == "" || i.NextBy == Renamed || i.NextBy == Tasks), "next", "pe.links")
	check(validLife(i.Life), "since", "pe.date")
	check(len(i.Sources) == 0 || sourced(i.Sources), "sources", "pe.source")
	if len(wrong) > 0 {
		return glosa.Wrong(wrong...)
	}
	return nil
}

func checkPost(p Post) error {
	var wrong []glosa.Field
	check := func(ok bool, field, key string) {
		if !ok {
			wrong = append(wrong, glosa.Field{Name: field, Key: key})
		}
	}
	check(validKey(string(p.Key)), "key", "pe.key")
	check(plainLine(p.Title.ES, 200), "title", "pe.name")
	check(p.Title.EN == "" || plainLine(p.Title.EN, 200), "title_en", "pe.name")
	check(validSide(p.Side), "side", "pe.side")
	check(len(p.Roles) > 0 && !slices.ContainsFunc(p.Roles, func(r glosa.Role) bool { return !grantable(r) }), "roles", "pe.roles")
	check(fit(p.Roles, p.Side), "roles", "pe.misfit")
	check(validLife(p.Life), "since", "pe.date")
	check(len(p.Sources) == 0 || sourced(p.Sources), "sources", "pe.source")
	if len(wrong) > 0 {
		return glosa.Wrong(wrong...)
	}
	return nil
}

// fit tells whether the people of a side do these roles.
func fit(roles []glosa.Role, side glosa.Side) bool {
	return !slices.ContainsFunc(roles, func(r glosa.Role) bool { return !Fits(r, side) })
}

func validSide(s glosa.Side) bool {
	return s == glosa.Government || s == glosa.Civil || s == glosa.Observatory
}

func validLife(l Life) bool {
	_, err1 := ParseWhen(string(l.Since))
	_, err2 := ParseWhen(string(l.Until))
	return err1 == nil && err2 == nil
}

// grantable roles are those a post or a seat can carry: nobody is made citizen,
// clock or keeper of the server by a document.
func grantable(r glosa.Role) bool {
	switch r {
	case glosa.Convenor, glosa.Facilitator, glosa.IntakeDesk, glosa.Moderator, glosa.Translator, glosa.Selector, glosa.Liaison, glosa.Signatory,
		glosa.Chair, glosa.Clerk, glosa.Rapporteur, glosa.Panelist, glosa.Evaluator, glosa.Overview:
		return true
	}
	return false
}
