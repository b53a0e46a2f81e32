package shares

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
)

const good = "META\nkey;value\nnum_projects;2\nnum_votes;2\nbudget;12\nvote_type;approval\n" +
	"PROJECTS\nproject_id;cost;votes;name\nA;6;2;\"one; two\"\nB;6;1;dos\nVOTES\nvoter_id;vote\nx;A,B\ny;A\n"

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
		{"ordinal", "approval", "ordinal", `line 6: vote_type "ordinal"`},
		{"no PROJECTS", "PROJECTS\n", "", "line 10: section VOTES after"},
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

func TestRunRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Instance, *Rule)
		want   string
	}{
		"unknown rule":     {func(_ *Instance, r *Rule) { r.Kind = "best" }, `rule "best"`},
		"unknown unit":     {func(_ *Instance, r *Rule) { r.Satisfaction = "joy" }, `satisfaction "joy"`},
		"unknown end":      {func(_ *Instance, r *Rule) { r.Completion = "magic" }, `completion "magic"`},
		"completed greedy": {func(_ *Instance, r *Rule) { r.Kind = Greedy }, "completion"},
		"no ballots":       {func(in *Instance, _ *Rule) { in.Ballots = nil }, "no ballots"},
		"empty ballot":     {func(in *Instance, _ *Rule) { in.Ballots[1].Choices = nil }, `ballot "2": empty`},
		"unknown item":     {func(in *Instance, _ *Rule) { in.Ballots[1].Choices = []int32{7} }, `ballot "2": no item number 7`},
		"item twice":       {func(in *Instance, _ *Rule) { in.Ballots[1].Choices = []int32{1, 1} }, `ballot "2": item "b" twice`},
		"negative cost":    {func(in *Instance, _ *Rule) { in.Items[2].Cost = -1 }, `item "c": negative cost`},
		"overflow": {func(in *Instance, _ *Rule) { in.Items[1].Cost, in.Items[2].Cost = MaxAmount, MaxAmount },
			`item "b": costs add up`},
		"no budget":     {func(in *Instance, _ *Rule) { in.Budget = 0 }, "budget 0"},
		"endless steps": {func(in *Instance, r *Rule) { in.Items[2].Cost, in.Budget, r.Increment = 1<<50, 1<<51, 1 }, "add1: no end after"},
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
	f.Add([]byte(strings.ReplaceAll(good, "\n", "\r\n")))
	f.Add([]byte("\ufeff" + good))
	f.Add([]byte("META\n\"key;value\nbudget;1\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		in, err := Parse(bytes.NewReader(text))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := Write(&b, in); err != nil {
			t.Fatalf("accepted, then not written: %v", err)
		}
		back, err := Parse(bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatalf("not read back: %v\n%q", err, b.String())
		}
		for i := range in.Items {
			in.Items[i].Selected = false // Write leaves other people's outcome out
		}
		if !reflect.DeepEqual(back.Items, in.Items) || !reflect.DeepEqual(back.Ballots, in.Ballots) || back.Budget != in.Budget {
			t.Fatalf("read back differently:\n%+v\n%+v", in, back)
		}
		if len(in.Items) < 20 && len(in.Ballots) < 50 {
			if _, err := Run(in, Rule{Kind: EqualShares, Satisfaction: Cost, Completion: Utilitarian}); err != nil {
				t.Fatalf("not decided: %v", err)
			}
		}
	})
}
