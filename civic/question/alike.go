package question

import (
	"context"
	"slices"
	"sync"
	"unicode/utf8"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
	"glosa/method/alike"
)

// Similar is a question near a text, with what that was judged by.
type Similar struct {
	ID          glosa.QuestionID
	Text        string
	State       State
	Agenda      Agenda
	Language    glosa.Code
	Institution glosa.InstitutionKey
	Theme       glosa.Code
	Waiting     bool // its words are not public: for desks only

	Score    float64  // share of the words that carry meaning: what the list is ordered by
	Shingles float64  // share of the sequences: of three words, or of four letters in short texts
	Shared   []string // the stems of both
}

// hints are the public texts of each edition, ready to be compared: a cache of
// this node's, derived from the event line. What is erased leaves it with its event.
type hints struct {
	mu     sync.Mutex
	seq    int64 // the line was followed to here
	loaded bool
	of     map[glosa.EditionID]*hinted
}

// hinted are the texts of one edition.
type hinted struct {
	places *alike.Places
	index  alike.Index
}

// asked is a public text, as the index takes it in.
type asked struct {
	id      glosa.QuestionID
	edition glosa.EditionID
	text    string
}

// hintPage is how much of the line, or of the texts, is read at once.
const hintPage = 500

// maxTyped bounds what is compared: more than a protocol lets people ask.
const maxTyped = 4000

// FollowSimilar keeps the texts that hints are drawn from beside the event line
// until ctx ends. Without it the first to ask for hints waits for their loading.
func (d *Desk) FollowSimilar(ctx context.Context) error {
	for {
		seq, err := d.asked.follow(ctx, d.DB)
		if err != nil {
			return err
		}
		if err := d.DB.Line().Wait(ctx, seq); err != nil {
			return err
		}
	}
}

// follow brings the texts to the head of the line.
func (h *hints) follow(ctx context.Context, d *db.DB) (seq int64, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.loaded {
		if err := h.load(ctx, d); err != nil {
			return h.seq, err
		}
	}
	for {
		evs, err := d.Line().After(ctx, h.seq, hintPage)
		if err != nil || len(evs) == 0 {
			return h.seq, err
		}
		var moved []any
		for _, e := range evs {
			switch {
			case e.Kind == "people.loaded": // other places may be meant by the same words
				h.loaded = false
			case slices.Contains(ours, e.Room) && !slices.Contains(moved, any(e.Subject)):
				moved = append(moved, e.Subject)
			}
		}
		if !h.loaded {
			return h.seq, h.load(ctx, d)
		}
		if err := h.move(ctx, d, moved); err != nil {
			return h.seq, err
		}
		h.seq = evs[len(evs)-1].Seq
	}
}

// load begins anew from the rows. The head is read first: they may be newer, never older.
func (h *hints) load(ctx context.Context, d *db.DB) (err error) {
	if h.seq, err = d.Line().Head(ctx); err != nil {
		return err
	}
	h.of = map[glosa.EditionID]*hinted{}
	for after, n := "", hintPage; n == hintPage; {
		err := d.Read(ctx, func(tx *db.Tx) error {
			some, err := selectAsked(tx, after, hintPage)
			if n = len(some); err != nil || n == 0 {
				return err
			}
			after = string(some[n-1].id)
			return h.take(tx, some)
		})
		if err != nil {
			return err
		}
	}
	h.loaded = true
	return nil
}

// move takes in what happened to some questions: those whose words are public
// stand in the index as they are now, the others are gone from it.
func (h *hints) move(ctx context.Context, d *db.DB, ids []any) error {
	if len(ids) == 0 {
		return nil
	}
	return d.Read(ctx, func(tx *db.Tx) error {
		some, err := selectAskedOf(tx, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if !slices.ContainsFunc(some, func(a asked) bool { return any(string(a.id)) == id }) {
				for _, e := range h.of {
					e.index.Remove(id.(string))
				}
			}
		}
		return h.take(tx, some)
	})
}

func (h *hints) take(tx *db.Tx, some []asked) error {
	for _, a := range some {
		e := h.of[a.edition]
		if e == nil {
			places, err := placesOf(tx, a.edition)
			if err != nil {
				return err
			}
			e = &hinted{places: places}
			h.of[a.edition] = e
		}
		e.index.Add(string(a.id), alike.Read(a.text, e.places))
	}
	return nil
}

// placesOf are the places of an edition's territory under every name that sources give them.
func placesOf(tx *db.Tx, id glosa.EditionID) (*alike.Places, error) {
	ed, err := edition.Load(tx, id)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	parts, err := people.Municipalities(tx, ed.Territory, tx.Now)
	if err != nil {
		return nil, err
	}
	part := map[glosa.TerritoryCode]bool{}
	for _, p := range parts {
		part[p.Code] = true
		names[p.Name] = string(p.Code)
		for _, n := range p.Names {
			names[n.Words] = string(p.Code)
		}
	}
	others, err := people.Aliases(tx, ed.Territory)
	for _, a := range others {
		if part[a.Territory] {
			names[a.Words] = string(a.Territory)
		}
	}
	return alike.NewPlaces(names), err
}

// near gives the questions of an edition that are near a text, the words ready for more of them.
func (d *Desk) near(ctx context.Context, ed glosa.EditionID, text string, limit int) ([]alike.Match, alike.Text, *alike.Places, error) {
	if utf8.RuneCountInString(text) > maxTyped {
		text = string([]rune(text)[:maxTyped])
	}
	if _, err := d.asked.follow(ctx, d.DB); err != nil {
		return nil, alike.Text{}, nil, err
	}
	d.asked.mu.Lock()
	e := d.asked.of[ed]
	d.asked.mu.Unlock()
	if e == nil { // nothing is public in it
		var places *alike.Places
		err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
			places, err = placesOf(tx, ed)
			return err
		})
		return nil, alike.Read(text, places), places, err
	}
	t := alike.Read(text, e.places)
	return e.index.Query(t, limit), t, e.places, nil
}

// Similar lists the public questions of an edition that a text is near to, the
// nearest first, each under the question that stands for it. Questions that
// differ in a number or in a place are none. The text is kept nowhere. NotFound
// when there is no such edition.
func (d *Desk) Similar(ctx context.Context, ed glosa.EditionID, text string, limit int) ([]Similar, error) {
	if limit = min(limit, 20); limit <= 0 {
		limit = 3
	}
	found, _, _, err := d.near(ctx, ed, text, 3*limit) // several may be merged into one
	if err != nil {
		return nil, err
	}
	out := make([]Similar, 0, limit)
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		out = out[:0]
		for _, m := range found {
			s, ok, err := canonical(tx, m)
			if err != nil {
				return err
			}
			if ok && len(out) < limit && !slices.ContainsFunc(out, func(o Similar) bool { return o.ID == s.ID }) {
				out = append(out, s)
			}
		}
		return nil
	})
	return out, err
}

// canonical is the question that stands for a match, as it is now; false when
// its words are not public any more.
func canonical(tx *db.Tx, m alike.Match) (s Similar, ok bool, err error) {
	r, err := load(tx, glosa.QuestionID(m.ID))
	if err == nil && r.root != r.id {
		r, err = load(tx, r.root)
	}
	if err != nil || !r.state.TextIsPublic() || r.erased {
		return Similar{}, false, err
	}
	some, err := selectAskedOf(tx, []any{r.id})
	if err != nil || len(some) == 0 {
		return Similar{}, false, err
	}
	s = Similar{ID: r.id, Text: some[0].text, State: r.state, Agenda: r.agenda, Language: r.lang, Institution: r.institution, Theme: r.theme}
	return s.judged(m), true, nil
}

func (s Similar) judged(m alike.Match) Similar {
	s.Score, s.Shingles, s.Shared = m.Near, m.Shingles, m.Shared
	return s
}

// maxAlikeWaiting is how many of the waiting questions one is compared with.
const maxAlikeWaiting = 2000

// Alike lists what a waiting or public question is near to, for whoever decides
// on it: public questions, and others that wait. Errors: Denied; NotFound.
func (d *Desk) Alike(ctx context.Context, by glosa.Actor, ed glosa.EditionID, item Item, limit int) ([]Similar, error) {
	if err := by.MayIn(actQueue, ed); err != nil {
		return nil, err
	}
	found, t, places, err := d.near(ctx, ed, item.Text, limit+1)
	if err != nil {
		return nil, err
	}
	var waiting alike.Index
	var texts map[string]Item
	var out []Similar
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		out = nil
		for _, m := range found {
			s, ok, err := canonical(tx, m)
			if err != nil {
				return err
			}
			if ok && s.ID != item.ID && !slices.ContainsFunc(out, func(o Similar) bool { return o.ID == s.ID }) {
				out = append(out, s)
			}
		}
		all, err := selectQueue(tx, ed, Part{}, maxAlikeWaiting)
		waiting, texts = alike.Index{}, map[string]Item{}
		for _, i := range all {
			if i.ID != item.ID && i.Follows == "" && i.State == Received {
				texts[string(i.ID)] = i
				waiting.Add(string(i.ID), alike.Read(i.Text, places))
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, m := range waiting.Query(t, limit) {
		i := texts[m.ID]
		out = append(out, Similar{ID: i.ID, Text: i.Text, State: i.State, Language: i.Language, Waiting: true}.judged(m))
	}
	slices.SortStableFunc(out, func(a, b Similar) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	return out[:min(limit, len(out))], nil
}
