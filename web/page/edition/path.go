package edition

import (
	"strings"
	"time"

	"glosa/civic/edition"
	"glosa/web/text"
)

// ruleWords are the words of a rule by its path in the protocol: those that the
// parts of the protocol page show it under.
var ruleWords = map[string]string{
	"limits.question_letters": "ep.rule.letters", "limits.context_letters": "ep.rule.context", "limits.answer_letters": "ep.rule.answerletters",
	"limits.milestones":  "ep.rule.milestones",
	"limits.commitments": "ep.rule.commitments", "limits.targets": "ep.rule.targets",
	"moderation.decide": "ep.rule.decide", "moderation.second": "ep.rule.second", "moderation.needs_edit": "ep.rule.edit", "moderation.object": "ep.rule.object",
	"moderation.appeal": "ep.rule.appeal", "moderation.review": "ep.rule.review", "moderation.translate": "ep.rule.translate",
	"seats.mesas": "ep.rule.mesas", "seats.not_delegable": "ep.rule.undelegable",
	"timers.opening": "ep.rule.opening", "timers.question": "ep.rule.question", "timers.answer_head": "ep.rule.head",
	"timers.answer": "ep.rule.answer", "timers.requestion": "ep.rule.again", "timers.session": "ep.rule.length",
	"deadlines.merge": "ep.rule.merge", "deadlines.route": "ep.rule.route", "deadlines.assign": "ep.rule.assign",
	"deadlines.answer": "ep.rule.written", "deadlines.answer_extension": "ep.rule.more",
	"deadlines.refer": "ep.rule.refer", "deadlines.escalate": "ep.rule.escalate", "deadlines.minutes_draft": "ep.rule.draft",
	"deadlines.minutes_comment": "ep.rule.comment", "deadlines.minutes_sign": "ep.rule.sign", "deadlines.response": "ep.rule.response",
	"deadlines.right_of_reply": "ep.rule.reply", "deadlines.evaluation": "ep.rule.evaluation",
	"selection.rule": "ep.rule.rule", "selection.minutes": "ep.rule.minutes", "selection.minutes_per_question": "ep.rule.each",
	"selection.utility": "ep.rule.utility", "selection.completions": "ep.rule.completions", "selection.choices": "ep.rule.choices",
	"selection.on_stage": "ep.rule.onstage", "selection.ties": "ep.rule.ties", "selection.counting_doors": "ep.rule.counting",
	"selection.apart_doors": "ep.rule.apart", "selection.support_window": "ep.rule.window", "selection.selector": "ep.rule.selector",
	"follow_up.stale": "ep.rule.stale", "follow_up.plenary": "ep.rule.plenary",
}

// changeOf is a difference in words; what has none keeps its own path in Key.
func changeOf(w *text.Words, c edition.Change) change {
	part := c.Section()
	x := change{Where: said(w, "ep.path."+part, ""), Was: valueOf(w, c.Path, c.Was), Is: valueOf(w, c.Path, c.Is)}
	rest := strings.TrimPrefix(strings.TrimPrefix(c.Path, part), ".")
	what, detail := "", ""
	if row, under, ok := cutRow(rest, ""); ok && part == "stages" {
		what, detail = said(w, "ep.begins."+row, ""), under
	} else if row, under, ok := cutRow(rest, "sides"); ok && part == "seats" {
		what, detail = said(w, "who.side."+row, ""), under
	} else if key, ok := ruleWords[c.Path]; ok {
		what = w.T(key)
	}
	switch {
	case x.Where == "":
		x.Key = c.Path
	case what == "":
		x.Key = rest
	default:
		x.Where += " · " + what
		if detail != "at" && detail != "each" {
			x.Key = detail
		}
	}
	return x
}

// cutRow reads "name[row].rest".
func cutRow(path, name string) (row, rest string, ok bool) {
	path, ok = strings.CutPrefix(path, name+"[")
	if !ok {
		return "", "", false
	}
	row, rest, ok = strings.Cut(path, "]")
	return row, strings.TrimPrefix(rest, "."), ok
}

// valueOf is a value of a rule in words: a term, a place in the calendar, a
// length of time; anything else stands as it is written.
func valueOf(w *text.Words, path, value string) string {
	if value == "" {
		return ""
	}
	if o, err := edition.ParseOffset(value); err == nil && strings.HasSuffix(path, ".at") {
		return offset(w, o)
	}
	if t, err := edition.ParseTerm(value); err == nil {
		return term(w, t)
	}
	if d, err := time.ParseDuration(value); err == nil && strings.HasPrefix(path, "timers.") {
		return minutes(w, d)
	}
	return value
}
