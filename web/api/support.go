package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"time"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/web/door"
)

type device struct {
	Token string `json:"token" doc:"What this device supports questions with. It says nothing of a person; keep it."`
}

type salting struct {
	Salt string `json:"salt,omitempty" doc:"The device's 16 random bytes of the new ballot's salt, in base64."`
}

type support struct {
	ID         string    `json:"id" doc:"The question."`
	Supported  bool      `json:"supported"`
	Contest    string    `json:"contest"`
	Choices    []string  `json:"choices" doc:"Everything this device supports in the edition now."`
	Commit     string    `json:"commit,omitempty" doc:"The ballot's commitment, in base64."`
	Lock       string    `json:"lock,omitempty"`
	LockBy     string    `json:"lock_by,omitempty"`
	SaltServer string    `json:"salt_server,omitempty"`
	SaltDevice string    `json:"salt_device,omitempty"`
	Tracker    string    `json:"tracker,omitempty" doc:"The name of the ballot's row in the file published after closing."`
	Promise    string    `json:"promise,omitempty"`
	MergeBy    time.Time `json:"merge_by,omitzero"`
}

func (a *api) supports() []operation {
	fails := []int{http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusLocked}
	path := "/api/v1/questions/{folio}/support"
	return []operation{
		{id: "new-device", method: http.MethodPost, path: "/api/v1/devices", summary: "A token for this device",
			detail: "The weakest door: it proves the same device, nothing else. Its supports are counted as the edition's protocol says.",
			out:    device{}, status: http.StatusCreated, do: a.newDevice},
		{id: "support-question", method: http.MethodPut, path: path, summary: "I want to know this too",
			detail: "Supporting twice changes nothing. The reply is the device's own receipt: it shows its choices.",
			in:     salting{}, optional: true, out: support{}, fails: fails, device: true,
			do: func(c *call) (any, error) { return a.change(c, a.Priority.Support, true) }},
		{id: "unsupport-question", method: http.MethodDelete, path: path, summary: "Take a support back",
			in: salting{}, optional: true, out: support{}, fails: fails, device: true,
			do: func(c *call) (any, error) { return a.change(c, a.Priority.Unsupport, false) }},
	}
}

func (a *api) newDevice(*call) (any, error) {
	token, err := a.Voter.NewDevice()
	return device{token}, err
}

// change adds a question to the device's ballot, or takes it off.
func (a *api) change(c *call, act func(context.Context, glosa.Actor, voter.Credential, glosa.QuestionID, [16]byte) (priority.Receipt, error), supported bool) (any, error) {
	id, err := c.folio()
	if err != nil {
		return nil, err
	}
	who, err := a.who(c, id)
	if err != nil {
		return nil, err
	}
	salt, ok := bytesOf(c.body["salt"], 16)
	if !ok {
		return nil, glosa.WrongField("salt", "api.bytes")
	}
	rc, err := act(c.Context(), glosa.Citizen(), who, id, [16]byte(salt))
	if err != nil {
		return nil, err
	}
	a.Priority.CameBy(door.CallerOf(c.Context()), rc)
	out := support{ID: string(id), Supported: supported, Contest: string(rc.Contest), Choices: text(rc.Choices)}
	if len(rc.Choices) == 0 {
		return out, nil // the ballot was withdrawn: there is nothing to prove
	}
	out.Commit, out.Lock, out.LockBy, out.Tracker = rc.Commit.String(), rc.Lock.String(), string(rc.LockBy), rc.Tracker
	out.SaltServer, out.SaltDevice = rc.SaltServer.String(), base64.StdEncoding.EncodeToString(rc.SaltDevice[:])
	out.Promise, out.MergeBy = string(rc.Promise), second(rc.MergeBy)
	return out, nil
}

// who votes: by the token in the header, of a device or of a stronger door, or by
// the best that the site's forms left in cookies, with what stands by weaker ones
// brought along as the pages do.
func (a *api) who(c *call, id glosa.QuestionID) (voter.Credential, error) {
	token, tokens := a.tokens(c)
	who, err := a.Voter.DeviceOf(token)
	if token == "" && len(tokens) == 0 || err == nil || glosa.KindOf(err) != glosa.Denied {
		return who, err
	}
	q, err := a.Question.Page(c.Context(), id)
	if err != nil {
		return who, err
	}
	if token != "" {
		return a.Voter.Any(q.Edition, token)
	}
	held, err := a.Voter.Held(q.Edition, tokens)
	if err != nil || len(held) == 0 {
		return a.Voter.DeviceOf("") // nothing of ours
	}
	h, err := a.Priority.Gather(c.Context(), glosa.Citizen(), q.Edition, held, [16]byte{})
	return h.Who, err
}
