package commitment

import (
	"slices"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// kept is what readers share until one of the rooms it is read from acts: the
// promises stand on every page of an edition and change a few times a day. What
// the clock changes is added at each reading.
type kept struct {
	boards db.Memo[boardKey, heads]
	cards  db.Memo[glosa.CommitmentID, Card]
	tasks  db.Memo[glosa.EditionID, heads]
}

// ours is what the memos are read from. An erasure's event is of the room "text".
var ours = []string{"commitment", "edition", "people", "text"}

// boardKey is what of a filter decides which rows are read.
type boardKey struct {
	scope
	owner glosa.InstitutionKey
}

// heads are commitments as they were read, for boards and worklists.
type heads struct {
	list  []Commitment
	names []glosa.InstitutionKey // of the owner, under any name
	open  []bool                 // for each of the list: its edition is over and it has no fate yet
	fates []Disposition
	next  time.Time
}

func boardOf(tx *db.Tx, key boardKey) (h heads, err error) {
	if h.list, _, err = loadAll(tx, key.scope); err != nil {
		return h, err
	}
	if key.owner != "" {
		if h.names, err = lineage(tx, key.owner); err != nil {
			return h, err
		}
	}
	h.next, err = selectNext(tx)
	return h, err
}

func tasksOf(tx *db.Tx, id glosa.EditionID) (h heads, err error) {
	ed, err := edition.Load(tx, id)
	if err != nil {
		return h, err
	}
	if h.list, _, err = loadAll(tx, scope{series: ed.Series}); err != nil {
		return h, err
	}
	open, err := stillOpen(tx, id, h.list)
	if err != nil {
		return h, err
	}
	for _, c := range h.list {
		h.open = append(h.open, slices.ContainsFunc(open, func(o Commitment) bool { return o.ID == c.ID }))
	}
	h.fates, err = selectFates(tx, "", id)
	return h, err
}

// own is a card whose lists the caller may sort and cut.
func (card Card) own() Card {
	card.Versions, card.Owners, card.Targets = slices.Clone(card.Versions), slices.Clone(card.Owners), slices.Clone(card.Targets)
	card.Milestones, card.Drift, card.Timeline = slices.Clone(card.Milestones), slices.Clone(card.Drift), slices.Clone(card.Timeline)
	card.Links, card.Evidence, card.Updates = slices.Clone(card.Links), slices.Clone(card.Evidence), slices.Clone(card.Updates)
	card.Assessments, card.Fates = slices.Clone(card.Assessments), slices.Clone(card.Fates)
	card.Pauses, card.Lacks = slices.Clone(card.Pauses), slices.Clone(card.Lacks)
	return card
}
