package auth_test

import (
	"testing"

	"glosa"
	"glosa/civic/people"
)

// A deputy does what was delegated, whatever the roles of the post allow.
func TestADeputyDoesNoMore(t *testing.T) {
	eachHouse(t, func(h *house) {
		who := h.human()
		given, err := h.people.Delegate(t.Context(), office, people.Delegation{Post: "sesa-titular", Human: who, From: h.day(-1), To: h.day(5),
			Acts: []glosa.Act{"question.extend"}, Document: paper()})
		h.ok(err)
		code, g, err := h.InviteToDelegation(t.Context(), office, ed, given)
		token := h.enter(code, g, err)
		s, err := h.Resume(t.Context(), token)
		h.ok(err)
		for act, may := range map[glosa.Act]bool{"question.extend": true, "question.inbox": true, "question.answer": false, "commitment.accept": false, "panel.sign": false} {
			if err := s.Actor.May(act); (err == nil) != may {
				t.Errorf("%s: %v", act, err)
			}
		}
	})
}
