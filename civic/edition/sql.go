package edition

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/db"
)

const columns = `id, series, number, name, code, territory, zone, stage, held, since, session,
  documented, synthetic, digest, frozen, sealed, suspended, dates, place, known, founded`

// row is an edition before its protocol and its suspensions are filled in: rows
// are closed before the next query.
type row struct {
	ed        Edition
	suspended bool
}

func scanEdition(r interface{ Scan(...any) error }) (row, error) {
	var x row
	var zone, dates, place, known string
	ed := &x.ed
	err := r.Scan(&ed.ID, &ed.Series, &ed.Number, &ed.Name, &ed.Code, &ed.Territory, &zone, &ed.Stage, &ed.Held,
		&ed.Since, &ed.Session, &ed.Documented, &ed.Synthetic, &ed.Digest, &ed.Frozen, &ed.Sealed,
		&x.suspended, &dates, &place, &known, &ed.Founded)
	if err != nil {
		return x, err
	}
	if ed.Zone, err = protocols.location(zone); err != nil {
		return x, err
	}
	if ed.Plan.Dates, err = readDates(dates, ed.Zone); err != nil {
		return x, err
	}
	if !ed.Session.IsZero() {
		ed.Session = ed.Session.In(ed.Zone)
		ed.Plan.Session = ed.Session
	}
	for text, into := range map[string]any{place: &ed.Place, known: &ed.Known} {
		if text == "{}" {
			continue
		}
		if err := json.Unmarshal([]byte(text), into); err != nil {
			return x, err
		}
	}
	return x, nil
}

// fill adds what stands in other rows, and the protocol: its text, the largest
// part of a row, is read only when the shelf does not know its digest.
func (x row) fill(tx *db.Tx) (ed Edition, err error) {
	ed = x.ed
	if !ed.Documented {
		if ed.Protocol = protocols.find(ed.Digest); ed.Protocol == nil {
			var text string
			if err := tx.Row(`select protocol from edition where id = $1`, ed.ID).Scan(&text); err != nil {
				return ed, err
			}
			if ed.Protocol, err = protocols.parsed(ed.Digest, text); err != nil {
				return ed, fmt.Errorf("the protocol of %s is damaged: %v", ed.ID, err)
			}
		}
	}
	if x.suspended {
		ed.Suspensions, err = selectPauses(tx, ed.ID)
	}
	return ed, err
}

func selectOne(tx *db.Tx, id glosa.EditionID) (Edition, error) {
	x, err := scanEdition(tx.Row(`select `+columns+` from edition where id = $1`, id))
	if glosa.KindOf(err) == glosa.NotFound {
		return Edition{}, glosa.Missing("edition", string(id))
	}
	if err != nil {
		return Edition{}, err
	}
	return x.fill(tx)
}

func selectPauses(tx *db.Tx, id glosa.EditionID) ([]Pause, error) {
	all, err := selectSuspensions(tx, id)
	var pauses []Pause
	for _, s := range all {
		pauses = append(pauses, Pause{From: s.From, To: s.To, Reason: s.Reason, By: s.By})
	}
	return pauses, err
}

func selectMany(tx *db.Tx, where string, args ...any) ([]Edition, error) {
	rows, err := db.Collect(tx, func(r *db.Rows) (row, error) { return scanEdition(r) },
		`select `+columns+` from edition `+where, args...)
	if err != nil {
		return nil, err
	}
	all := make([]Edition, len(rows))
	for i, x := range rows {
		if all[i], err = x.fill(tx); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func selectSeries(tx *db.Tx, series glosa.SeriesID) ([]Edition, error) {
	if series == "" {
		return selectMany(tx, `order by series, number desc`)
	}
	return selectMany(tx, `where series = $1 order by number desc`, series)
}

func selectEarlier(tx *db.Tx, ed Edition) ([]Edition, error) {
	return selectMany(tx, `where series = $1 and number < $2 order by number desc`, ed.Series, ed.Number)
}

func selectDue(tx *db.Tx, now time.Time) ([]glosa.EditionID, error) {
	return db.Collect(tx, func(r *db.Rows) (id glosa.EditionID, err error) {
		return id, r.Scan(&id)
	}, `select id from edition where due > 0 and due <= $1 order by due, id`, now)
}

// selectNextDue is the next instant after now; zero when there is none.
func selectNextDue(tx *db.Tx, now time.Time) (next time.Time, err error) {
	err = tx.Row(`select due from edition where due > $1 order by due limit 1`, now).Scan(&next)
	if glosa.KindOf(err) == glosa.NotFound {
		return time.Time{}, nil
	}
	return next, err
}

// texts of the columns that hold lists.
func (e Edition) texts() (dates, place, known string, err error) {
	p, err := json.Marshal(e.Place)
	if err != nil {
		return "", "", "", err
	}
	k, err := json.Marshal(e.Known)
	return writeDates(e.Plan.Dates), string(p), string(k), err
}

// writeDates is one line per date: stage, planned, first and happened in
// microseconds. It is read in every act, so it is plainer than JSON.
func writeDates(dates []Date) string {
	var b []byte
	for _, d := range dates {
		b = append(b, d.Stage...)
		for _, t := range []time.Time{d.Planned, d.First, d.Happened} {
			b = strconv.AppendInt(append(b, ' '), glosa.Micros(t), 10)
		}
		b = append(b, '\n')
	}
	return string(b)
}

func readDates(text string, zone *time.Location) ([]Date, error) {
	dates := make([]Date, 0, len(line))
	for l := range strings.Lines(text) {
		stage, rest, _ := strings.Cut(strings.TrimSuffix(l, "\n"), " ")
		d := Date{Stage: Stage(stage)}
		for _, into := range []*time.Time{&d.Planned, &d.First, &d.Happened} {
			var word string
			word, rest, _ = strings.Cut(rest, " ")
			us, err := strconv.ParseInt(word, 10, 64)
			if err != nil {
				return nil, fmt.Errorf("dates of the edition: %w", err)
			}
			if us != 0 {
				*into = glosa.FromMicros(us).In(zone)
			}
		}
		dates = append(dates, d)
	}
	return dates, nil
}

func (e Edition) protocolText() string {
	if e.Protocol == nil {
		return ""
	}
	return e.Protocol.Text
}

// insertEdition tells false when the id, the code or the number of the series is taken.
func insertEdition(tx *db.Tx, e Edition) (bool, error) {
	dates, place, known, err := e.texts()
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(`insert into edition (`+columns+`, protocol, due)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
on conflict do nothing`, e.ID, e.Series, e.Number, e.Name, e.Code, e.Territory, e.zone().String(), e.Stage, e.Held,
		e.Since, e.Session, e.Documented, e.Synthetic, e.Digest, e.Frozen, e.Sealed,
		len(e.Suspensions) > 0, dates, place, known, e.Founded, e.protocolText(), e.due())
	return n == 1, err
}

func updateEdition(tx *db.Tx, e Edition) error {
	dates, place, known, err := e.texts()
	if err != nil {
		return err
	}
	_, err = tx.Exec(`update edition set name = $2, zone = $3, stage = $4, held = $5, since = $6, session = $7,
  synthetic = $8, protocol = $9, digest = $10, frozen = $11, sealed = $12, suspended = $13, dates = $14,
  place = $15, known = $16, due = $17 where id = $1`,
		e.ID, e.Name, e.zone().String(), e.Stage, e.Held, e.Since, e.Session, e.Synthetic, e.protocolText(), e.Digest,
		e.Frozen, e.Sealed, len(e.Suspensions) > 0, dates, place, known, e.due())
	return err
}

const waiverColumns = `n, gate, stage, reason, at, by_post, by_side, by_human,
  second_at, coalesce(second_post, ''), coalesce(second_side, ''), coalesce(second_human, '')`

func selectWaivers(tx *db.Tx, id glosa.EditionID) ([]Waiver, error) {
	return db.Collect(tx, func(r *db.Rows) (w Waiver, err error) {
		w.Edition = id
		return w, r.Scan(&w.N, &w.Gate, &w.To, &w.Reason, &w.At, &w.By, &w.Side, &w.human,
			&w.SecondAt, &w.Second, &w.SecondSide, &w.secondHuman)
	}, `select `+waiverColumns+` from edition_waiver where edition = $1 order by n`, id)
}

func insertWaiver(tx *db.Tx, w Waiver) (n int, err error) {
	if err = tx.Row(`select 1 + coalesce(max(n), 0) from edition_waiver where edition = $1`, w.Edition).Scan(&n); err != nil {
		return 0, err
	}
	_, err = tx.Exec(`insert into edition_waiver (edition, n, gate, stage, reason, at, by_post, by_side, by_human)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, w.Edition, n, w.Gate, w.To, w.Reason, w.At, w.By, w.Side, w.human)
	return n, err
}

// confirmWaiver tells false when somebody confirmed it before.
func confirmWaiver(tx *db.Tx, w Waiver) (bool, error) {
	n, err := tx.Exec(`update edition_waiver set second_at = $3, second_post = $4, second_side = $5, second_human = $6
where edition = $1 and n = $2 and second_at is null`, w.Edition, w.N, w.SecondAt, w.Second, w.SecondSide, w.secondHuman)
	return n == 1, err
}

func selectHalts(tx *db.Tx, id glosa.EditionID) ([]Halt, error) {
	return db.Collect(tx, func(r *db.Rows) (h Halt, err error) {
		return h, r.Scan(&h.N, &h.Kind, &h.From, &h.Reason, &h.Note, &h.Session, &h.By, &h.At)
	}, `select n, kind, stage, reason, note, session, by_post, at from edition_halt where edition = $1 order by n`, id)
}

func insertHalt(tx *db.Tx, id glosa.EditionID, h Halt) (n int, err error) {
	if err = tx.Row(`select 1 + coalesce(max(n), 0) from edition_halt where edition = $1`, id).Scan(&n); err != nil {
		return 0, err
	}
	_, err = tx.Exec(`insert into edition_halt (edition, n, kind, stage, reason, note, session, by_post, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, id, n, h.Kind, h.From, h.Reason, h.Note, h.Session, h.By, h.At)
	return n, err
}

func selectSuspensions(tx *db.Tx, id glosa.EditionID) ([]Suspension, error) {
	return db.Collect(tx, func(r *db.Rows) (s Suspension, err error) {
		return s, r.Scan(&s.N, &s.From, &s.To, &s.Reason, &s.Document, &s.By, &s.At)
	}, `select n, from_at, to_at, reason, document, by_post, at from edition_suspension where edition = $1 order by n`, id)
}

func insertSuspension(tx *db.Tx, id glosa.EditionID, s Suspension) (n int, err error) {
	if err = tx.Row(`select 1 + coalesce(max(n), 0) from edition_suspension where edition = $1`, id).Scan(&n); err != nil {
		return 0, err
	}
	_, err = tx.Exec(`insert into edition_suspension (edition, n, from_at, to_at, reason, document, by_post, at)
values ($1, $2, $3, $4, $5, $6, $7, $8)`, id, n, s.From, s.To, s.Reason, s.Document, s.By, s.At)
	return n, err
}

func selectExtensions(tx *db.Tx, id glosa.EditionID) ([]Moved, error) {
	return db.Collect(tx, func(r *db.Rows) (m Moved, err error) {
		return m, r.Scan(&m.N, &m.Stage, &m.Days, &m.Was, &m.Is, &m.Reason, &m.By, &m.At)
	}, `select n, stage, days, was, becomes, reason, by_post, at from edition_extension where edition = $1 order by n`, id)
}

func insertExtension(tx *db.Tx, id glosa.EditionID, m Moved) (n int, err error) {
	if err = tx.Row(`select 1 + coalesce(max(n), 0) from edition_extension where edition = $1`, id).Scan(&n); err != nil {
		return 0, err
	}
	_, err = tx.Exec(`insert into edition_extension (edition, n, stage, days, was, becomes, reason, by_post, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, id, n, m.Stage, m.Days, m.Was, m.Is, m.Reason, m.By, m.At)
	return n, err
}

func selectFacts(tx *db.Tx, id glosa.EditionID) ([]Fact, error) {
	return db.Collect(tx, func(r *db.Rows) (f Fact, err error) {
		var sources string
		if err = r.Scan(&f.Field, &f.Value.Es, &f.Value.En, &sources, &f.Conflict); err == nil {
			err = json.Unmarshal([]byte(sources), &f.Sources)
		}
		return f, err
	}, `select field, es, en, sources, conflict from edition_fact where edition = $1 order by n`, id)
}

func replaceFacts(tx *db.Tx, id glosa.EditionID, facts []Fact) error {
	if _, err := tx.Exec(`delete from edition_fact where edition = $1`, id); err != nil {
		return err
	}
	for i, f := range facts {
		sources, err := json.Marshal(f.Sources)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`insert into edition_fact (edition, n, field, es, en, sources, conflict)
values ($1, $2, $3, $4, $5, $6, $7)`, id, i+1, f.Field, f.Value.Es, f.Value.En, string(sources), f.Conflict); err != nil {
			return err
		}
	}
	return nil
}

const (
	selectSources  = `select body from edition_source where series = $1 order by n`
	selectFindings = `select body from edition_finding where series = $1 order by n`
)

func selectDossier[T any](tx *db.Tx, query string, series glosa.SeriesID) ([]T, error) {
	return db.Collect(tx, func(r *db.Rows) (v T, err error) {
		var body string
		if err = r.Scan(&body); err == nil {
			err = json.Unmarshal([]byte(body), &v)
		}
		return v, err
	}, query, series)
}

func replaceDossier(tx *db.Tx, series glosa.SeriesID, d Dossier) error {
	if _, err := tx.Exec(`delete from edition_source where series = $1`, series); err != nil {
		return err
	}
	if _, err := tx.Exec(`delete from edition_finding where series = $1`, series); err != nil {
		return err
	}
	for i, s := range d.Sources {
		body, err := json.Marshal(s)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`insert into edition_source (series, id, n, body) values ($1, $2, $3, $4)`, series, s.ID, i, string(body)); err != nil {
			return err
		}
	}
	for i, f := range d.Findings {
		body, err := json.Marshal(f)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`insert into edition_finding (series, id, n, body) values ($1, $2, $3, $4)`, series, f.ID, i, string(body)); err != nil {
			return err
		}
	}
	return nil
}

// selectZone is the zone of an edition; of the newest one that is not documented
// when id is "".
func selectZone(tx *db.Tx, id glosa.EditionID) ([]string, error) {
	return db.Collect(tx, func(r *db.Rows) (zone string, err error) {
		err = r.Scan(&zone)
		return zone, err
	}, `select zone from edition where id = $1 or $1 = '' order by documented, founded desc, id limit 1`, string(id))
}

// selectRaw is every edition with the texts of its row as they stand there.
func selectRaw(tx *db.Tx) ([]raw, error) {
	texts := map[glosa.EditionID][3]string{}
	_, err := db.Collect(tx, func(r *db.Rows) (id glosa.EditionID, err error) {
		var t [3]string
		err = r.Scan(&id, &t[0], &t[1], &t[2])
		texts[id] = t
		return id, err
	}, `select id, protocol, place, known from edition`)
	if err != nil {
		return nil, err
	}
	return db.Collect(tx, func(r *db.Rows) (raw, error) {
		x, err := scanEdition(r)
		t := texts[x.ed.ID]
		return raw{x, t[0], t[1], t[2]}, err
	}, `select `+columns+` from edition order by id`)
}

// selectDossiers lists the series that have a dossier.
func selectDossiers(tx *db.Tx) ([]glosa.SeriesID, error) {
	return db.Collect(tx, func(r *db.Rows) (id glosa.SeriesID, err error) { return id, r.Scan(&id) },
		`select series from edition_source union select series from edition_finding order by series`)
}

// standing is where an edition stands in its series.
type standing struct {
	id     glosa.EditionID
	series glosa.SeriesID
	stage  Stage
}

// selectStanding lists the editions of ours, series by series in their order.
func selectStanding(tx *db.Tx) ([]standing, error) {
	return db.Collect(tx, func(r *db.Rows) (s standing, err error) {
		return s, r.Scan(&s.id, &s.series, &s.stage)
	}, `select id, series, stage from edition where not documented order by series, number`)
}
