package edition

import (
	"slices"
	"time"

	"glosa"
)

// Protocol is the rules of one edition, as data. It is frozen before the intake
// opens; its text is public and its digest stands in the record. Values come
// from the YAML as [ParseProtocol] reads it; nothing fills them in silently.
// A Protocol is never changed after parsing.
type Protocol struct {
	Key       glosa.Code          `yaml:"key"`     // "glosa-qroo": which template it grew from
	Version   int                 `yaml:"version"` // of this text
	Name      Words               `yaml:"name"`
	About     Words               `yaml:"about,omitempty"` // one paragraph at the head of the protocol page
	Territory glosa.TerritoryCode `yaml:"territory"`
	Zone      string              `yaml:"zone"`      // IANA name: "America/Cancun"
	Languages []string            `yaml:"languages"` // BCP 47, in the order of effort: "es", "yua", …
	Host      glosa.Code          `yaml:"host"`      // public | private
	Regime    glosa.Code          `yaml:"regime"`    // LGPDPPSO (public host) | LFPDPPP (private host)
	Themes    int                 `yaml:"themes"`

	Stages     []StageRule `yaml:"stages"`
	Gates      []GateRule  `yaml:"gates"`
	Notice     Term        `yaml:"notice"` // least time between the call and the intake
	ReportLead Term        `yaml:"report_lead"`
	ReportBy   glosa.Code  `yaml:"report_by"` // key of the institution that convenes for the government and writes the report
	Limits     Limits      `yaml:"limits"`
	Moderation Moderation  `yaml:"moderation"`
	Seats      Seats       `yaml:"seats"`
	Timers     Timers      `yaml:"timers"`
	Deadlines  Deadlines   `yaml:"deadlines"`
	Selection  Selection   `yaml:"selection"`
	Opinion    Opinion     `yaml:"opinion,omitempty"`
	Follow     Follow      `yaml:"follow_up"`
	Calendars  []Calendar  `yaml:"calendars"`
	Notes      []ProtoNote `yaml:"notes,omitempty"`

	Text   string     `yaml:"-"` // the YAML it was read from
	Digest glosa.Hash `yaml:"-"` // glosa.Digest of Text
	zone   *time.Location
}

// ProtoNote says where a value comes from or what is our own choice, for the
// protocol page: documented (with a source), or proposed.
type ProtoNote struct {
	About  string     `yaml:"about"`            // a path of the protocol: "selection.on_stage"
	Basis  glosa.Code `yaml:"basis"`            // documented | proposed
	Source string     `yaml:"source,omitempty"` // the address that documents it
	Note   Words      `yaml:"note"`
}

// StageRule says when a stage begins, seen from the session day.
type StageRule struct {
	Stage Stage      `yaml:"stage"`
	At    Offset     `yaml:"at"`
	By    glosa.Code `yaml:"by"`             // clock: the clock follower moves it; desk: the facilitator does
	Name  Words      `yaml:"name,omitempty"` // what this exercise calls the stage, if not the usual word
}

// GateRule names a condition of entering a stage. What satisfies it is known by
// the room that checks it; a protocol can add words and make it firm.
type GateRule struct {
	Gate glosa.Code `yaml:"gate"`
	To   Stage      `yaml:"to"`
	Name Words      `yaml:"name"`
	Firm bool       `yaml:"firm,omitempty"` // no waiver can pass it
}

// Limits of what people send and of what an edition promises.
type Limits struct {
	QuestionLetters int      `yaml:"question_letters"`
	ContextLetters  int      `yaml:"context_letters"`
	AnswerLetters   int      `yaml:"answer_letters"`
	Attachments     int      `yaml:"attachments"`
	AttachmentBytes int64    `yaml:"attachment_bytes"`
	AttachmentTypes []string `yaml:"attachment_types"`
	Commitments     Range    `yaml:"commitments"` // per edition: above Warn pages say so
	Targets         Range    `yaml:"targets"`     // SDG targets of one commitment
	Milestones      int      `yaml:"milestones"`  // least per commitment
}

// Range is a least and a most; Warn, if set, is where pages begin to warn.
type Range struct {
	Least int `yaml:"least"`
	Most  int `yaml:"most"`
	Warn  int `yaml:"warn,omitempty"`
}

// Moderation says what may be refused and how long a decision takes.
type Moderation struct {
	Decide    Term     `yaml:"decide"`              // first decision, from receipt
	Second    Term     `yaml:"second"`              // second person's decision, from the first; silence admits
	NeedsEdit Term     `yaml:"needs_edit"`          // the asker's time to correct
	Object    Term     `yaml:"object,omitempty"`    // authors' time to object to a merge, from its proposal; 72 hours where it is not said
	Appeal    Term     `yaml:"appeal"`              // to ask for another look, from the refusal
	Review    Term     `yaml:"review"`              // to decide the appeal
	Translate Term     `yaml:"translate,omitempty"` // a question in another language than the first, from receipt; none: no clock
	Grounds   []Ground `yaml:"grounds"`
}

// Ground is one reason a question may be refused for. The codes are closed: see [Grounds].
type Ground struct {
	Code  glosa.Code `yaml:"code"`
	Name  Words      `yaml:"name"`
	Guide Words      `yaml:"guide,omitempty"` // when yes and when no, with an example
	Help  bool       `yaml:"help,omitempty"`  // the refusal must say publicly where they can help
	Held  bool       `yaml:"held,omitempty"`  // without agreement the text stays held instead of admitted
}

// The closed list of grounds (exercise.md §3.2). Nothing else is refused.
const (
	OffScope       glosa.Code = "off_scope"
	PersonalAttack glosa.Code = "personal_attack"
	ThirdPartyData glosa.Code = "third_party_data"
	Repeat         glosa.Code = "repeat"
	Propaganda     glosa.Code = "propaganda"
	Illegal        glosa.Code = "illegal"
)

// Grounds are the codes a protocol may list.
func Grounds() []glosa.Code {
	return []glosa.Code{OffScope, PersonalAttack, ThirdPartyData, Repeat, Propaganda, Illegal}
}

// Seats of the session's tables.
type Seats struct {
	Mesas        int          `yaml:"mesas"`
	PerMesa      Range        `yaml:"per_mesa"`
	Participants Range        `yaml:"participants"`
	Sides        []SideSeats  `yaml:"sides"` // of each mesa
	Chairs       []Chair      `yaml:"chairs,omitempty"`
	NotDelegable []glosa.Role `yaml:"not_delegable"` // roles nobody may stand in for
}

// Chair is a place of the edition, or several alike with consecutive numbers:
// the side it belongs to, what whoever sits there does, and where they come from.
type Chair struct {
	Side   glosa.Side   `yaml:"side"`
	Number int          `yaml:"number"`       // from 1 on its side
	To     int          `yaml:"to,omitempty"` // the last of several alike; 0: just one
	Roles  []glosa.Role `yaml:"roles"`
	Sector glosa.Code   `yaml:"sector"` // one of [Sectors]
}

// Last is the number of the last place of a row.
func (c Chair) Last() int { return max(c.Number, c.To) }

// Delegable tells whether a substitute may sit in a place with these roles.
func (s Seats) Delegable(roles []glosa.Role) bool {
	return !slices.ContainsFunc(roles, func(r glosa.Role) bool { return slices.Contains(s.NotDelegable, r) })
}

// Sectors are where whoever sits in a place may come from (exercise.md §3.3).
func Sectors() []glosa.Code {
	return []glosa.Code{"executive", "legislature", "judiciary", "municipality", "autonomous", "cso", "academia", "business", "media", "observer"}
}

// seatable are the roles of a place, with the sides that may do them; without
// one, any side. Posts carry the others: who answers and signs does it by office.
var seatable = map[glosa.Role][]glosa.Side{
	glosa.Facilitator: {glosa.Civil}, glosa.Overview: {glosa.Government}, glosa.Evaluator: {glosa.Observatory},
	glosa.Selector: {glosa.Civil, glosa.Observatory},
	glosa.Convenor: nil, glosa.IntakeDesk: nil, glosa.Moderator: nil, glosa.Translator: nil, glosa.Liaison: nil, glosa.Signatory: nil,
	glosa.Chair: nil, glosa.Clerk: nil, glosa.Rapporteur: nil, glosa.Panelist: nil,
}

// Fits tells whether the people of a side do a role at all. Whoever names the
// people of a side could otherwise name a second facilitator, or its own judge.
func Fits(r glosa.Role, side glosa.Side) bool {
	sides, known := seatable[r]
	return known && (sides == nil || slices.Contains(sides, side))
}

// SideSeats is how many chairs of a mesa belong to a side.
type SideSeats struct {
	Side glosa.Side `yaml:"side"`
	Each int        `yaml:"each"`
}

// Timers of the session.
type Timers struct {
	Opening    time.Duration `yaml:"opening"`
	Question   time.Duration `yaml:"question"`
	AnswerHead time.Duration `yaml:"answer_head"` // the head of government
	Answer     time.Duration `yaml:"answer"`      // everybody else
	Requestion time.Duration `yaml:"requestion"`
	Session    time.Duration `yaml:"session"` // of one mesa
}

// Deadlines of what is owed after the questions.
type Deadlines struct {
	Merge           Term `yaml:"merge"`            // promise of the record: from receipt to the log
	Route           Term `yaml:"route"`            // from admission, or the day of the agenda, to an institution; 2 working days where it is not said
	Assign          Term `yaml:"assign"`           // the governor's office, from the second referral; likewise
	Answer          Term `yaml:"answer"`           // written answer, from routing; a referral never restarts it
	AnswerExtension Term `yaml:"answer_extension"` // at most, once, with a reason
	Refer           Term `yaml:"refer"`            // to say "not ours"
	Escalate        Term `yaml:"escalate"`         // from overdue to the next office
	Selection       Term `yaml:"selection"`        // from the end of the support window
	MinutesDraft    Term `yaml:"minutes_draft"`
	MinutesComment  Term `yaml:"minutes_comment"`
	MinutesSign     Term `yaml:"minutes_sign"`
	Response        Term `yaml:"response"` // reasoned response: what was taken and why
	RightOfReply    Term `yaml:"right_of_reply"`
	Evaluation      Term `yaml:"evaluation"`
}

// Selection is the agenda's rule, frozen before the intake opens.
type Selection struct {
	Rule          glosa.Code   `yaml:"rule"`        // equal_shares | outside_selector
	Utility       glosa.Code   `yaml:"utility"`     // cardinality
	Completions   []glosa.Code `yaml:"completions"` // in order: add1u, utilitarian
	Ties          []glosa.Code `yaml:"ties"`        // in order: more_supporters, fewer_minutes, id
	Minutes       int          `yaml:"minutes"`     // of one mesa's agenda
	PerQuestion   int          `yaml:"minutes_per_question"`
	Choices       int          `yaml:"choices"`  // most supports on one ballot
	OnStage       int          `yaml:"on_stage"` // questions to the head of government
	Rest          glosa.Code   `yaml:"rest"`     // what becomes of the others: written
	Selector      []glosa.Side `yaml:"selector"` // sides the selector may come from; never government
	SupportWindow Term         `yaml:"support_window"`
	Counting      []glosa.Code `yaml:"counting_doors"` // whose supports count: contact, code, oidc, device
	Apart         []glosa.Code `yaml:"apart_doors"`    // shown beside, never counted
	DoorsNote     Words        `yaml:"doors_note,omitempty"`
}

// Counts tells whether a door's supports enter the count.
func (s Selection) Counts(door glosa.Code) bool { return slices.Contains(s.Counting, door) }

// Opinion is how people vote on statements, frozen before anybody can. Where a
// protocol does not say it, only desks write statements, rows of votes go to
// auditors alone, and every door is taken.
type Opinion struct {
	Proposals bool         `yaml:"proposals,omitempty"` // citizens may propose statements
	Rows      glosa.Code   `yaml:"rows,omitempty"`      // who gets the rows of votes after the end: auditors | public
	Doors     []glosa.Code `yaml:"doors,omitempty"`     // by which people vote: device, contact, code, oidc
}

// Follow is the rhythm after the session.
type Follow struct {
	Stale   Term `yaml:"stale"`   // without an update, a commitment is stale
	Plenary Term `yaml:"plenary"` // between plenary reviews
}

// Ground finds a ground by its code; ok is false when this protocol does not list it.
func (p *Protocol) Ground(code glosa.Code) (g Ground, ok bool) {
	i := slices.IndexFunc(p.Moderation.Grounds, func(g Ground) bool { return g.Code == code })
	if i < 0 {
		return Ground{}, false
	}
	return p.Moderation.Grounds[i], true
}

// Calendar is the calendar of a territory; ok is false when the protocol has none for it.
func (p *Protocol) Calendar(t glosa.TerritoryCode) (c Calendar, ok bool) {
	i := slices.IndexFunc(p.Calendars, func(c Calendar) bool { return c.Territory == t })
	if i < 0 {
		return Calendar{}, false
	}
	return p.Calendars[i], true
}

// Location is the protocol's time zone.
func (p *Protocol) Location() *time.Location { return p.zone }

// Rule is the rule of a stage.
func (p *Protocol) Rule(s Stage) (r StageRule, ok bool) {
	i := slices.IndexFunc(p.Stages, func(r StageRule) bool { return r.Stage == s })
	if i < 0 {
		return StageRule{}, false
	}
	return p.Stages[i], true
}
