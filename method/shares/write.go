package shares

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Write writes a .pb file: the instance's META, with the counts, the budget and
// the kind of vote made anew; items and ballots in the order given. The same
// instance gives the same bytes, and Parse reads it back.
func Write(w io.Writer, in *Instance) error {
	if err := in.Check(); err != nil {
		return err
	}
	for _, v := range in.Ballots {
		if len(v.Choices) == 0 {
			return fmt.Errorf("ballot %q: empty: a .pb file cannot hold it", v.ID)
		}
	}
	b := bufio.NewWriter(w)
	b.WriteString("META\nkey;value\n")
	for _, m := range in.Meta {
		if !slices.Contains([]string{"num_projects", "num_votes", "budget", "vote_type"}, m.Key) {
			writeRow(b, m.Key, m.Value)
		}
	}
	writeRow(b, "num_projects", strconv.Itoa(len(in.Items)))
	writeRow(b, "num_votes", strconv.Itoa(len(in.Ballots)))
	writeRow(b, "budget", strconv.FormatInt(in.Budget, 10))
	writeRow(b, "vote_type", in.votes())
	votes := make([]int, len(in.Items))
	for _, v := range in.Ballots {
		for _, c := range v.Choices {
			votes[c]++
		}
	}
	b.WriteString("PROJECTS\nproject_id;cost;votes;name\n")
	for i, it := range in.Items {
		writeRow(b, it.ID, strconv.FormatInt(it.Cost, 10), strconv.Itoa(votes[i]), it.Name)
	}
	in.writeVotes(b)
	return b.Flush()
}

func (in *Instance) writeVotes(b *bufio.Writer) {
	pointed := in.votes() == Cumulative || in.votes() == Scoring
	b.WriteString("VOTES\nvoter_id;vote")
	if pointed {
		b.WriteString(";points")
	}
	b.WriteByte('\n')
	var ids, points []string
	for _, v := range in.Ballots {
		ids, points = ids[:0], points[:0]
		for _, c := range v.Choices {
			ids = append(ids, in.Items[c].ID)
		}
		row := []string{v.ID, strings.Join(ids, ",")}
		if pointed {
			for _, p := range v.Points {
				points = append(points, strconv.FormatInt(p, 10))
			}
			row = append(row, strings.Join(points, ","))
		}
		writeRow(b, row...)
	}
}

func writeRow(b *bufio.Writer, fields ...string) {
	for i, f := range fields {
		if i > 0 {
			b.WriteByte(';')
		}
		if strings.ContainsAny(f, ";\"\r\n") || f == "META" || f == "PROJECTS" || f == "VOTES" {
			f = `"` + strings.ReplaceAll(f, `"`, `""`) + `"`
		}
		b.WriteString(f)
	}
	b.WriteByte('\n')
}
