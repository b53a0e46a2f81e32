package demo

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
)

const (
	// issuer drew the codes of the envelopes: not the government that answers.
	issuer glosa.InstitutionKey = "OBSERVATORIO"
	// byCode: one supporter in so many shows the code of an envelope, the others
	// their browser.
	byCode = 3
	// freeCodes are left for whoever looks at the demonstration.
	freeCodes = 20
	// waves: the supporters come in so many, a while apart.
	waves     = 6
	waveEvery = 4 * time.Hour
)

// code is the n-th code of an edition's envelopes, from 1. A real issuer draws them;
// these can be told on a page, the first [freeCodes] for visitors.
func code(ed glosa.EditionID, n int) string {
	return fmt.Sprintf("DEM0-%s00-0000-%04d", strings.TrimPrefix(string(ed), "demo"), n)
}

// envelopes bring the list of an edition's codes, as two sides do, each from their
// own copy.
func (y *year) envelopes(supporters int) error {
	l := voter.List{Edition: y.id, Issuer: issuer}
	for n := range freeCodes + supporters/byCode {
		tidy, _ := voter.Tidy(code(y.id, n+1))
		l.Hashes = append(l.Hashes, voter.CodeHash(y.id, tidy))
	}
	l.Hashes = voter.Distinct(l.Hashes)
	for _, who := range []string{"facilitator", "convenor-gov"} {
		got, err := y.s.Voter.BringCodes(y.ctx, y.cast[who], y.id, l)
		if err != nil {
			return y.ok("codes", err)
		}
		y.codes = got.ID
	}
	return nil
}

// destroyed counts the envelopes that nobody took.
func (y *year) destroyed() error {
	for _, who := range []string{"facilitator", "convenor-gov"} {
		if _, err := y.s.Voter.CloseCodes(y.ctx, y.cast[who], y.id, y.codes, freeCodes); err != nil {
			return y.ok("count envelopes", err)
		}
	}
	return nil
}

// supporter is what the n-th supporter shows at a door.
func (y *year) supporter(n int) (voter.Credential, error) {
	if n%byCode == byCode-1 {
		token, err := y.s.Voter.ShowCode(y.ctx, glosa.Citizen(), y.id, "demo", code(y.id, freeCodes+1+n/byCode))
		if err != nil {
			return voter.Credential{}, y.ok("show a code", err)
		}
		return y.s.Voter.Read(voter.Code, y.id, token)
	}
	token, err := y.s.Voter.NewDevice()
	if err != nil {
		return voter.Credential{}, err
	}
	return y.s.Voter.DeviceOf(token)
}

// support lets people support what was admitted: a popular group, and a long tail
// that equal shares is fair to.
func (y *year) support(people int) error {
	var open []asked
	for _, q := range y.asked {
		if q.fate == "ok" || q.fate == "split" {
			open = append(open, q)
		}
	}
	for n := range people {
		who, err := y.supporter(n)
		if err != nil {
			return err
		}
		if err := y.ballot(n, who, open); err != nil {
			return err
		}
		if n%(people/waves) == people/waves-1 {
			if err := y.later(waveEvery); err != nil {
				return err
			}
		}
	}
	return nil
}

// ballot is one supporter's: one to five questions. A third of the people care about
// one theme above all.
func (y *year) ballot(n int, who voter.Credential, open []asked) error {
	for range 1 + y.chance.IntN(5) {
		q := open[y.chance.IntN(len(open))]
		if n%3 == 0 {
			for range 20 {
				if q = open[y.chance.IntN(len(open))]; q.theme == themes[n%4].code {
					break
				}
			}
		}
		rc, err := y.s.Priority.Support(y.ctx, glosa.Citizen(), who, q.id, [16]byte{byte(n), byte(n >> 8)})
		if err != nil && glosa.KindOf(err) != glosa.Conflict {
			return y.ok("support "+string(q.id), err)
		}
		y.s.Priority.CameBy(network(n), rc)
	}
	return nil
}

// network is by which network a supporter came: a third by a school's, a few by a
// telephone tower, the others each from home.
func network(n int) string {
	switch {
	case n%3 == 0:
		return "school"
	case n%7 == 0:
		return "tower"
	}
	return "home " + strconv.Itoa(n)
}

// papers are two ballots on paper: one that both sides typed, and one that waits for
// its second person.
func (y *year) papers() error {
	for i, typists := range [][]string{{"facilitator", "intake-gov"}, {"facilitator"}} {
		p := priority.Paper{Desk: y.desk, Code: code(y.id, freeCodes-i), Folios: []string{string(y.asked[0].id), string(y.asked[2].id)}}
		for _, who := range typists {
			if _, err := y.s.Priority.EnterPaper(y.ctx, y.cast[who], y.id, p); err != nil {
				return y.ok("ballot on paper", err)
			}
		}
	}
	return nil
}
