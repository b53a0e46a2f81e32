package question

import (
	"cmp"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

var noTime time.Time

// limitsOf are the protocol's limits of what people send.
func limitsOf(e edition.Edition) limits {
	if e.Protocol == nil {
		return limits{}
	}
	given := e.Protocol.Limits
	l := limits{text: given.QuestionLetters, context: given.ContextLetters, files: given.Attachments, fileBytes: given.AttachmentBytes, media: given.AttachmentTypes}
	for _, lang := range e.Protocol.Languages {
		l.languages = append(l.languages, glosa.Code(lang))
	}
	return l
}

// protocol is never nil: an edition known from sources only has rules without terms.
func protocol(e edition.Edition) *edition.Protocol {
	if e.Protocol == nil {
		return &edition.Protocol{}
	}
	return e.Protocol
}

func reviewBy(e edition.Edition, from time.Time) edition.Sum {
	return e.Deadline(from, protocol(e).Moderation.Decide, nil, nil)
}

func secondBy(e edition.Edition, from time.Time) edition.Sum {
	return e.Deadline(from, protocol(e).Moderation.Second, nil, nil)
}

func editBy(e edition.Edition, from time.Time) edition.Sum {
	return e.Deadline(from, protocol(e).Moderation.NeedsEdit, nil, nil)
}

func appealBy(e edition.Edition, from time.Time) edition.Sum {
	return e.Deadline(from, protocol(e).Moderation.Appeal, nil, nil)
}

func reviewAppealBy(e edition.Edition, from time.Time) edition.Sum {
	return e.Deadline(from, protocol(e).Moderation.Review, nil, nil)
}

// Pause is an interval in which a question's clock stood still. To is zero while it does.
type Pause struct {
	From, To time.Time
	Why      glosa.Code // "agenda": it waits for the session
}

// unrouted tells whether the question waits for somebody to route it.
func (r *row) unrouted() bool {
	return r.clock.IsZero() && (r.state == Admitted || r.state == Overdue)
}

// unassigned tells whether it waits for the governor's office to assign it.
func (r *row) unassigned() bool {
	return r.institution == "" && !r.clock.IsZero() && (r.state == Routed || r.state == Overdue)
}

// placeTerm is how long routing and assigning may take where a protocol does not say it.
var placeTerm = edition.Term{N: 2, Unit: edition.WorkingDays}

func termOf(t edition.Term) edition.Term {
	if t.IsZero() {
		return placeTerm
	}
	return t
}

// routeFrom is from when somebody owes the routing: from admission, and not before the
// agenda was made, or its planned day while it is not, since until then nobody knows
// what goes to writing. An agenda that does not come delays nobody's question in silence.
func routeFrom(e edition.Edition, r *row) time.Time {
	if r.follows != "" {
		return r.admitted
	}
	return later(r.admitted, e.Plan.Begins(edition.Selected))
}

// owedBy is the clock of what is owed on a question that is public: who routes it, who
// assigns it, or who answers it. held is since when it is where it is.
func owedBy(e edition.Edition, r *row, pauses []Pause, notes []Note, held time.Time) edition.Sum {
	if r.unrouted() {
		return e.Deadline(routeFrom(e, r), termOf(protocol(e).Deadlines.Route), nil, stops(r, pauses))
	}
	answer := answerBy(e, r, pauses, notes)
	if !r.unassigned() || answer.Standing {
		return answer
	}
	if assign := e.Deadline(later(held, r.clock), termOf(protocol(e).Deadlines.Assign), nil, stops(r, pauses)); assign.Due.Before(answer.Due) {
		return assign
	}
	return answer
}

// answerBy is when the written answer is due, and how that was counted.
func answerBy(e edition.Edition, r *row, pauses []Pause, notes []Note) edition.Sum {
	var ext []edition.Extension
	for _, n := range notes {
		if n.Kind == noteExtension {
			ext = append(ext, edition.Extension{N: n.Days, By: string(n.Post), At: n.At, Reason: n.Words})
		}
	}
	return e.Deadline(r.clock, protocol(e).Deadlines.Answer, ext, stops(r, pauses))
}

// stops are the intervals in which a question's clock stood still, or stands.
func stops(r *row, pauses []Pause) (out []edition.Pause) {
	for _, p := range pauses {
		out = append(out, edition.Pause{From: p.From, To: p.To, Reason: string(p.Why)})
	}
	if !r.paused.IsZero() {
		out = append(out, edition.Pause{From: r.paused, Reason: "agenda"})
	}
	return out
}

// ladder is who holds an overdue answer, step by step.
var ladder = []glosa.Code{"institution", "deputy", "minister", "governor", "public"}

// Holders lists who holds an answer as it grows later: the institution, then
// deputy, minister, governor's office, and at last the public list.
func Holders() []glosa.Code { return append([]glosa.Code(nil), ladder...) }

// retime computes the answer's clock anew: after a routing, an extension, a
// pause or a merge. It never moves the start.
func (t *turn) retime() error {
	pauses, err := selectPauses(t.tx, t.row.id)
	if err != nil {
		return err
	}
	notes, err := selectNotes(t.tx, t.row.id)
	if err != nil {
		return err
	}
	held, err := selectHeldSince(t.tx, t.row.id)
	if err != nil {
		return err
	}
	sum := owedBy(t.ed, t.row, pauses, notes, held)
	t.row.due, t.row.next = sum.Due, sum.Due
	if sum.Standing {
		t.row.due, t.row.next = noTime, noTime
		if t.row.paused.IsZero() {
			t.row.next = t.tx.Now.Add(standing)
		}
		return nil
	}
	if t.row.state == Overdue {
		t.row.next = t.escalation()
	}
	return nil
}

// escalation is when an overdue answer goes to the next on the ladder; zero at its end.
func (t *turn) escalation() time.Time {
	if t.row.level >= len(ladder)-1 {
		return noTime
	}
	from := t.row.due
	for range t.row.level {
		from = t.ed.Deadline(from, protocol(t.ed).Deadlines.Escalate, nil, nil).Due
	}
	return from
}

// Due is what this room wants done by the clock: second decisions that did not
// come, edits that did not come, appeals without agreement, answers that are
// late, merges whose authors did not object, translations that are late, what an
// edition that is over leaves to the next, names of editions that are long over, the
// night's figures.
// Each is an act of the system, once; the first four row by row.
func (d *Desk) Due() edition.Due {
	return edition.Due{Room: "question", Rows: dueRows, Row: doRow, Run: runDue, Next: nextDue}
}

// What is due row by row, by the first letter of the row.
const (
	dueClock       = "clock "
	dueMerge       = "merge "
	dueTranslation = "translation "
)

// dueRows lists what is due row by row: clocks by folio, merges by proposal,
// translations by folio.
func dueRows(tx *db.Tx, now time.Time, limit int) (out []string, err error) {
	rows, err := selectDue(tx, now, limit)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		out = append(out, dueClock+string(r.id))
	}
	merges, err := selectProposalsDue(tx, now, limit)
	if err != nil {
		return nil, err
	}
	for _, p := range merges {
		out = append(out, dueMerge+p.id)
	}
	late, err := selectTranslationsDue(tx, now, limit)
	for _, id := range late {
		out = append(out, dueTranslation+string(id))
	}
	return out, err
}

// doRow does what is due in one row of [dueRows]; nothing when an act that came
// before it did away with it.
func doRow(tx *db.Tx, now time.Time, row string) error {
	by := glosa.System()
	if err := by.May("question.overdue"); err != nil {
		return err
	}
	kind, id, _ := strings.Cut(row, " ")
	switch kind + " " {
	case dueMerge:
		return mergeDue(tx, now, id)
	case dueTranslation:
		return translationDue(tx, by, now, glosa.QuestionID(id))
	}
	t, err := turnOn(tx, by, glosa.QuestionID(id))
	if err != nil || t.row.next.IsZero() || t.row.next.After(now) {
		return err
	}
	if err := t.lapse(now); err != nil {
		return err
	}
	return save(tx, t.row)
}

func nextDue(tx *db.Tx) (time.Time, error) {
	next, err := selectNext(tx)
	if err != nil {
		return next, err
	}
	translation, err := nextTranslation(tx)
	if err != nil {
		return next, err
	}
	if next.IsZero() || !translation.IsZero() && translation.Before(next) {
		next = translation
	}
	for _, other := range []func(*db.Tx) (time.Time, error){nextProposal, nextNames, nextRates} {
		at, err := other(tx)
		if err != nil {
			return next, err
		}
		if next.IsZero() || !at.IsZero() && at.Before(next) {
			next = at
		}
	}
	return next, nil
}

// runDue does at most limit of what is due of whole editions.
func runDue(tx *db.Tx, now time.Time, limit int) (done int, err error) {
	by := glosa.System()
	if err := by.May("question.overdue"); err != nil {
		return 0, err
	}
	if err := lookAtRates(tx, now); err != nil {
		return 0, err
	}
	closed, err := closeAccounts(tx, by)
	if done += closed; err != nil || done >= limit {
		return done, err
	}
	carried, err := carry(tx, by, limit-done)
	if done += carried; err != nil || done >= limit {
		return done, err
	}
	names, err := forgetNames(tx, by, now, limit-done)
	return done + names, err
}

// lapse does what the end of a question's present clock means.
func (t *turn) lapse(now time.Time) error {
	r, m := t.row, protocol(t.ed).Moderation
	var rule edition.Term
	switch r.state {
	case Admitted, Routed, Overdue:
		return t.late(now)
	case NeedsEdit:
		rule = m.NeedsEdit
	case Second:
		rule = m.Second
	case Appealed:
		rule = m.Review
	default:
		r.next = noTime // decided meanwhile: nothing is due
		return nil
	}
	sum := t.ed.Deadline(r.since, rule, nil, nil)
	if sum.Standing { // the edition is suspended, nobody knows until when
		r.due, r.next = noTime, now.Add(standing)
		return nil
	}
	if r.due, r.next = sum.Due, sum.Due; sum.Due.After(now) {
		return nil // a suspension moved it
	}
	if r.state != NeedsEdit {
		return t.silence()
	}
	if err := t.move(vLapse); err != nil {
		return err
	}
	r.due, r.next = reviewBy(t.ed, now).Due, noTime
	return t.leave(kEditLapsed, noBody{}, Step{})
}

// standing is how long a suspended clock waits before it is looked at again.
const standing = 24 * time.Hour

// silence closes a ruling whose second word did not come in time.
func (t *turn) silence() error {
	all, err := selectRulings(t.tx, t.row.id)
	if err != nil {
		return err
	}
	kind := kindRefuse
	if t.row.state == Appealed {
		kind = kindAppeal
	}
	for _, r := range all {
		if r.kind == kind && r.closed.IsZero() {
			return t.conclude(r)
		}
	}
	if kind == kindAppeal { // nobody looked: silence admits, or holds what holds back
		return t.conclude(ruling{kind: kind})
	}
	t.row.next = noTime
	return nil
}

// late makes a missed answer public, and passes it up the ladder. What nobody routed
// or assigned has two rungs: whoever owes it, and the public list.
func (t *turn) late(now time.Time) error {
	r := t.row
	if err := t.retime(); err != nil {
		return err
	}
	if r.due.IsZero() || r.next.IsZero() || r.next.After(now) {
		return nil // suspended or extended since it was computed
	}
	if err := t.move(vLapse); err != nil {
		return err
	}
	r.level++
	holder, owes := ladder[r.level], glosa.Code("")
	switch {
	case r.unrouted():
		holder, owes = "facilitation", "route"
	case r.unassigned():
		holder, owes = "governor", "assign"
	}
	word := cmp.Or(owes, holder)
	if owes != "" && r.level > 1 {
		r.level = len(ladder) - 1
		holder, word = ladder[r.level], ladder[r.level]
	}
	r.next = t.escalation()
	return t.leave(kOverdue, overdueBody{Holder: holder, Owed: owes, Due: r.due.UTC(), Level: r.level}, Step{Word: word, Number: r.level})
}
