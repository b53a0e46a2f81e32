package record

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"strings"
	"testing"
	"time"

	fnote "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"glosa"
)

func testKeys(t testing.TB) *Keys {
	t.Helper()
	k, err := LoadKeys(t.TempDir(), testOrigin, true)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func testPromise(t testing.TB, k *Keys) Promise {
	t.Helper()
	at := time.Date(2026, 9, 20, 15, 4, 31, 0, time.UTC)
	p := Promise{Origin: testOrigin, Kind: "question.received", Received: at, MergeBy: at.Add(MergeWithin),
		Commit: glosa.Digest([]byte("x")), After: 10481, Root: tlog.RecordHash(nil)}
	if err := p.sign(k.promise); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPromiseIsWrittenAsSpecified(t *testing.T) {
	k := testKeys(t)
	p := testPromise(t, k)
	want := `glosa.promise/v1
glosa.example/record
question.received
received 2026-09-20T15:04:31Z
merge-by 2026-09-20T16:04:31Z
commit LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=
after 10481 bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=
`
	if p.text() != want {
		t.Errorf("%s\nwant\n%s", p.text(), want)
	}
	key, err := note.NewVerifier(k.PromiseKey)
	if err != nil {
		t.Fatal(err)
	}
	got, err := OpenPromise(p.Note, key)
	if err != nil || got.Commit != p.Commit || got.After != p.After || !got.MergeBy.Equal(p.MergeBy) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := OpenPromise(p.Note, k.logVerifier); err == nil {
		t.Error("accepted under the log's key")
	}
	if _, err := OpenPromise(bytes.Replace(p.Note, []byte("16:04"), []byte("17:04"), 1), key); err == nil {
		t.Error("accepted with a later deadline")
	}
}

// witnesses makes five witnesses and the policy lines that name them w1 to w5.
func witnesses(t *testing.T) (signers [5]note.Signer, lines string) {
	t.Helper()
	for i := range signers {
		skey, vkey, err := note.GenerateKey(rand.Reader, "witness.example/"+string(rune('a'+i)))
		if err != nil {
			t.Fatal(err)
		}
		if signers[i], err = fnote.NewSignerForCosignatureV1(skey); err != nil {
			t.Fatal(err)
		}
		cosigner, err := fnote.VKeyToCosignatureV1(vkey)
		if err != nil {
			t.Fatal(err)
		}
		lines += "witness w" + string(rune('1'+i)) + " " + cosigner + " https://witness.example/\n"
	}
	return signers, lines
}

func TestPolicyAsksForItsQuorum(t *testing.T) {
	k := testKeys(t)
	witness, lines := witnesses(t)
	head := "# comment\n\tlog " + k.LogKey + " https://glosa.example/\n" + promiseKeyComment + k.PromiseKey + "\n" + lines
	cp, err := signCheckpoint(k.log, 3, tlog.RecordHash(nil))
	if err != nil {
		t.Fatal(err)
	}
	cosigned := func(who ...int) []byte {
		n, err := note.Open(cp.Note, note.VerifierList(k.logVerifier))
		if err != nil {
			t.Fatal(err)
		}
		var signers []note.Signer
		for _, i := range who {
			signers = append(signers, witness[i])
		}
		raw, err := note.Sign(n, signers...)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	for _, c := range []struct {
		name, rule string
		who        []int
		ok         bool
	}{
		{"NoneAsksForNobody", "quorum none\n", nil, true},
		{"OneWitness", "quorum w2\n", []int{1}, true},
		{"TheOtherWitness", "quorum w2\n", []int{0}, false},
		{"FourOfFive", "group g 4 w1 w2 w3 w4 w5\nquorum g\n", []int{0, 1, 2, 4}, true},
		{"ThreeOfFive", "group g 4 w1 w2 w3 w4 w5\nquorum g\n", []int{0, 1, 2}, false},
		{"GroupsOfGroups", "group a any w1 w2\ngroup b all w3 w4\ngroup g all a b\nquorum g\n", []int{1, 2, 3}, true},
		{"GroupsOfGroupsShort", "group a any w1 w2\ngroup b all w3 w4\ngroup g all a b\nquorum g\n", []int{0, 1, 2}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := ParsePolicy([]byte(head + c.rule))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.Checkpoint(cosigned(c.who...)); (err == nil) != c.ok {
				t.Errorf("%v, want accepted: %v", err, c.ok)
			}
			if p.Promise == nil || p.Promise.Name() != testOrigin+promiseSuffix {
				t.Error("the promise key was not read")
			}
		})
	}
}

func TestPolicyRefuses(t *testing.T) {
	k := testKeys(t)
	_, lines := witnesses(t)
	head := "log " + k.LogKey + "\n" + lines
	for name, bad := range map[string]string{
		"NoQuorum": head, "TwoQuorums": head + "quorum none\nquorum none\n", "UnknownName": head + "quorum w9\n",
		"TooMany": head + "group g 6 w1 w2 w3 w4 w5\nquorum g\n", "Zero": head + "group g 0 w1\nquorum g\n",
		"MemberTwice": head + "group g any w1 w1\nquorum g\n", "MemberOfTwoGroups": head + "group g any w1\ngroup h any w1\nquorum h\n",
		"NameTwice": head + "group w1 any w2\nquorum w1\n", "CalledNone": head + "group none any w2\nquorum none\n",
		"LogTwice": head + "log " + k.LogKey + "\nquorum none\n", "Control": head + "quorum none\r\n", "Word": head + "quorums none\n",
	} {
		if _, err := ParsePolicy([]byte(bad)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestTilePaths(t *testing.T) {
	for path, want := range map[string]tlog.Tile{
		"tile/0/000":                  {H: 8, W: 256},
		"tile/entries/x001/x234/067":  {H: 8, L: -1, N: 1234067, W: 256},
		"tile/5/x999/000.p/255":       {H: 8, L: 5, N: 999000, W: 255},
		"tile/63/000.p/1":             {H: 8, L: 63, W: 1},
		"tile/entries/999.p/7":        {H: 8, L: -1, N: 999, W: 7},
		"tile/0/x100/x000/000":        {H: 8, N: 100000000, W: 256},
		"tile/entries/x010/x000/x999": {},
		"tile/64/000":                 {}, "tile/00/000": {}, "tile/0/0": {}, "tile/0/0000": {}, "tile/0/000.p/0": {}, "tile/0/000.p/256": {},
		"tile/0/000.p/01": {}, "tile/0/x000/000": {}, "tile/0/001/000": {}, "tile/0/../checkpoint": {}, "tile/0/-01": {}, "tile/0/+01": {},
		"tile/-1/000": {}, "tile/0": {}, "tile/": {}, "": {}, "tile/0/000/": {}, "tile/0//000": {}, "tile/data/000": {}, "tile/0/000.p/": {},
	} {
		got, err := parseTilePath(path)
		if (err != nil) != (want == tlog.Tile{}) || err == nil && (got != want || tilePath(got) != path) {
			t.Errorf("%q: %+v, %v", path, got, err)
		}
	}
}

func FuzzPromise(f *testing.F) {
	k := testKeys(f)
	p := testPromise(f, k)
	f.Add(p.text())
	f.Add(strings.Replace(p.text(), "after 10481", "after 010481", 1))
	f.Add("glosa.promise/v1\n\n\n\n\n\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parsePromise(text)
		if err == nil && p.text() != text {
			t.Errorf("accepted %q, writes %q", text, p.text())
		}
	})
}

func FuzzCheckpoint(f *testing.F) {
	k := testKeys(f)
	cp, err := signCheckpoint(k.log, 12, tlog.RecordHash(nil))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(cp.text(), cp.Note)
	f.Add("x\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", []byte("\n\n— x y\n"))
	f.Add("x\n-1\n\n", []byte(nil))
	f.Fuzz(func(t *testing.T, text string, raw []byte) {
		if c, err := parseCheckpoint(text); err == nil && c.text() != text {
			t.Errorf("accepted %q, writes %q", text, c.text())
		}
		if c, err := OpenCheckpoint(raw, k.logVerifier); err == nil && (c.Size != 12 || c.Origin != testOrigin) {
			t.Errorf("opened what was never signed: %+v", c)
		}
	})
}

func FuzzReceipt(f *testing.F) {
	k := testKeys(f)
	p := testPromise(f, k)
	cp, err := signCheckpoint(k.log, 1, tlog.RecordHash([]byte("leaf")))
	if err != nil {
		f.Fatal(err)
	}
	shareable := Shareable(0, []byte("leaf"), tlog.RecordProof{tlog.RecordHash(nil)}, cp.Note, p.Note)
	private, err := Private{Object: []byte(`{"text":"x"}`)}.Write(p.Note, shareable)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(shareable)
	f.Add(private)
	f.Add([]byte("c2sp.org/tlog-proof@v1\nindex 0\n\n"))
	f.Add([]byte(`{"format":"glosa.private-receipt/v1","object":1}`))
	policy, err := ParsePolicy(writePolicy(k))
	if err != nil {
		f.Fatal(err)
	}
	kinds, err := NewKindSet(testKinds())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := ParseReceipt(data)
		if err != nil {
			return
		}
		if proven, err := CheckReceipt(r, policy, kinds); err == nil && proven.Leaf != nil {
			t.Errorf("proved a leaf that no log holds: %+v", proven)
		}
	})
}

func FuzzPolicy(f *testing.F) {
	k := testKeys(f)
	f.Add(writePolicy(k))
	f.Add([]byte("witness w " + k.LogKey + "\ngroup g 1 w\nquorum g\n"))
	f.Add([]byte("quorum none"))
	f.Add([]byte("group g any g\nquorum g\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ParsePolicy(data)
		if err != nil {
			return
		}
		if p.Witnessed() == (p.quorum.need == 0) {
			t.Errorf("a policy whose quorum asks for nobody: %q", data)
		}
	})
}

func FuzzTexts(f *testing.F) {
	h := glosa.Digest(nil)
	good, _ := OpenedText(h, h, map[string]string{"text": "x"})
	f.Add(jsonOf(f, good))
	f.Add(jsonOf(f, Text{Commit: h, State: Sealed}))
	f.Add([]byte(`{"commit":"","state":"opened"}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		if x, err := parseText(line); err == nil && x.State == Opened && (x.Salt == nil || len(x.Object) == 0) {
			t.Errorf("an opened text without salt or object: %q", line)
		}
	})
}

func FuzzBundle(f *testing.F) {
	f.Add([]byte("\x00\x03one\x00\x03two"))
	f.Add([]byte("\x00"))
	f.Add([]byte("\xff\xffx"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := entries(data)
		if err != nil {
			return
		}
		var e edge
		for _, l := range list {
			if len(list) < tileWidth {
				e.add(l, func(tlog.Tile, []byte) {})
			}
		}
		if len(list) < tileWidth && !bytes.Equal(e.bundle, data) {
			t.Errorf("%x is written back as %x", data, e.bundle)
		}
	})
}

func jsonOf(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
