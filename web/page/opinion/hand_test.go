package opinion_test

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"glosa"
	civic "glosa/civic/people/voter"
	"glosa/record"
	"glosa/web/door"
)

// envelope is a good code of DEMO26 in an envelope, of a list that two sides brought.
func (h *house) envelope() (code string) {
	h.Helper()
	l := civic.List{Edition: "demo26", Issuer: "UNICARIBE"}
	for range 30 {
		code = civic.DrawCode()
		tidy, _ := civic.Tidy(code)
		l.Hashes = append(l.Hashes, civic.CodeHash("demo26", tidy))
	}
	l.Hashes = civic.Distinct(l.Hashes)
	for _, by := range []glosa.Actor{{Human: "h-1", Side: glosa.Civil, Roles: []glosa.Role{glosa.Facilitator}},
		{Human: "h-2", Side: glosa.Government, Roles: []glosa.Role{glosa.Moderator}}} {
		if _, err := h.Site.Voter.BringCodes(h.Context(), by, "demo26", l); err != nil {
			h.Fatal(err)
		}
	}
	return code
}

// shows gives a browser the token of an envelope's code, as its page does.
func (h *house) shows(me *http.Client, code string) {
	h.Helper()
	token, err := h.Site.Voter.ShowCode(h.Context(), glosa.Citizen(), "demo26", "here", code)
	at, err2 := url.Parse(h.Server.URL)
	if err != nil || err2 != nil {
		h.Fatal(err, err2)
	}
	me.Jar.SetCookies(at, []*http.Cookie{{Name: door.CookieName(door.CodeCookie, false), Value: token, Path: "/"}})
}

// TestTheStrongestDoorOfABrowserVotes: what the browser said before comes along
// with the next vote, and another browser with the same code has the same votes.
func TestTheStrongestDoorOfABrowserVotes(t *testing.T) {
	h := open(t)
	code, me := h.envelope(), voter(t)
	h.Post(me, base+"/votar", "n", "1", "voto", "1")
	h.Post(me, base+"/votar", "n", "2", "voto", "1")
	h.shows(me, code)
	h.Post(me, base+"/votar", "n", "2", "voto", "-1")
	_, mine := h.Get(me, base+"/mio")
	h.Says(mine, "Votos de este navegador: 2", "En desacuerdo")
	other := voter(t)
	h.shows(other, code)
	_, theirs := h.Get(other, base+"/mio.json")
	if !strings.Contains(theirs, `"votes":"1:1,2:-1"`) && !strings.Contains(theirs, `"votes": "1:1,2:-1"`) {
		t.Errorf("by the code: %s", theirs)
	}
	at, _ := url.Parse(h.Server.URL)
	other.Jar.SetCookies(at, []*http.Cookie{{Name: door.CookieName(door.CodeCookie, false), Path: "/", MaxAge: -1}})
	me.Jar.SetCookies(at, []*http.Cookie{{Name: door.CookieName(door.CodeCookie, false), Path: "/", MaxAge: -1}})
	if status, _ := h.Get(me, base+"/mio.json"); status != http.StatusNotFound {
		t.Errorf("the device's ballot still stands: %d", status)
	}
}

// TestAVoterWithdrawsEverything: the page asks, the row goes, and they may vote again.
func TestAVoterWithdrawsEverything(t *testing.T) {
	h := open(t)
	me := voter(t)
	if status, _ := h.Post(me, base+"/mio/retirar"); status != http.StatusNotFound {
		t.Errorf("withdrew nothing: %d", status)
	}
	h.Post(me, base+"/votar", "n", "1", "voto", "1")
	_, page := h.Get(me, base+"/mio")
	h.Says(page, "Retirar todos mis votos", `action="`+base+`/mio/retirar"`)
	_, page = h.Post(me, base+"/mio/retirar")
	h.Says(page, "Desde este navegador no hay votos")
	h.Hides(page, "Retirar todos mis votos")
	h.Post(me, base+"/votar", "n", "1", "voto", "0")
	_, page = h.Get(me, base+"/mio")
	h.Says(page, "Votos de este navegador: 1")
}

// TestTheDevicesPartOfAVotesSalt: it is what the script made, else a word that the
// visitor typed, also of a ballot that is brought along; what is neither is refused.
func TestTheDevicesPartOfAVotesSalt(t *testing.T) {
	h := open(t)
	made := bytes.Repeat([]byte{7}, 16)
	word := civic.DeviceSalt("colibrí")
	for name, c := range map[string]struct {
		box, value string
		want       []byte
	}{
		"Script": {"salt", base64.StdEncoding.EncodeToString(made), made}, "Word": {"word", "colibrí", word[:]}, "Neither": {"word", "", make([]byte, 16)},
	} {
		t.Run(name, func(t *testing.T) {
			me := voter(t)
			_, page := h.Get(me, base+"/votar")
			h.Says(page, "data-salt", `name="word"`)
			h.Post(me, base+"/votar", "n", "1", "voto", "1", c.box, c.value)
			if got := h.deviceSalt(me); !bytes.Equal(got, c.want) {
				t.Errorf("%x, want %x", got, c.want)
			}
		})
	}
	if status, _ := h.Post(voter(t), base+"/votar", "n", "1", "voto", "1", "salt", "AA=="); status != http.StatusUnprocessableEntity {
		t.Errorf("a salt that is none: %d", status)
	}
}

// deviceSalt is the device's part of the salt in a browser's receipt.
func (h *house) deviceSalt(me *http.Client) []byte {
	h.Helper()
	_, raw := h.Get(me, base+"/mio.json")
	receipt, err := record.ParseReceipt([]byte(raw))
	if err != nil || receipt.Private == nil {
		h.Fatalf("%v %.300s", err, raw)
	}
	return receipt.Private.SaltDevice[:]
}
