package notify

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"glosa"
	"glosa/civic/people/notice"
	"glosa/civic/question"
)

// Topic is what happened, as mails speak of it: "ml.TOPIC.s" and "ml.TOPIC.b".
type Topic string

// topics is an immutable table: which events are told, as what, and whether those
// hear of it who follow a whole edition, institution or theme, or only those who
// follow the question.
var topics = map[string]struct {
	topic Topic
	wide  bool
}{
	"question.admitted":       {"ok", true},
	"question.refused":        {"no", false},
	"question.upheld":         {"no", false},
	"question.needs_edit":     {"edit", false},
	"question.merge_proposed": {"join", false},
	"question.merged":         {"joined", false},
	"question.unmerged":       {"apart", false},
	"question.routed":         {"to", false},
	"question.extended":       {"more", false},
	"question.answered_oral":  {"oral", true},
	"question.answered":       {"ans", true},
	"question.corrected":      {"fix", true},
	"question.overdue":        {"late", true},
	"question.carried":        {"next", false},
}

// Notice is something that happened and that somebody may want to hear of.
type Notice struct {
	ID       string
	Topic    Topic
	Edition  glosa.EditionID
	Question glosa.QuestionID
	At       time.Time
}

// noticeOf is what an event is told as; ok is false when it is told to nobody.
func noticeOf(e glosa.Event) (n Notice, wide, ok bool) {
	t, ok := topics[e.Kind]
	return Notice{ID: e.ID, Topic: t.topic, Edition: e.Edition, Question: glosa.QuestionID(e.Subject), At: e.At}, t.wide, ok && again(e)
}

// again tells whether an event is news: an answer that climbs from one office to
// the next is overdue once.
func again(e glosa.Event) bool {
	var body struct {
		Level int `json:"level"`
	}
	return e.Kind != "question.overdue" || json.Unmarshal(e.Body, &body) != nil || body.Level <= 1
}

// things are what a notice is about: whoever listens to any of them hears it. An
// answer to the common question is told to those who follow one merged into it, and
// a proposal to merge to those of both questions: with is the other one's page.
func (n Notice) things(p question.Page, with *question.Page) (all []notice.Thing) {
	follow := func(id glosa.QuestionID) { all = append(all, notice.Thing{Sort: notice.Question, ID: string(id)}) }
	for _, one := range []*question.Page{&p, with} {
		if one == nil {
			continue
		}
		follow(one.ID)
		if n.Topic.ofGroup() {
			for _, o := range one.Originals {
				follow(o.ID)
			}
		}
	}
	if n.Topic.wide() {
		all = append(all, notice.Thing{Sort: notice.Edition, ID: string(n.Edition)})
		if p.Institution != "" {
			all = append(all, notice.Thing{Sort: notice.Institution, ID: string(p.Institution)})
		}
		if p.Theme != "" {
			all = append(all, notice.ThemeOf(n.Edition, p.Theme))
		}
	}
	slices.SortFunc(all, func(a, b notice.Thing) int { return strings.Compare(keyOf(a), keyOf(b)) })
	return slices.Compact(all)
}

// perLook is how many things one step of a fan-out looks up at once; what is more
// comes in later steps.
const perLook = 400

// keyOf is a thing's place in the order in which things are looked up.
func keyOf(t notice.Thing) string { return string(t.Sort) + ":" + t.ID }

// spot is how far a fan-out has come: with all things up to one, and of the next
// perLook with the contacts up to one. Written KEY/CONTACT, or CONTACT alone.
type spot struct {
	past    string // keyOf the last thing that is done with; "" at first
	contact notice.ContactID
}

func spotOf(place string) spot {
	at := strings.LastIndexByte(place, '/')
	return spot{place[:max(0, at)], notice.ContactID(place[at+1:])}
}

func (s spot) String() string { return s.past + "/" + string(s.contact) }

// rest are the things that a step looks up; more tells whether others come after them.
func (s spot) rest(all []notice.Thing) (now []notice.Thing, more bool) {
	at := 0
	for at < len(all) && keyOf(all[at]) <= s.past {
		at++
	}
	all = all[at:]
	return all[:min(perLook, len(all))], len(all) > perLook
}

func (t Topic) wide() bool {
	for _, x := range topics {
		if x.topic == t {
			return x.wide
		}
	}
	return false
}

// ofGroup tells whether what happened to the common question happened to all that
// were merged into it.
func (t Topic) ofGroup() bool {
	switch t {
	case "to", "more", "oral", "ans", "fix", "late", "join", "next":
		return true
	}
	return false
}
