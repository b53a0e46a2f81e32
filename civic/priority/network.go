package priority

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"glosa"
	"glosa/civic/people"
	"glosa/civic/people/voter"
	"glosa/db"
)

// Networks is by how many new ballots the busiest networks were used in a day. It
// names none: a network was an opaque word that ended with the day, so one that was
// busy on two days is counted as two. It lived in the memory of the node that made
// the agenda, and nobody can compute it again: a restart loses what came before,
// other nodes and desks of paper are not in it (docs/decisions/0019).
type Networks struct {
	Since  people.Day `json:"since"`  // the day, in UTC, of the first ballot counted; "" where there is no count
	Counts []int      `json:"counts"` // largest first: ten at most, in steps of ten
}

const (
	busiest     = 10      // counts that are told
	mostNames   = 1 << 16 // networks counted in a day; whoever comes later is not
	lengthOfDay = 24 * time.Hour
)

// networks counts in memory, each node for itself, until the agenda is made.
type networks struct {
	mu  sync.Mutex
	all map[glosa.ContestID]*crowd
}

// crowd is who came to one contest: the names of a day go with the day.
type crowd struct {
	since, day time.Time
	today      map[string]int
	past       []int // counts of the days before, without names
}

// CameBy counts, in memory alone, that the ballot of a receipt came by a network,
// which is an opaque word of today. A credential by which a ballot came before is no new
// one: one browser makes no crowd.
func (d *Desk) CameBy(network string, rc Receipt) {
	if network == "" || !rc.New {
		return
	}
	d.networks.add(rc.Contest, network, d.DB.Clock().Now())
}

func (n *networks) add(contest glosa.ContestID, name string, now time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.all == nil {
		n.all = map[glosa.ContestID]*crowd{}
	}
	day := now.UTC().Truncate(lengthOfDay)
	c := n.all[contest]
	if c == nil {
		c = &crowd{since: day, day: day, today: map[string]int{}}
		n.all[contest] = c
	}
	if !day.Equal(c.day) {
		c.past, c.day, c.today = c.counts(), day, map[string]int{}
	}
	if _, known := c.today[name]; known || len(c.today) < mostNames {
		c.today[name]++
	}
}

// counts are the largest so far that may be told, in steps of ten.
func (c *crowd) counts() []int {
	all := slices.Clone(c.past)
	for _, n := range c.today {
		if n >= voter.Step {
			all = append(all, n-n%voter.Step)
		}
	}
	slices.SortFunc(all, func(a, b int) int { return b - a })
	return all[:min(busiest, len(all))]
}

// of is what may be told of a contest.
func (n *networks) of(contest glosa.ContestID) Networks {
	n.mu.Lock()
	defer n.mu.Unlock()
	c := n.all[contest]
	if c == nil {
		return Networks{}
	}
	return Networks{Since: people.DayOf(c.since), Counts: c.counts()}
}

// forget drops the names of a contest that is over.
func (n *networks) forget(contest glosa.ContestID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.all, contest)
}

// leave keeps the counts with the agenda and tells the record of them.
func (n Networks) leave(tx *db.Tx, by glosa.Actor, id glosa.EditionID, contest glosa.ContestID) error {
	if n.Since == "" {
		return nil
	}
	if err := insertNetworks(tx, contest, n); err != nil {
		return err
	}
	return tx.Leave(kNetworks.Event(by, id, string(contest), networksBody{Since: n.Since.Time(), Counts: n.Counts}))
}

// word is how lists of what is official have it.
func (n Networks) word() string {
	if n.Since == "" {
		return ""
	}
	return strings.Trim(fmt.Sprint("since=", n.Since, " ", fmt.Sprint(n.Counts)), " ")
}

// networkOfficials lists the counts.
func networkOfficials(tx *db.Tx, id glosa.ContestID, s *glosa.Sheet) error {
	n, err := selectNetworks(tx, id)
	s.Word("networks", n.word())
	return err
}

// foldNetworks says what the tables must have: ten counts at most, none of them small.
func foldNetworks(l glosa.Ledger, e glosa.Event) error {
	b, err := glosa.BodyOf[networksBody](e)
	if err != nil || !voter.FirstTold(l, e, sortContest, "networks", networksTwice) {
		return err
	}
	if len(b.Counts) > busiest || slices.ContainsFunc(b.Counts, func(c int) bool { return c < voter.Step || c%voter.Step != 0 }) {
		l.Fault("tells of networks more, or less than ten ballots")
	}
	l.Say(sortContest, e.Subject, "networks", Networks{people.DayOf(b.Since.UTC()), b.Counts}.word())
	return nil
}
