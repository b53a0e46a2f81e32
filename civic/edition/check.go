package edition

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"glosa"
)

var (
	keyShape       = regexp.MustCompile(`^[a-z][a-z0-9-]{1,39}$`)
	gateShape      = regexp.MustCompile(`^[a-z][a-z0-9_]{1,39}$`)
	territoryShape = regexp.MustCompile(`^[0-9]{2,5}$`)
	languageShape  = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	mediaShape     = regexp.MustCompile(`^[a-z]+/[a-z0-9.+-]+$`)
)

// inspection gathers what is wrong with a protocol, each with its path.
type inspection struct {
	p      *Protocol
	faults []fault
}

func (c *inspection) wrong(at, what string, args ...any) {
	c.faults = append(c.faults, fault{at: at, what: fmt.Sprintf(what, args...)})
}

func (c *inspection) between(at string, n, least, most int) {
	if n < least || n > most {
		c.wrong(at, "%d is not between %d and %d", n, least, most)
	}
}

func (c *inspection) oneOf(at string, word glosa.Code, list ...glosa.Code) {
	if !slices.Contains(list, word) {
		c.wrong(at, "%q is not one of %v", word, list)
	}
}

func (c *inspection) said(at string, w Words) {
	if w.Es == "" {
		c.wrong(at, "the Spanish text is missing")
	}
}

// term wants a rule in one of the units, of at least one.
func (c *inspection) term(at string, t Term, units ...Unit) {
	if t.N < 1 || !slices.Contains(units, t.Unit) {
		c.wrong(at, "a term of at least 1 in %v is needed, not %q", units, t.String())
	}
}

func check(p *Protocol) []fault {
	c := &inspection{p: p}
	c.head()
	c.stages()
	c.gates()
	c.limits()
	c.moderation()
	c.seats()
	c.timers()
	c.deadlines()
	c.selection()
	c.opinion()
	c.calendars()
	c.notes()
	if len(c.faults) == 0 {
		c.fits()
	}
	return c.faults
}

func (c *inspection) head() {
	p := c.p
	if !keyShape.MatchString(string(p.Key)) {
		c.wrong("key", "%q is not a key such as \"glosa-qroo\"", p.Key)
	}
	c.between("version", p.Version, 1, 9999)
	c.said("name", p.Name)
	if !territoryShape.MatchString(string(p.Territory)) {
		c.wrong("territory", "%q is not a territory code such as \"23\"", p.Territory)
	}
	zone, err := time.LoadLocation(p.Zone)
	if err != nil || p.Zone == "" || p.Zone == "Local" {
		c.wrong("zone", "%q is not a time zone such as \"America/Cancun\"", p.Zone)
		zone = time.UTC
	}
	p.zone = zone
	if !slices.Contains(p.Languages, "es") {
		c.wrong("languages", "\"es\" is missing")
	}
	for i, l := range p.Languages {
		if !languageShape.MatchString(l) || slices.Index(p.Languages, l) != i {
			c.wrong(fmt.Sprintf("languages[%d]", i), "%q is not a language code, or stands twice", l)
		}
	}
	c.oneOf("host", p.Host, "public", "private")
	c.oneOf("regime", p.Regime, "LGPDPPSO", "LFPDPPP")
	if regime := map[glosa.Code]glosa.Code{"public": "LGPDPPSO", "private": "LFPDPPP"}[p.Host]; regime != "" && p.Regime != regime {
		c.wrong("regime", "a %s host stands under %s", p.Host, regime)
	}
	c.between("themes", p.Themes, 1, 20)
	c.term("notice", p.Notice, Days, WorkingDays)
	c.term("report_lead", p.ReportLead, Days, WorkingDays)
	if !institutionShape.MatchString(string(p.ReportBy)) {
		c.wrong("report_by", "%q is not the key of an institution, such as GUBERNATURA", p.ReportBy)
	}
	c.term("follow_up.stale", p.Follow.Stale, Days, Months)
	c.term("follow_up.plenary", p.Follow.Plenary, Days, Months)
}

// stages: every stage, once, in order. Draft is the mandate: when the work begins.
// institutionShape is how keys of institutions are written.
var institutionShape = regexp.MustCompile(`^[A-Z][A-Z0-9-]{1,31}$`)

func (c *inspection) stages() {
	want := line
	if len(c.p.Stages) != len(want) {
		c.wrong("stages", "%d stages, want these %d: %v", len(c.p.Stages), len(want), want)
		return
	}
	for i, r := range c.p.Stages {
		at := fmt.Sprintf("stages[%d]", i)
		if r.Stage != want[i] {
			c.wrong(at+".stage", "%q stands where %q belongs", r.Stage, want[i])
		}
		c.oneOf(at+".by", r.By, "desk", "clock")
		if far := map[Unit]int{Days: 1100, WorkingDays: 800, Months: 36}[r.At.Unit]; r.At.N > far || r.At.N < -far {
			c.wrong(at+".at", "%s is more than three years from the session", r.At)
		}
		if r.By == "clock" && r.Stage != IntakeOpen && r.Stage != IntakeClosed {
			c.wrong(at+".by", "only the intake opens and closes by the clock")
		}
		if r.Stage == IntakeClosed && r.By != "clock" {
			c.wrong(at+".by", "the intake closes by the clock, so that nobody can close it early")
		}
		if r.Stage == InSession && (r.At.N != 0 || r.At.Unit != Days) {
			c.wrong(at+".at", "the session is on T")
		}
	}
}

func (c *inspection) gates() {
	for i, g := range c.p.Gates {
		at := fmt.Sprintf("gates[%d]", i)
		if !gateShape.MatchString(string(g.Gate)) {
			c.wrong(at+".gate", "%q is not a gate's word", g.Gate)
		}
		if g.To.place() < 1 {
			c.wrong(at+".to", "%q is not a stage that is entered", g.To)
		}
		c.said(at+".name", g.Name)
		if slices.IndexFunc(c.p.Gates, func(x GateRule) bool { return x.Gate == g.Gate && x.To == g.To }) != i {
			c.wrong(at, "this gate stands twice")
		}
	}
}

func (c *inspection) limits() {
	l := c.p.Limits
	c.between("limits.question_letters", l.QuestionLetters, 20, 2000)
	c.between("limits.context_letters", l.ContextLetters, 0, 5000)
	c.between("limits.answer_letters", l.AnswerLetters, 100, 20000)
	c.between("limits.attachments", l.Attachments, 0, 5)
	if l.Attachments > 0 && (l.AttachmentBytes < 1024 || l.AttachmentBytes > 16<<20) {
		c.wrong("limits.attachment_bytes", "%d is not between 1024 and %d", l.AttachmentBytes, 16<<20)
	}
	for i, t := range l.AttachmentTypes {
		if !mediaShape.MatchString(t) || t == "image/svg+xml" || t == "text/html" {
			c.wrong(fmt.Sprintf("limits.attachment_types[%d]", i), "%q is not a type that may be attached", t)
		}
	}
	c.span("limits.commitments", l.Commitments, 50)
	c.span("limits.targets", l.Targets, 3)
	c.between("limits.milestones", l.Milestones, 1, 20)
}

func (c *inspection) span(at string, r Range, most int) {
	if r.Least < 1 || r.Most < r.Least || r.Most > most || r.Warn != 0 && r.Warn < r.Least {
		c.wrong(at, "least %d, most %d, warn %d do not fit into 1 to %d", r.Least, r.Most, r.Warn, most)
	}
}

func (c *inspection) moderation() {
	m := c.p.Moderation
	c.term("moderation.decide", m.Decide, Hours, WorkingDays)
	c.term("moderation.second", m.Second, Hours, WorkingDays)
	c.term("moderation.needs_edit", m.NeedsEdit, Hours, WorkingDays)
	c.term("moderation.appeal", m.Appeal, Days, WorkingDays)
	c.term("moderation.review", m.Review, Days, WorkingDays)
	if m.Object != (Term{}) {
		c.term("moderation.object", m.Object, Hours, Days, WorkingDays)
	}
	if m.Translate != (Term{}) {
		c.term("moderation.translate", m.Translate, Hours, Days, WorkingDays)
	}
	if len(m.Grounds) == 0 {
		c.wrong("moderation.grounds", "no ground: nothing could be refused, not even what is illegal")
	}
	for i, g := range m.Grounds {
		at := fmt.Sprintf("moderation.grounds[%d]", i)
		c.oneOf(at+".code", g.Code, Grounds()...)
		c.said(at+".name", g.Name)
		if slices.IndexFunc(m.Grounds, func(x Ground) bool { return x.Code == g.Code }) != i {
			c.wrong(at, "this ground stands twice")
		}
		if g.Code == OffScope && !g.Help {
			c.wrong(at, "who is off scope must be told where they can help: help: true")
		}
		if held := g.Code == ThirdPartyData || g.Code == Illegal; held != g.Held {
			c.wrong(at, "personal data and illegal content stay held without agreement, and nothing else does")
		}
	}
}

func (c *inspection) seats() {
	s := c.p.Seats
	c.between("seats.mesas", s.Mesas, 1, 40)
	c.span("seats.per_mesa", s.PerMesa, 60)
	c.span("seats.participants", s.Participants, 1000)
	total, each := 0, map[glosa.Side]int{}
	for i, x := range s.Sides {
		at := fmt.Sprintf("seats.sides[%d]", i)
		if x.Side != glosa.Government && x.Side != glosa.Civil && x.Side != glosa.Observatory || each[x.Side] > 0 {
			c.wrong(at+".side", "%q is not a side, or stands twice", x.Side)
		}
		c.between(at+".each", x.Each, 1, 60)
		each[x.Side] = x.Each
		total += x.Each
	}
	if each[glosa.Government] == 0 || each[glosa.Civil] < each[glosa.Government] {
		c.wrong("seats.sides", "both sides need seats, and civil society no fewer than the government")
	}
	if total < s.PerMesa.Least || total > s.PerMesa.Most {
		c.wrong("seats.sides", "%d seats in a mesa, and per_mesa says %d to %d", total, s.PerMesa.Least, s.PerMesa.Most)
	}
	c.chairs()
	for i, r := range s.NotDelegable {
		if _, known := seatable[r]; !known {
			c.wrong(fmt.Sprintf("seats.not_delegable[%d]", i), "%q is not a role", r)
		}
	}
}

// chairs: each place once, with roles that its side does.
func (c *inspection) chairs() {
	type place struct {
		side   glosa.Side
		number int
	}
	taken := map[place]bool{}
	for i, x := range c.p.Seats.Chairs {
		at := fmt.Sprintf("seats.chairs[%d]", i)
		if x.Side != glosa.Government && x.Side != glosa.Civil && x.Side != glosa.Observatory {
			c.wrong(at+".side", "%q is not a side", x.Side)
		}
		c.between(at+".number", x.Number, 1, 500)
		if x.To != 0 {
			c.between(at+".to", x.To, max(1, x.Number), 500)
		}
		if len(x.Roles) == 0 {
			c.wrong(at, "the roles are missing")
		}
		for _, r := range x.Roles {
			if !Fits(r, x.Side) {
				c.wrong(at+".roles", "%q is not a role, or the %s side does not do it", r, x.Side)
			}
		}
		c.oneOf(at+".sector", x.Sector, Sectors()...)
		for n := x.Number; n <= min(x.Last(), 500); n++ {
			if taken[place{x.Side, n}] {
				c.wrong(at+".number", "%s %d stands twice", x.Side, n)
			}
			taken[place{x.Side, n}] = true
		}
	}
}

func (c *inspection) timers() {
	t := c.p.Timers
	for _, x := range []struct {
		at string
		d  time.Duration
	}{{"opening", t.Opening}, {"question", t.Question}, {"answer_head", t.AnswerHead}, {"answer", t.Answer},
		{"requestion", t.Requestion}, {"session", t.Session}} {
		if x.d < time.Second || x.d > 12*time.Hour || x.d%time.Second != 0 {
			c.wrong("timers."+x.at, "%s is not between 1s and 12h in whole seconds", x.d)
		}
	}
	if t.Opening+t.Question+t.Answer > t.Session {
		c.wrong("timers.session", "not even one question fits into %s", t.Session)
	}
}

func (c *inspection) deadlines() {
	d := c.p.Deadlines
	c.term("deadlines.merge", d.Merge, Hours)
	for _, x := range []struct {
		at string
		t  Term
	}{{"answer", d.Answer}, {"answer_extension", d.AnswerExtension}, {"refer", d.Refer}, {"escalate", d.Escalate},
		{"selection", d.Selection}, {"minutes_draft", d.MinutesDraft}, {"minutes_comment", d.MinutesComment},
		{"minutes_sign", d.MinutesSign}, {"response", d.Response}, {"right_of_reply", d.RightOfReply}} {
		c.term("deadlines."+x.at, x.t, Days, WorkingDays)
	}
	for _, x := range []struct {
		at string
		t  Term
	}{{"route", d.Route}, {"assign", d.Assign}} { // protocols frozen before they were there do not say them
		if !x.t.IsZero() {
			c.term("deadlines."+x.at, x.t, Days, WorkingDays)
		}
	}
	c.term("deadlines.evaluation", d.Evaluation, Days, Months)
	if d.AnswerExtension.Unit != d.Answer.Unit || d.AnswerExtension.N > d.Answer.N {
		c.wrong("deadlines.answer_extension", "an extension has the unit of the answer and is not longer")
	}
}

func (c *inspection) selection() {
	s := c.p.Selection
	c.oneOf("selection.rule", s.Rule, "equal_shares", "outside_selector")
	c.oneOf("selection.utility", s.Utility, "cardinality", "cost")
	c.words("selection.completions", s.Completions, "add1u", "add1", "utilitarian", "none")
	c.words("selection.ties", s.Ties, "more_supporters", "fewer_minutes", "id")
	if len(s.Ties) == 0 || s.Ties[len(s.Ties)-1] != "id" {
		c.wrong("selection.ties", "the last word must be \"id\", else a tie could stay open")
	}
	c.between("selection.minutes", s.Minutes, 1, 720)
	c.between("selection.minutes_per_question", s.PerQuestion, 1, max(1, s.Minutes))
	c.between("selection.choices", s.Choices, 1, 10)
	c.between("selection.on_stage", s.OnStage, 1, 100)
	c.oneOf("selection.rest", s.Rest, "written")
	if len(s.Selector) == 0 || slices.Contains(s.Selector, glosa.Government) {
		c.wrong("selection.selector", "somebody selects, and never the government that answers")
	}
	c.term("selection.support_window", s.SupportWindow, Days, WorkingDays)
	c.words("selection.counting_doors", s.Counting, "contact", "code", "oidc", "device")
	c.words("selection.apart_doors", s.Apart, "contact", "code", "oidc", "device")
	if len(s.Counting) == 0 {
		c.wrong("selection.counting_doors", "no door counts")
	}
	for _, door := range s.Apart {
		if s.Counts(door) {
			c.wrong("selection.apart_doors", "%q cannot count and stand apart", door)
		}
	}
	if s.Counts("device") && s.DoorsNote.Es == "" {
		c.wrong("selection.counting_doors", "a protocol that counts devices must say so: doors_note")
	}
}

// words: every word from the list, none twice.
func (c *inspection) words(at string, words []glosa.Code, list ...glosa.Code) {
	for i, w := range words {
		if !slices.Contains(list, w) || slices.Index(words, w) != i {
			c.wrong(fmt.Sprintf("%s[%d]", at, i), "%q is not one of %v, or stands twice", w, list)
		}
	}
}

func (c *inspection) calendars() {
	if _, ok := c.p.Calendar(c.p.Territory); !ok {
		c.wrong("calendars", "no calendar for the territory %q", c.p.Territory)
	}
	for i, cal := range c.p.Calendars {
		at := fmt.Sprintf("calendars[%d]", i)
		if !territoryShape.MatchString(string(cal.Territory)) {
			c.wrong(at+".territory", "%q is not a territory code", cal.Territory)
		}
		c.between(at+".version", cal.Version, 1, 9999)
		c.said(at+".name", cal.Name)
		if len(cal.Weekend) > 3 {
			c.wrong(at+".weekend", "at most three days of rest a week")
		}
		for j, w := range cal.Weekend {
			if weekday(w) < 0 {
				c.wrong(fmt.Sprintf("%s.weekend[%d]", at, j), "%q is not a weekday", w)
			}
		}
		for j, h := range cal.Holidays {
			here := fmt.Sprintf("%s.holidays[%d]", at, j)
			c.said(here+".name", h.Name)
			if h.On.Month == 0 {
				c.wrong(here, "the day is missing: on")
			}
			if h.Every < 0 || h.Every > 50 || h.From < 0 || h.From > 3000 || h.Every > 1 && h.From == 0 {
				c.wrong(here, "every %d years needs the first year: from", h.Every)
			}
		}
		for j, r := range cal.Recesses {
			from, err1 := time.Parse(time.DateOnly, r.From)
			to, err2 := time.Parse(time.DateOnly, r.To)
			if err1 != nil || err2 != nil || to.Before(from) || to.Sub(from) > 366*24*time.Hour {
				c.wrong(fmt.Sprintf("%s.recesses[%d]", at, j), "from and to are days such as 2026-12-21, at most a year apart")
			}
			c.said(fmt.Sprintf("%s.recesses[%d].name", at, j), r.Name)
		}
	}
}

// opinion may say nothing; what it says is known.
func (c *inspection) opinion() {
	o := c.p.Opinion
	if o.Rows != "" {
		c.oneOf("opinion.rows", o.Rows, "auditors", "public")
	}
	c.words("opinion.doors", o.Doors, "contact", "code", "oidc", "device")
}

func (c *inspection) notes() {
	for i, n := range c.p.Notes {
		at := fmt.Sprintf("notes[%d]", i)
		c.oneOf(at+".basis", n.Basis, "documented", "proposed")
		c.said(at+".note", n.Note)
		if documented := strings.HasPrefix(n.Source, "https://") || strings.HasPrefix(n.Source, "http://"); documented != (n.Basis == "documented") {
			c.wrong(at, "what is documented names the address of its source, and nothing else does")
		}
	}
}

// fits: on some session day, the dates stand in order and leave the times that
// the protocol's own rules promise.
func (c *inspection) fits() {
	p := c.p
	// A plain Wednesday without a holiday near it would hide faults; year's end shows them.
	session := time.Date(2026, time.December, 9, 0, 0, 0, 0, p.zone)
	plan := Lay(p, session, session)
	for i := 1; i < len(plan.Dates); i++ {
		if plan.Dates[i].Planned.Before(plan.Dates[i-1].Planned) {
			c.wrong(fmt.Sprintf("stages[%d].at", i), "%s would begin before %s", plan.Dates[i].Stage, plan.Dates[i-1].Stage)
			return
		}
	}
	ed := Edition{Territory: p.Territory, Zone: p.zone, Protocol: p, Plan: plan, Session: session}
	if plan.On(IntakeOpen).Before(ed.noticeAfter(plan.On(Called))) {
		c.wrong("stages[1].at", "the call leaves less than the notice of %s", p.Notice)
	}
	lead := Offset{N: -p.ReportLead.N, Unit: p.ReportLead.Unit}
	cal, _ := p.Calendar(p.Territory)
	if plan.On(ReportPublished).After(nextDay(lead.from(session, cal))) {
		c.wrong("stages[2].at", "the report would come later than %s before the session", p.ReportLead)
	}
	if !plan.On(IntakeOpen).Before(plan.On(IntakeClosed)) {
		c.wrong("stages[4].at", "the intake would close before it opens")
	}
	if plan.On(Selected).Before(ed.SupportCloses()) {
		c.wrong("stages[5].at", "the agenda would be selected before supports close")
	}
}
