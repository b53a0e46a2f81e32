package question

import (
	"fmt"
	"strings"

	"glosa/db"
)

// selectList is one page of a list: conditions come from a closed list of
// columns, values as arguments, the order is fixed. Each filter has an index in
// that order which holds the columns of the others too (schema/0007.sql).
func selectList(tx *db.Tx, f Filter, c cursor, limit int) ([]Brief, error) {
	look := parseSought(f.Words)
	s := &search{from: "question q", at: "q.listed_at", id: "q.id", where: "true"}
	home := f.Edition
	if f.Inherited {
		home = "" // of any earlier one
	}
	if err := s.lead(tx, home, look); err != nil {
		return nil, err
	}
	if f.byStateAlone(look) {
		s.byState(f, c, limit)
		return s.list(tx, c, limit)
	}
	switch {
	case f.Edition != "" && f.Inherited:
		s.add("q.carried_to <> '' and q.carried_to = $%d", f.Edition)
	case s.led: // by words, which are kept with their edition, of what is listed
	case look.folio != "" && f.Edition != "":
		s.add("q.edition = $%d", f.Edition) // one that waits is found by its folio
	case look.folio != "":
	case f.Edition != "":
		s.add("q.listed_at > 0 and q.edition = $%d", f.Edition)
	default:
		s.add("q.listed_at > 0")
	}
	if f.Institution != "" {
		s.add("q.institution = $%d", f.Institution)
	}
	if f.Unheld {
		s.add("q.institution = ''")
	}
	if f.Municipality != "" {
		s.add("q.admitted_at > 0 and q.municipality = $%d", f.Municipality) // of those never published it is not told
	}
	if f.Language != "" {
		s.add("q.admitted_at > 0 and q.lang = $%d", f.Language)
	}
	if f.Theme != "" {
		s.add("q.theme = $%d", f.Theme)
	}
	if len(f.States) > 0 {
		states := make([]any, len(f.States))
		for i, state := range f.States {
			states[i] = state
		}
		s.add("q.state in ("+strings.Repeat(", $%d", len(states))[2:]+")", states...)
	}
	return s.list(tx, c, limit)
}

// byStateAlone tells whether a filter asks for several states and nothing else.
func (f Filter) byStateAlone(look sought) bool {
	return len(f.States) > 1 && f.Edition != "" && !f.Inherited && f.Institution == "" && !f.Unheld && f.Municipality == "" &&
		f.Theme == "" && f.Language == "" && look.empty()
}

// byState takes the beginning of each state's list and lets the order choose among
// them: in one list of all states, what is rare stands behind everything else.
func (s *search) byState(f Filter, c cursor, limit int) {
	from := make([]string, len(f.States))
	s.where = "true"
	for i, state := range f.States {
		part := search{where: "p.listed_at > 0", args: s.args}
		part.add("p.edition = $%d and p.state = $%d", f.Edition, state)
		part.after("p.listed_at", "p.id", c)
		from[i] = fmt.Sprintf(`select s%d.listed_at, s%d.id from (select p.listed_at, p.id from question p where %s
			order by p.listed_at desc, p.id desc limit %d) s%d`, i, i, part.where, limit, i)
		s.args = part.args
	}
	s.from, s.at, s.id = "("+strings.Join(from, " union all ")+") u", "u.listed_at", "u.id"
}

// after narrows a list down to what comes behind a cursor, by a range of its index:
// a page far behind costs what the first does.
func (s *search) after(at, id string, c cursor) {
	if !c.at.IsZero() {
		s.add("("+at+", "+id+") < ($%d, $%d)", c.at, c.id)
	}
}

// list is one page of what was found, newest first. What is on it is found out in
// the indices; only then are its rows read.
func (s *search) list(tx *db.Tx, c cursor, limit int) ([]Brief, error) {
	if s.nothing {
		return nil, nil
	}
	s.after(s.at, s.id, c)
	return db.Collect(tx, scanBrief, fmt.Sprintf(`select `+briefColumns+` from (select %s as listed_at, %s as id from %s where %s
			order by 1 desc, 2 desc limit %d) l
		join question q on q.id = l.id join question_text t on t.question = q.id and t.version = q.version
		order by l.listed_at desc, l.id desc`, s.at, s.id, s.from, s.where, limit), s.args...)
}
