package priority

import (
	"slices"
	"strconv"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
	"glosa/web/text"
)

// came is by how many ballots each door was used, as the last daily leaf tells it.
type came struct {
	Sentence string    // what was told last, and when; or why nothing is
	Rows     []cameRow // none where nothing was told
	Closed   string    // doors that the protocol lists and this house never offered
	Adults   string    // whose number the last column is of; "" where the census says nothing of the territory
	JSON     string
}

type cameRow struct{ Door, Came, Share string }

// adults of the census, by the measure that the meter of places uses; 0 where the
// reference data of the territory do not say.
func (p *Pages) adults(r *door.Request, ed edition.Edition) (int, error) {
	whole, _, err := p.People.Places(r.Context(), ed.Territory, r.Now)
	if err != nil && glosa.KindOf(err) != glosa.NotFound {
		return 0, err
	}
	return int(whole.Census["adults"]), nil
}

// came reads what was told of the doors, once ballots are taken.
func (p *Pages) came(r *door.Request, v *agendaPage) error {
	w, a := r.Words, v.Agenda
	if a.Status == priority.Unfrozen || a.Status == priority.Frozen {
		return nil
	}
	all, err := p.Priority.Doors(r.Context(), v.Edition.ID)
	if err != nil {
		return err
	}
	v.Came = &came{Sentence: w.T("ag.came.notyet")}
	switch {
	case len(all) == 0 && v.Decided:
		v.Came.Sentence = w.T("ag.came.never")
	case len(all) > 0:
		adults, err := p.adults(r, v.Edition)
		if err != nil {
			return err
		}
		v.Came.told(w, a.Criteria, all[len(all)-1], adults, v.Zone)
		if v.Decided {
			v.Came.Sentence = w.T("ag.came.last", "date", w.Date(all[len(all)-1].At.In(v.Zone)))
		}
		v.Came.JSON = r.To("/ediciones", string(v.Edition.ID), "agenda", "puertas.json")
	}
	return nil
}

func (c *came) told(w *text.Words, rule priority.Criteria, last priority.DoorsTold, adults int, zone *time.Location) {
	c.Sentence = w.T("ag.came.until", "date", w.Date(last.At.In(zone)))
	closed := slices.DeleteFunc(voter.Doors(), func(door glosa.Code) bool {
		return !rule.Takes(door) || slices.ContainsFunc(last.Doors, func(d priority.DoorCount) bool { return d.Door == door })
	})
	if len(closed) > 0 {
		c.Closed = w.T("ag.came.closed", "doors", doors(w, closed))
	}
	for _, d := range last.Doors {
		c.Rows = append(c.Rows, cameRow{w.T("ag.door." + string(d.Door)), w.N(d.Came), perAdults(d.Came, adults)})
	}
	if len(last.Doors) > 1 {
		c.Rows = append(c.Rows, cameRow{w.T("ag.came.all"), w.N(last.All()), perAdults(last.All(), adults)})
	}
	if adults > 0 {
		c.Adults = w.T("ag.came.adults", "n", w.N(adults))
	}
}

// perAdults is how many ballots there are for ten thousand adults, to one place.
func perAdults(n, adults int) string {
	if adults == 0 {
		return ""
	}
	return strconv.FormatFloat(1e4*float64(n)/float64(adults), 'f', 1, 64)
}

// doorLeaf is a daily leaf of doors as programs read it.
type doorLeaf struct {
	N     int                  `json:"n"`
	At    string               `json:"at"`
	Batch int                  `json:"batch"` // the last one that it counts
	Doors []priority.DoorCount `json:"doors"`
}

// cameData is every leaf of the doors, in order, for programs.
func (p *Pages) cameData(r *door.Request) (door.View, error) {
	ed, err := p.edition(r)
	if err != nil {
		return door.View{}, err
	}
	all, err := p.Priority.Doors(r.Context(), ed.ID)
	if err != nil {
		return door.View{}, err
	}
	adults, err := p.adults(r, ed)
	if err != nil {
		return door.View{}, err
	}
	items := []doorLeaf{}
	for _, t := range all {
		items = append(items, doorLeaf{t.N, t.At.UTC().Format(time.RFC3339), t.Batch, t.Doors})
	}
	f, err := feed.JSON(string(ed.ID)+"-puertas", struct {
		Note   string     `json:"note,omitempty"`
		Adults int        `json:"adults,omitempty"` // of the census
		Items  []doorLeaf `json:"items"`
	}{feed.Word(r.Words, ed.Synthetic), adults, items})
	return door.View{File: f, Tags: chain.Tags(ed)}, err
}
