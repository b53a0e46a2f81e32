package people

import (
	"strings"

	"glosa"
	"glosa/db"
)

// Lists are kept as lines of one text: addresses, roles and acts hold no line end.
func lines[T ~string](list []T) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return strings.Join(out, "\n")
}

func unlines[T ~string](text string) []T {
	if text == "" {
		return nil
	}
	var out []T
	for s := range strings.SplitSeq(text, "\n") {
		out = append(out, T(s))
	}
	return out
}

const institutionColumns = `key, territory, name, note, side, sector, since, until, next, next_by, sources`

type scanner interface{ Scan(dest ...any) error }

func scanInstitution(r scanner) (Institution, error) {
	var i Institution
	var sources string
	err := r.Scan(&i.Key, &i.Territory, &i.Name, &i.Note, &i.Side, &i.Sector, &i.Since, &i.Until, &i.Next, &i.NextBy, &sources)
	i.Sources = unlines[string](sources)
	return i, err
}

func institutionRows(r *db.Rows) (Institution, error) { return scanInstitution(r) }

func selectInstitution(tx *db.Tx, key glosa.InstitutionKey) (Institution, error) {
	return scanInstitution(tx.Row(`select `+institutionColumns+` from institution where key = $1`, string(key)))
}

// selectBefore lists what was renamed to key; normally one.
func selectBefore(tx *db.Tx, key glosa.InstitutionKey) ([]Institution, error) {
	return db.Collect(tx, institutionRows, `select `+institutionColumns+` from institution where next = $1 and next_by = 'renamed' order by key`, string(key))
}

func selectInstitutions(tx *db.Tx) ([]Institution, error) {
	return db.Collect(tx, institutionRows, `select `+institutionColumns+` from institution order by key`)
}

func upsertInstitution(tx *db.Tx, i Institution) error {
	_, err := tx.Exec(`insert into institution (`+institutionColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		on conflict (key) do update set territory = excluded.territory, name = excluded.name, note = excluded.note,
		side = excluded.side, sector = excluded.sector, since = excluded.since, until = excluded.until,
		next = excluded.next, next_by = excluded.next_by, sources = excluded.sources`,
		string(i.Key), string(i.Territory), i.Name, i.Note, string(i.Side), string(i.Sector), string(i.Since), string(i.Until), string(i.Next), string(i.NextBy), lines(i.Sources))
	return err
}

const postColumns = `key, institution, title_es, title_en, side, roles, since, until, sources`

func scanPost(r scanner) (Post, error) {
	var p Post
	var roles, sources string
	err := r.Scan(&p.Key, &p.Institution, &p.Title.ES, &p.Title.EN, &p.Side, &roles, &p.Since, &p.Until, &sources)
	p.Roles, p.Sources = unlines[glosa.Role](roles), unlines[string](sources)
	return p, err
}

func postRows(r *db.Rows) (Post, error) { return scanPost(r) }

func selectPost(tx *db.Tx, key glosa.PostKey) (Post, error) {
	return scanPost(tx.Row(`select `+postColumns+` from post where key = $1`, string(key)))
}

func selectPosts(tx *db.Tx) ([]Post, error) {
	return db.Collect(tx, postRows, `select `+postColumns+` from post order by key`)
}

func upsertPost(tx *db.Tx, p Post) error {
	_, err := tx.Exec(`insert into post (`+postColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (key) do update set institution = excluded.institution, title_es = excluded.title_es,
		title_en = excluded.title_en, side = excluded.side, roles = excluded.roles,
		since = excluded.since, until = excluded.until, sources = excluded.sources`,
		string(p.Key), string(p.Institution), p.Title.ES, p.Title.EN, string(p.Side), lines(p.Roles), string(p.Since), string(p.Until), lines(p.Sources))
	return err
}

func territoryRows(r *db.Rows) (Territory, error) {
	var t Territory
	err := r.Scan(&t.Code, &t.Parent, &t.Level, &t.Row, &t.Column)
	return t, err
}

func selectChildren(tx *db.Tx, parent glosa.TerritoryCode) ([]Territory, error) {
	return db.Collect(tx, territoryRows, `select code, parent, level, grid_row, grid_column from territory where parent = $1 order by code`, string(parent))
}

func selectTerritory(tx *db.Tx, code glosa.TerritoryCode) ([]Territory, error) {
	return db.Collect(tx, territoryRows, `select code, parent, level, grid_row, grid_column from territory where code = $1`, string(code))
}

func selectParts(tx *db.Tx, parent, code glosa.TerritoryCode) (n int64, err error) {
	err = tx.Row(`select count(*) from territory where parent = $1 and code = $2`, string(parent), string(code)).Scan(&n)
	return n, err
}

type namedPlace struct {
	code glosa.TerritoryCode
	name Name
}

func selectNames(tx *db.Tx, parent, code glosa.TerritoryCode) ([]namedPlace, error) {
	return db.Collect(tx, func(r *db.Rows) (namedPlace, error) {
		var p namedPlace
		var sources string
		err := r.Scan(&p.code, &p.name.Words, &p.name.Note, &p.name.Since, &p.name.Until, &sources)
		p.name.Sources = unlines[string](sources)
		return p, err
	}, `select n.territory, n.words, n.note, n.since, n.until, n.sources from territory_name n
		join territory t on t.code = n.territory where t.parent = $1 or t.code = $2 order by n.territory, n.place`, string(parent), string(code))
}

type counted struct {
	code    glosa.TerritoryCode
	measure string
	amount  int64
}

func selectCensus(tx *db.Tx, parent, code glosa.TerritoryCode) ([]counted, error) {
	return db.Collect(tx, func(r *db.Rows) (c counted, err error) {
		err = r.Scan(&c.code, &c.measure, &c.amount)
		return c, err
	}, `select c.territory, c.measure, c.amount from territory_census c
		join territory t on t.code = c.territory where t.parent = $1 or t.code = $2 order by c.territory, c.measure`, string(parent), string(code))
}

func selectAliases(tx *db.Tx, parent glosa.TerritoryCode) ([]Alias, error) {
	return db.Collect(tx, func(r *db.Rows) (a Alias, err error) {
		err = r.Scan(&a.Territory, &a.Words, &a.Source)
		return a, err
	}, `select a.territory, a.words, a.source from territory_alias a
		join territory t on t.code = a.territory where t.parent = $1 order by a.words, a.territory`, string(parent))
}

func upsertTerritory(tx *db.Tx, t Territory) error {
	_, err := tx.Exec(`insert into territory (code, parent, level, grid_row, grid_column) values ($1, $2, $3, $4, $5)
		on conflict (code) do update set parent = excluded.parent, level = excluded.level,
		grid_row = excluded.grid_row, grid_column = excluded.grid_column`,
		string(t.Code), string(t.Parent), string(t.Level), t.Row, t.Column)
	if err != nil {
		return err
	}
	for _, table := range []string{
		`delete from territory_name where territory = $1`,
		`delete from territory_census where territory = $1`,
		`delete from territory_alias where territory = $1`,
	} {
		if _, err := tx.Exec(table, string(t.Code)); err != nil {
			return err
		}
	}
	for i, n := range t.Names {
		if _, err := tx.Exec(`insert into territory_name (territory, place, words, note, since, until, sources) values ($1, $2, $3, $4, $5, $6, $7)`,
			string(t.Code), i+1, n.Words, n.Note, string(n.Since), string(n.Until), lines(n.Sources)); err != nil {
			return err
		}
	}
	for measure, amount := range t.Census {
		if _, err := tx.Exec(`insert into territory_census (territory, measure, amount) values ($1, $2, $3)`, string(t.Code), measure, amount); err != nil {
			return err
		}
	}
	return nil
}

func insertAlias(tx *db.Tx, a Alias) error {
	_, err := tx.Exec(`insert into territory_alias (territory, words, source) values ($1, $2, $3) on conflict (territory, words) do nothing`, string(a.Territory), a.Words, a.Source)
	return err
}

func insertHuman(tx *db.Tx, id glosa.HumanID) error {
	_, err := tx.Exec(`insert into human (id, made) values ($1, $2)`, string(id), glosa.Micros(tx.Now))
	return err
}

func countHuman(tx *db.Tx, id glosa.HumanID) (n int64, err error) {
	err = tx.Row(`select count(*) from human where id = $1`, string(id)).Scan(&n)
	return n, err
}

const tenureColumns = `id, post, human, from_day, to_day, document, title`

func tenureRows(r *db.Rows) (Tenure, error) {
	var t Tenure
	var digest []byte
	err := r.Scan(&t.ID, &t.Post, &t.Human, &t.From, &t.To, &digest, &t.Document.Title)
	copy(t.Document.Digest[:], digest)
	return t, err
}

func selectTenures(tx *db.Tx, post glosa.PostKey) ([]Tenure, error) {
	return db.Collect(tx, tenureRows, `select `+tenureColumns+` from tenure where post = $1 order by from_day, id`, string(post))
}

func selectTenuresOf(tx *db.Tx, human glosa.HumanID, day Day) ([]Tenure, error) {
	return db.Collect(tx, tenureRows, `select `+tenureColumns+` from tenure
		where human = $1 and from_day <= $2 and (to_day = '' or to_day >= $2) order by post, id`, string(human), string(day))
}

func selectTenure(tx *db.Tx, id string) ([]Tenure, error) {
	return db.Collect(tx, tenureRows, `select `+tenureColumns+` from tenure where id = $1`, id)
}

func insertTenure(tx *db.Tx, t Tenure, side glosa.Side, by string) error {
	_, err := tx.Exec(`insert into tenure (id, post, side, by_side, human, from_day, to_day, document, title, granted) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		t.ID, string(t.Post), string(side), by, string(t.Human), string(t.From), string(t.To), t.Document.Digest[:], t.Document.Title, glosa.Micros(tx.Now))
	return err
}

func endTenure(tx *db.Tx, id string, to Day) error {
	_, err := tx.Exec(`update tenure set to_day = $1 where id = $2`, string(to), id)
	return err
}

const delegationColumns = `id, post, human, acts, from_day, to_day, document, title, ended`

func delegationRows(r *db.Rows) (Delegation, error) {
	var d Delegation
	var acts string
	var digest []byte
	var ended int64
	err := r.Scan(&d.ID, &d.Post, &d.Human, &acts, &d.From, &d.To, &digest, &d.Document.Title, &ended)
	d.Acts, d.Ended = unlines[glosa.Act](acts), glosa.FromMicros(ended)
	copy(d.Document.Digest[:], digest)
	return d, err
}

func selectDelegations(tx *db.Tx, post glosa.PostKey) ([]Delegation, error) {
	return db.Collect(tx, delegationRows, `select `+delegationColumns+` from delegation where post = $1 order by from_day, id`, string(post))
}

func selectDelegationsTo(tx *db.Tx, human glosa.HumanID, day Day) ([]Delegation, error) {
	return db.Collect(tx, delegationRows, `select `+delegationColumns+` from delegation
		where human = $1 and from_day <= $2 and to_day >= $2 and ended = 0 order by post, id`, string(human), string(day))
}

func selectDelegation(tx *db.Tx, id string) ([]Delegation, error) {
	return db.Collect(tx, delegationRows, `select `+delegationColumns+` from delegation where id = $1`, id)
}

func insertDelegation(tx *db.Tx, d Delegation, side glosa.Side, by string) error {
	_, err := tx.Exec(`insert into delegation (id, post, side, by_side, human, acts, from_day, to_day, document, title, granted) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		d.ID, string(d.Post), string(side), by, string(d.Human), lines(d.Acts), string(d.From), string(d.To), d.Document.Digest[:], d.Document.Title, glosa.Micros(tx.Now))
	return err
}

func endDelegation(tx *db.Tx, id string) error {
	_, err := tx.Exec(`update delegation set ended = $1 where id = $2 and ended = 0`, glosa.Micros(tx.Now), id)
	return err
}

const seatColumns = `s.id, s.edition, s.side, s.number, s.roles, s.sector, s.institution, s.delegable`

func scanSeat(r scanner, more ...any) (Seat, error) {
	var s Seat
	var roles string
	err := r.Scan(append([]any{&s.ID, &s.Edition, &s.Side, &s.Number, &roles, &s.Sector, &s.Institution, &s.Delegable}, more...)...)
	s.Roles = unlines[glosa.Role](roles)
	return s, err
}

func seatRows(r *db.Rows) (Seat, error) { return scanSeat(r) }

func selectSeats(tx *db.Tx, ed glosa.EditionID) ([]Seat, error) {
	return db.Collect(tx, seatRows, `select `+seatColumns+` from seat s where s.edition = $1 order by s.side, s.number`, string(ed))
}

func selectSeat(tx *db.Tx, id string) ([]Seat, error) {
	return db.Collect(tx, seatRows, `select `+seatColumns+` from seat s where s.id = $1`, id)
}

// selectSeatsOf lists the seats a human sits in on a day.
func selectSeatsOf(tx *db.Tx, human glosa.HumanID, day Day) ([]Seat, error) {
	return db.Collect(tx, seatRows, `select `+seatColumns+` from seat s join sitting t on t.seat = s.id
		where t.human = $1 and t.from_day <= $2 and (t.to_day = '' or t.to_day >= $2) order by s.edition, s.side, s.number`, string(human), string(day))
}

func insertSeat(tx *db.Tx, s Seat, by string) (int64, error) {
	return tx.Exec(`insert into seat (id, edition, side, number, roles, sector, institution, delegable, by_side) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (edition, side, number) do nothing`,
		s.ID, string(s.Edition), string(s.Side), s.Number, lines(s.Roles), string(s.Sector), string(s.Institution), s.Delegable, by)
}

func deleteSeat(tx *db.Tx, id string) error {
	_, err := tx.Exec(`delete from seat where id = $1`, id)
	return err
}

func selectSittings(tx *db.Tx, seat string) ([]Sitting, error) {
	return db.Collect(tx, func(r *db.Rows) (Sitting, error) {
		var s Sitting
		var digest []byte
		err := r.Scan(&s.ID, &s.Seat, &s.Human, &s.Substitute, &s.From, &s.To, &digest, &s.Document.Title)
		copy(s.Document.Digest[:], digest)
		return s, err
	}, `select id, seat, human, substitute, from_day, to_day, document, title from sitting where seat = $1 order by from_day, id`, seat)
}

func insertSitting(tx *db.Tx, s Sitting, side glosa.Side, by string) error {
	_, err := tx.Exec(`insert into sitting (id, seat, side, by_side, human, substitute, from_day, to_day, document, title, granted) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		s.ID, s.Seat, string(side), by, string(s.Human), s.Substitute, string(s.From), string(s.To), s.Document.Digest[:], s.Document.Title, glosa.Micros(tx.Now))
	return err
}

func endSitting(tx *db.Tx, id string, to Day) error {
	_, err := tx.Exec(`update sitting set to_day = $1 where id = $2`, string(to), id)
	return err
}

// selectSidesOf lists the sides on which a human has a place on the day, or will have one.
func selectSidesOf(tx *db.Tx, human glosa.HumanID, day Day) ([]glosa.Side, error) {
	return db.Collect(tx, func(r *db.Rows) (side glosa.Side, err error) {
		err = r.Scan(&side)
		return side, err
	}, `select side from tenure where human = $1 and (to_day = '' or to_day >= $2)
		union select side from sitting where human = $1 and (to_day = '' or to_day >= $2)
		union select side from delegation where human = $1 and ended = 0 and to_day >= $2 order by side`, string(human), string(day))
}

// countPosts counts the posts of an institution.
func countPosts(tx *db.Tx, i glosa.InstitutionKey) (n int64, err error) {
	err = tx.Row(`select count(*) from post where institution = $1`, string(i)).Scan(&n)
	return n, err
}

func insertDeclaration(tx *db.Tx, d Declaration, human glosa.HumanID) error {
	_, err := tx.Exec(`insert into declaration (id, edition, human, by_actor, interest, words, declared) values ($1, $2, $3, $4, $5, $6, $7)`,
		d.ID, string(d.Edition), string(human), d.By, string(d.Interest), d.Text, glosa.Micros(tx.Now))
	return err
}

func selectDeclarations(tx *db.Tx, ed glosa.EditionID) ([]Declaration, error) {
	return db.Collect(tx, func(r *db.Rows) (Declaration, error) {
		var d Declaration
		var at int64
		err := r.Scan(&d.ID, &d.Edition, &d.By, &d.Interest, &d.Text, &at)
		d.At = glosa.FromMicros(at)
		return d, err
	}, `select id, edition, by_actor, interest, words, declared from declaration where edition = $1 order by declared, id`, string(ed))
}

func countDeclarations(tx *db.Tx, ed glosa.EditionID, human glosa.HumanID) (n int64, err error) {
	err = tx.Row(`select count(*) from declaration where edition = $1 and human = $2`, string(ed), string(human)).Scan(&n)
	return n, err
}

func replaceParticipants(tx *db.Tx, ed glosa.EditionID, list []Participant) error {
	if _, err := tx.Exec(`delete from participant where edition = $1`, string(ed)); err != nil {
		return err
	}
	for i, p := range list {
		if _, err := tx.Exec(`insert into participant (edition, place, name, capacity, institution, side, sources) values ($1, $2, $3, $4, $5, $6, $7)`,
			string(ed), i+1, p.Name, p.Capacity, p.Institution, string(p.Side), lines(p.Sources)); err != nil {
			return err
		}
	}
	return nil
}

func selectParticipants(tx *db.Tx, ed glosa.EditionID) ([]Participant, error) {
	return db.Collect(tx, func(r *db.Rows) (Participant, error) {
		var p Participant
		var sources string
		err := r.Scan(&p.Edition, &p.Name, &p.Capacity, &p.Institution, &p.Side, &sources)
		p.Sources = unlines[string](sources)
		return p, err
	}, `select edition, name, capacity, institution, side, sources from participant where edition = $1 order by place`, string(ed))
}

func insertPrivate(tx *db.Tx, s Sealed) error {
	_, err := tx.Exec(`insert into private_person (id, kind, box) values ($1, $2, $3)`, string(s.id), string(s.kind), s.box)
	return err
}

func selectPrivate(tx *db.Tx, id PersonID) (kind Kept, box []byte, err error) {
	err = tx.Row(`select kind, box from private_person where id = $1`, string(id)).Scan(&kind, &box)
	return kind, box, err
}

func deletePrivate(tx *db.Tx, id PersonID) (int64, error) {
	return tx.Exec(`delete from private_person where id = $1`, string(id))
}

func insertPseudonym(tx *db.Tx, ed glosa.EditionID, human glosa.HumanID, words string) error {
	_, err := tx.Exec(`insert into pseudonym (edition, human, words) values ($1, $2, $3) on conflict (edition, human) do nothing`, string(ed), string(human), words)
	return err
}

func selectPseudonym(tx *db.Tx, ed glosa.EditionID, human glosa.HumanID) (words string, err error) {
	err = tx.Row(`select words from pseudonym where edition = $1 and human = $2`, string(ed), string(human)).Scan(&words)
	return words, err
}

func deletePseudonyms(tx *db.Tx, human glosa.HumanID) error {
	_, err := tx.Exec(`delete from pseudonym where human = $1`, string(human))
	return err
}

// rememberLoad tells whether this reference data is the one loaded last, and notes it.
func rememberLoad(tx *db.Tx, territory glosa.TerritoryCode, digest glosa.Hash) (same bool, err error) {
	n, err := tx.Exec(`insert into reference_load (territory, digest) values ($1, $2)
		on conflict (territory) do update set digest = excluded.digest where reference_load.digest <> excluded.digest`, string(territory), digest[:])
	return n == 0, err
}

func selectLoads(tx *db.Tx) (map[glosa.TerritoryCode]glosa.Hash, error) {
	all := map[glosa.TerritoryCode]glosa.Hash{}
	_, err := db.Collect(tx, func(r *db.Rows) (struct{}, error) {
		var code glosa.TerritoryCode
		var digest []byte
		err := r.Scan(&code, &digest)
		all[code] = glosa.Hash(digest)
		return struct{}{}, err
	}, `select territory, digest from reference_load order by territory`)
	return all, err
}
