package voter

import (
	"context"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
)

// ListState is where a list of codes stands:
//
//	proposed ──another side brings the same file──► loaded ──two sides count what is left──► closed
//	    └──who proposed it drops it──► gone
type ListState string

const (
	Proposed ListState = "proposed"
	Loaded   ListState = "loaded"
	Closed   ListState = "closed"
)

// Issue is a list of codes as the house keeps it.
type Issue struct {
	ID        glosa.Code
	Edition   glosa.EditionID
	Issuer    glosa.InstitutionKey
	State     ListState
	Codes     int // issued
	Root      glosa.Hash
	Used      int // typed by somebody; once closed
	Destroyed int // handed back and destroyed in public; once told
	Told      bool
	Mine      bool // proposed by whoever reads, who may drop it
	Proposed  time.Time
	Loaded    time.Time
	Closed    time.Time

	first, second, told, closed person
}

// Unused are the codes that nobody typed, destroyed ones among them; once closed.
func (i Issue) Unused() int { return i.Codes - i.Used }

// Tells tells whether it may be said how many codes were typed: twenty or more were,
// and twenty or more were not. Of a list for one village less than that would say who
// voted, or that everybody did (docs/decisions/0017).
func (i Issue) Tells() bool { return i.Used >= 2*Step && i.Unused() >= 2*Step }

// over is what the record is told of a closed list.
func (i Issue) over() closedBody {
	b := closedBody{Issued: i.Codes, Destroyed: i.Destroyed}
	if i.Tells() {
		b.Used = i.Used
	}
	return b
}

// person is one of the two that an act takes.
type person struct {
	human glosa.HumanID
	side  glosa.Side
}

func personOf(by glosa.Actor) person { return person{by.Human, by.Side} }

// tellWrongs is how many wrong codes of one network are answered at once; a right
// one always passes, so that no school is shut out by its own typing.
const (
	tellWrongs = 5
	wrongWhile = 10 * time.Minute
)

// mostWaiting is how many lists of one person wait for a second one.
const mostWaiting = 10

// BringCodes brings the list of an issuer. Whoever brings it first proposes it; when
// somebody of another side brings the same file, from their own copy, its codes
// open the door. It tells which of the two it was. Other lists of the issuer that
// wait stand in nobody's way: a wrong one stays without its second person.
//
// Errors: Denied; Closed; Invalid (field "file") when the list is of another
// edition, or its issuer is none or belongs to the government that answers;
// Conflict when whoever proposed it is the same person or of the same side, when it
// was loaded, or when ten lists of that person wait.
func (d *Desk) BringCodes(ctx context.Context, by glosa.Actor, ed glosa.EditionID, l List) (i Issue, err error) {
	if err := by.MayIn(actBring, ed); err != nil {
		return i, err
	}
	root := l.Root()
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		e, err := edition.Enter(tx, by, actBring, ed)
		if err != nil {
			return err
		}
		if l.Edition != ed || len(l.Hashes) == 0 || len(l.Hashes) > MostCodes {
			return glosa.WrongField("file", "vo.list.edition")
		}
		if err := issuer(tx, l.Issuer); err != nil {
			return err
		}
		all, err := selectLists(tx, ed)
		if err != nil {
			return err
		}
		was, err := match(all, by, l.Issuer, root)
		if err != nil {
			return err
		}
		if was.ID != "" {
			i = was
			return i.load(tx, by, e, l)
		}
		i = Issue{ID: fresh(ed, all), Edition: ed, Issuer: l.Issuer, State: Proposed,
			Codes: len(l.Hashes), Root: root, Proposed: tx.Now, first: personOf(by)}
		if err := insertList(tx, i); err != nil {
			return err
		}
		return tx.Leave(kProposed.Event(by, ed, string(i.ID), noBody{}))
	})
	return i, err
}

// match finds, among an edition's lists, the one to which this person is the second;
// the zero one when nobody brought it yet.
func match(all []Issue, by glosa.Actor, issuer glosa.InstitutionKey, root glosa.Hash) (found Issue, err error) {
	mine := 0
	for _, was := range all {
		switch {
		case was.Root == root && was.State != Proposed:
			return Issue{}, glosa.Refuse(glosa.Conflict, "vo.list.there", "rule", string(actBring))
		case was.State != Proposed:
		case was.Root == root && was.Issuer == issuer && !by.SecondTo(was.first.human, was.first.side):
			return Issue{}, glosa.Refuse(glosa.Conflict, "vo.list.second", "rule", string(actBring))
		case was.Root == root && was.Issuer == issuer:
			found = was
		case was.first.human == by.Human:
			mine++
		}
	}
	if found.ID == "" && mine >= mostWaiting {
		return Issue{}, glosa.Refuse(glosa.Conflict, "vo.list.waiting", "rule", string(actBring))
	}
	return found, nil
}

// fresh names a list: by the number after the highest, since dropped ones are gone.
func fresh(ed glosa.EditionID, all []Issue) glosa.Code {
	head, last := string(ed)+"-codes-", 0
	for _, i := range all {
		n, _ := strconv.Atoi(strings.TrimPrefix(string(i.ID), head)) // every id was made here
		last = max(last, n)
	}
	return glosa.Code(head + strconv.Itoa(last+1))
}

// DropCodes takes a list back that waits for its second person: whoever proposed it
// brought the wrong file.
//
// Errors: Denied, also for whoever did not propose it; NotFound; Conflict when it was loaded.
func (d *Desk) DropCodes(ctx context.Context, by glosa.Actor, ed glosa.EditionID, id glosa.Code) error {
	if err := by.MayIn(actDrop, ed); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		if _, err := edition.Enter(tx, by, actDrop, ed); err != nil {
			return err
		}
		i, err := selectList(tx, ed, id)
		if err != nil {
			return err
		}
		if i.State != Proposed {
			return glosa.Refuse(glosa.Conflict, "vo.list.there", "rule", string(actDrop))
		}
		if i.first.human != by.Human {
			return glosa.Refuse(glosa.Denied, "vo.list.theirs", "rule", string(actDrop))
		}
		if err := deleteList(tx, id); err != nil {
			return err
		}
		return tx.Leave(kDropped.Event(by, ed, string(id), noBody{}))
	})
}

// issuer looks at who drew a list: an institution of the register, not of the side
// that answers.
func issuer(tx *db.Tx, key glosa.InstitutionKey) error {
	of, err := people.Office(tx, key)
	if glosa.KindOf(err) == glosa.NotFound && err != nil {
		return glosa.WrongField("file", "vo.list.issuer")
	}
	if err != nil {
		return err
	}
	if of.Side == glosa.Government {
		return glosa.WrongField("file", "vo.list.host")
	}
	return nil
}

// load opens the door to a list's codes.
func (i *Issue) load(tx *db.Tx, by glosa.Actor, e edition.Edition, l List) error {
	i.State, i.Loaded, i.second = Loaded, tx.Now, personOf(by)
	if err := saveList(tx, *i); err != nil {
		return err
	}
	if err := insertCodes(tx, i.ID, l.Hashes); err != nil {
		return err
	}
	return tx.Leave(kLoaded.Event(by, e.ID, string(i.ID), loadedBody{Issuer: i.Issuer, Count: i.Codes, Root: i.Root}))
}

// ShowCode takes a code of an envelope and gives the token of its door. It may be
// typed again elsewhere: it is the same credential. A code that was never issued, of
// another edition or of a closed list is refused alike; a right one always passes,
// however many wrong ones its network typed.
//
// Errors: Denied; Invalid (field "code"); Busy after several wrong ones.
func (d *Desk) ShowCode(ctx context.Context, by glosa.Actor, ed glosa.EditionID, caller, typed string) (token string, err error) {
	if err := by.May(actShowCode); err != nil {
		return "", err
	}
	hash, ok, err := d.known(ctx, ed, typed)
	if err != nil {
		return "", err
	}
	if !ok {
		if err := d.wrong.Take(caller, tellWrongs, wrongWhile, d.DB.Clock().Now()); err != nil {
			return "", err
		}
		return "", glosa.WrongField("code", "vo.envelope.bad")
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) error { // its list may have been closed since
		if ok, err = selectGood(tx, ed, hash); err != nil || !ok {
			return err
		}
		return markShown(tx, hash)
	})
	if err != nil {
		return "", err
	}
	if !ok {
		return "", glosa.WrongField("code", "vo.envelope.bad")
	}
	return d.token(Code, ed, hash)
}

// known finds the digest of a typed code among those that are good, so that a wrong
// one costs no act.
func (d *Desk) known(ctx context.Context, ed glosa.EditionID, typed string) (hash glosa.Hash, ok bool, err error) {
	code, well := Tidy(typed)
	hash = CodeHash(ed, code)
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		ok, err = selectGood(tx, ed, hash)
		return err
	})
	return hash, ok && well, err
}

// Typed takes a code that somebody types from a paper ballot, inside their act:
// its digest, marked as typed. Invalid (field "code") for what is not good.
func Typed(tx *db.Tx, ed glosa.EditionID, code string) (hash glosa.Hash, err error) {
	tidy, well := Tidy(code)
	hash = CodeHash(ed, tidy)
	good, err := selectGood(tx, ed, hash)
	if err == nil && !(good && well) {
		err = glosa.WrongField("code", "vo.envelope.bad")
	}
	if err != nil {
		return hash, err
	}
	return hash, markShown(tx, hash)
}

// OfPaper is the credential of a code by its digest: the one that the code's token
// gives. Digests are public, so this is for acts in which two people saw the code.
func OfPaper(ed glosa.EditionID, hash glosa.Hash) Credential {
	return Credential{door: Code, identifier: string(hash[:]), only: ed}
}

// CloseCodes counts what is left of a list, after the supports: how many envelopes
// were handed back and destroyed in public. Two people of two sides say the same
// number; the other numbers the house counts. It tells whether that closed it.
//
// Errors: Denied; NotFound; Closed before supports end; Invalid (field "destroyed");
// Conflict when the second person says another number, or is of the same side.
func (d *Desk) CloseCodes(ctx context.Context, by glosa.Actor, ed glosa.EditionID, id glosa.Code, destroyed int) (i Issue, err error) {
	if err := by.MayIn(actClose, ed); err != nil {
		return i, err
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		e, err := edition.Enter(tx, by, actClose, ed)
		if err != nil {
			return err
		}
		if i, err = selectList(tx, ed, id); err != nil {
			return err
		}
		if end := e.SupportCloses(); tx.Now.Before(end) {
			no := glosa.Refuse(glosa.Closed, "g.window", "edition", string(ed), "rule", string(actClose))
			no.Until = end
			return no
		}
		if i.State != Loaded {
			return glosa.Refuse(glosa.Conflict, "vo.list.over", "rule", string(actClose))
		}
		if i.Used, err = countShown(tx, id); err != nil {
			return err
		}
		if destroyed < 0 || destroyed > i.Unused() {
			return glosa.WrongField("destroyed", "vo.list.many", "n", strconv.Itoa(i.Unused()))
		}
		return i.tell(tx, by, destroyed)
	})
	return i, err
}

// tell is the word of one person on what was destroyed. The first may change it.
func (i *Issue) tell(tx *db.Tx, by glosa.Actor, destroyed int) error {
	me := personOf(by)
	if i.told == (person{}) || i.told == me {
		i.told, i.Told, i.Destroyed = me, true, destroyed
		if err := saveList(tx, *i); err != nil {
			return err
		}
		return tx.Leave(kCounted.Event(by, i.Edition, string(i.ID), noBody{}))
	}
	if !by.SecondTo(i.told.human, i.told.side) {
		return glosa.Refuse(glosa.Conflict, "vo.list.second", "rule", string(actClose))
	}
	if destroyed != i.Destroyed {
		return glosa.Refuse(glosa.Conflict, "vo.list.numbers", "rule", string(actClose))
	}
	i.State, i.closed, i.Closed = Closed, me, tx.Now
	if err := saveList(tx, *i); err != nil {
		return err
	}
	return tx.Leave(kClosed.Event(by, i.Edition, string(i.ID), i.over()))
}

// Issues lists the lists of an edition that are public: loaded ones and closed ones.
func (d *Desk) Issues(ctx context.Context, ed glosa.EditionID) (all []Issue, err error) {
	return d.issues(ctx, ed, false)
}

// Brought lists all of them, for whoever may bring one. Denied.
func (d *Desk) Brought(ctx context.Context, by glosa.Actor, ed glosa.EditionID) ([]Issue, error) {
	if err := by.MayIn(actReadCodes, ed); err != nil {
		return nil, err
	}
	all, err := d.issues(ctx, ed, true)
	for n, i := range all {
		all[n].Mine = i.State == Proposed && i.first.human == by.Human
	}
	return all, err
}

func (d *Desk) issues(ctx context.Context, ed glosa.EditionID, proposed bool) (out []Issue, err error) {
	var all []Issue
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = selectLists(tx, ed)
		return err
	})
	for _, i := range all {
		if proposed || i.State != Proposed {
			out = append(out, i)
		}
	}
	return out, err
}

// File is the public file of a list that was loaded. NotFound.
func (d *Desk) File(ctx context.Context, ed glosa.EditionID, id glosa.Code) (l List, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		i, err := selectList(tx, ed, id)
		if err != nil {
			return err
		}
		if i.State == Proposed {
			return glosa.Missing("codes", string(id))
		}
		l = List{Edition: ed, Issuer: i.Issuer}
		l.Hashes, err = selectHashes(tx, id)
		return err
	})
	return l, err
}

// Forget wipes out which codes of an edition were typed, inside the act that
// destroys its key: who used an envelope can be asked of nobody any more.
func Forget(tx *db.Tx, ed glosa.EditionID) error { return unmark(tx, ed) }
