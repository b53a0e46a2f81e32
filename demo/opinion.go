package demo

import (
	"bufio"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"glosa"
	"glosa/civic/opinion"
	"glosa/civic/question"
)

// claim is a statement on which the demonstration votes.
type claim struct {
	source string
	camps  [3]int // of ten people of each, how many agree
	text   string
	n      int
}

// claims reads data/opinion.txt.
func claims() (all []claim, err error) {
	raw, err := data.ReadFile("data/opinion.txt")
	if err != nil {
		return nil, err
	}
	for sc := bufio.NewScanner(bytes.NewReader(raw)); sc.Scan(); {
		line := strings.TrimSpace(sc.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		var s claim
		if _, err := fmt.Sscanf(line, "%s %d %d %d", &s.source, &s.camps[0], &s.camps[1], &s.camps[2]); err != nil {
			return nil, fmt.Errorf("demo: %q: %w", line, err)
		}
		if f := strings.Fields(line); len(f) > 4 {
			s.text = strings.Join(f[4:], " ")
		}
		all = append(all, s)
	}
	return all, nil
}

// proposed are the words of those that wait.
func proposed() (texts []string, err error) {
	all, err := claims()
	for _, s := range all {
		if s.source == "waiting" {
			texts = append(texts, s.text)
		}
	}
	return texts, err
}

// opine opens a vote on statements for some days and has three camps of people vote.
func (y *year) opine(while time.Duration, camps [3]int) error {
	all, err := claims()
	if err != nil {
		return err
	}
	answered, err := y.satisfied()
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(s claim) bool { return s.source == "waiting" || s.source == "answer" && answered == "" })
	desk := y.s.Opinion
	if _, err := desk.Freeze(y.ctx, y.cast["facilitator"], y.id); err != nil {
		return y.ok("freeze opinion", err)
	}
	for i := range all {
		of := y.admitted(i)
		if all[i].source == "answer" {
			of = answered
		}
		if err := y.state(&all[i], of); err != nil {
			return err
		}
	}
	ed, err := y.edition()
	if err != nil {
		return err
	}
	day := y.clock.Now().In(ed.Zone).Add(while)
	until := time.Date(day.Year(), day.Month(), day.Day(), 23, 59, 0, 0, ed.Zone)
	if err := y.ok("open opinion", desk.Open(y.ctx, y.cast["facilitator"], y.id, until)); err != nil {
		return err
	}
	for camp, size := range camps {
		for range size {
			if err := y.opinions(all, camp); err != nil {
				return err
			}
		}
	}
	return y.later(20 * time.Minute) // the first count of votes
}

// satisfied is the first question that was answered, "" while none is.
func (y *year) satisfied() (glosa.QuestionID, error) {
	for _, q := range y.asked {
		card, err := y.s.Question.Page(y.ctx, q.id)
		if err != nil {
			return "", y.ok("page", err)
		}
		if card.State == question.Answered {
			return q.id, nil
		}
	}
	return "", nil
}

// state puts a statement to the vote; of is the question of one without words of its own.
func (y *year) state(s *claim, of glosa.QuestionID) error {
	desk := y.s.Opinion
	var taken opinion.Taken
	var err error
	switch s.source {
	case "question", "answer":
		if err = desk.Include(y.ctx, y.cast["facilitator"], y.id, opinion.Sort(s.source), of); err == nil {
			var known []opinion.Statement
			known, err = desk.Statements(y.ctx, y.id)
			s.n = known[len(known)-1].N
		}
		return y.ok("include", err)
	case "citizen":
		taken, err = desk.Propose(y.ctx, glosa.Citizen(), y.id, s.text+" (SINTÉTICO)", "es")
	default:
		taken, err = desk.Write(y.ctx, y.cast["facilitator"], y.id, s.text+" (SINTÉTICO)", "es")
	}
	if err != nil {
		return y.ok("statement "+s.text, err)
	}
	s.n = taken.N
	return y.ok("admit statement", desk.Admit(y.ctx, y.cast["moderator-civil-2"], y.id, s.n))
}

// admitted is some question that was admitted and not merged away.
func (y *year) admitted(i int) glosa.QuestionID {
	var open []glosa.QuestionID
	for _, q := range y.asked {
		if q.fate == "ok" && q.group == "" {
			open = append(open, q.id)
		}
	}
	return open[i%len(open)]
}

// opinions is one person of a camp voting on most statements.
func (y *year) opinions(all []claim, camp int) error {
	token, err := y.s.Voter.NewDevice()
	if err != nil {
		return y.ok("device", err)
	}
	dev, err := y.s.Voter.DeviceOf(token)
	if err != nil {
		return y.ok("device", err)
	}
	for _, s := range all {
		says := opinion.Disagree
		switch chance := y.chance.IntN(20); {
		case chance == 0:
			continue // not seen
		case chance == 1:
			says = opinion.Pass
		case y.chance.IntN(10) < s.camps[camp]:
			says = opinion.Agree
		}
		if _, err := y.s.Opinion.Vote(y.ctx, glosa.Citizen(), dev, y.id, s.n, says, [16]byte{}); err != nil {
			return y.ok("vote", err)
		}
	}
	return nil
}

// counted waits for nothing: the vote is over, and what is over is counted.
func (y *year) counted() error { return y.ok("count opinions", y.s.Opinion.Count(y.ctx)) }

// proposals are statements that wait for moderators: one for anybody, one for the
// other side.
func (y *year) proposals(texts ...string) error {
	for i, text := range texts {
		taken, err := y.s.Opinion.Propose(y.ctx, glosa.Citizen(), y.id, text, "es")
		if err != nil {
			return y.ok("propose", err)
		}
		if i == 0 {
			continue
		}
		if err := y.s.Opinion.Refuse(y.ctx, y.cast["moderator-gov"], y.id, taken.N, "propaganda"); err != nil {
			return y.ok("second word", err)
		}
	}
	return nil
}
