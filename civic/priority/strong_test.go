package priority_test

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/db"
	"glosa/method/shares"
)

// counting changes the doors that a protocol counts.
func counting(doors string) func(string) string {
	return func(text string) string {
		return strings.Replace(text, "counting_doors: [device]", "counting_doors: ["+doors+"]", 1)
	}
}

// through moves standing ballots to another door.
func (w *town) through(door string, receipts ...priority.Receipt) {
	w.t.Helper()
	w.ok(w.db.Act(w.ctx, func(tx *db.Tx) error {
		for _, rc := range receipts {
			if _, err := tx.Exec("update priority_ballot set door = $1 where committed = $2", door, rc.Commit); err != nil {
				return err
			}
		}
		return nil
	}))
}

// TestStrongDoorsBeside: the ballots of strong doors are counted by themselves
// too, by the same rule, from a file of their own in which nobody finds a row of
// the other file by its name.
func TestStrongDoorsBeside(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.protocol(counting("device, code"))
		w.openIntake()
		q := w.asked(70)
		for i := range 138 {
			w.support(w.device(), q[i%69])
		}
		var strong []priority.Receipt
		for range 20 {
			strong = append(strong, w.support(w.device(), q[69]))
		}
		w.through("code", strong...)
		w.closeIntake()
		w.at(w.now().SupportCloses())
		a, err := w.Select(w.ctx, selector, ed)
		w.ok(err)
		if len(a.Beside) != 1 {
			t.Fatalf("%d counts beside", len(a.Beside))
		}
		b := a.Beside[0]
		if b.Of != priority.Strong || b.State != priority.Computed || b.Ballots != 20 || !slices.Contains(b.Chosen, q[69]) || !b.Differs() {
			t.Errorf("%+v", b)
		}
		for _, p := range a.Chosen {
			if slices.Contains(b.Without, p.Question) == slices.Contains(b.Chosen, p.Question) {
				t.Errorf("%s is both or neither", p.Question)
			}
		}
		besideReplays(t, w, b, strong)
		toldAlike(t, w, 3)
		if evs := w.events("priority.beside"); len(evs) != 1 || !evs[0].Public {
			t.Errorf("%d events", len(evs))
		}
		missed := func(what string) {
			t.Helper()
			if a := w.audit(); !slices.ContainsFunc(a.Findings, func(f voter.Finding) bool {
				return f.What == voter.LookResult && strings.Contains(f.Text, what)
			}) {
				t.Errorf("no finding says %q: %+v", what, a.Findings)
			}
		}
		w.root("update priority_beside set state = 'few'")
		missed("the count of strong is kept as few and told as computed; by the rows it is computed")
		w.root("delete from priority_beside")
		missed("the count of strong beside the agenda is missing")
	})
}

// besideReplays recomputes another count from its file, as the audit does.
func besideReplays(t *testing.T, w *town, b priority.Beside, rows []priority.Receipt) {
	t.Helper()
	file, kept, err := w.BesideFile(w.ctx, ed, b.Of)
	w.ok(err)
	in, err := shares.Parse(bytes.NewReader(file))
	w.ok(err)
	res, err := shares.Run(in, shares.Default())
	w.ok(err)
	js, err := res.File()
	w.ok(err)
	if !bytes.Equal(js, kept) || glosa.Digest(js) != b.Result || glosa.Digest(file) != b.Input {
		t.Error("it cannot be replayed")
	}
	for _, rc := range rows {
		salt := glosa.Salt(rc.SaltServer, rc.SaltDevice)
		if bytes.Contains(file, []byte(rc.Tracker)) || !bytes.Contains(file, []byte(priority.StrongTracker(salt))) {
			t.Fatal("a row has the name of the other file, or is not there")
		}
	}
}

// TestFewStrongBallotsAreNotShown: few people of a strong door would be shown by a
// count of them, or by the difference from the others; and that they are fewer than
// ten is not said by silence, which begins below twenty.
func TestFewStrongBallotsAreNotShown(t *testing.T) {
	for name, c := range map[string]struct {
		doors        string
		strong, weak int
		want         glosa.Code
	}{
		"NineteenStrong": {"device, code", 19, 20, priority.Few}, "NineteenWeak": {"device, oidc", 20, 19, priority.Few},
		"NoneStrong": {"device, oidc", 0, 20, priority.Few},
		"AllStrong":  {"code, oidc", 10, 0, priority.Same}, "NoStrongDoor": {"device", 0, 10, priority.NoDoor},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *town) {
				w.protocol(counting(c.doors))
				if c.want == priority.Same { // devices are taken so that this test can cast
					w.protocol(func(s string) string {
						return strings.Replace(counting(c.doors)(s), "counting_doors: [code, oidc]", "counting_doors: [code, oidc]\n  apart_doors: [device]", 1)
					})
				}
				w.openIntake()
				q := w.asked(3)
				var strong []priority.Receipt
				for range c.strong {
					strong = append(strong, w.support(w.device(), q[0]))
				}
				for range c.weak {
					w.support(w.device(), q[1])
				}
				w.through(strings.Split(c.doors, ", ")[len(strings.Split(c.doors, ", "))-1], strong...)
				w.closeIntake()
				w.at(w.now().SupportCloses())
				a, err := w.Select(w.ctx, selector, ed)
				w.ok(err)
				if len(a.Beside) != 1 || a.Beside[0].State != c.want || a.Beside[0].Ballots != 0 || !a.Beside[0].Input.IsZero() {
					t.Errorf("%+v, want %s", a.Beside, c.want)
				}
				_, _, err = w.BesideFile(w.ctx, ed, priority.Strong)
				w.is(glosa.NotFound, err)
			})
		})
	}
}

// book is a ledger that only remembers: what leaves say of each line.
type book map[string]string

func (b book) Say(of, id, what, word string) { b[of+" "+id+" "+what] = word }
func (b book) SayText(of, id, what string, digest glosa.Hash) {
	b[of+" "+id+" "+what] = digest.String()
}
func (b book) Word(of, id, what string) string { return b[of+" "+id+" "+what] }
func (b book) Move(_, _, _, _, _ string)       {}
func (b book) Drop(_, _, _ string)             {}
func (b book) Text(glosa.Hash, string)         {}
func (b book) Fault(why string)                { b["fault"] = why }

// toldAlike: what is published of another count is what its leaf says, files by their bytes.
func toldAlike(t *testing.T, w *town, lines int) {
	t.Helper()
	said := book{}
	for _, kind := range []string{"priority.exclusion_proposed", "priority.exclusion_declined", "priority.excluded", "priority.selected", "priority.beside"} {
		for _, e := range w.events(kind) {
			w.ok(priority.Fold(said, e))
		}
	}
	n := 0
	w.ok(w.Officials(w.ctx, func(o glosa.Official) error {
		if strings.HasPrefix(o.What, "beside.") {
			n++
		} else if !strings.HasPrefix(o.What, "exclusion.") && o.What != "ballots" {
			return nil
		}
		is := o.Word
		if o.Word == "" && o.File == "" {
			is = glosa.Digest([]byte(o.Text)).String()
		}
		if o.File != "" {
			f, err := o.Open()
			if err != nil {
				return err
			}
			defer f.Close()
			raw, err := io.ReadAll(f)
			if err != nil {
				return err
			}
			is = glosa.Digest(raw).String()
		}
		if want := said.Word(o.Of, o.ID, o.What); is != want {
			t.Errorf("%s is published as %q, its leaf says %q", o.What, is, want)
		}
		return nil
	}))
	if n != lines {
		t.Errorf("%d lines of it are published, want %d", n, lines)
	}
}
