package voter

import (
	"context"
	"strconv"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
)

// ListState is where a list of codes stands:
//
//	proposed ──another side brings the same file──► loaded ──two sides count what is left──► closed
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
	Proposed  time.Time
	Loaded    time.Time
	Closed    time.Time

	first, second, told, closed person
}

// Unused are the codes that nobody typed, destroyed ones among them; once closed.
func (i Issue) Unused() int { return i.Codes - i.Used }

// person is one of the two that an act takes.
type person struct {
	human glosa.HumanID
	side  glosa.Side
}

func personOf(by glosa.Actor) person { return person{by.Human, by.Side} }

// second tells whether a person may be the second to another one.
func (p person) second(to person) bool {
	return p.human != "" && p.human != to.human && p.side != to.side
}

// tellWrongs is how many wrong codes of one network are answered at once; a right
// one always passes, so that no school is shut out by its own typing.
const (
	tellWrongs = 5
	wrongWhile = 10 * time.Minute
)

// BringCodes brings the list of an issuer. Whoever brings it first proposes it; when
// somebody of another side brings the same file, from their own copy, its codes
// open the door. It tells which of the two it was.
//
// Errors: Denied; Closed; Invalid (field "file") when the list is of another
// edition, or its issuer is none or belongs to the government that answers;
// Conflict when another list of that issuer waits for its second person, when that
// is the same person or side, or when it was loaded.
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
		for _, was := range all {
			switch {
			case was.Root == root && was.State != Proposed:
				return glosa.Refuse(glosa.Conflict, "vo.list.there", "rule", string(actBring))
			case was.Issuer != l.Issuer || was.State != Proposed:
			case was.Root != root:
				return glosa.Refuse(glosa.Conflict, "vo.list.differs", "rule", string(actBring))
			case !personOf(by).second(was.first):
				return glosa.Refuse(glosa.Conflict, "vo.list.second", "rule", string(actBring))
			default:
				i = was
				return i.load(tx, by, e, l)
			}
		}
		i = Issue{ID: glosa.Code(string(ed) + "-codes-" + strconv.Itoa(len(all)+1)), Edition: ed, Issuer: l.Issuer, State: Proposed,
			Codes: len(l.Hashes), Root: root, Proposed: tx.Now, first: personOf(by)}
		if err := insertList(tx, i); err != nil {
			return err
		}
		return tx.Leave(kProposed.Event(by, ed, string(i.ID), noBody{}))
	})
	return i, err
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
		if err := d.wrong.take(caller, tellWrongs, wrongWhile, d.DB.Clock().Now()); err != nil {
			return "", err
		}
		return "", glosa.WrongField("code", "vo.envelope.bad")
	}
	if err := d.DB.Act(ctx, func(tx *db.Tx) error { return markShown(tx, hash) }); err != nil {
		return "", err
	}
	return d.token(Code, ed, hash)
}

// known finds the digest of a typed code among those that are good.
func (d *Desk) known(ctx context.Context, ed glosa.EditionID, typed string) (hash glosa.Hash, ok bool, err error) {
	code, well := Tidy(typed)
	hash = CodeHash(ed, code)
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		ok, err = selectGood(tx, ed, hash)
		return err
	})
	return hash, ok && well, err
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
	if !me.second(i.told) {
		return glosa.Refuse(glosa.Conflict, "vo.list.second", "rule", string(actClose))
	}
	if destroyed != i.Destroyed {
		return glosa.Refuse(glosa.Conflict, "vo.list.numbers", "rule", string(actClose))
	}
	i.State, i.closed, i.Closed = Closed, me, tx.Now
	if err := saveList(tx, *i); err != nil {
		return err
	}
	return tx.Leave(kClosed.Event(by, i.Edition, string(i.ID), closedBody{Issued: i.Codes, Used: i.Used, Unused: i.Unused(), Destroyed: i.Destroyed}))
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
	return d.issues(ctx, ed, true)
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
