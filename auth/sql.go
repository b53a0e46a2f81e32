package auth

import (
	"embed"
	"strings"
	"time"

	"glosa"
	"glosa/db"
)

//go:embed schema/*.sql
var schema embed.FS

// Schema is the room's tables, for [db.DB.Migrate].
func Schema() db.Schema { return db.Schema{Room: "auth", FS: schema} }

const grantColumns = `g.id, g.human, g.edition, g.roles, g.side, g.seat, g.post, g.institution, g.starts, g.ends`

func insertGrant(tx *db.Tx, g Grant, by string) error {
	roles := make([]string, len(g.Roles))
	for i, r := range g.Roles {
		roles[i] = string(r)
	}
	_, err := tx.Exec(`insert into auth_grant (id, human, edition, roles, side, seat, post, institution, starts, ends, by_side)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		g.ID, g.Human, g.Edition, strings.Join(roles, ","), g.Side, int64(g.Seat), g.Post, g.Institution, g.From, g.Until, by)
	return err
}

type scanner interface{ Scan(...any) error }

func scanGrant(row scanner, more ...any) (Grant, error) {
	var g Grant
	var roles string
	var seat, starts, ends int64
	err := row.Scan(append([]any{&g.ID, &g.Human, &g.Edition, &roles, &g.Side, &seat, &g.Post, &g.Institution, &starts, &ends}, more...)...)
	g.Seat, g.From, g.Until = int(seat), glosa.FromMicros(starts), glosa.FromMicros(ends)
	for r := range strings.SplitSeq(roles, ",") {
		g.Roles = append(g.Roles, glosa.Role(r))
	}
	return g, err
}

func grantByID(tx *db.Tx, id string) (Grant, error) {
	return scanGrant(tx.Row(`select `+grantColumns+` from auth_grant g where g.id = $1`, id))
}

func grantsOf(tx *db.Tx, human glosa.HumanID) ([]Grant, error) {
	return db.Collect(tx, func(r *db.Rows) (Grant, error) { return scanGrant(r) },
		`select `+grantColumns+` from auth_grant g where g.human = $1 order by g.id`, human)
}

func grantsIn(tx *db.Tx, ed glosa.EditionID) ([]Grant, error) {
	return db.Collect(tx, func(r *db.Rows) (Grant, error) { return scanGrant(r) },
		`select `+grantColumns+` from auth_grant g where g.edition = $1 order by g.id`, ed)
}

// givenIn lists the grants of an edition that are in force, each with the end of
// its unused code.
func givenIn(tx *db.Tx, ed glosa.EditionID, now time.Time) ([]Given, error) {
	return db.Collect(tx, func(r *db.Rows) (Given, error) {
		var waits int64
		g, err := scanGrant(r, &waits)
		return Given{Grant: g, Waits: glosa.FromMicros(waits)}, err
	}, `select `+grantColumns+`, coalesce((select max(i.expires) from auth_invite i where i.grant_id = g.id and i.used = 0 and i.expires > $1), 0)
		from auth_grant g where g.edition = $2 and (g.ends = 0 or g.ends > $3) order by g.id`, now, ed, now)
}

func voidInvites(tx *db.Tx, grant string) error {
	_, err := tx.Exec(`delete from auth_invite where grant_id = $1 and used = 0`, grant)
	return err
}

func endGrant(tx *db.Tx, id string) (int64, error) {
	if _, err := tx.Exec(`delete from auth_session where grant_id = $1`, id); err != nil {
		return 0, err
	}
	return tx.Exec(`update auth_grant set ends = $1 where id = $2`, tx.Now, id)
}

func insertInvite(tx *db.Tx, code []byte, g Grant, by string) error {
	_, err := tx.Exec(`insert into auth_invite (code, grant_id, side, by_side, expires, used) values ($1, $2, $3, $4, $5, 0)`,
		code, g.ID, g.Side, by, tx.Now.Add(InviteLife))
	return err
}

// spendInvite marks an invitation used and returns its grant; NotFound when it
// is unknown, expired or already used, without saying which.
func spendInvite(tx *db.Tx, code []byte) (Grant, error) {
	var id string
	err := tx.Row(`update auth_invite set used = $1 where code = $2 and used = 0 and expires > $3 returning grant_id`,
		tx.Now, code, tx.Now).Scan(&id)
	if err != nil {
		return Grant{}, err
	}
	return grantByID(tx, id)
}

func insertSession(tx *db.Tx, token []byte, grant string, expires time.Time) error {
	_, err := tx.Exec(`insert into auth_session (token, grant_id, opened, used, expires) values ($1, $2, $3, $4, $5)`,
		token, grant, tx.Now, tx.Now, expires)
	return err
}

func sessionBy(tx *db.Tx, token []byte) (Session, error) {
	var s Session
	var opened, used, expires int64
	g, err := scanGrant(tx.Row(`select `+grantColumns+`, s.opened, s.used, s.expires
		from auth_session s join auth_grant g on g.id = s.grant_id where s.token = $1`, token), &opened, &used, &expires)
	s.Grant, s.Actor = g, g.Actor()
	s.Opened, s.Used, s.Expires = glosa.FromMicros(opened), glosa.FromMicros(used), glosa.FromMicros(expires)
	return s, err
}

func touchSession(tx *db.Tx, token []byte) error {
	_, err := tx.Exec(`update auth_session set used = $1 where token = $2`, tx.Now, token)
	return err
}

func closeSession(tx *db.Tx, token []byte) error {
	_, err := tx.Exec(`delete from auth_session where token = $1`, token)
	return err
}

func sweepSessions(tx *db.Tx) error {
	if _, err := tx.Exec(`delete from auth_session where expires <= $1`, tx.Now); err != nil {
		return err
	}
	_, err := tx.Exec(`delete from auth_invite where expires <= $1`, tx.Now)
	return err
}

func insertAnnouncement(tx *db.Tx, a Announcement) error {
	_, err := tx.Exec(`insert into auth_announcement (id, at, command, reason) values ($1, $2, $3, $4)`,
		tx.NewID(), tx.Now, a.Command, a.Reason)
	return err
}

func announcements(tx *db.Tx, limit int) ([]Announcement, error) {
	return db.Collect(tx, func(r *db.Rows) (Announcement, error) {
		var a Announcement
		var at int64
		err := r.Scan(&at, &a.Command, &a.Reason)
		a.At = glosa.FromMicros(at)
		return a, err
	}, `select at, command, reason from auth_announcement order by at desc, id desc limit $1`, int64(limit))
}
