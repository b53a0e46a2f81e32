package record

import (
	"time"

	"glosa/auth"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/civic/priority"
	"glosa/record"
	"glosa/web/door"
)

// Pages are the pages of this room, bound to what they read.
type Pages struct {
	Log     *record.Log
	Auth    *auth.Desk    // announcements of the server's keeper
	People  *people.Desk  // who stands behind "post:KEY"
	Edition *edition.Desk // the zone in which days are told

	Priority *priority.Desk // the published file of ballots; nil: rows are not looked up
}

// maxReceipt bounds a receipt that is sent to be checked.
const maxReceipt = 512 << 10

// Mount hangs up the pages.
func (p *Pages) Mount(r *door.Router) {
	r.Page("/registro", p.show, "hasta")
	r.Upload("/registro", maxReceipt, p.check)
	r.Page("/registro.csv", p.csv)
	r.Page("/registro.json", p.json)
	r.Page("/registro.atom", p.atom)
	r.Page("/registro/{n}", p.leaf)
	r.Page("/registro/{n}/comprobante", p.receipt)
}

// zone is the clock on the wall of the newest edition: the record has none of its own.
func (p *Pages) zone(r *door.Request) *time.Location {
	all, err := p.Edition.List(r.Context(), "")
	if err == nil && len(all) > 0 && all[0].Zone != nil {
		return all[0].Zone
	}
	return time.UTC
}
