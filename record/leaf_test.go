package record

import (
	"strings"
	"testing"
	"time"

	"glosa"
)

func TestLeafIsAPureFunctionOfTheEvent(t *testing.T) {
	k, err := NewKindSet(testKinds())
	if err != nil {
		t.Fatal(err)
	}
	h := glosa.Digest([]byte("x"))
	at := time.Date(2026, 9, 20, 15, 4, 31, 123456000, time.UTC)
	b64 := h.String()
	seat := glosa.Actor{Side: glosa.Civil, Seat: 2}
	for _, c := range []struct {
		name string
		e    glosa.Event
		want string
	}{
		{"ACitizensTimeIsToTheMinute", kReceived.Event(glosa.Citizen(), "qroo-10", "QR26-0427-K", receivedBody{h, h}),
			`{"at":"2026-09-20T15:04:00Z","body":{"commit":"` + b64 + `","lock":"` + b64 + `"},"by":"citizen","ed":"qroo-10","id":"QR26-0427-K","kind":"question.received","n":"10482","v":1}`},
		{"AnOfficialTimeIsToTheSecond", kSealed.Event(glosa.System(), "qroo-10", "qroo-10", noBody{}),
			`{"at":"2026-09-20T15:04:31Z","body":{},"by":"system","ed":"qroo-10","id":"qroo-10","kind":"edition.intake_sealed","n":"10482","v":1}`},
		{"LargeNumbersAreStrings", kCounted.Event(seat, "qroo-10", "m1", countedBody{-7, 1 << 62, at}),
			`{"at":"2026-09-20T15:04:31Z","body":{"count":"-7","large":"4611686018427387904","until":"2026-09-20T15:04:31Z"},"by":"seat:civil:2","ed":"qroo-10","id":"m1","kind":"ballot.counted","n":"10482","v":1}`},
		{"ACitizensBodyIsToTheMinuteToo", kCounted.Event(glosa.Citizen(), "", "", countedBody{0, 0, at}),
			`{"at":"2026-09-20T15:04:00Z","body":{"count":"0","large":"0","until":"2026-09-20T15:04:00Z"},"by":"citizen","ed":"","id":"","kind":"ballot.counted","n":"10482","v":1}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.e.At = at
			leaf, err := k.Leaf(10482, c.e)
			if err != nil || string(leaf) != c.want {
				t.Fatalf("%s\nwant %s\n%v", leaf, c.want, err)
			}
			js, err := glosa.CanonicalJSON(leaf)
			if err != nil || string(js) != c.want {
				t.Errorf("not canonical (%v): %s", err, js)
			}
			l, err := k.Parse(leaf)
			if err != nil || l.N != 10482 || l.Kind != c.e.Kind || l.By != c.e.By || l.ID != c.e.Subject || l.Edition != c.e.Edition {
				t.Errorf("read back: %+v, %v", l, err)
			}
			if c.e.Kind == kReceived.Name && (len(l.Commits) != 1 || l.Commits[0] != h) {
				t.Errorf("commitments %v", l.Commits)
			}
		})
	}
}

func TestLeafRefuses(t *testing.T) {
	k, err := NewKindSet(testKinds())
	if err != nil {
		t.Fatal(err)
	}
	ok := kSealed.Event(glosa.System(), "e", "s", noBody{})
	for _, c := range []struct {
		name   string
		change func(e *glosa.Event)
	}{
		{"AnUnknownKind", func(e *glosa.Event) { e.Kind = "later.invented" }},
		{"APrivateKind", func(e *glosa.Event) { e.Kind = kDrafted.Name }},
		{"AFieldThatWasNotDeclared", func(e *glosa.Event) { e.Body = []byte(`{"text":"x"}`) }},
		{"ABodyThatIsNotCanonical", func(e *glosa.Event) { e.Body = []byte(`{ }`) }},
		{"FreeTextAsSubject", func(e *glosa.Event) { e.Subject = "a sentence" }},
		{"QuotesInTheEdition", func(e *glosa.Event) { e.Edition = `x","id":"y` }},
		{"AnActorWithAName", func(e *glosa.Event) { e.By = "María" }},
		{"ASeatOfNoSide", func(e *glosa.Event) { e.By = "seat:nobody:1" }},
		{"BytesAfterTheBody", func(e *glosa.Event) { e.Body = []byte(`{}}`) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := ok
			c.change(&e)
			if leaf, err := k.Leaf(0, e); err == nil {
				t.Errorf("wrote %s", leaf)
			}
		})
	}
	if _, err := k.Leaf(0, ok); err != nil {
		t.Errorf("unchanged: %v", err)
	}
}

func TestKindSetRefuses(t *testing.T) {
	kind := func(body any) []glosa.EventKind {
		return []glosa.EventKind{{Name: "a.b", Public: true, Body: body}}
	}
	for _, c := range []struct {
		name  string
		kinds []glosa.EventKind
		want  string
	}{
		{"PlainStrings", kind(struct{ Text string }{}), "plain string"},
		{"PlainStringsDeepInside", kind(struct{ A []struct{ B *string } }{}), "plain string"},
		{"Maps", kind(struct{ M map[string]int }{}), "may not enter"},
		{"Floats", kind(struct{ F float64 }{}), "may not enter"},
		{"AnyValue", kind(struct{ V any }{}), "may not enter"},
		{"Bytes", kind(struct{ B []byte }{}), "bytes"},
		{"ThingsThatWriteThemselves", kind(struct{ E selfish }{}), "writes itself"},
		{"NoBody", kind(nil), "no body"},
		{"ABodyThatIsNoStruct", kind(glosa.Code("x")), "not a struct"},
		{"TwoShapes", append(kind(noBody{}), kind(withdrawnBody{})...), "declared twice"},
		{"PublicAndPrivate", append(kind(noBody{}), glosa.EventKind{Name: "a.b", Body: noBody{}}), "public and private"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := NewKindSet(c.kinds); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
	if _, err := NewKindSet(append(kind(withdrawnBody{}), kind(withdrawnBody{})...)); err != nil {
		t.Errorf("the same kind twice: %v", err)
	}
}

// selfish writes itself, as a type that hides text would.
type selfish struct{}

func (selfish) MarshalText() ([]byte, error) { return []byte("a whole sentence"), nil }

type placeBody struct {
	Place glosa.TerritoryCode `json:"place"`
}

func TestLeafOfACitizenNamesNoMunicipality(t *testing.T) {
	kind := glosa.EventKind{Name: "a.b", Public: true, Body: placeBody{}}
	k, err := NewKindSet([]glosa.EventKind{kind})
	if err != nil {
		t.Fatal(err)
	}
	if leaf, err := k.Leaf(0, kind.Event(glosa.Citizen(), "e", "s", placeBody{"23008"})); err == nil {
		t.Errorf("wrote %s", leaf)
	}
	if _, err := k.Leaf(0, kind.Event(glosa.System(), "e", "s", placeBody{"23008"})); err != nil {
		t.Errorf("an official act may: %v", err)
	}
}

func FuzzLeaf(f *testing.F) {
	k, err := NewKindSet(testKinds())
	if err != nil {
		f.Fatal(err)
	}
	h := glosa.Digest([]byte("x"))
	for _, e := range []glosa.Event{
		kReceived.Event(glosa.Citizen(), "qroo-10", "QR26-0427-K", receivedBody{h, h}),
		kCounted.Event(glosa.Admin(), "", "", countedBody{1, 2, time.Unix(1, 0).UTC()}),
		kErased.Event(glosa.System(), "e", "s", erasedBody{Target: h, Posts: []glosa.Code{"a", "b"}, Lock: &h}),
	} {
		leaf, err := k.Leaf(3, e)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(leaf)
	}
	f.Add([]byte(`{"at":"2026-03-02T15:00:00Z","body":{"kind":"x"},"by":"citizen","ed":"","id":"","kind":"question.received","n":"0","v":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := k.Parse(data)
		if err != nil {
			return
		}
		if js, err := glosa.CanonicalJSON(data); err != nil || string(js) != string(data) {
			t.Errorf("accepted, but canonical is %s (%v)", js, err)
		}
		if l.N < 0 || k.public[l.Kind] == nil || !isBy(l.By) {
			t.Errorf("accepted %+v", l)
		}
	})
}
