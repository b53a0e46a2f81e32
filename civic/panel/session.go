package panel

import (
	"time"

	"glosa"
)

// Kind is what a turn is for. Each has its clock.
type Kind string

const (
	Opening  Kind = "opening"
	Question Kind = "question"
	Answer   Kind = "answer"
	ReAsk    Kind = "re_question"
	ReAnswer Kind = "re_answer"
	Closing  Kind = "closing"
)

// Timers are the protocol's limits, in seconds, one per kind of turn.
type Timers map[Kind]int

// DefaultTimers are the values a protocol starts from: opening ten minutes,
// question two, answer three, one re-question of one minute.
func DefaultTimers() Timers {
	return Timers{Opening: 600, Question: 120, Answer: 180, ReAsk: 60, ReAnswer: 60, Closing: 300}
}

// Turn is one person's time at the microphone.
type Turn struct {
	ID       string
	Mesa     glosa.MesaID
	Number   int
	Kind     Kind
	Chair    Chair
	Question glosa.QuestionID // "" in openings and closings
	Started  time.Time
	Ended    time.Time
	Limit    time.Duration
	Second   int // of the video, where it starts
	Settled  bool
}

// Running tells whether the turn's clock runs.
func (t Turn) Running() bool { return t.Ended.IsZero() }

// Over is how far the turn went beyond its limit at the given time; zero within it.
func (t Turn) Over(now time.Time) time.Duration {
	if !t.Running() {
		now = t.Ended
	}
	return max(0, now.Sub(t.Started)-t.Limit)
}

// Left is the time the turn still has at the given time; zero when it is used up.
func (t Turn) Left(now time.Time) time.Duration {
	if !t.Running() {
		return 0
	}
	return max(0, t.Limit-now.Sub(t.Started))
}

// Outcome is what became of a question of the order of the day.
type Outcome string

const (
	Waiting  Outcome = "waiting"
	Asking   Outcome = "asking" // its turn has begun
	Answered Outcome = "answered"
	Written  Outcome = "to_writing"
)

// Item is one line of the order of the day.
type Item struct {
	Mesa     glosa.MesaID
	Question glosa.QuestionID
	Place    int // from 1
	Minutes  int
	Outcome  Outcome
	Second   int        // of the video where the answer starts
	Reason   glosa.Code // why it went to writing
	Settled  bool       // true once the question's own room was told
}

// HandOff are the reasons for which a question goes to writing.
var handOffs = map[glosa.Code]bool{"no_time": true, "absent": true, "needs_data": true, "partly": true, "cut_off": true}

// KnownHandOff tells whether the code is a reason to send a question to writing.
func KnownHandOff(c glosa.Code) bool { return handOffs[c] }

// MayStart is the rule of the console: may a turn of this kind, about this
// question, start now? items is the mesa's order of the day, running the turn
// under way if there is one. Kinds: Invalid, Conflict.
func MayStart(kind Kind, q glosa.QuestionID, items []Item, running *Turn) error {
	if running != nil {
		return glosa.Refuse(glosa.Conflict, "pa.running")
	}
	switch kind {
	case Opening, Closing:
		if q != "" {
			return glosa.WrongField("question", "pa.noquestion")
		}
		return nil
	case Question, Answer, ReAsk, ReAnswer:
	default:
		return glosa.WrongField("kind", "pa.kind")
	}
	for _, it := range items {
		if it.Question != q {
			continue
		}
		if it.Outcome == Written || it.Settled {
			return glosa.Refuse(glosa.Conflict, "pa.settled", "question", string(q))
		}
		if kind != Question && it.Outcome == Waiting {
			return glosa.WrongField("kind", "pa.askfirst")
		}
		if (kind == ReAsk || kind == ReAnswer) && it.Outcome != Answered {
			return glosa.WrongField("kind", "pa.answerfirst")
		}
		return nil
	}
	return glosa.WrongField("question", "pa.notinorder")
}

// Pending lists the questions that still have no outcome: the session may not
// end before each was answered or sent to writing.
func Pending(items []Item) (open []glosa.QuestionID) {
	for _, it := range items {
		if it.Outcome == Waiting || it.Outcome == Asking {
			open = append(open, it.Question)
		}
	}
	return open
}

// Current is the item being dealt with, and the ones to come.
func Current(items []Item) (now *Item, next []Item) {
	for i := range items {
		switch {
		case items[i].Outcome == Asking || items[i].Outcome == Answered && !items[i].Settled:
			now = &items[i]
		case items[i].Outcome == Waiting:
			next = append(next, items[i])
		}
	}
	return now, next
}

// VideoSecond is the second of the video at a time, when the video began at the
// session's opening. Before it, zero.
func VideoSecond(opened, at time.Time) int {
	return int(max(0, at.Sub(opened)) / time.Second)
}

// Note is an agreement or a disagreement as it was noted in the session: what
// the minutes are drafted from.
type Note struct {
	ID         string
	Mesa       glosa.MesaID
	Question   glosa.QuestionID // "" when it belongs to none
	Agreement  bool
	Text       string // the agreement, or the subject of the disagreement
	Government string // of a disagreement: each side's words
	Civil      string
	By         string
	At         time.Time
}

// FromNotes is the part of the minutes that the session's notes already say.
func FromNotes(notes []Note) (t Text) {
	for _, n := range notes {
		if n.Agreement {
			t.Agreements = append(t.Agreements, Agreement{Mesa: n.Mesa, Question: n.Question, Text: n.Text})
			continue
		}
		t.Disagreements = append(t.Disagreements, Disagreement{Mesa: n.Mesa, Subject: n.Text, Government: n.Government, Civil: n.Civil})
	}
	t.NoAgreements, t.NoDisagreement = len(t.Agreements) == 0, len(t.Disagreements) == 0
	return t
}
