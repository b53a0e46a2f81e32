package commitment

import (
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/report"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
)

// Pages are the pages of the commitments.
type Pages struct {
	chain.Desks
	Files report.Files // the bytes of evidence
}

// filters are the query parameters of a board.
var filters = []string{"edicion", "responsable", "estado", "ods", "gobierno", "observatorio", "pagina"}

// Mount hangs up the pages and the receivers of their forms.
func (p *Pages) Mount(r *door.Router) {
	r.Page("/compromisos", p.board, filters...)
	r.Page("/compromisos.csv", p.boardCSV, filters...)
	r.Page("/compromisos.json", p.boardJSON, filters...)
	r.Page("/compromisos.atom", p.boardAtom, filters...)
	r.Page("/ediciones/{edition}/compromisos", p.editionBoard, filters...)
	r.Page("/ediciones/{edition}/compromisos.csv", p.boardCSV, filters...)
	r.Page("/ediciones/{edition}/compromisos.json", p.boardJSON, filters...)
	r.Page("/ediciones/{edition}/compromisos.atom", p.boardAtom, filters...)
	r.Page("/compromisos/{id}", p.card, "vista")
	r.Page("/compromisos/{id}/linea.csv", p.cardCSV)
	r.Page("/compromisos/{id}/ficha.json", p.cardJSON)
	r.Page("/compromisos/{id}/cambios.atom", p.cardAtom)
	r.Private("/compromisos/{id}/evidencia/{evidence}", p.evidence)
	r.Act("/compromisos/{id}/evidencia", p.bring)
	p.mountDesks(r)
}

// names are the offices and institutions, in the visitor's language.
func (p *Pages) names(r *door.Request) (who.Names, error) {
	return who.Read(r.Context(), p.People, r.Words)
}

// zoneOf is an edition's zone; UTC where there is none.
func zoneOf(ed edition.Edition) *time.Location {
	if ed.Zone == nil {
		return time.UTC
	}
	return ed.Zone
}

// seal is the stamp of the newest leaf about a commitment.
func (p *Pages) seal(r *door.Request, id glosa.CommitmentID, zone *time.Location) (*leaf.Stamp, time.Time, error) {
	if p.Record == nil {
		return nil, time.Time{}, nil
	}
	leaves, err := p.Record.About(r.Context(), string(id))
	if err != nil || len(leaves) == 0 {
		return nil, time.Time{}, err
	}
	last := leaves[len(leaves)-1]
	if last.N >= p.Record.Size() {
		return &leaf.Stamp{State: leaf.Sealing}, r.Now.Add(time.Second), nil
	}
	return &leaf.Stamp{N: last.N, At: last.At.In(zone), Official: last.By != glosa.Citizen().By(),
		Href: r.To("/registro", itoa(int(last.N)))}, time.Time{}, nil
}

// sooner is the earlier of two instants; zero is never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
