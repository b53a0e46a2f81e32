package commitment_test

import (
	"testing"

	"glosa"
	"glosa/civic/commitment"
	"glosa/db/dbtest"
)

// kinds is how often each kind of event was left.
func (h *house) kinds() map[string]int {
	h.Helper()
	n := map[string]int{}
	for _, e := range dbtest.Events(h, h.db) {
		n[e.Kind]++
	}
	return n
}

// TestNobodyAgreesToWordsTheyHaveNotRead: what changes between reading and
// clicking, be it a word or a milestone's day, is not agreed to.
func TestNobodyAgreesToWordsTheyHaveNotRead(t *testing.T) {
	each(t, func(h *house) {
		changes := map[string]func(d *commitment.Draft){
			"Word":      func(d *commitment.Draft) { d.Wording.Deliverable = "Un padrón para la oficina." },
			"Milestone": func(d *commitment.Draft) { d.Milestones[1].Due = d.Milestones[1].Due.AddDate(0, 1, 0) },
			"Owner":     func(d *commitment.Draft) { d.Owners[0].Institution = "SESA" },
			"Target": func(d *commitment.Draft) {
				d.Targets[0].Rationale = "El padrón mide el acceso al agua en las escuelas."
			},
		}
		for name, change := range changes {
			id, err := h.Propose(h.ctx, rapporteur, "demo25", h.draft())
			h.ok(err)
			h.ok(h.Negotiate(h.ctx, civil, id))
			read := h.words(id)
			d := h.draft()
			change(&d)
			h.ok(h.Revise(h.ctx, rapporteur, id, d))
			h.ok(h.Negotiate(h.ctx, civil, id))
			was := h.kinds()
			for act, err := range map[string]error{"accept": h.Accept(h.ctx, gov, id, read), "decline": h.Decline(h.ctx, gov, id, read, "No.")} {
				if e, ok := err.(*glosa.Error); !ok || e.Kind != glosa.Conflict || e.Key != "cm.changed" {
					h.Errorf("%s: %s what was changed meanwhile: %v", name, act, err)
				}
			}
			if is := h.kinds(); is["commitment.agreed"] != was["commitment.agreed"] || is["commitment.declined"] != was["commitment.declined"] {
				h.Errorf("%s: something was recorded", name)
			}
			if c := h.state(id, commitment.Negotiated); len(c.Versions[0].Signed) != 0 {
				h.Errorf("%s: signed by %v", name, c.Versions[0].Signed)
			}
			h.ok(h.Accept(h.ctx, gov, id, h.words(id)))
		}
	})
}

func TestNobodyAgreesToAnAmendmentTheyHaveNotRead(t *testing.T) {
	each(t, func(h *house) {
		id := h.active()
		w := h.card(id).Current().Wording
		w.Deliverable = "Un padrón público, descargable y bilingüe."
		n, err := h.Amend(h.ctx, gov, id, "Lo pidió la mesa.", w)
		h.ok(err)
		read := h.words(id)
		w.Deliverable = "Un padrón."
		again, err := h.Amend(h.ctx, gov, id, "Mejor así.", w)
		h.ok(err)
		h.is(glosa.Conflict, h.AgreeAmendment(h.ctx, civil, id, n, read))
		h.is(glosa.Conflict, h.AgreeAmendment(h.ctx, civil, id, again, read))
		if c := h.card(id); c.Current().Number != 1 || h.kinds()["commitment.in_force"] != 1 {
			h.Errorf("version %d is in force", c.Current().Number)
		}
		h.ok(h.AgreeAmendment(h.ctx, civil, id, again, h.words(id)))
		if _, waits := h.card(id).Pending(); waits {
			h.Error("what both sides agreed to still waits")
		}
	})
}

// TestSuspended: why it stopped and why it went on stay in its history.
func TestSuspended(t *testing.T) {
	each(t, func(h *house) {
		id := h.active()
		h.is(glosa.Invalid, h.Suspend(h.ctx, gov, id, " "))
		h.ok(h.Suspend(h.ctx, gov, id, "El huracán cerró las oficinas."))
		if c := h.state(id, commitment.Suspended); c.Reason != "El huracán cerró las oficinas." {
			h.Errorf("reason %q", c.Reason)
		}
		h.is(glosa.Invalid, h.Resume(h.ctx, gov, id, ""))
		h.is(glosa.Denied, h.Resume(h.ctx, civil, id, "Ya."))
		h.ok(h.Resume(h.ctx, gov, id, "Ya abrieron."))
		h.ok(h.Suspend(h.ctx, gov, id, "Otra vez."))
		c := h.state(id, commitment.Suspended)
		if len(c.Pauses) != 2 || c.Pauses[0].BackReason != "Ya abrieron." || !c.Pauses[1].BackAt.IsZero() {
			h.Errorf("pauses %+v", c.Pauses)
		}
		var told []string
		for _, e := range c.Timeline {
			if e.Key == "cm.t.suspended" || e.Key == "cm.t.resumed" {
				told = append(told, e.Args["reason"])
			}
		}
		if len(told) != 3 {
			h.Errorf("the timeline tells %q", told)
		}
	})
}

// TestLinks: «looked for and not found» gives way to what is found, and an OGP id
// is written as OGP writes it.
func TestLinks(t *testing.T) {
	each(t, func(h *house) {
		id := h.active()
		none := commitment.Link{From: id, Way: commitment.OGP, Basis: commitment.NoBasis}
		h.ok(h.Link(h.ctx, h.evaluator, none))
		h.is(glosa.Invalid, h.Link(h.ctx, h.evaluator, commitment.Link{From: id, Way: commitment.OGP, To: "el dos de México", Basis: commitment.Inferred}))
		h.is(glosa.Invalid, h.Link(h.ctx, h.evaluator, commitment.Link{From: id, Way: commitment.OGP, To: "MXROO0002", Basis: commitment.OnRecord})) // without a source
		h.ok(h.Link(h.ctx, h.evaluator, commitment.Link{From: id, Way: commitment.OGP, To: "MXROO0002", Basis: commitment.Inferred}))
		h.is(glosa.Conflict, h.Link(h.ctx, h.evaluator, none))
		if l := h.card(id).Links; len(l) != 1 || l[0].To != "MXROO0002" {
			h.Errorf("links %+v", l)
		}
	})
}
