package priority

import (
	"bytes"

	"glosa"
	"glosa/method/shares"
)

// Example is the smallest case in which equal shares and the raw count differ:
// three people, three questions, an hour that holds two. It is computed by the
// same code as a real agenda, so that the page which explains it cannot lie.
type Example struct {
	Agenda  Agenda
	Account Account
	Wants   [][]glosa.QuestionID // by person
	File    []byte               // as it would be published
}

// WorkedExample computes it.
func WorkedExample() (Example, error) {
	const minutes, each = 8, 4
	x := Example{Wants: [][]glosa.QuestionID{{"A", "B", "C"}, {"A", "B"}, {"C"}}}
	in := &shares.Instance{Budget: minutes, Meta: []shares.Pair{{Key: "description", Value: "SINTÉTICO"}, shares.StepBudget()}}
	at := map[glosa.QuestionID]int32{}
	for i, id := range []glosa.QuestionID{"A", "B", "C"} {
		in.Items, at[id] = append(in.Items, shares.Item{ID: string(id), Cost: each}), int32(i)
	}
	for i, wants := range x.Wants {
		b := shares.Ballot{ID: string(rune('1' + i))}
		for _, q := range wants {
			b.Choices = append(b.Choices, at[q])
		}
		in.Ballots = append(in.Ballots, b)
	}
	var file bytes.Buffer
	if err := shares.Write(&file, in); err != nil {
		return x, err
	}
	x.File = file.Bytes()
	criteria := Criteria{Rule: ruleEqualShares, Utility: shares.Cardinality, Completions: []glosa.Code{shares.Add1U, shares.Utilitarian}, Ties: ties,
		Minutes: minutes, Mesas: 1, PerQuestion: each}
	c := computed{stored: stored{file: x.File, ballots: len(in.Ballots)}}
	err := c.decide(criteria)
	x.Agenda = Agenda{Criteria: criteria}
	if err == nil {
		err = x.Agenda.fill(c.stored)
	}
	if err == nil {
		x.Account, err = accountOf(x.File, x.Agenda)
	}
	return x, err
}
