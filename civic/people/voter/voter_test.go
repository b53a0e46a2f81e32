package voter

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"glosa"
)

// ring is a key for each name, made from the name and a seed.
type ring byte

func (r ring) EditionKey(ed glosa.EditionID) ([32]byte, error) {
	return sha256.Sum256(append([]byte(ed), byte(r))), nil
}
func (ring) Destroy(glosa.EditionID) error { return nil }

func TestDeviceTokens(t *testing.T) {
	d, other := &Desk{Keys: ring(1)}, &Desk{Keys: ring(2)}
	token, err := d.NewDevice()
	if err != nil {
		t.Fatal(err)
	}
	v, err := d.DeviceOf(token)
	if err != nil || v.Door() != Device {
		t.Fatal("our own token was refused")
	}
	if again, err := d.DeviceOf(strings.ToUpper(token)); err != nil || again != v {
		t.Error("upper case was refused")
	}
	flipped := []byte(token)
	flipped[3] = 'a' + (flipped[3]-'a'+1)%2
	for name, bad := range map[string]string{"empty": "", "short": token[:20], "flipped": string(flipped), "text": "x' or 1"} {
		if _, err := d.DeviceOf(bad); glosa.KindOf(err) != glosa.Denied {
			t.Errorf("%s token: %v", name, err)
		}
	}
	if _, err := other.DeviceOf(token); glosa.KindOf(err) != glosa.Denied {
		t.Error("a token under another key was accepted")
	}
}

// TestCredentialsAreNotWritten: what somebody showed is printed and marshalled by nobody.
func TestCredentialsAreNotWritten(t *testing.T) {
	c := Credential{door: Device, identifier: "secret"}
	for _, text := range []string{fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", c), fmt.Sprint(&c)} {
		if strings.Contains(text, "secret") {
			t.Error(text)
		}
	}
	if b, err := json.Marshal(c); err == nil {
		t.Errorf("%s", b)
	}
}

// TestRowKeysDoNotJoin: the same device has unrelated keys in two contests, two
// doors and two editions.
func TestRowKeysDoNotJoin(t *testing.T) {
	var all []glosa.Hash
	for _, ed := range []glosa.EditionID{"one", "two"} {
		for _, contest := range []glosa.ContestID{"a", "b"} {
			for _, door := range []glosa.Code{"device", "code"} {
				row, err := Credential{door: door, identifier: "same"}.Row(ring(1), ed, contest)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, row)
			}
		}
	}
	if n := len(all); len(Distinct(all)) != n {
		t.Error("two row keys are equal")
	}
}

// TestMerkle checks against the tree hashes of RFC 6962 worked by hand.
func TestMerkle(t *testing.T) {
	leaf := func(h glosa.Hash) glosa.Hash { return sha256.Sum256(append([]byte{0}, h[:]...)) }
	node := func(a, b glosa.Hash) glosa.Hash { return sha256.Sum256(slices.Concat([]byte{1}, a[:], b[:])) }
	a, b, c := glosa.Hash{1}, glosa.Hash{2}, glosa.Hash{3}
	empty, _ := hex.DecodeString("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
	for _, x := range []struct {
		name string
		in   []glosa.Hash
		want glosa.Hash
	}{
		{"nothing", nil, glosa.Hash(empty)},
		{"one", []glosa.Hash{a}, leaf(a)},
		{"two, in any order", []glosa.Hash{b, a}, node(leaf(a), leaf(b))},
		{"three", []glosa.Hash{a, b, c}, node(node(leaf(a), leaf(b)), leaf(c))},
		{"five", []glosa.Hash{a, b, c, {4}, {5}}, node(node(node(leaf(a), leaf(b)), node(leaf(c), leaf(glosa.Hash{4}))), leaf(glosa.Hash{5}))},
		{"repeated", []glosa.Hash{a, a}, leaf(a)},
	} {
		if got := Merkle(Distinct(x.in)); got != x.want {
			t.Errorf("%s: %v, want %v", x.name, got, x.want)
		}
	}
}

func TestCountsMoveInSteps(t *testing.T) {
	for _, c := range []struct{ was, n, want int }{
		{0, 9, 0}, {0, 10, 10}, {0, 17, 17}, {17, 26, 17}, {17, 27, 27}, {17, 8, 17}, {17, 7, 0}, {30, 20, 20}, {30, 21, 30},
	} {
		if got := Moved(c.was, c.n); got != c.want {
			t.Errorf("shown %d, true %d: show %d, want %d", c.was, c.n, got, c.want)
		}
	}
}

func TestTrackerIsOfTheSalt(t *testing.T) {
	salt := glosa.Hash{7}
	h := sha256.Sum256(append([]byte("glosa/tracker/v1\x00"), salt[:]...))
	if Tracker(salt) != hex.EncodeToString(h[:]) {
		t.Error("another formula")
	}
	if DeviceSalt("") != [16]byte{} || DeviceSalt("mango") == DeviceSalt("mamey") {
		t.Error("a word makes its own salt, no word makes zeros")
	}
}
