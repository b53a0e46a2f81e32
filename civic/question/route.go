package question

import (
	"context"
	"strconv"
	"time"
	"unicode/utf8"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
)

// maxReferrals is how often an institution may say "not ours"; then the
// governor's office assigns, and that is the end of it.
const maxReferrals = 2

// Route gives an admitted question to the institution that must answer it. Its
// clock starts now and never again.
// Errors: Invalid when there is no such institution today; Denied; NotFound; Conflict.
func (d *Desk) Route(ctx context.Context, by glosa.Actor, id glosa.QuestionID, to glosa.InstitutionKey, theme glosa.Code) error {
	if err := by.May(actRoute); err != nil {
		return err
	}
	if !plainWord(string(theme)) {
		return glosa.WrongField("theme", "mo.theme")
	}
	return d.on(ctx, by, actRoute, id, func(t *turn) error {
		if theme != "" {
			t.row.theme = theme
		}
		return t.route(to)
	})
}

func (t *turn) route(to glosa.InstitutionKey) error {
	if err := t.exists(to); err != nil {
		return err
	}
	if !t.row.unrouted() {
		return glosa.Refuse(glosa.Conflict, "q.moved_on", "state", string(t.row.state), "verb", string(vRoute))
	}
	return t.give(to)
}

// give routes without asking whether the institution can answer today.
func (t *turn) give(to glosa.InstitutionKey) error {
	if err := t.move(vRoute); err != nil {
		return err
	}
	t.row.institution, t.row.level = to, 0
	if t.row.clock.IsZero() {
		t.row.clock = t.tx.Now
	}
	if t.row.paused = noTime; t.row.agenda == OnAgenda || t.row.agenda == InRoom {
		t.pause()
	}
	if err := t.retime(); err != nil {
		return err
	}
	return t.leave(kRouted, routedBody{Institution: to, Due: t.row.due.UTC()}, Step{Other: string(to)})
}

// exists is nil when the institution can answer on the day. Invalid otherwise.
func (t *turn) exists(key glosa.InstitutionKey) error {
	_, err := people.AddresseeOn(t.tx, key, t.tx.Now.In(t.ed.Zone))
	return err
}

// Refer says that the question is another institution's. The clock runs on. The
// second referral hands it to the governor's office, which assigns: to is then
// only a proposal and nobody holds the question until [Desk.Assign].
// It is said within the protocol's term from when the institution got the
// question; after that it must answer.
// Errors: Invalid; Denied; NotFound; Conflict.
func (d *Desk) Refer(ctx context.Context, by glosa.Actor, id glosa.QuestionID, to glosa.InstitutionKey, reason glosa.Code) error {
	if err := by.May(actRefer); err != nil {
		return err
	}
	if reason == "" || !plainWord(string(reason)) {
		return glosa.WrongField("reason", "li.reason")
	}
	return d.on(ctx, by, actRefer, id, func(t *turn) error {
		if err := t.owes(); err != nil {
			return err
		}
		if t.row.referrals >= maxReferrals {
			return glosa.Refuse(glosa.Conflict, "li.referred", "n", strconv.Itoa(maxReferrals))
		}
		if by, err := referBy(t.tx, t.ed, t.row); err != nil || by.Overdue(t.tx.Now) && !by.Due.IsZero() {
			return orElse(err, glosa.Refuse(glosa.Conflict, "of.refer.late", "date", by.Due.Format(time.DateOnly)))
		}
		if err := t.exists(to); err != nil {
			return err
		}
		if to == t.row.institution {
			return glosa.WrongField("institution", "a.institution")
		}
		if err := t.move(vRefer); err != nil {
			return err
		}
		from := t.row.institution
		t.row.referrals++
		if t.row.referrals == maxReferrals {
			to = ""
		}
		if err := dropDrafts(t.tx, t.row.id); err != nil {
			return err
		}
		body := referredBody{From: from, To: to, Reason: reason, Count: t.row.referrals}
		if err := t.leave(kReferred, body, Step{Word: reason, Other: string(to), Number: t.row.referrals}); err != nil {
			return err
		}
		t.row.institution = to
		return t.retime()
	})
}

// referBy is until when the institution that holds a question may say that it is
// another's, and how that was counted; the zero Sum when nobody owes it or the
// protocol sets no term.
func referBy(tx *db.Tx, ed edition.Edition, r *row) (edition.Sum, error) {
	rule := protocol(ed).Deadlines.Refer
	if rule.IsZero() || r.state != Routed && r.state != Overdue || r.institution == "" {
		return edition.Sum{}, nil
	}
	got, err := selectHeldSince(tx, r.id)
	if err != nil {
		return edition.Sum{}, err
	}
	pauses, err := selectPauses(tx, r.id)
	if err != nil {
		return edition.Sum{}, err
	}
	return ed.Deadline(later(got, r.clock), rule, nil, stops(r, pauses)), nil
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// Assign is the governor's office giving a question that two institutions said
// was not theirs to the one that must answer. The clock runs on.
// Errors: Invalid; Denied; NotFound; Conflict.
func (d *Desk) Assign(ctx context.Context, by glosa.Actor, id glosa.QuestionID, to glosa.InstitutionKey) error {
	return d.on(ctx, by, actAssign, id, func(t *turn) error {
		if t.row.referrals < maxReferrals || t.row.institution != "" {
			return glosa.Refuse(glosa.Conflict, "q.moved_on", "state", string(t.row.state), "verb", "assign")
		}
		if err := t.exists(to); err != nil {
			return err
		}
		if err := t.move(vRefer); err != nil {
			return err
		}
		t.row.institution = to
		if err := t.retime(); err != nil {
			return err
		}
		if err := t.leave(kRouted, routedBody{Institution: to, Due: t.row.due.UTC()}, Step{Other: string(to)}); err != nil {
			return err
		}
		if t.row.state == Overdue && t.row.due.After(t.tx.Now) { // only its assignment was late
			return t.intime()
		}
		return nil
	})
}

// owes is nil when the actor's institution holds the question, under today's
// name or an older one. Denied otherwise.
func (t *turn) owes() error {
	held, mine := t.row.institution, t.by.Institution
	if held != "" && held == mine {
		return nil
	}
	if held != "" && mine != "" {
		line, err := people.Lineage(t.tx, held)
		if err != nil && glosa.KindOf(err) != glosa.NotFound {
			return err
		}
		for _, i := range line {
			if i.Key == mine {
				return nil
			}
		}
	}
	return glosa.Refuse(glosa.Denied, "li.notyours", "rule", "question.held_by")
}

// Kinds of note: public reasons that go with an act.
const (
	noteExtension  glosa.Code = "extension"
	noteReturn     glosa.Code = "return" // private: from who signs to who drafts
	noteCorrection glosa.Code = "correction"
)

// maxReason is the longest reason, in letters.
const maxReason = 1000

// Extend gives an answer more time, once, before it is late, by at most what the
// protocol allows, with a public reason.
// Errors: Invalid; Denied unless the actor holds the post today; NotFound; Conflict.
func (d *Desk) Extend(ctx context.Context, by glosa.Actor, id glosa.QuestionID, days int, reason string) error {
	if err := by.May(actExtend); err != nil {
		return err
	}
	reason = tidyText(reason)
	if reason == "" || !clean(reason, true) || utf8.RuneCountInString(reason) > maxReason {
		return glosa.WrongField("reason", "li.reason")
	}
	return d.on(ctx, by, actExtend, id, func(t *turn) error {
		most := protocol(t.ed).Deadlines.AnswerExtension.N
		if days < 1 || days > most {
			return glosa.WrongField("days", "li.days", "n", strconv.Itoa(most))
		}
		if err := t.signs(actExtend); err != nil {
			return err
		}
		if t.row.extended > 0 || t.row.state != Routed || t.tx.Now.After(t.row.due) {
			return glosa.Refuse(glosa.Conflict, "li.extended")
		}
		t.row.extended = days
		n := Note{Kind: noteExtension, Post: t.by.Post, Days: days, Words: reason}
		if err := insertNote(t.tx, t.row.id, n); err != nil {
			return err
		}
		if err := t.retime(); err != nil {
			return err
		}
		body := extendedBody{Days: days, Due: t.row.due.UTC(), Reason: glosa.Digest([]byte(reason))}
		return t.leave(kExtended, body, Step{Number: days})
	})
}

// signs is nil when the actor's institution holds the question and the actor
// holds the post today, or a delegation that covers the act. Denied otherwise.
func (t *turn) signs(act glosa.Act) error {
	if err := t.owes(); err != nil {
		return err
	}
	if t.by.Post == "" || t.by.Human == "" {
		return glosa.Refuse(glosa.Denied, "si.post", "rule", "post")
	}
	granted, err := people.ActsFor(t.tx, t.by.Post, t.by.Human, act, t.tx.Now.In(t.ed.Zone))
	if granted != nil {
		t.absence = &Absence{Title: granted.Document.Title, Document: granted.Document.Digest}
	}
	return err
}
