package voter_test

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/civic/people"
	"glosa/civic/people/voter"
	"glosa/db"
	"glosa/db/dbtest"
)

const ed = glosa.EditionID("demo26")

var (
	civil      = glosa.Actor{Human: "h-1", Side: glosa.Civil, Roles: []glosa.Role{glosa.Facilitator}}
	government = glosa.Actor{Human: "h-2", Side: glosa.Government, Roles: []glosa.Role{glosa.Moderator}}
	sameSide   = glosa.Actor{Human: "h-3", Side: glosa.Civil, Roles: []glosa.Role{glosa.Moderator}}
	twoPosts   = glosa.Actor{Human: "h-1", Side: glosa.Government, Roles: []glosa.Role{glosa.Moderator}}
)

// university is an issuer of tests: an institution that answers no question.
const university = glosa.InstitutionKey("ENSAYO-U")

// drawn is a list of n codes with the codes.
func drawn(n int) (l voter.List, codes []string) {
	l = voter.List{Edition: ed, Issuer: university}
	for range n {
		code := voter.DrawCode()
		tidy, _ := voter.Tidy(code)
		codes, l.Hashes = append(codes, code), append(l.Hashes, voter.CodeHash(ed, tidy))
	}
	l.Hashes = voter.Distinct(l.Hashes)
	return l, codes
}

// stands brings the room to an edition that called, with an issuer in the register.
func (r *room) stands(to edition.Stage) {
	r.Helper()
	ref, err := people.ShippedReference("23")
	r.ok(err)
	ref.Institutions = append(ref.Institutions, people.Institution{Key: university, Territory: ref.Institutions[0].Territory, Name: "Universidad de prueba (SINTÉTICO)",
		Side: glosa.Civil, Sector: "academia", Life: ref.Institutions[0].Life, Sources: []string{"https://ensayo.example"}})
	r.ok((&people.Desk{DB: r.db}).Load(r.Context(), glosa.Admin(), ref))
	editiontest.At(r, &edition.Desk{DB: r.db}, r.clock, ed, to)
}

func (r *room) brings(by glosa.Actor, l voter.List) (voter.Issue, error) {
	r.Helper()
	return r.BringCodes(r.Context(), by, ed, l)
}

func (r *room) is(kind glosa.Kind, err error) {
	r.Helper()
	if err == nil || glosa.KindOf(err) != kind {
		r.Fatalf("error %v, want %v", err, kind)
	}
}

func (r *room) types(caller, code string) (voter.Credential, error) {
	r.Helper()
	token, err := r.ShowCode(r.Context(), glosa.Citizen(), ed, caller, code)
	if err != nil {
		return voter.Credential{}, err
	}
	c, err := r.Read(voter.Code, ed, token)
	r.ok(err)
	return c, nil
}

// TestTwoSidesOpenTheDoorOfCodes: until two people of two sides brought the same
// file no code is good; then every one is, at any browser the same credential.
func TestTwoSidesOpenTheDoorOfCodes(t *testing.T) {
	each(t, func(r *room) {
		r.stands(edition.Called)
		l, codes := drawn(300)
		i, err := r.brings(civil, l)
		r.ok(err)
		if i.State != voter.Proposed {
			t.Fatal(i.State)
		}
		_, err = r.types("n", codes[0])
		r.is(glosa.Invalid, err)
		for _, by := range []glosa.Actor{civil, sameSide, twoPosts} {
			_, err = r.brings(by, l)
			r.is(glosa.Conflict, err)
		}
		if i, err = r.brings(government, l); err != nil || i.State != voter.Loaded {
			t.Fatalf("%v %v", i.State, err)
		}
		_, err = r.brings(civil, l)
		r.is(glosa.Conflict, err)
		here, err := r.types("n", codes[0])
		r.ok(err)
		there, err := r.types("elsewhere", strings.ToLower(strings.ReplaceAll(codes[0], "-", " ")))
		r.ok(err)
		second, err := r.types("n", codes[1])
		r.ok(err)
		if here != there || here == second {
			t.Error("a code is one credential, wherever it is typed")
		}
		r.public("voter.codes_loaded", l.Root().String())
		file, err := r.File(t.Context(), ed, i.ID)
		if err != nil || !slices.Equal(file.Hashes, l.Hashes) {
			t.Errorf("the public list differs: %v", err)
		}
	})
}

// TestAWrongListStandsInNobodysWay: the right file opens its codes while another of
// the same issuer waits; who brought the wrong one drops it, and nobody else does.
func TestAWrongListStandsInNobodysWay(t *testing.T) {
	each(t, func(r *room) {
		r.stands(edition.Called)
		bad, badCodes := drawn(3)
		good, codes := drawn(5)
		wrong, err := r.brings(government, bad)
		r.ok(err)
		first, err := r.brings(civil, good)
		r.ok(err)
		i, err := r.brings(government, good)
		if err != nil || i.State != voter.Loaded || i.ID != first.ID || i.ID == wrong.ID {
			t.Fatalf("%+v %v", i, err)
		}
		_, err = r.types("n", codes[0])
		r.ok(err)
		_, err = r.types("n", badCodes[0])
		r.is(glosa.Invalid, err)
		all, err := r.Brought(t.Context(), government, ed)
		if err != nil || len(all) != 2 || !all[0].Mine || all[1].Mine {
			t.Errorf("%+v %v", all, err)
		}
		drop := func(by glosa.Actor, id glosa.Code) error { return r.DropCodes(t.Context(), by, ed, id) }
		r.is(glosa.Denied, drop(civil, wrong.ID))
		r.is(glosa.Denied, drop(glosa.Citizen(), wrong.ID))
		r.is(glosa.Conflict, drop(civil, first.ID))
		r.ok(drop(government, wrong.ID))
		r.is(glosa.NotFound, drop(government, wrong.ID))
		_, err = r.brings(civil, bad) // dropped, it has no first person any more
		r.ok(err)
		_, err = r.types("n", badCodes[0])
		r.is(glosa.Invalid, err)
	})
}

// TestOnePersonsListsThatWaitAreFew.
func TestOnePersonsListsThatWaitAreFew(t *testing.T) {
	each(t, func(r *room) {
		r.stands(edition.Called)
		var last voter.Issue
		for range 10 {
			l, _ := drawn(1)
			var err error
			last, err = r.brings(government, l)
			r.ok(err)
		}
		l, _ := drawn(1)
		_, err := r.brings(government, l)
		r.is(glosa.Conflict, err)
		theirs, _ := drawn(1)
		_, err = r.brings(civil, theirs)
		r.ok(err)
		if i, err := r.brings(government, theirs); err != nil || i.State != voter.Loaded {
			t.Errorf("who has ten that wait is no second person: %v %v", i.State, err)
		}
		r.ok(r.DropCodes(t.Context(), government, ed, last.ID))
		_, err = r.brings(government, l)
		r.ok(err)
	})
}

// TestWhatIsTypedWhileAListClosesIsCounted: a code that passed is among the used
// ones, however the two acts meet.
func TestWhatIsTypedWhileAListClosesIsCounted(t *testing.T) {
	each(t, func(r *room) {
		r.stands(edition.Called)
		l, codes := drawn(40)
		i, err := r.brings(civil, l)
		r.ok(err)
		_, err = r.brings(government, l)
		r.ok(err)
		e := editiontest.Walk(t, &edition.Desk{DB: r.db}, r.clock, ed, edition.IntakeClosed)
		r.clock.Set(e.SupportCloses())
		_, err = r.CloseCodes(t.Context(), civil, ed, i.ID, 0)
		r.ok(err)
		var passed atomic.Int64
		var all sync.WaitGroup
		for n, code := range codes {
			all.Go(func() {
				_, err := r.ShowCode(t.Context(), glosa.Citizen(), ed, "n"+strconv.Itoa(n), code)
				switch {
				case err == nil:
					passed.Add(1)
				case glosa.KindOf(err) != glosa.Invalid:
					t.Error(err)
				}
			})
			if n == 10 {
				all.Go(func() {
					var err error
					if i, err = r.CloseCodes(t.Context(), government, ed, i.ID, 0); err != nil {
						t.Error(err)
					}
				})
			}
		}
		all.Wait()
		if i.State != voter.Closed || int64(i.Used) != passed.Load() {
			t.Errorf("%v: %d passed, %d are counted", i.State, passed.Load(), i.Used)
		}
	})
}

// public looks for a public event that says some words.
func (r *room) public(kind, words string) {
	r.Helper()
	for _, e := range dbtest.Events(r, r.db) {
		if e.Kind == kind && e.Public && strings.Contains(string(e.Body), words) {
			return
		}
	}
	r.Errorf("no %s says %s", kind, words)
}

// TestWrongCodesLockNoSchoolOut: whoever types wrong codes is slowed; the right one of
// the next pupil behind the same address passes all the same.
func TestWrongCodesLockNoSchoolOut(t *testing.T) {
	each(t, func(r *room) {
		r.stands(edition.Called)
		l, codes := drawn(2)
		_, err := r.brings(civil, l)
		r.ok(err)
		_, err = r.brings(government, l)
		r.ok(err)
		for range 5 {
			_, err = r.types("school", voter.DrawCode())
			r.is(glosa.Invalid, err)
		}
		for range 40 {
			_, err = r.types("school", voter.DrawCode())
			r.is(glosa.Busy, err)
		}
		_, err = r.types("school", codes[0])
		r.ok(err)
		_, err = r.types("another", "words that are no code")
		r.is(glosa.Invalid, err)
		r.clock.Advance(10 * time.Minute)
		_, err = r.types("school", voter.DrawCode())
		r.is(glosa.Invalid, err)
	})
}

// TestAListIsOfAnIssuerOutsideTheHost.
func TestAListIsOfAnIssuerOutsideTheHost(t *testing.T) {
	each(t, func(r *room) {
		r.stands(edition.Called)
		l, _ := drawn(3)
		for _, issuer := range []glosa.InstitutionKey{"SESA", "NOBODY"} {
			l.Issuer = issuer
			_, err := r.brings(civil, l)
			r.is(glosa.Invalid, err)
		}
		l.Issuer, l.Edition = university, "demo25"
		_, err := r.brings(civil, l)
		r.is(glosa.Invalid, err)
	})
}

// TestLeftoversAreCountedByTwoSides: issued is used and unused, and nothing is good
// after that.
func TestLeftoversAreCountedByTwoSides(t *testing.T) {
	each(t, func(r *room) {
		r.stands(edition.Called)
		l, codes := drawn(20)
		i, err := r.brings(civil, l)
		r.ok(err)
		_, err = r.brings(government, l)
		r.ok(err)
		for _, c := range codes[:7] {
			_, err = r.types("n", c)
			r.ok(err)
		}
		id := i.ID
		closes := func(by glosa.Actor, n int) error {
			i, err = r.CloseCodes(r.Context(), by, ed, id, n)
			return err
		}
		r.is(glosa.Closed, closes(civil, 10))
		e := editiontest.Walk(t, &edition.Desk{DB: r.db}, r.clock, ed, edition.IntakeClosed)
		r.is(glosa.Closed, closes(civil, 10))
		r.clock.Set(e.SupportCloses())
		r.is(glosa.Invalid, closes(civil, 14))
		r.ok(closes(civil, 10))
		r.is(glosa.Conflict, closes(sameSide, 10))
		r.is(glosa.Conflict, closes(twoPosts, 10))
		r.is(glosa.Conflict, closes(government, 11))
		r.ok(closes(government, 10))
		if i.State != voter.Closed || i.Codes != 20 || i.Used != 7 || i.Unused() != 13 || i.Destroyed != 10 {
			t.Errorf("%+v", i)
		}
		r.public("voter.codes_closed", `{"destroyed":10,"issued":20}`) // seven are too few to tell
		for used, tells := range map[int]bool{0: false, 19: false, 20: true, 30: true, 31: false, 50: false} {
			if got := (voter.Issue{Codes: 50, Used: used}).Tells(); got != tells {
				t.Errorf("%d of 50: %v", used, got)
			}
		}
		_, err = r.types("n", codes[10])
		r.is(glosa.Invalid, err)
		// The database holds to two persons, whoever writes to it.
		err = r.db.Act(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`update voter_list set closed_side = told_side`)
			return err
		})
		if err == nil {
			t.Error("one side closed a list")
		}
	})
}

// TestAListReadsAsItWasWritten, and anything else is refused with its line.
func TestAListReadsAsItWasWritten(t *testing.T) {
	l, _ := drawn(3)
	var file bytes.Buffer
	_, err := l.WriteTo(&file)
	if err != nil {
		t.Fatal(err)
	}
	good := file.String()
	back, err := voter.ReadList(strings.NewReader(good))
	if err != nil || !slices.Equal(back.Hashes, l.Hashes) || back.Edition != ed || back.Issuer != university {
		t.Fatalf("%v %v", back, err)
	}
	lines := strings.Split(strings.TrimSuffix(good, "\n"), "\n")
	swapped := slices.Clone(lines)
	swapped[4], swapped[5] = swapped[5], swapped[4]
	for name, bad := range map[string]string{"nothing": "", "cut": good[:len(good)-70], "more": good + lines[4] + "\n", "order": strings.Join(swapped, "\n"),
		"capitals": strings.ToUpper(good), "twice": strings.Replace(good, lines[5], lines[4], 1), "count": strings.Replace(good, "codes 3", "codes 03", 1),
		"many": strings.Replace(good, "codes 3", "codes 99999999", 1), "edition": strings.Replace(good, "demo26", "../x", 1)} {
		if _, err := voter.ReadList(strings.NewReader(bad)); glosa.KindOf(err) != glosa.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzReadList: what is read is written again to the same bytes.
func FuzzReadList(f *testing.F) {
	l, _ := drawn(2)
	var file bytes.Buffer
	_, _ = l.WriteTo(&file)
	f.Add(file.Bytes())
	f.Add([]byte("glosa codes v1\nedition a\nissuer b\ncodes 1\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		l, err := voter.ReadList(bytes.NewReader(in))
		if err != nil {
			return
		}
		var out bytes.Buffer
		_, _ = l.WriteTo(&out)
		if got := out.Bytes(); !bytes.Equal(bytes.TrimSuffix(bytes.ReplaceAll(in, []byte("\r\n"), []byte("\n")), []byte("\n")), bytes.TrimSuffix(got, []byte("\n"))) {
			t.Errorf("%q became %q", in, got)
		}
	})
}

// FuzzTidy: what is a code is the same code once more, however it is written.
func FuzzTidy(f *testing.F) {
	f.Add("ABCD-1234-EFGH-5678")
	f.Add("o0l1 ----")
	f.Add("ABCD-1234-EFGH-5678\n")
	f.Fuzz(func(t *testing.T, typed string) {
		if code, ok := voter.Tidy(typed); ok {
			if again, ok := voter.Tidy(code); !ok || again != code || len(code) != 16 {
				t.Errorf("%q became %q", typed, code)
			}
		}
	})
}
