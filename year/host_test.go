package year

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"glosa"
	"glosa/civic/priority"
	"glosa/db/dbtest"
	"glosa/record"
	"glosa/site"
)

// file is a ballot's private receipt as a voter keeps it.
func file(t *testing.T, rc priority.Receipt) []byte {
	t.Helper()
	object, err := glosa.JCS(rc.Object())
	if err != nil {
		t.Fatal(err)
	}
	raw, err := record.Private{Object: object, SaltDevice: rc.SaltDevice, SaltServer: rc.SaltServer}.Write(rc.Promise, nil)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// offline reads a copy of the record's folder under the policy that somebody
// saved, with the receipts that they kept. Nobody is asked anything.
func (y *Play) offline(t *testing.T, saved ...[]byte) (*priority.Told, *record.Report) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(dir, os.DirFS(y.Site.RecordFolder())); err != nil {
		t.Fatal(err)
	}
	told := &priority.Told{}
	r, err := record.Verify(t.Context(), dir, record.Options{Kinds: site.Kinds(), Policy: y.Site.Record.Policy(), Now: y.Clock.Now(), Bare: true, Leaves: told.Leaf, Saved: saved})
	if err != nil {
		t.Fatal(err)
	}
	return told, r
}

// sheet is the file that the house publishes.
func (y *Play) sheet(t *testing.T, id glosa.EditionID) *priority.Sheet {
	t.Helper()
	raw, err := y.Site.Priority.File(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	s, err := priority.ReadSheet(raw)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// stands judges a ballot as `glosa verify --receipt` does: the receipt by itself, then the row.
func (y *Play) stands(t *testing.T, told *priority.Told, s *priority.Sheet, rc priority.Receipt) priority.Own {
	t.Helper()
	policy, err := record.ParsePolicy(y.Site.Record.Policy())
	if err != nil {
		t.Fatal(err)
	}
	kinds, err := record.NewKindSet(site.Kinds())
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := record.ParseReceipt(file(t, rc))
	if err != nil {
		t.Fatal(err)
	}
	p, err := record.CheckReceipt(receipt, policy, kinds)
	if err != nil || !p.Opened || p.Promise == nil {
		t.Fatalf("the receipt does not prove itself: %v %+v", err, p)
	}
	own, err := told.Own(rc.Object(), rc.Salt(), glosa.Code(p.Promise.Kind), s)
	if err != nil {
		t.Fatal(err)
	}
	return own
}

// dropper plays to the agenda with a host that drops ballots: so many of which
// the record is never told, and so many that vanish after it was. It returns
// what the voters of both took home, and what the others did.
func dropper(t *testing.T, untold, vanished int) (y *Play, never, gone, kept []priority.Receipt) {
	y = Open(t, site.Config{Data: filepath.Join(t.TempDir(), "data"), Log: dbtest.Log(t)})
	y.theMandate()
	y.theCall()
	y.theReport()
	q := y.theQuestions()
	y.theModeration(&q)
	y.theAppeals(q)
	begins := len(y.Ballots)
	drop := func(n int) []priority.Receipt {
		from := len(y.Ballots)
		y.As(Citizen).Supports(n, q.medicine)
		return y.Ballots[from:]
	}
	never = drop(untold)
	for _, rc := range never {
		y.root(t, "delete from priority_ballot where committed = $1", rc.Commit)
	}
	gone = drop(vanished)
	y.Later(20 * 60e9) // a batch
	for _, rc := range gone {
		y.root(t, "delete from priority_ballot where committed = $1", rc.Commit)
		y.root(t, "update priority_batch set fresh = fresh - 1 where n = 1") // else the house refuses the sum
	}
	y.theEndOfTheIntake(q)
	kept = y.Ballots[begins+untold+vanished:]
	y.theAgenda(q)
	y.Settle()
	return y, never, gone, kept
}

// TestADroppedBallotIsCaught (trust.md §8, 1, of ballots): a host drops one ballot
// in a thousand, and each voter checks with some probability. It is caught as
// often as the formula says, and every catch is a proof that the verifier
// accepts offline, on a copy of the record, under a saved policy.
func TestADroppedBallotIsCaught(t *testing.T) {
	y, never, gone, kept := dropper(t, 5, 15)
	var saved [][]byte
	for _, rc := range never {
		saved = append(saved, file(t, rc))
	}
	told, r := y.offline(t, saved...)
	if r.OK() || r.Broken != int64(len(never)) {
		t.Errorf("%d of %d promises are broken: %v", r.Broken, len(never), r.Lines())
	}
	sheet := y.sheet(t, FirstEdition)
	for _, rc := range gone {
		if own := y.stands(t, told, sheet, rc); own.State != priority.OwnMissing || !own.Proof {
			t.Errorf("a dropped ballot: %s", own.Sentence())
		}
	}
	for _, rc := range kept {
		if own := y.stands(t, told, sheet, rc); own.State != priority.OwnCounted || own.Proof {
			t.Errorf("a ballot that was not dropped: %s", own.Sentence())
		}
	}
	for _, c := range []struct {
		ballots int
		checks  float64
		said    int // per cent, as trust.md has it
	}{{2000, .1, 18}, {2000, .25, 39}, {2000, 1, 86}, {20000, .1, 86}, {20000, .25, 99}, {20000, 1, 100}} {
		t.Run(fmt.Sprintf("%dBallots%vChecked", c.ballots, c.checks), func(t *testing.T) {
			const runs = 10000
			rnd := rand.New(rand.NewPCG(uint64(c.ballots), uint64(c.checks*100)))
			caught := 0
			for range runs {
				if caughtOnce(rnd, c.ballots, c.checks) {
					caught++
				}
			}
			is, want := 100*float64(caught)/runs, 100*(1-math.Pow(1-c.checks/1000, float64(c.ballots)))
			if math.Abs(is-want) > 2 || math.Abs(want-float64(c.said)) > 1 {
				t.Errorf("caught in %.1f %% of the runs, the formula says %.1f, trust.md says %d", is, want, c.said)
			}
		})
	}
}

// caughtOnce is one run: each ballot is dropped with probability 1/1000, by leaps
// from one dropped ballot to the next, and its voter looks with probability checks.
func caughtOnce(rnd *rand.Rand, ballots int, checks float64) bool {
	for at := leap(rnd); at < ballots; at += 1 + leap(rnd) {
		if rnd.Float64() < checks {
			return true
		}
	}
	return false
}

// leap is how many ballots are kept before the next is dropped.
func leap(rnd *rand.Rand) int { return int(math.Log(1-rnd.Float64()) / math.Log(1-1.0/1000)) }
