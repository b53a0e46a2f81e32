package api

import (
	"net/http"
	"slices"
	"time"

	"glosa"
	"glosa/civic/people"
	"glosa/civic/people/voter"
	"glosa/web/door"
	"glosa/web/held"
	speech "glosa/web/text"
)

type mailbox struct {
	Mail     string `json:"mail" doc:"A mailbox of whoever asks. It is kept, sealed, until the code is mailed."`
	Language string `json:"language,omitempty" enum:"es,en" doc:"Of the mail; es if it is left out."`
}

type mailed struct {
	Handle string    `json:"handle" doc:"Goes with the code that is mailed: keep it until then, in no address."`
	Until  time.Time `json:"until" doc:"When the code is over."`
}

type mailCode struct {
	Handle string `json:"handle" doc:"What the request for the code gave."`
	Code   string `json:"code" doc:"The digits that were mailed."`
}

type envelope struct {
	Code string `json:"code" doc:"The sixteen letters of an issuer's envelope, in any case, with hyphens or without."`
}

type opened struct {
	Token string   `json:"token" doc:"What votes by this door from now on: it goes into the Authorization header, and into no address. It says nothing of a person; keep it."`
	Door  string   `json:"door" enum:"contact,code"`
	Moved bool     `json:"moved" doc:"Nothing stands by the weaker door any more. When false, what stands there could not come along now, and both ballots stand: ask for it with bring-along."`
	Left  []string `json:"left" doc:"Questions that a weaker door supported and for which this door's ballot had no room."`
}

type weaker struct {
	Token string `json:"weaker" doc:"The token of a weaker door than the one in the Authorization header."`
}

type brought struct {
	Moved bool     `json:"moved" doc:"Nothing stands by the weaker door any more. When false, both ballots stand: ask again, as long as supports or votes are taken."`
	Left  []string `json:"left" doc:"Questions that the weaker door supported and for which the stronger one's ballot had no room."`
}

// doors are the operations of whoever shows more than a device. An account is shown
// at its issuer's own pages, so that door opens in a browser alone.
func (a *api) doors() []operation {
	fails := []int{http.StatusBadRequest, http.StatusNotFound, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity, http.StatusLocked}
	at := "/api/v1/editions/{edition}/doors/"
	along := " With the token of a weaker door, what stands by that one is brought along, as the pages do; moved says whether it was."
	return []operation{
		{id: "ask-mailbox-code", method: http.MethodPost, path: at + "contact/code", summary: "Ask for a code by mail, to show a mailbox",
			detail: "The reply is the same for every mailbox, also for one that had enough codes today. A code is good for ten minutes and five tries, with the handle of this reply alone. It is closed (423) where mailboxes are no door, and before anybody votes by one. A network that asks very often gets 429.",
			in:     mailbox{}, out: mailed{}, status: http.StatusAccepted, fails: fails, do: a.askCode},
		{id: "show-mailbox", method: http.MethodPost, path: at + "contact", summary: "Show the mailed code, and get the token of the mailbox's door",
			detail: "A wrong code, one too many, one that is over and one that was never sent are refused alike. A code opens once." + along,
			in:     mailCode{}, out: opened{}, status: http.StatusCreated, fails: fails, device: true, do: a.showMailbox},
		{id: "show-envelope", method: http.MethodPost, path: at + "code", summary: "Show the code of an issuer's envelope, and get the token of its door",
			detail: "A code that was never issued, of another edition or of a closed list is refused alike; after several wrong ones a network waits. A right one may be shown again: it is the same credential." + along,
			in:     envelope{}, out: opened{}, status: http.StatusCreated, fails: fails, device: true, do: a.showEnvelope},
		{id: "bring-along", method: http.MethodPost, path: at + "along", summary: "Bring what stands by a weaker door along to this one",
			detail: "For supports and votes that could not come along when the stronger door was shown: moved was false. It may be asked again; where nothing stands by the weaker door it changes nothing.",
			in:     weaker{}, out: brought{}, fails: fails, device: true, do: a.bring},
	}
}

// taking checks that an edition has doors at all. NotFound.
func (a *api) taking(c *call) (glosa.EditionID, error) {
	ed, err := a.Edition.Get(c.Context(), c.edition())
	if err == nil && (ed.Documented || ed.Protocol == nil) {
		err = glosa.Missing("edition", string(ed.ID))
	}
	return ed.ID, err
}

func (a *api) askCode(c *call) (any, error) {
	ed, err := a.taking(c)
	if err != nil {
		return nil, err
	}
	lang := c.body["language"]
	if lang == "" {
		lang = "es"
	}
	if !speech.Speaks(lang) {
		return nil, glosa.WrongField("language", "a.language")
	}
	box, err := people.Mailbox(c.body["mail"])
	if err != nil {
		return nil, err
	}
	until := a.Clock.Now().Add(voter.CodeLasts)
	handle, err := a.Voter.SendCode(c.Context(), glosa.Citizen(), voter.Showing{Mailbox: box, Language: glosa.Code(lang), Edition: ed, Caller: door.CallerOf(c.Context())})
	return mailed{handle, second(until)}, err
}

func (a *api) showMailbox(c *call) (any, error) {
	return a.open(c, voter.Contact, func(glosa.EditionID) (string, error) {
		return a.Voter.ShowMailbox(c.Context(), glosa.Citizen(), c.body["handle"], c.body["code"])
	})
}

func (a *api) showEnvelope(c *call) (any, error) {
	return a.open(c, voter.Code, func(ed glosa.EditionID) (string, error) {
		return a.Voter.ShowCode(c.Context(), glosa.Citizen(), ed, door.CallerOf(c.Context()), c.body["code"])
	})
}

// open shows something at a door and brings along what stands by weaker ones, in
// both contests. What was shown is used up, so the token is given whatever comes of
// the rest, and the reply says whether that has to be asked for again.
func (a *api) open(c *call, of glosa.Code, show func(glosa.EditionID) (string, error)) (any, error) {
	ed, err := a.taking(c)
	if err != nil {
		return nil, err
	}
	before, err := a.held(c, ed)
	if err != nil {
		return nil, err
	}
	token, err := show(ed)
	if err != nil {
		return nil, err
	}
	now, err := a.Voter.Read(of, ed, token)
	if err != nil {
		return nil, err
	}
	b := a.along(c, ed, now, before)
	return opened{Token: token, Door: string(of), Moved: b.Moved, Left: b.Left}, nil
}

// bring brings along what stands by a weaker door than the one that somebody votes by.
func (a *api) bring(c *call) (any, error) {
	ed, err := a.taking(c)
	if err != nil {
		return nil, err
	}
	all, err := a.held(c, ed)
	if err == nil && len(all) == 0 {
		_, err = a.Voter.DeviceOf("") // nothing of ours
	}
	if err != nil {
		return nil, err
	}
	rank := func(w voter.Credential) int { return slices.Index(voter.Doors(), w.Door()) }
	w, err := a.Voter.Any(ed, c.body["weaker"])
	if err != nil && glosa.KindOf(err) == glosa.Denied || err == nil && rank(w) >= rank(all[0]) {
		err = glosa.WrongField("weaker", "api.weaker")
	}
	if err != nil {
		return nil, err
	}
	return a.along(c, ed, all[0], append(all[1:], w)), nil
}

// along is what comes of bringing ballots along. It fails no request: what stood
// by the weaker door still does. A fault of ours is logged.
func (a *api) along(c *call, ed glosa.EditionID, now voter.Credential, before []voter.Credential) brought {
	h, failed := held.Contests{Priority: a.Priority, Opinion: a.Opinion}.Along(c.Context(), ed, now, before, [16]byte{})
	for _, err := range failed {
		if glosa.KindOf(err) == glosa.Internal {
			a.incident(c, err)
		}
	}
	return brought{Moved: len(failed) == 0, Left: text(h.Left)}
}

// held is what the caller showed before, by the token in the header or by what the
// site's forms left in cookies, the strongest door first. Denied when the token is
// none of ours.
func (a *api) held(c *call, ed glosa.EditionID) ([]voter.Credential, error) {
	token, tokens := a.tokens(c)
	if token == "" {
		return a.Voter.Held(ed, tokens)
	}
	who, err := a.Voter.Any(ed, token)
	return []voter.Credential{who}, err
}

// tokens are the token in the header, or else those in the cookies of the site's forms.
func (a *api) tokens(c *call) (token string, tokens map[glosa.Code]string) {
	if token = bearer(c.Request); token != "" {
		return token, nil
	}
	return "", held.Tokens(func(name string) string {
		k, err := c.Request.Cookie(door.CookieName(name, a.Secure))
		if err != nil {
			return ""
		}
		return k.Value
	})
}
