package priority

import (
	"context"
	"crypto/rand"
	"maps"
	"slices"
	"strconv"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/civic/question"
	"glosa/db"
)

// setSize is how many ballots share one act at most.
const setSize = 256

// patience bounds a set's act: nobody's cancelled request may stop the others'.
const patience = 30 * time.Second

// ballot is one version of a ballot as the database keeps it.
type ballot struct {
	key        glosa.Hash
	contest    glosa.ContestID
	door       glosa.Code
	fresh      bool // no ballot of this key stood before
	state      string
	batch      int // 0: not in a batch yet
	commit     glosa.Hash
	saltServer glosa.Hash
	saltDevice [16]byte
	opener     glosa.Hash
	choices    []glosa.QuestionID
}

const (
	standing  = "standing"
	replaced  = "replaced"
	withdrawn = "withdrawn"
)

// seal commits to the choices: [glosa.Commit] of the [Object], whose canonical
// JSON is written here directly, since ballots come in masses. Ids hold nothing
// that JSON escapes. Everything random was drawn before the act.
func (b *ballot) seal() {
	salt, lock := b.salt(), glosa.Digest(b.opener[:])
	js := make([]byte, 0, 512)
	js = append(append(js, "glosa/commit/v1\x00"...), salt[:]...)
	js = append(js, `{"choices":[`...)
	for i, c := range b.choices {
		if i > 0 {
			js = append(js, ',')
		}
		js = append(append(append(js, '"'), c...), '"')
	}
	js = append(append(js, `],"contest":"`...), b.contest...)
	js = append(append(js, `","kind":"ballot","lock":"`...), lock.String()...)
	b.commit = glosa.Digest(append(js, `","v":1}`...))
}

func (b *ballot) salt() glosa.Hash { return glosa.Salt(b.saltServer, b.saltDevice) }

func (b *ballot) receipt() Receipt {
	return Receipt{Contest: b.contest, Choices: slices.Clone(b.choices), Commit: b.commit, SaltServer: b.saltServer,
		SaltDevice: b.saltDevice, Lock: glosa.Digest(b.opener[:]), LockBy: "server", Tracker: voter.Tracker(b.salt()), Batch: b.batch}
}

// wish is what somebody wants of their ballot.
type wish uint8

const (
	add    wish = iota // one question more
	remove             // one less
	move               // the ballots of weaker doors brought to this one
	whole              // this set of questions and no other, as paper says it
)

// ofOne tells whether a wish is about one question.
func (w wish) ofOne() bool { return w == add || w == remove }

// cast is one wish to change a ballot, waiting for its set.
type cast struct {
	by     glosa.Actor
	who    voter.Credential
	what   wish
	id     glosa.QuestionID
	ed     glosa.EditionID    // of a question it is found
	set    []glosa.QuestionID // of a whole ballot, sorted and checked
	from   []voter.Credential // whose ballots move to who
	server glosa.Hash         // drawn before the act
	device [16]byte
	opener glosa.Hash

	keys  []glosa.Hash // of who and from
	rc    Receipt
	left  []glosa.QuestionID // what a full ballot could not take over
	at    time.Time          // the act's time
	apart bool               // by a door that does not count
	err   error
	turn  chan bool // true: lead the next set; false: done
}

// cast hands a wish to the next set and signs the promise when it is durable.
// The first to arrive leads: it writes whatever waits in one act, and hands the
// lead to the first of those who came meanwhile.
func (d *Desk) cast(ctx context.Context, c *cast) (Receipt, error) {
	if err := ctx.Err(); err != nil {
		return Receipt{}, &glosa.Error{Kind: glosa.Busy, Key: "e.busy", Err: err}
	}
	c.turn = make(chan bool, 1)
	_, _ = rand.Read(c.server[:]) // crypto/rand never fails on a working machine
	_, _ = rand.Read(c.opener[:])
	g := &d.gather
	g.mu.Lock()
	g.waiting = append(g.waiting, c)
	if !g.leading {
		g.leading = true
		c.turn <- true
	}
	g.mu.Unlock()
	if <-c.turn {
		d.lead(ctx)
	}
	if c.err != nil {
		return Receipt{}, c.err
	}
	if len(c.rc.Choices) == 0 {
		return c.rc, nil
	}
	var err error
	c.rc.Promise, c.rc.MergeBy, err = d.Promise(promiseKind(c.apart), c.rc.Commit, c.at)
	return c.rc, err
}

// lead writes one set, tells its members, and passes the lead on. The set takes
// in whoever arrives before its commit begins.
func (d *Desk) lead(ctx context.Context) {
	g := &d.gather
	var members []*cast
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	err := d.DB.Act(ctx, func(tx *db.Tx) error {
		s := newSet(tx)
		if err := d.settle(s, members); err != nil { // the act runs again
			return err
		}
		for {
			more := g.take(setSize - len(members))
			if len(more) == 0 {
				return nil
			}
			members = append(members, more...)
			if err := d.settle(s, more); err != nil {
				return err
			}
		}
	})
	if len(members) == 0 { // the act did not even begin
		members = g.take(setSize)
	}
	if err != nil {
		for _, c := range members {
			c.err = err
		}
	}
	g.pass()
	for _, c := range members[1:] { // the first of a set is its leader
		c.turn <- false
	}
}

// take removes at most n wishes from those that wait.
func (g *gathering) take(n int) []*cast {
	g.mu.Lock()
	defer g.mu.Unlock()
	n = min(n, len(g.waiting))
	taken := slices.Clone(g.waiting[:n])
	g.waiting = slices.Delete(g.waiting, 0, n)
	return taken
}

// pass gives the lead to the first who waits.
func (g *gathering) pass() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.leading = len(g.waiting) > 0; g.leading {
		g.waiting[0].turn <- true
	}
}

// set is what one act knows while it settles many ballots.
type set struct {
	tx        *db.Tx
	editions  map[glosa.EditionID]*open
	questions map[glosa.QuestionID]question.Known
	roots     rooter
	now       map[glosa.Hash]*ballot // what stands, changing as the part goes on
	before    map[glosa.Hash]bool    // by which a ballot came that does not stand
	made      []*ballot
	over      []*ballot // rows of the table that no longer stand
}

func newSet(tx *db.Tx) *set {
	return &set{tx: tx, editions: map[glosa.EditionID]*open{}, questions: map[glosa.QuestionID]question.Known{},
		roots: rooter{tx, map[glosa.QuestionID]glosa.QuestionID{}}}
}

// open is an edition's contest as the set found it.
type open struct {
	ed       edition.Edition
	criteria Criteria
	err      error
}

// settle runs every wish of one part of a set. One that is refused does not
// stop the others; only the database stops all.
func (d *Desk) settle(s *set, casts []*cast) error {
	if len(casts) == 0 {
		return nil
	}
	s.made, s.over = nil, nil
	if err := s.meet(casts); err != nil {
		return err
	}
	var keys []glosa.Hash
	for _, c := range casts {
		c.rc, c.left, c.keys, c.at = Receipt{}, nil, nil, s.tx.Now
		if c.err = s.enter(c); c.err != nil {
			continue
		}
		if c.err = c.find(d.Keys); c.err != nil && glosa.KindOf(c.err) != glosa.Denied {
			return c.err
		}
		keys = append(keys, c.keys...)
	}
	var err error
	if s.now, err = selectStanding(s.tx, keys); err != nil {
		return err
	}
	gone := slices.DeleteFunc(keys, func(k glosa.Hash) bool { return s.now[k] != nil })
	if s.before, err = selectBefore(s.tx, gone); err != nil {
		return err
	}
	for _, c := range casts {
		switch {
		case c.err != nil:
			continue
		case c.what == move:
			s.move(c)
		case c.what == whole:
			s.whole(c)
		default:
			c.err = s.change(c)
		}
		c.apart = !s.editions[c.ed].criteria.Counts(c.who.Door())
	}
	return s.write()
}

// meet looks up, at once, the questions that the set did not know yet.
func (s *set) meet(casts []*cast) error {
	var ids []glosa.QuestionID
	for _, c := range casts {
		if _, ok := s.questions[c.id]; !ok && c.what.ofOne() {
			ids = append(ids, c.id)
		}
	}
	found, err := question.FindAll(s.tx, ids)
	maps.Copy(s.questions, found)
	return err
}

// enter checks everything about a wish but the ballot.
func (s *set) enter(c *cast) error {
	var q question.Known
	if c.what.ofOne() {
		var ok bool
		if q, ok = s.questions[c.id]; !ok {
			return glosa.Missing("question", string(c.id))
		}
		c.ed = q.Edition
	}
	o := s.contest(c)
	switch {
	case o.err != nil:
		return o.err
	case !o.criteria.Takes(c.who.Door()):
		return glosa.Refuse(glosa.Denied, "g.door", "rule", string(actSupport))
	case !c.what.ofOne():
	case !q.State.TextIsPublic():
		if c.what == add { // its page says as much: where it stands, and not a word of it
			return unsupportable(q.State)
		}
	case c.what == add && q.Agenda != question.NoAgenda:
		return glosa.WrongField("question", "g.decided")
	}
	return nil
}

// contest is the contest that a wish is for, asked for once in a set.
func (s *set) contest(c *cast) *open {
	if o := s.editions[c.ed]; o != nil {
		return o
	}
	o := &open{}
	if o.ed, o.err = edition.Enter(s.tx, c.by, actSupport, c.ed); o.err == nil {
		if o.err = window(o.ed, s.tx.Now); o.ed.StageAt(s.tx.Now) != edition.Postponed && isOver(o.ed, s.tx.Now) {
			o.err = edition.Over(s.tx, o.ed, actSupport, func(e edition.Edition) bool { return !e.Documented && window(e, s.tx.Now) == nil })
		}
	}
	if o.err == nil {
		o.criteria, o.err = selectContest(s.tx, c.ed)
	}
	if o.err == nil {
		o.err = stillOpen(s.tx, o.ed, o.criteria.Contest)
	}
	s.editions[c.ed] = o
	return o
}

// unsupportable says why nobody can support a question that is not published.
func unsupportable(s question.State) error {
	if s.Counts() == question.InWaiting {
		return glosa.Refuse(glosa.Conflict, "g.waiting", "rule", string(actSupport))
	}
	return glosa.Refuse(glosa.Closed, "g.unpublished", "rule", string(actSupport))
}

// change makes the new version of one ballot.
func (s *set) change(c *cast) error {
	q := s.questions[c.id]
	criteria := s.editions[c.ed].criteria
	was := s.now[c.keys[0]]
	var choices []glosa.QuestionID
	if was != nil {
		choices = slices.Clone(was.choices)
	}
	choices, err := s.wish(c, q, choices)
	if err != nil {
		return err
	}
	if was != nil && slices.Equal(choices, was.choices) || was == nil && len(choices) == 0 {
		if c.rc.Contest = criteria.Contest; was != nil {
			c.rc = was.receipt()
		}
		return nil
	}
	if len(choices) > criteria.Choices {
		return glosa.WrongField("question", "g.full", "n", itoa(criteria.Choices))
	}
	s.put(c, criteria.Contest, choices)
	return nil
}

// end takes a standing ballot away: replaced by a new version, or withdrawn.
func (s *set) end(key glosa.Hash, state string) {
	b := s.now[key]
	if b == nil {
		return
	}
	b.state = state
	if !slices.Contains(s.made, b) {
		s.over = append(s.over, b)
	}
	delete(s.now, key)
	s.before[key] = true
}

// put makes the version of a wish's ballot that has these choices; without any
// the ballot is withdrawn.
func (s *set) put(c *cast, contest glosa.ContestID, choices []glosa.QuestionID) {
	key := c.keys[0]
	was := s.now[key]
	if len(choices) == 0 {
		s.end(key, withdrawn)
		c.rc.Contest = contest
		return
	}
	s.end(key, replaced)
	b := &ballot{key: key, contest: contest, door: c.who.Door(), fresh: was == nil,
		state: standing, saltServer: c.server, saltDevice: c.device, opener: c.opener, choices: choices}
	b.seal()
	s.now[key] = b
	s.made = append(s.made, b)
	c.rc = b.receipt()
	c.rc.New = !s.before[key] && b.fresh
}

// wish is the ballot's choices after the wish, sorted.
func (s *set) wish(c *cast, q question.Known, choices []glosa.QuestionID) ([]glosa.QuestionID, error) {
	if i := slices.Index(choices, c.id); i >= 0 {
		if c.what == add {
			return choices, nil
		}
		return slices.Delete(choices, i, i+1), nil
	}
	if c.what == add {
		choices = append(choices, c.id)
		slices.Sort(choices)
		return choices, nil
	}
	var err error // they may have supported one that was merged with this one
	choices = slices.DeleteFunc(choices, func(id glosa.QuestionID) bool {
		root, e := s.roots.of(id)
		if e != nil {
			err = e
		}
		return e == nil && root == q.Canonical
	})
	return choices, err
}

// write puts a settled set into the table, and one event for each contest on the line.
func (s *set) write() error {
	for _, b := range s.over { // first: two ballots of one key never stand
		if err := updateState(s.tx, b); err != nil {
			return err
		}
	}
	if err := insertBallots(s.tx, s.made); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(s.editions)) {
		contest := ContestOf(id)
		body := castBody{Commits: []glosa.Hash{}}
		for _, b := range s.made {
			if b.contest == contest {
				body.Commits = append(body.Commits, b.commit)
			}
		}
		for _, b := range slices.Concat(s.over, s.made) {
			if b.contest == contest && b.state == withdrawn {
				body.Withdrawn++
			}
		}
		if len(body.Commits)+body.Withdrawn == 0 {
			continue
		}
		if err := s.tx.Leave(kCast.Event(glosa.Citizen(), id, string(contest), body)); err != nil {
			return err
		}
	}
	return nil
}

func itoa(n int) string { return strconv.Itoa(n) }
