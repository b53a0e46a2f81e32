package voter

import (
	"strings"
	"testing"

	"glosa"
)

// TestATokenOpensItsDoorAlone: another door, another edition, another house and a
// changed letter are refused alike.
func TestATokenOpensItsDoorAlone(t *testing.T) {
	d := &Desk{Keys: ring(1)}
	account, err := d.Vouched("https://cuenta.example", "subject-7")
	if err != nil {
		t.Fatal(err)
	}
	if c, err := d.Read(OIDC, "any", account); err != nil || c.Door() != OIDC {
		t.Fatalf("our own token: %v", err)
	}
	code, err := d.token(Code, "demo26", glosa.Hash{7})
	if err != nil {
		t.Fatal(err)
	}
	c, err := d.Read(Code, "demo26", code)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Row(ring(1), "demo25", "demo25-agenda"); glosa.KindOf(err) != glosa.Denied {
		t.Errorf("a code of one edition has a row in another: %v", err)
	}
	device, _ := d.NewDevice()
	flipped := []byte(account)
	flipped[60] = 'a' + (flipped[60]-'a'+1)%2
	for name, bad := range map[string]struct {
		by    *Desk
		door  glosa.Code
		ed    glosa.EditionID
		token string
	}{
		"another door": {d, Contact, "demo26", account}, "no door": {d, "paper", "demo26", account},
		"another edition": {d, Code, "demo25", code}, "another house": {&Desk{Keys: ring(2)}, OIDC, "any", account},
		"a device's": {d, OIDC, "any", device}, "flipped": {d, OIDC, "any", string(flipped)}, "empty": {d, OIDC, "any", ""},
	} {
		if _, err := bad.by.Read(bad.door, bad.ed, bad.token); glosa.KindOf(err) != glosa.Denied {
			t.Errorf("%s: %v", name, err)
		}
	}
	if strings.Contains(account, "subject") {
		t.Error("the token says whose it is")
	}
}

// TestTheStrongestIsReadFirst: what is not ours is passed over.
func TestTheStrongestIsReadFirst(t *testing.T) {
	d := &Desk{Keys: ring(1)}
	device, _ := d.NewDevice()
	account, _ := d.Vouched("i", "s")
	held, err := d.Held("demo26", map[glosa.Code]string{Device: device, OIDC: account, Code: "made-up", Contact: ""})
	if err != nil || len(held) != 2 || held[0].Door() != OIDC || held[1].Door() != Device {
		t.Errorf("%v, %v", held, err)
	}
	for token, want := range map[string]glosa.Code{device: Device, account: OIDC} {
		if c, err := d.Any("demo26", token); err != nil || c.Door() != want {
			t.Errorf("%v %v", c, err)
		}
	}
	if _, err := d.Any("demo26", "made-up"); glosa.KindOf(err) != glosa.Denied {
		t.Error(err)
	}
}
