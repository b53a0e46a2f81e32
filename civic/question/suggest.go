package question

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"glosa"
	"glosa/civic/people"
	"glosa/db"
	"glosa/method/alike"
)

// Suggested is where a question may belong. A person decides.
type Suggested struct {
	Institution glosa.InstitutionKey // "" when nothing points anywhere
	Theme       glosa.Code
	Addressee   bool               // its author said so
	Words       []string           // of the institution's name, that the question says
	Near        []glosa.QuestionID // routed questions like it
}

// SuggestRoute proposes institution and theme for an admitted question: whom its
// author addressed, else where questions near it went (each a vote of its
// score), else the institution whose name it says most of.
// Errors: Denied; NotFound.
func (d *Desk) SuggestRoute(ctx context.Context, by glosa.Actor, ed glosa.EditionID, id glosa.QuestionID) (s Suggested, err error) {
	if err := by.MayIn(actRoute, ed); err != nil {
		return s, err
	}
	p, err := d.Page(ctx, id)
	if err != nil || p.Text == "" {
		return s, err
	}
	near, err := d.Similar(ctx, p.Edition, p.Text, 10)
	if err != nil {
		return s, err
	}
	places, themes := map[glosa.InstitutionKey]float64{}, map[glosa.Code]float64{}
	for _, n := range near {
		if n.ID != id && n.Institution != "" {
			places[n.Institution] += n.Score
			themes[n.Theme] += n.Score
			s.Near = append(s.Near, n.ID)
		}
	}
	delete(themes, "")
	s.Institution, s.Theme = most(places), most(themes)
	if p.Addressed != "" {
		s.Institution, s.Addressee = p.Addressed, true
	}
	if s.Institution == "" {
		err = d.DB.Read(ctx, func(tx *db.Tx) error {
			all, err := people.Institutions(tx, tx.Now)
			s.Institution, s.Words = nearestName(p.Text, all)
			return err
		})
	}
	return s, err
}

// most is what got the most votes; of equal ones the smaller.
func most[K cmp.Ordered](votes map[K]float64) (best K) {
	for _, k := range slices.Sorted(maps.Keys(votes)) {
		if votes[k] > votes[best] {
			best = k
		}
	}
	return best
}

// nearestName is the institution of whose name a text says most, and which words.
func nearestName(text string, all []people.Institution) (key glosa.InstitutionKey, words []string) {
	t, share := alike.Read(text, nil), 0.0
	for _, i := range all {
		name := alike.Read(i.Name, nil)
		shared := alike.Shared(name, t)
		if part := float64(len(shared)) / float64(max(1, name.Words())); len(shared) > 0 && (part > share || part == share && i.Key < key) {
			key, words, share = i.Key, shared, part
		}
	}
	return key, words
}
