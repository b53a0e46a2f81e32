package api

import (
	"net/http"
	"time"

	"glosa"
	"glosa/civic/people"
	"glosa/civic/people/voter"
	"glosa/web/door"
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
	Left  []string `json:"left" doc:"Questions that a weaker door supported and for which this door's ballot had no room."`
}

// doors are the operations of whoever shows more than a device. An account is shown
// at its issuer's own pages, so that door opens in a browser alone.
func (a *api) doors() []operation {
	fails := []int{http.StatusBadRequest, http.StatusNotFound, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity, http.StatusLocked}
	at := "/api/v1/editions/{edition}/doors/"
	along := " With the token of a weaker door, what stands by that one is brought along, as the pages do."
	return []operation{
		{id: "ask-mailbox-code", method: http.MethodPost, path: at + "contact/code", summary: "Ask for a code by mail, to show a mailbox",
			detail: "The reply is the same for every mailbox, also for one that had enough codes today. A code is good for ten minutes and five tries, with the handle of this reply alone. A network that asks very often gets 429.",
			in:     mailbox{}, out: mailed{}, status: http.StatusAccepted, fails: fails, do: a.askCode},
		{id: "show-mailbox", method: http.MethodPost, path: at + "contact", summary: "Show the mailed code, and get the token of the mailbox's door",
			detail: "A wrong code, one too many, one that is over and one that was never sent are refused alike. A code opens once." + along,
			in:     mailCode{}, out: opened{}, status: http.StatusCreated, fails: fails, device: true, do: a.showMailbox},
		{id: "show-envelope", method: http.MethodPost, path: at + "code", summary: "Show the code of an issuer's envelope, and get the token of its door",
			detail: "A code that was never issued, of another edition or of a closed list is refused alike; after several wrong ones a network waits. A right one may be shown again: it is the same credential." + along,
			in:     envelope{}, out: opened{}, status: http.StatusCreated, fails: fails, device: true, do: a.showEnvelope},
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
// the rest: the next act by a weaker door and this one brings it along again.
func (a *api) open(c *call, of glosa.Code, show func(glosa.EditionID) (string, error)) (any, error) {
	ed, err := a.taking(c)
	if err != nil {
		return nil, err
	}
	held, err := a.held(c, ed)
	if err != nil {
		return nil, err
	}
	token, err := show(ed)
	if err != nil {
		return nil, err
	}
	out := opened{Token: token, Door: string(of), Left: []string{}}
	now, err := a.Voter.Read(of, ed, token)
	if err != nil {
		return nil, err
	}
	fresh := []voter.Credential{now}
	for _, w := range held {
		if w.Door() != of {
			fresh = append(fresh, w)
		}
	}
	_, _ = a.Opinion.Gather(c.Context(), glosa.Citizen(), ed, fresh, [16]byte{})
	if h, err := a.Priority.Gather(c.Context(), glosa.Citizen(), ed, fresh, [16]byte{}); err == nil {
		out.Left = text(h.Left)
	}
	return out, nil
}

// held is what the caller showed before, by the token in the header or by what the
// site's forms left in cookies. Denied when the token is none of ours.
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
	token, tokens = bearer(c.Request), map[glosa.Code]string{}
	for of, name := range map[glosa.Code]string{voter.Device: door.DeviceCookie, voter.Contact: door.ContactCookie, voter.Code: door.CodeCookie, voter.OIDC: door.AccountCookie} {
		if k, err := c.Request.Cookie(door.CookieName(name, a.Secure)); err == nil && token == "" {
			tokens[of] = k.Value
		}
	}
	return token, tokens
}
