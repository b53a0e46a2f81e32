package question

import (
	"fmt"

	"glosa"
	"glosa/db"
)

// frequent is from how many questions on a word is too frequent to begin with.
const frequent = 1000

func deleteTerms(tx *db.Tx, id glosa.QuestionID) error {
	_, err := tx.Exec(`delete from question_term where question = $1`, id)
	return err
}

func insertTerms(tx *db.Tx, r *row, terms []string) error {
	const most = 200 // sets of one round trip
	for len(terms) > 0 {
		some := terms[:min(most, len(terms))]
		terms = terms[len(some):]
		sets := make([][]any, len(some))
		for i, t := range some {
			sets[i] = []any{t, r.edition, r.listed, r.id}
		}
		if _, err := tx.ExecMany(`insert into question_term (term, edition, listed_at, question) values ($1, $2, $3, $4)`, sets); err != nil {
			return err
		}
	}
	return nil
}

// selectUnindexed pages over the public questions that no word finds, by folio.
func selectUnindexed(tx *db.Tx, after glosa.QuestionID, limit int) ([]row, error) {
	return db.Collect(tx, scanRow, sqlRow+` where id > $1 and admitted_at > 0 and not erased
		and not exists (select 1 from question_term x where x.question = question.id) order by id limit $2`, after, limit)
}

// countTerm is how many questions of an edition a word finds, counted as far as
// frequent; those whose word begins so, when there is an end.
func countTerm(tx *db.Tx, ed glosa.EditionID, word, end string) (n int, err error) {
	args := []any{word}
	where := "term = $1"
	if end != "" {
		args, where = []any{word, end}, "term >= $1 and term < $2"
	}
	if ed != "" {
		args = append(args, ed)
		where += fmt.Sprintf(" and edition = $%d", len(args))
	}
	err = tx.Row(fmt.Sprintf(`select count(*) from (select 1 as one from question_term where %s limit %d) few`, where, frequent), args...).Scan(&n)
	return n, err
}

// beyond is the first word after all that begin so.
func beyond(start string) string { return start + "\U0010ffff" }

// search is where a list is read from and what narrows it down.
type search struct {
	from    string // the tables; question is q, and what leads to it d
	at, id  string // what the list is ordered by
	where   string
	args    []any
	led     bool // by words: d is what leads
	nothing bool // some word is in no text
}

func (s *search) add(cond string, values ...any) {
	places := make([]any, len(values))
	for i, v := range values {
		s.args = append(s.args, v)
		places[i] = len(s.args)
	}
	s.where += " and " + fmt.Sprintf(cond, places...)
}

// lead makes the rarest word lead to the questions, newest first, and asks each
// of them for the others. Where only the beginning of a frequent word is looked
// for, the list is gone through in its order, and soon has a page.
func (s *search) lead(tx *db.Tx, ed glosa.EditionID, look sought) error {
	if look.folio != "" {
		s.add("q.id = $%d", look.folio)
		return nil
	}
	rarest, least := -1, 0
	for i, word := range look.stems {
		n, err := countTerm(tx, ed, word, "")
		if err != nil || n == 0 {
			s.nothing = n == 0
			return err
		}
		if rarest < 0 || n < least {
			rarest, least = i, n
		}
	}
	if look.start != "" {
		n, err := countBegun(tx, ed, look)
		if err != nil || n == 0 {
			s.nothing = n == 0
			return err
		}
		if n < frequent && (rarest < 0 || n < least) {
			rarest = -1
			s.byBegun(ed, look)
		} else {
			s.add("exists (select 1 from question_term x where x.question = q.id and (x.term = $%d or (x.term >= $%d and x.term < $%d)))",
				look.whole, look.start, beyond(look.start))
		}
	}
	if rarest >= 0 {
		s.led = true
		s.from, s.at, s.id = "question_term d cross join question q", "d.listed_at", "d.question"
		s.add("q.id = d.question and d.term = $%d", look.stems[rarest])
		if ed != "" {
			s.add("d.edition = $%d", ed)
		}
	}
	for i, word := range look.stems {
		if i != rarest {
			s.add("exists (select 1 from question_term x where x.question = q.id and x.term = $%d)", word)
		}
	}
	return nil
}

// countBegun is how many questions the last word finds, as countTerm counts.
func countBegun(tx *db.Tx, ed glosa.EditionID, look sought) (int, error) {
	n, err := countTerm(tx, ed, look.start, beyond(look.start))
	if err != nil || n >= frequent {
		return n, err
	}
	whole, err := countTerm(tx, ed, look.whole, "")
	return n + whole, err
}

// byBegun makes the last word lead: its few questions, whatever its ending.
func (s *search) byBegun(ed glosa.EditionID, look sought) {
	p := search{where: "true", args: s.args}
	p.add("(p.term = $%d or (p.term >= $%d and p.term < $%d))", look.whole, look.start, beyond(look.start))
	if ed != "" {
		p.add("p.edition = $%d", ed)
	}
	s.args, s.led = p.args, true
	s.from = "(select distinct p.listed_at, p.question from question_term p where " + p.where + ") d cross join question q"
	s.at, s.id = "d.listed_at", "d.question"
	s.where += " and q.id = d.question"
}

// selectFacets counts the listed questions of an edition along each filter. Each
// count goes through one index and touches no row.
func selectFacets(tx *db.Tx, ed glosa.EditionID) (f Facets, err error) {
	f.At = tx.Now
	if f.States, err = counted[State](tx, ed, "state", "listed_at"); err != nil {
		return f, err
	}
	if f.Institutions, err = counted[glosa.InstitutionKey](tx, ed, "institution", "listed_at"); err != nil {
		return f, err
	}
	if f.Themes, err = counted[glosa.Code](tx, ed, "theme", "listed_at"); err != nil {
		return f, err
	}
	if f.Places, err = counted[glosa.TerritoryCode](tx, ed, "municipality", "admitted_at"); err != nil {
		return f, err
	}
	if f.Languages, err = counted[glosa.Code](tx, ed, "lang", "admitted_at"); err != nil {
		return f, err
	}
	err = tx.Row(`select count(*) from question where carried_to = $1 and carried_to <> ''
		and state in ('admitted', 'routed', 'overdue', 'answered_oral', 'answered', 'transferred', 'closed')`, ed).Scan(&f.Inherited)
	return f, err
}

// counted groups by a column; the columns are those above.
func counted[K ~string](tx *db.Tx, ed glosa.EditionID, column, since string) (map[K]int, error) {
	by := map[K]int{}
	_, err := db.Collect(tx, func(rows *db.Rows) (k string, err error) {
		var n int
		err = rows.Scan(&k, &n)
		by[K(k)] = n
		return k, err
	}, `select `+column+`, count(*) from question where edition = $1 and `+since+` > 0 group by `+column, ed)
	return by, err
}

// selectThemes goes from one theme to the next through their index.
func selectThemes(tx *db.Tx, ed glosa.EditionID) ([]glosa.Code, error) {
	return db.Collect(tx, func(rows *db.Rows) (c glosa.Code, err error) {
		err = rows.Scan(&c)
		return c, err
	}, `with recursive one (theme) as (
		select min(q.theme) from question q where q.edition = $1 and q.listed_at > 0 and q.theme > ''
		union all
		select (select min(q.theme) from question q where q.edition = $1 and q.listed_at > 0 and q.theme > one.theme) from one where one.theme is not null
		) select theme from one where theme is not null order by theme`, ed)
}

// insertPace notes for the moderators at what pace a question came.
func insertPace(tx *db.Tx, id glosa.QuestionID, word glosa.Code) error {
	_, err := tx.Exec(`insert into question_pace (question, word) values ($1, $2) on conflict do nothing`, id, word)
	return err
}

// selectPace is what was noted of the pace at which a question came; "" when nothing was.
func selectPace(tx *db.Tx, id glosa.QuestionID) (word glosa.Code, err error) {
	err = tx.Row(`select coalesce(max(word), '') from question_pace where question = $1`, id).Scan(&word)
	return word, err
}
