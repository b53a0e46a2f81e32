package cluster

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// TestReadNamesThePlace of what is wrong, in one line.
func TestReadNamesThePlace(t *testing.T) {
	const list = "timestamp,datetime,comment-id,voter-id,vote\n"
	const matrix = "participant,group-id,n-comments,n-votes,n-agree,n-disagree,10,11\n"
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "line 1: no header"},
		{"only a mark", "\ufeff", "line 1: no header"},
		{"no column of votes", "timestamp,comment-id,voter-id\n1,2,3\n", `line 1: no column "vote"`},
		{"no column at all that is known", "a,b\n1,2\n", `line 1: no column "comment-id"`},
		{"a column twice", "vote,vote\n", `line 1: column "vote" twice`},
		{"NaN", list + "1,x,2,3,1\n2,x,2,3,NaN\n", `line 3: vote "NaN": want 1, 0 or -1`},
		{"two", list + "1,x,2,3,2\n", `line 2: vote "2": want 1, 0 or -1`},
		{"no vote", list + "1,x,2,3,\n", `line 2: vote "": want 1, 0 or -1`},
		{"no voter", list + "1,x,2,,1\n", "line 2: no id of a participant"},
		{"no statement", list + "1,x,,3,1\n", "line 2: no id of a statement"},
		{"no time", list + "now,x,2,3,1\n", `line 2: timestamp "now": want a whole number`},
		{"after a text of two lines", list + "1,\"x\ny\",2,3,1\n1,x,2,3,8\n", `line 4: vote "8": want 1, 0 or -1`},
		{"ragged", list + "1,x,2,3\n", "line 2: another number of fields than in the header"},
		{"quote", list + "1,x\"y,2,3,1\n", `line 2: a " in a field that does not begin with one`},
		{"bytes", list + "1,x,2,\xff,1\n", "line 2: the id of a participant is not UTF-8"},
		{"matrix: NaN", matrix + "0,,,,,,nan,\n", `line 2: participant "0", statement "10": vote "nan": want 1, 0 or -1`},
		{"matrix: participant twice", matrix + "0,,,,,,1,\n0,,,,,,1,\n", `line 3: participant "0" twice`},
		{"matrix: no participant", matrix + ",,,,,,1,\n", "line 2: no id of a participant"},
		{"matrix: no such column", "n-disagree,10\n0,1\n", `line 2: no column "participant"`},
		{"matrix: votes do not add up", matrix + "0,1,0,2,1,0,1,\n", `line 2: participant "0": n-votes is 2, but the line has 1`},
		{"matrix: disagreement does not add up", matrix + "0,1,0,2,1,1,1,0\n", `line 2: participant "0": n-disagree is 1, but the line has 0`},
		{"array: NaN", `[{"pid":0,"tid":1,"vote":NaN}]`, "vote 1: invalid character 'N' looking for beginning of value"},
		{"an object", ` {"votes":[]}`, `line 1: a JSON object: want an array of objects, or a table`},
		{"array: no vote", `[{"pid":0,"tid":1,"vote":1},{"pid":0,"tid":1}]`, `vote 2: vote "": want 1, 0 or -1`},
		{"array: two people", `[{"pid":0,"participant_id":1,"tid":1,"vote":1}]`, "vote 1: two different ids"},
		{"array: a third", `[{"pid":0,"tid":1,"vote":0.3}]`, `vote 1: vote "0.3": want 1, 0 or -1`},
		{"array: nobody", `[{"tid":1,"vote":1}]`, "vote 1: no id of a participant"},
		{"array: a list for an id", `[{"pid":[1],"tid":1,"vote":1}]`, "vote 1: [1] is neither a number nor a string"},
		{"array: some with times", `[{"pid":0,"tid":1,"vote":1,"modified":5},{"pid":0,"tid":1,"vote":1}]`, "vote 2: modified is given for some votes only"},
		{"array: time", `[{"pid":0,"tid":1,"vote":1,"modified":"5.5"}]`, `vote 1: modified "5.5": want a whole number`},
		{"array: cut", `[{"pid":0,"tid":1,"vote":1},{"pid"`, "vote 2: the text ends in the middle"},
		{"array: not closed", `[{"pid":0,"tid":1,"vote":1}`, "after vote 1: the text ends in the middle"},
		{"array: more after it", `[{"pid":0,"tid":1,"vote":1}] [`, "after vote 1: more text after the end of the array"},
	} {
		if _, err := Read(strings.NewReader(c.text)); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

func TestReadStatementsNamesThePlace(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "line 1: no header"},
		{"no moderation", "comment-id\n1\n", `line 1: no column "moderated"`},
		{"twice", "comment-id,moderated\n1,1\n1,1\n", `line 3: statement "1" twice`},
		{"moderation", "comment-id,moderated\n1,yes\n", `line 2: moderation "yes" of statement "1": want 1, 0 or -1`},
		{"array", `[{"tid":1,"mod":1},{"mod":1}]`, "statement 2: no id of a statement"},
	} {
		if _, err := ReadStatements(strings.NewReader(c.text)); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	list, err := ReadStatements(strings.NewReader("comment-id,moderated,comment-body\n2,-1,\"a\nb\"\n1,0,c\n"))
	if err != nil || len(list) != 2 || list[0] != (Statement{"2", true}) || list[1] != (Statement{"1", false}) {
		t.Errorf("%v, %v", list, err)
	}
}

// TestReadForms reads the same four people from each form.
func TestReadForms(t *testing.T) {
	want := file(t, spoken(t, fourPeople), Rule{})
	list := "\ufeffvote,voter-id,comment-id\n"
	matrix := "participant,n-votes,n-agree,n-disagree,1,2,3\nbeto,3,2,1,1,-1,1\nana,,,,1,-1,1\ncarla,3,2,1,-1,1,1\ndani,3,2,1,-1,1,1\n"
	array := " \n["
	for i, line := range strings.Split(fourPeople, "\n") {
		f := strings.Fields(line)
		list += f[2] + "," + f[0] + "," + f[1] + "\n"
		if i > 0 {
			array += ","
		}
		array += `{"participant_id":"` + f[0] + `","statement_id":` + f[1] + `,"vote":` + f[2] + `,"modified":1691740361800.0}`
	}
	for _, text := range []string{list, matrix, array + "]\n"} {
		v, err := Read(strings.NewReader(text))
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		if got := file(t, v, Rule{}); got != want {
			t.Errorf("got  %s\nwant %s\nfrom %s", got, want, text)
		}
	}
}

// TestLaterVoteStands by its time, not its line; at one instant the last line does.
func TestLaterVoteStands(t *testing.T) {
	for text, want := range map[string]string{
		"timestamp,comment-id,voter-id,vote\n5,1,a,1\n4,1,a,-1\n":                                                            "a 1 1",
		"timestamp,comment-id,voter-id,vote\n5,1,a,1\n5,1,a,-1\n":                                                            "a 1 -1",
		"comment-id,voter-id,vote\n1,a,1\n1,a,0\n":                                                                           "a 1 0",
		`[{"pid":"a","tid":1,"vote":1,"modified":"1737251729420"},{"pid":"a","tid":1,"vote":-1,"modified":"1737251729419"}]`: "a 1 1",
	} {
		v, err := Read(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := cast(v); len(got) != 1 || got[0] != want {
			t.Errorf("%v from %q, want %s", got, text, want)
		}
	}
}

// FuzzRead: whatever is read has a result, and reading it again from the votes that
// stand gives the same one.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"timestamp,comment-id,voter-id,vote\n5,1,a,1\n4,2,a,-1\n6,1,b,0\n",
		"participant,n-disagree,1,2\na,,1,-1\nb,0,,1\n",
		`[{"pid":0,"tid":1,"vote":1,"modified":"5"},{"participant_id":"x","statement_id":2,"vote":-1,"modified":6.0}]`,
		"comment-id,voter-id,vote\n\"1\n\",a,1\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := Read(strings.NewReader(text))
		if err != nil {
			if err.Error() == "" {
				t.Fatal("an error without words")
			}
			return
		}
		if v.Count() == 0 {
			return
		}
		again := &Votes{}
		for p := len(v.rows) - 1; p >= 0; p-- {
			if err := again.Join(v.people.id[p]); err != nil {
				t.Fatal(err)
			}
			for _, c := range v.rows[p] {
				if err := again.Cast(Vote{v.people.id[p], v.statements.id[c.statement], int(c.vote), 0}); err != nil {
					t.Fatal(err)
				}
			}
		}
		if got, want := file(t, again, Rule{}), file(t, v, Rule{}); got != want {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
	})
}

// FuzzTable: rows are those of encoding/csv, and so are the lines they begin on.
func FuzzTable(f *testing.F) {
	f.Add("a,b\r\n\"x\"\"\ny\",2\n\n,\n")
	f.Add("\"a\"b,c\n")
	f.Add("a\"b\n")
	f.Add("a\n" + strings.Repeat("x", 100) + "\n\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		theirs := csv.NewReader(strings.NewReader(text))
		theirs.FieldsPerRecord = -1
		ours := &table{in: bufio.NewReaderSize(strings.NewReader(text), 16)}
		for {
			want, err := theirs.Read()
			got := ours.next()
			if (err == nil) != (got == nil) || errors.Is(err, io.EOF) != errors.Is(got, io.EOF) {
				t.Fatalf("%v, want %v", got, err)
			}
			if err != nil {
				return
			}
			line, _ := theirs.FieldPos(0)
			if !slices.EqualFunc(ours.row, want, func(a []byte, b string) bool { return string(a) == b }) || ours.line != line {
				t.Fatalf("%q on line %d, want %q on %d", ours.row, ours.line, want, line)
			}
		}
	})
}

// FuzzReadStatements: what is read is a list of different ids.
func FuzzReadStatements(f *testing.F) {
	f.Add("comment-id,moderated\n1,1\n2,-1\n")
	f.Add(`[{"tid":1,"mod":1,"is_meta":true},{"statement_id":"b","moderated":0}]`)
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ReadStatements(strings.NewReader(text))
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, s := range list {
			if s.ID == "" || seen[s.ID] {
				t.Fatalf("%q empty or twice", s.ID)
			}
			seen[s.ID] = true
		}
	})
}
