package shares

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const good = "META\nkey;value\nnum_projects;2\nnum_votes;2\nbudget;12\nvote_type;approval\n" +
	"PROJECTS\nproject_id;cost;votes;name\nA;6;2;\"one; two\"\nB;6;1;dos\nVOTES\nvoter_id;vote\nx;A,B\ny;A\n"

const pointed = "META\nkey;value\nnum_projects;2\nnum_votes;2\nbudget;12\nvote_type;scoring\n" +
	"PROJECTS\nproject_id;cost;votes;name\nA;6;2;uno\nB;6;1;dos\nVOTES\nvoter_id;vote;points\nx;A,B;2,1\ny;A;3\n"

func TestParseNamesTheLine(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"not UTF-8", "dos", "d\xffs", "line 10: not UTF-8"},
		{"negative cost", "B;6;", "B;-6;", "line 10: project B: cost -6 is negative"},
		{"a cost with cents", "B;6;", "B;6.50;", `line 10: project B: cost "6.50" is not a whole number`},
		{"NaN", "B;6;", "B;NaN;", `line 10: project B: cost "NaN" is not a whole number`},
		{"huge cost", "B;6;", "B;99999999999999999;", "line 10: project B: cost 99999999999999999 is more than"},
		{"project twice", "B;6;", "A;6;", "line 10: project A twice"},
		{"empty ballot", "y;A", "y;", "line 14: empty ballot"},
		{"unknown project", "y;A", "y;C", `line 14: no project "C"`},
		{"project twice in a ballot", "y;A", "y;A,A", "line 14: project A twice in one ballot"},
		{"no ballots", "x;A,B\ny;A\n", "", "line 13: no ballots"},
		{"wrong count", "num_votes;2", "num_votes;3", "line 4: num_votes is 3, but the file has 2"},
		{"zero budget", "budget;12", "budget;0", "line 5: budget"},
		{"no budget", "budget;12\n", "", "line 1: META has no budget"},
		{"unknown kind of vote", "approval", "veto", `line 6: vote_type "veto": want approval, ordinal, cumulative or scoring`},
		{"points without a column", "approval", "scoring", "line 12: section VOTES has no column points"},
		{"voter twice", "y;A", "x;A", "line 14: voter x twice, first in line 13"},
		{"another delimiter", "key;value", "key,value", "line 2: section META has no column key among 1 (parted by ;)"},
		{"another delimiter among projects", "project_id;cost;votes;name", "project_id\tcost\tvotes\tname", "line 8: section PROJECTS has no column project_id"},
		{"another delimiter among votes", "voter_id;vote", "voter_id|vote", "line 12: section VOTES has no column vote"},
		{"wrong count of projects", "num_projects;2", "num_projects;7", "line 3: num_projects is 7, but the file has 2"},
		{"no PROJECTS", "PROJECTS\n", "", "line 7: 4 fields, but section META has 2 columns"},
		{"sections in another order", "PROJECTS\nproject_id;cost;votes;name\nA;6;2;\"one; two\"\nB;6;1;dos\n", "", "line 7: section VOTES after"},
		{"more fields than columns", "x;A,B", "x;A;B", "line 13: 3 fields, but section VOTES has 2 columns"},
		{"a voter without an id", "y;A", ";A", "line 14: a voter without an id"},
		{"no cost column", "cost;", "price;", "line 8: section PROJECTS has no column cost"},
		{"something before META", "META\n", "hello;\nMETA\n", `line 1: "hello" before section META`},
		{"key twice", "num_votes;2", "budget;9", "line 5: budget twice"},
		{"strange step", "num_votes;2", "add1_step;2", "line 4: add1_step"},
		{"cut off", good[strings.Index(good, "VOTES\nvoter"):], "", "line 11: the file ends before section VOTES"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(good, c.from, c.to, 1)
			if text == good {
				t.Fatal("nothing replaced")
			}
			_, err := Parse(strings.NewReader(text))
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
}

func TestParseNamesTheLineOfPoints(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"too few", "2,1", "2", `line 13: points "2" for 2 projects`},
		{"none", "2,1", "", `line 13: points "" for 2 projects`},
		{"a fraction", "2,1", "2,0.5", `line 13: points: "0.5" is not a whole number`},
		{"NaN", "2,1", "NaN,1", `line 13: points: "NaN" is not a whole number`},
		{"negative", "2,1", "2,-1", "line 13: points: -1 is negative"},
		{"too many", "2,1", "9007199254740992,9007199254740992", `line 14: ballot "x": 9007199254740992 points for item "B": want 0 or more`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse(strings.NewReader(strings.Replace(pointed, c.from, c.to, 1)))
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
}

// TestEdgesAreDecided: not errors, but the ends of what is allowed.
func TestEdgesAreDecided(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Instance)
		want   string
	}{
		"an item dearer than the budget": {func(in *Instance) { in.Items[0].Cost = 7 }, "a too-dear"},
		"all ballots equal": {func(in *Instance) {
			for v := range in.Ballots {
				in.Ballots[v].Choices = []int32{2}
			}
		}, "a no-support"},
		"everything free": {func(in *Instance) {
			for i := range in.Items {
				in.Items[i].Cost = 0
			}
		}, ""},
	} {
		for _, r := range everyRule {
			in := example(6)
			c.change(in)
			res, err := Run(in, r)
			if err != nil {
				t.Fatalf("%s, %s: %v", name, r.Kind, err)
			}
			if got := len(res.Selected) + len(res.Missed); got != 3 || c.want == "" && len(res.Missed) > 0 {
				t.Errorf("%s, %s: %v", name, r.Kind, res)
			}
			for _, m := range res.Missed {
				if m.ID == "a" && m.ID+" "+m.Reason != c.want {
					t.Errorf("%s, %s: a is missed for %q, want %q", name, r.Kind, m.Reason, c.want)
				}
			}
		}
	}
}

// everyRule is each rule and completion, with each satisfaction.
var everyRule = func() (all []Rule) {
	for _, sat := range []string{Cost, Cardinality} {
		for _, done := range completions {
			all = append(all, Rule{Kind: EqualShares, Satisfaction: sat, Completion: done})
		}
		for _, kind := range kinds[1:] {
			all = append(all, Rule{Kind: kind, Satisfaction: sat, Completion: None})
		}
	}
	return all
}()

func TestRunRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Instance, *Rule)
		want   string
	}{
		"unknown rule":     {func(_ *Instance, r *Rule) { r.Kind = "best" }, `rule "best"`},
		"unknown unit":     {func(_ *Instance, r *Rule) { r.Satisfaction = "joy" }, `satisfaction "joy"`},
		"unknown end":      {func(_ *Instance, r *Rule) { r.Completion = "magic" }, `completion "magic"`},
		"completed greedy": {func(_ *Instance, r *Rule) { r.Kind = Greedy }, "completion"},
		"unknown kind":     {func(in *Instance, _ *Rule) { in.Votes = "veto" }, `vote_type "veto"`},
		"stray points":     {func(in *Instance, _ *Rule) { in.Ballots[1].Points = []int64{1, 2} }, `ballot "2": 2 points for 2 choices on a ballot of kind approval`},
		"missing points":   {func(in *Instance, _ *Rule) { in.Votes = Scoring }, `ballot "1": 0 points for 2 choices`},
		"dear seats":       {func(in *Instance, _ *Rule) { in.Committee, in.Budget = true, 2 }, `item "a": cost 2 in a committee`},
		"too many seats":   {func(in *Instance, _ *Rule) { in.Committee = true }, "a committee of 6"},
		"no ballots":       {func(in *Instance, _ *Rule) { in.Ballots = nil }, "no ballots"},
		"empty ballot":     {func(in *Instance, _ *Rule) { in.Ballots[1].Choices = nil }, `ballot "2": empty`},
		"unknown item":     {func(in *Instance, _ *Rule) { in.Ballots[1].Choices = []int32{7} }, `ballot "2": no item number 7`},
		"item twice":       {func(in *Instance, _ *Rule) { in.Ballots[1].Choices = []int32{1, 1} }, `ballot "2": item "b" twice`},
		"negative cost":    {func(in *Instance, _ *Rule) { in.Items[2].Cost = -1 }, `item "c": negative cost`},
		"overflow": {func(in *Instance, _ *Rule) { in.Items[1].Cost, in.Items[2].Cost = MaxAmount, MaxAmount },
			`item "b": costs add up`},
		"no budget": {func(in *Instance, _ *Rule) { in.Budget = 0 }, "budget 0"},
		"endless steps": {func(in *Instance, r *Rule) { // two equal items whose price falls with every step: no leap is sure
			const k = 1 << 40
			*in = Instance{Budget: 4 * k, Items: []Item{{ID: "a", Cost: 3 * k / 2}, {ID: "b", Cost: 3 * k / 2}, {ID: "c", Cost: k / 2}, {ID: "d", Cost: 2 * k}}, Ballots: []Ballot{
				{ID: "1", Choices: []int32{0, 1, 2}}, {ID: "2", Choices: []int32{0, 1}}, {ID: "3", Choices: []int32{3}}, {ID: "4", Choices: []int32{3}}}}
			r.Increment = 1
		}, "add1: no end after"},
	} {
		t.Run(name, func(t *testing.T) {
			in, r := example(6), Default()
			c.change(in, &r)
			if _, err := Run(in, r); err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
}

func TestWriteIsReadBack(t *testing.T) {
	in := example(6)
	in.Meta = []Pair{{"description", "una \"prueba\"; con ;"}, StepBudget()}
	in.Items[1].Name = "línea\nrota"
	var b bytes.Buffer
	if err := Write(&b, in); err != nil {
		t.Fatal(err)
	}
	back, err := Parse(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatalf("%v in\n%s", err, b.String())
	}
	if !reflect.DeepEqual(back.Items, in.Items) || !reflect.DeepEqual(back.Ballots, in.Ballots) || back.Budget != in.Budget {
		t.Errorf("read back %+v", back)
	}
	if back.meta("description") != in.Meta[0].Value {
		t.Errorf("description %q", back.meta("description"))
	}
}

// FuzzParse: no input crashes the reader; what it accepts can be decided, and
// written and read back without loss.
func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(pointed))
	f.Add([]byte(strings.Replace(pointed, "scoring", "cumulative", 1)))
	f.Add([]byte(strings.Replace(good, "approval", "ordinal", 1)))
	f.Add([]byte(strings.ReplaceAll(good, "\n", "\r\n")))
	f.Add([]byte("\ufeff" + good))
	f.Add([]byte("META\n\"key;value\nbudget;1\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		in, err := Parse(bytes.NewReader(text))
		if err != nil {
			return
		}
		for i := range in.Items {
			in.Items[i].Selected = false // Write leaves other people's outcome out
		}
		readBack(t, in)
		if len(in.Items) < 20 && len(in.Ballots) < 50 {
			if _, err := Run(in, Rule{Kind: EqualShares, Satisfaction: Cost, Completion: Utilitarian}); err != nil && !strings.HasPrefix(err.Error(), "points times costs") {
				t.Fatalf("not decided: %v", err)
			}
		}
	})
}

func readBack(t *testing.T, in *Instance) {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, in); err != nil {
		t.Fatalf("accepted, then not written: %v", err)
	}
	back, err := Parse(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatalf("not read back: %v\n%q", err, b.String())
	}
	if !reflect.DeepEqual(back.Items, in.Items) || !reflect.DeepEqual(back.Ballots, in.Ballots) || back.Budget != in.Budget || back.Votes != in.Votes {
		t.Fatalf("read back differently:\n%+v\n%+v", in, back)
	}
}

// TestPublishedFilesAreReadBack: every file of the collection, written and read
// again, is the same election.
func TestPublishedFilesAreReadBack(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(data(t), "*", "*.pb"))
	if err != nil || len(files) != 14 {
		t.Fatalf("%d files (%v), want 14", len(files), err)
	}
	for _, file := range append(files, data(t, "poland_wieliczka_2023_green-budget.pb")) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		in, err := Parse(bytes.NewReader(text))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for i := range in.Items {
			in.Items[i].Selected = false
		}
		readBack(t, in)
	}
}
