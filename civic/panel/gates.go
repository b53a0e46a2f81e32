package panel

import (
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// The words of this room's gates. Minutes without both signatures are no
// minutes: no waiver passes that one.
const (
	gateMesas   glosa.Code = "mesas"
	gateSession glosa.Code = "session_ended"
	gateMinutes glosa.Code = "minutes_signed"
)

// Gate keeps an edition from a stage that this room is not ready for: from the
// session without mesas, chairs of both sides and an order of the day; from the
// minutes while a session has not ended; from the agreements while the minutes
// lack a signature. It is an [edition.Gate].
func Gate(tx *db.Tx, ed edition.Edition, to edition.Stage) ([]edition.Missing, error) {
	switch to {
	case edition.InSession:
		return missingMesas(tx, ed.ID)
	case edition.MinutesPending:
		return missingEnds(tx, ed.ID)
	case edition.Agreed:
		return missingSignatures(tx, ed.ID)
	}
	return nil, nil
}

func missingMesas(tx *db.Tx, ed glosa.EditionID) (out []edition.Missing, err error) {
	mesas, err := selectMesas(tx, ed)
	if err != nil {
		return nil, err
	}
	if len(mesas) == 0 {
		return []edition.Missing{{Gate: gateMesas, Key: "pa.need.mesas"}}, nil
	}
	for _, m := range mesas {
		lacks, err := unready(tx, m)
		if err != nil {
			return nil, err
		}
		for _, key := range lacks {
			out = append(out, edition.Missing{Gate: gateMesas, Key: key, Args: map[string]string{"mesa": m.Theme}})
		}
	}
	places, err := missingPlaces(tx, ed)
	return append(out, places...), err
}

// unready lists what a mesa lacks before it can open, as keys of web/text.
func unready(tx *db.Tx, m Mesa) (lacks []string, err error) {
	places, err := selectPlaces(tx, m.ID)
	if err != nil {
		return nil, err
	}
	b := BalanceOf(places)
	if b.Government == 0 || b.Civil == 0 {
		lacks = append(lacks, "pa.need.sides")
	}
	items, err := selectItems(tx, m.ID)
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		lacks = append(lacks, "pa.need.order")
	}
	return lacks, nil
}

func missingEnds(tx *db.Tx, ed glosa.EditionID) (out []edition.Missing, err error) {
	mesas, err := selectMesas(tx, ed)
	if err != nil {
		return nil, err
	}
	for _, m := range mesas {
		if m.State == Ended {
			continue
		}
		items, err := selectItems(tx, m.ID)
		if err != nil {
			return nil, err
		}
		key := "pa.need.end"
		if m.State != Ready && len(Pending(items)) > 0 {
			key = "pa.need.outcome"
		}
		out = append(out, edition.Missing{Gate: gateSession, Key: key, Args: map[string]string{"mesa": m.Theme}})
	}
	return out, nil
}

func missingSignatures(tx *db.Tx, ed glosa.EditionID) ([]edition.Missing, error) {
	m, last, err := loadMinutes(tx, MinutesIDOf(ed))
	if err != nil {
		if glosa.KindOf(err) == glosa.NotFound {
			return []edition.Missing{{Gate: gateMinutes, Key: "pa.need.minutes", Firm: true}}, nil
		}
		return nil, err
	}
	if _, ok := m.InForce(); ok {
		return nil, nil
	}
	var out []edition.Missing
	for _, side := range last.Lacks() {
		out = append(out, edition.Missing{Gate: gateMinutes, Key: "pa.need.sign." + string(side), Firm: true})
	}
	return out, nil
}

// Due is what this room wants done by the clock: the window for comments closes
// and the minutes wait for signatures.
func Due() edition.Due {
	return edition.Due{Room: "panel", Next: selectNextClosing, Run: func(tx *db.Tx, now time.Time, limit int) (int, error) {
		ids, err := selectClosing(tx, now, limit)
		if err != nil {
			return 0, err
		}
		for _, id := range ids {
			m, last, err := loadMinutes(tx, id)
			if err != nil {
				return 0, err
			}
			if _, err := closeComments(tx, glosa.System(), m, last.Version); err != nil {
				return 0, err
			}
		}
		return len(ids), nil
	}}
}

// defaultComment is the window of editions whose protocol names none.
var defaultComment = edition.Term{N: 5, Unit: edition.WorkingDays}

func commentTerm(ed edition.Edition) edition.Term {
	if ed.Protocol == nil || ed.Protocol.Deadlines.MinutesComment.IsZero() {
		return defaultComment
	}
	return ed.Protocol.Deadlines.MinutesComment
}

// commentsClose is when comments on minutes close.
func commentsClose(ed edition.Edition, m Minutes) time.Time {
	return ed.Deadline(m.Since, commentTerm(ed), nil, nil).Due
}

// Redue computes the end of an edition's comments anew, when a suspension moved it.
func Redue(tx *db.Tx, ed edition.Edition) error {
	m, err := selectMinutes(tx, MinutesIDOf(ed.ID))
	if glosa.KindOf(err) == glosa.NotFound && err != nil {
		return nil
	}
	if err != nil || m.Stage != Comment {
		return err
	}
	m.Until = commentsClose(ed, m)
	return upsertMinutes(tx, m)
}

// limitOf is the protocol's clock for a turn.
func limitOf(ed edition.Edition, kind Kind, duty Duty) time.Duration {
	limit := time.Duration(DefaultTimers()[kind]) * time.Second
	if ed.Protocol == nil {
		return limit
	}
	t := ed.Protocol.Timers
	own := map[Kind]time.Duration{Opening: t.Opening, Question: t.Question, Answer: t.Answer, ReAsk: t.Requestion, ReAnswer: t.Requestion}[kind]
	if kind == Answer && duty == Head {
		own = t.AnswerHead
	}
	if own > 0 {
		return own
	}
	return limit
}
