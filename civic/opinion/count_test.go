package opinion_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"glosa"
	"glosa/civic/opinion"
	"glosa/civic/people/voter"
	"glosa/db/dbtest"
	"glosa/method/cluster"
)

// TestLastVoteWins: whatever a few people say in whatever order, the rows of the
// count hold the last word of each on each statement, and no more.
func TestLastVoteWins(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		const statements, voters = 5, 4
		h.open(statements)
		who := make([]voter.Credential, voters)
		for i := range who {
			who[i] = h.device()
		}
		last := make([]map[int]opinion.Says, voters)
		for i := range last {
			last[i] = map[int]opinion.Says{}
		}
		rapid.Check(t, func(r *rapid.T) { // the days go on from one to the next
			for range 6 {
				v, n := rapid.IntRange(0, voters-1).Draw(r, "voter"), rapid.IntRange(1, statements).Draw(r, "statement")
				says := opinion.Says(rapid.IntRange(-1, 1).Draw(r, "vote"))
				rc, err := h.Vote(h.ctx, citizen, who[v], ed, n, says, [16]byte{byte(v)})
				if err != nil {
					r.Fatal(err)
				}
				last[v][n] = says
				if c, err := glosa.Commit(glosa.Salt(rc.SaltServer, rc.SaltDevice), rc.Object); err != nil || c != rc.Commit {
					r.Fatalf("the receipt does not open its commitment: %v", err)
				}
			}
			if rapid.Bool().Draw(r, "batch") {
				h.later(16 * time.Second)
			}
		})
		trackers := map[string]int{}
		for i, v := range who {
			rc, err := h.Own(h.ctx, v, ed)
			if len(last[i]) == 0 {
				h.is(glosa.NotFound, err)
				continue
			}
			h.ok(err)
			trackers[rc.Tracker] = i
		}
		h.at(h.board().Until)
		rows, err := h.Rows(h.ctx, evaluator, ed)
		h.ok(err)
		checkRows(t, string(rows), trackers, last, statements)
	})
}

func checkRows(t *testing.T, rows string, trackers map[string]int, last []map[int]opinion.Says, statements int) {
	lines := strings.Split(strings.TrimSpace(rows), "\n")
	if len(lines) != 1+len(trackers) {
		t.Fatalf("%d rows for %d people", len(lines)-1, len(trackers))
	}
	for _, line := range lines[1:] {
		cells := strings.Split(line, ",")
		i, known := trackers[cells[0]]
		if !known {
			t.Fatalf("row %s is nobody's", cells[0])
		}
		for n := 1; n <= statements; n++ {
			want := ""
			if says, voted := last[i][n]; voted {
				want = fmt.Sprint(int(says))
			}
			if cells[5+n] != want {
				t.Errorf("voter %d on %d: %q, want %q", i, n, cells[5+n], want)
			}
		}
	}
}

// TestBatchesHoldEveryVersion: each promise is found, each version that no longer
// stands is opened, and rows are what the batches told.
func TestBatchesHoldEveryVersion(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.open(3)
		v, w := h.device(), h.device()
		var given []opinion.Receipt
		given = append(given, h.vote(v, 1, opinion.Agree), h.vote(v, 2, opinion.Agree), h.vote(w, 1, opinion.Pass))
		if again := h.vote(w, 1, opinion.Pass); again.Commit != given[2].Commit {
			t.Error("saying the same made a new version")
		}
		h.later(16 * time.Minute)
		given = append(given, h.vote(v, 2, opinion.Disagree))
		h.at(h.board().Until)
		batches, err := h.Batches(h.ctx, opinion.ContestOf(ed))
		h.ok(err)
		var told []glosa.Hash
		fresh := 0
		for _, b := range batches {
			commits, err := h.Batch(h.ctx, b.Contest, b.N)
			h.ok(err)
			if voter.Merkle(commits) != b.Root {
				t.Errorf("batch %d: another root", b.N)
			}
			told, fresh = append(told, commits...), fresh+b.New
		}
		for i, rc := range given {
			if !slices.Contains(told, rc.Commit) {
				t.Errorf("promise %d is in no batch", i)
			}
		}
		if len(batches) != 2 || fresh != 2 || h.board().Ballots != 2 {
			t.Errorf("%d batches, %d new, %d counted", len(batches), fresh, h.board().Ballots)
		}
		opened := map[string]bool{}
		for _, e := range h.events("opinion.unlocked") {
			var body struct {
				Opened []voter.Opening `json:"opened"`
			}
			h.ok(json.Unmarshal(e.Body, &body))
			for _, o := range body.Opened {
				opened[o.Former.String()] = true
				for _, rc := range given {
					if rc.Commit == o.Former && rc.Object.Lock != glosa.Digest(o.Opener[:]) {
						t.Error("an opener that opens nothing")
					}
				}
			}
		}
		if len(opened) != 2 || !opened[given[0].Commit.String()] || !opened[given[1].Commit.String()] {
			t.Errorf("opened %d", len(opened))
		}
		again, err := h.Own(h.ctx, v, ed)
		h.ok(err)
		if again.Object.Votes != "1:1,2:-1" || again.Commit != given[3].Commit {
			t.Errorf("%+v", again)
		}
	})
}

// TestManyVoteAtOnce: nobody's vote is lost, and one credential has one ballot.
func TestManyVoteAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.open(4)
		var wg sync.WaitGroup
		shared := h.device()
		for range 8 {
			own := h.device()
			for n := 1; n <= 4; n++ {
				for _, v := range []voter.Credential{own, shared} {
					wg.Go(func() {
						if _, err := h.Vote(h.ctx, citizen, v, ed, n, opinion.Agree, [16]byte{}); err != nil {
							t.Error(err)
						}
					})
				}
			}
		}
		wg.Wait()
		h.at(h.board().Until)
		if b := h.board(); b.Ballots != 9 {
			t.Errorf("%d ballots of 9 credentials", b.Ballots)
		}
		rows, err := h.Rows(h.ctx, evaluator, ed)
		h.ok(err)
		if n := strings.Count(string(rows), ",1,1,1,1\n"); n != 9 {
			t.Errorf("%d rows hold four votes:\n%s", n, rows)
		}
	})
}

// TestGroupsAreTheSameEverywhere: both engines, and the method alone on the rows
// that auditors get, say the same; what is told hides what is small.
func TestGroupsAreTheSameEverywhere(t *testing.T) {
	var pictures []string
	each(t, func(t *testing.T, h *hall) {
		h.open(10)
		h.camps(20, 14, 12)
		h.at(h.board().Until)
		b := h.board()
		if got := b.Picture; got.People != 45 || len(got.Groups) != 3 || got.Groups[0].Size != 20 || len(got.Dots) == 0 || len(got.Shared) == 0 || got.Shared[0].N != 10 {
			t.Fatalf("%+v", got)
		}
		rows, err := h.Rows(h.ctx, evaluator, ed)
		h.ok(err)
		if glosa.Digest(rows) != b.Input {
			t.Error("the rows are not what was logged")
		}
		votes, err := cluster.Read(bytes.NewReader(rows))
		h.ok(err)
		var listed bytes.Buffer
		h.ok(opinion.Votes(&listed, rows))
		again, err := cluster.Read(&listed)
		h.ok(err)
		for _, v := range []*cluster.Votes{votes, again} {
			res, err := v.Groups(h.ctx, cluster.Rule{})
			h.ok(err)
			raw, err := res.File()
			h.ok(err)
			if glosa.Digest(raw) != b.Result {
				t.Error("the method says something else of the same rows")
			}
		}
		b.Picture.Drawn = time.Time{}
		js, err := json.Marshal(b.Picture)
		h.ok(err)
		pictures = append(pictures, string(js))
	})
	if len(pictures) == 2 && pictures[0] != pictures[1] {
		t.Errorf("two engines, two pictures:\n%s\n%s", pictures[0], pictures[1])
	}
}

// TestGroupsAreDrawnOnce: nothing of them is told before the end, however long the
// vote lasts and however many take part, and what is told then stays as it is. So no
// two pictures can be compared, and none tells of the few by whom they differ.
func TestGroupsAreDrawnOnce(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.open(7)
		all := h.camps(20, 15)
		for range 9 {
			h.later(25 * time.Hour)
			if b := h.board(); !reflect.DeepEqual(b.Picture, opinion.Picture{}) || b.Ballots != 0 || !b.Input.IsZero() {
				t.Fatalf("told while votes are taken: %+v", b)
			}
		}
		h.vote(all[0], 1, opinion.Pass) // one answer more
		h.ok(h.Close(h.ctx, facilitator, ed))
		h.ok(h.Count(h.ctx))
		drawn := h.board().Picture
		if len(drawn.Groups) != 2 || len(drawn.Dots) == 0 {
			t.Fatalf("%+v", drawn)
		}
		h.ok(h.Erase(h.ctx, civil, ed, 2, "third_party_data", "minor"))
		h.ok(h.Erase(h.ctx, government, ed, 2, "third_party_data", "minor"))
		h.later(25 * time.Hour)
		if again := h.board().Picture; !reflect.DeepEqual(again, drawn) {
			t.Errorf("drawn again: %+v\nfirst: %+v", again, drawn)
		}
		if n := len(h.events("opinion.counted")); n != 1 {
			t.Errorf("counted %d times", n)
		}
	})
}

// TestSmallIsNotShown: no groups under thirty people, none with a group under ten,
// no count that moves by fewer than ten.
func TestSmallIsNotShown(t *testing.T) {
	for _, c := range []struct {
		name   string
		camps  []int
		why    glosa.Code
		groups int
	}{
		{"TwentyNine", []int{15, 14}, opinion.WhyFew, 0},
		{"Thirty", []int{16, 14}, "", 2},
		{"AGroupOfSix", []int{24, 6}, opinion.WhySmall, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, h *hall) {
				h.open(7)
				h.camps(c.camps...)
				h.at(h.board().Until)
				p := h.board().Picture
				if p.Why != c.why || len(p.Groups) != c.groups || (len(p.Dots) > 0) != (c.groups > 0) {
					t.Errorf("%+v", p)
				}
				for _, d := range p.Dots {
					if d.Many < 2 {
						t.Errorf("a cell of few: %+v", d)
					}
				}
				if c.why == opinion.WhyFew && (p.People > 0 || len(p.Agree)+len(p.Disagree)+len(p.Shared) > 0) {
					t.Errorf("told of few: %+v", p)
				}
			})
		})
	}
}

func TestCountsMoveInSteps(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.open(1)
		told := func() opinion.Told {
			h.later(16 * time.Minute)
			all, err := h.Statements(h.ctx, ed)
			h.ok(err)
			return all[0].Told
		}
		for range 9 {
			h.vote(h.device(), 1, opinion.Agree)
		}
		if got := told(); got.Votes != 0 || got.Agree >= 0 {
			t.Errorf("nine: %+v", got)
		}
		for range 4 {
			h.vote(h.device(), 1, opinion.Disagree)
		}
		if got := told(); got.Agree != 10 || got.Disagree >= 0 || got.Pass >= 0 || got.Votes != 10 {
			t.Errorf("nine and four: %+v", got)
		}
		for range 9 {
			h.vote(h.device(), 1, opinion.Disagree)
		}
		if got := told(); got.Disagree >= 0 {
			t.Errorf("nine more moved it: %+v", got)
		}
		h.vote(h.device(), 1, opinion.Pass)
		if got := told(); got.Disagree != 15 || got.Agree != 10 || got.Pass >= 0 {
			t.Errorf("ten more: %+v", got)
		}
		var again []voter.Credential
		for range 10 {
			again = append(again, h.device())
			h.vote(again[len(again)-1], 1, opinion.Agree)
		}
		if got := told(); got.Agree != 20 || got.Disagree != 15 {
			t.Errorf("ten that agree: %+v", got)
		}
		for i, v := range again {
			if h.vote(v, 1, opinion.Pass); i == 8 {
				if got := told(); got.Agree != 20 {
					t.Errorf("nine of them say something else: %+v", got)
				}
			}
		}
		if got := told(); got.Agree != 10 || got.Pass != 10 || got.Disagree != 15 {
			t.Errorf("ten of them say something else: %+v", got)
		}
	})
}

// TestNothingPublicHoldsARow: events, officials and what pages are made of hold no
// tracker, no salt and no row; and no row key is one of another contest.
func TestNothingPublicHoldsARow(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.open(7)
		all := h.camps(20, 15)
		h.at(h.board().Until)
		var public bytes.Buffer
		for _, e := range dbtest.Events(t, h.db) {
			fmt.Fprintln(&public, e.Kind, string(e.Body), e.Subject)
			if e.Kind == "vote.cast" && (string(e.Body) != "{}" || e.Edition != "" || e.Public) {
				t.Errorf("a vote tells %s", e.Body)
			}
		}
		h.ok(h.Officials(h.ctx, func(o glosa.Official) error {
			_, err := fmt.Fprintln(&public, o)
			return err
		}))
		js, err := json.Marshal(h.board())
		h.ok(err)
		public.Write(js)
		_, err = h.PublicRows(h.ctx, ed)
		h.is(glosa.NotFound, err)
		_, err = h.Rows(h.ctx, civil, ed)
		h.is(glosa.Denied, err)
		for _, v := range all {
			rc, err := h.Own(h.ctx, v, ed)
			h.ok(err)
			if strings.Contains(public.String(), rc.Tracker) || strings.Contains(public.String(), rc.SaltServer.String()) {
				t.Fatal("a tracker or a salt is public")
			}
			agenda, err := v.Row(h.keys, ed, glosa.ContestID(ed+"-agenda"))
			h.ok(err)
			here, err := v.Row(h.keys, ed, opinion.ContestOf(ed))
			h.ok(err)
			if agenda == here || here == rc.Position || agenda == rc.Position {
				t.Fatal("rows of two contests join")
			}
		}
		if m := regexp.MustCompile(`\d+:-?[01],\d+:-?[01]`).FindString(public.String()); m != "" {
			t.Errorf("votes in public: %s", m)
		}
	})
}

// TestOneFailingSetStopsNoOther: what is wrong with one is told, the others are counted.
func TestOneFailingSetStopsNoOther(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.open(3)
		h.vote(h.device(), 1, opinion.Agree)
		h.ok(h.Close(h.ctx, facilitator, ed))
		dbtest.Exec(t, h.db, `create table broken as select * from edition`)
		dbtest.Exec(t, h.db, `update broken set id = 'aaa', code = 'AAA', number = 9999`)
		dbtest.Exec(t, h.db, `insert into edition select * from broken`)
		dbtest.Exec(t, h.db, `create table twin as select * from opinion_set`)
		dbtest.Exec(t, h.db, `update twin set id = 'aaa-opinion', edition = 'aaa'`)
		dbtest.Exec(t, h.db, `insert into opinion_set select * from twin`)
		dbtest.Exec(t, h.db, `create table cut as select * from opinion_ballot`)
		dbtest.Exec(t, h.db, `update cut set contest = 'aaa-opinion', key = $1, opener = $1`, []byte{1})
		dbtest.Exec(t, h.db, `insert into opinion_ballot select * from cut`)
		if err := h.Count(h.ctx); err == nil || !strings.Contains(err.Error(), "aaa-opinion") {
			t.Errorf("told %v", err)
		}
		if s := h.board().Status; s != opinion.Counted {
			t.Errorf("the other is %s", s)
		}
	})
}
