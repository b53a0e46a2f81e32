package panel

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"glosa"
	"glosa/db"
)

// How lists of what is official name this room's objects.
const (
	sortMesa    = "mesa"
	sortMinutes = "minutes"
)

// Officials hands out what this room publishes of every mesa and of all minutes,
// as the tables have it: what [Fold] says of the leaves must be the same. What a
// console has not settled yet, and minutes that were not sent round, are left out.
func (d *Desk) Officials(ctx context.Context, emit func(glosa.Official) error) error {
	var out []glosa.Official
	err := d.DB.Read(ctx, func(tx *db.Tx) error {
		out = nil
		mesas, err := selectEveryMesa(tx)
		if err != nil {
			return err
		}
		for _, m := range mesas {
			some, err := m.officials(tx)
			if err != nil {
				return err
			}
			out = append(out, some...)
		}
		all, err := selectEveryMinutes(tx)
		for i := 0; i < len(all) && err == nil; i++ {
			var some []glosa.Official
			some, err = all[i].officials(tx)
			out = append(out, some...)
		}
		return err
	})
	for i := 0; i < len(out) && err == nil; i++ {
		err = emit(out[i])
	}
	return err
}

func (m Mesa) officials(tx *db.Tx) ([]glosa.Official, error) {
	s := &glosa.Sheet{Of: sortMesa, ID: string(m.ID)}
	s.Text("theme", m.Theme)
	s.Number("minutes", m.Minutes)
	s.Word("state", string(m.State))
	places, err := selectPlaces(tx, m.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range places {
		key := "chair." + p.Chair.Key()
		s.Word(key, chairWord(p.Chair.Side, string(p.Duty), p.Institution, p.Delegable))
		if p.State != Expected {
			s.Word(key+".presence", presenceWord(string(p.State), p.Substitute, string(p.Note)))
		}
		s.Word(key+".word", string(p.Word))
		s.Text(key+".objection", p.Objection)
	}
	items, err := selectItems(tx, m.ID)
	order := make([]string, len(items))
	for i, x := range items {
		order[i] = string(x.Question)
		if x.Settled {
			s.Word("item."+string(x.Question), itemWord(string(x.Outcome), x.Second, string(x.Reason)))
		}
	}
	s.Word("order", strings.Join(order, " "))
	return s.List, err
}

func chairWord(side glosa.Side, duty string, institution glosa.InstitutionKey, delegable bool) string {
	return strings.TrimSpace(fmt.Sprintf("%s %s delegable=%t %s", side, duty, delegable, institution))
}

func presenceWord(state string, substitute bool, note string) string {
	return strings.TrimSpace(fmt.Sprintf("%s substitute=%t %s", state, substitute, note))
}

func itemWord(outcome string, second int, reason string) string {
	return strings.TrimSpace(fmt.Sprintf("%s %d %s", outcome, second, reason))
}

func (m Minutes) officials(tx *db.Tx) ([]glosa.Official, error) {
	s := &glosa.Sheet{Of: sortMinutes, ID: string(m.ID)}
	s.Word("stage", string(m.Stage))
	if m.Stage == Draft {
		return s.List, nil
	}
	versions, err := selectVersions(tx, m.ID)
	if err != nil {
		return nil, err
	}
	for _, v := range versions {
		what := "version." + strconv.Itoa(v.Number)
		js, err := glosa.JCS(v.Text)
		if err != nil {
			return nil, err
		}
		s.Text(what, string(js))
		s.Text(what+".reason", v.Reason)
		for _, g := range v.Signed {
			s.Word(what+"."+string(g.Side), g.By)
		}
		if !v.Published.IsZero() {
			s.Word(what+".published", "yes")
		}
	}
	remarks, err := selectRemarks(tx, m.ID)
	for i, r := range remarks {
		s.Text("remark."+strconv.Itoa(i+1), r.Text)
		s.Word("remark."+strconv.Itoa(i+1)+".by", remarkWord(r.Version, r.By))
	}
	return s.List, err
}

func remarkWord(version int, by string) string { return strconv.Itoa(version) + " " + by }

// Fold reads one public event and says what the tables must have after it.
func Fold(l glosa.Ledger, e glosa.Event) error {
	switch e.Kind {
	case evMesa.Name, evSeated.Name, evUnseated.Name, evOrder.Name, evSession.Name, evAttended.Name, evWord.Name, evItem.Name:
		return foldMesa(l, e)
	}
	return foldMinutes(l, e)
}

func foldMesa(l glosa.Ledger, e glosa.Event) error {
	say := func(what, word string) { l.Say(sortMesa, e.Subject, what, word) }
	switch e.Kind {
	case evMesa.Name:
		b, err := glosa.BodyOf[mesaBody](e)
		l.SayText(sortMesa, e.Subject, "theme", b.Theme)
		say("minutes", glosa.NumberWord(b.Minutes))
		if l.Word(sortMesa, e.Subject, "state") == "" {
			say("state", string(Ready))
		}
		return err
	case evSession.Name:
		b, err := glosa.BodyOf[sessionBody](e)
		say("state", string(b.State))
		return err
	case evOrder.Name:
		b, err := glosa.BodyOf[orderBody](e)
		order := make([]string, len(b.Questions))
		for i, q := range b.Questions {
			order[i] = string(q)
		}
		say("order", strings.Join(order, " "))
		return err
	case evItem.Name:
		b, err := glosa.BodyOf[itemBody](e)
		say("item."+string(b.Question), itemWord(string(b.Outcome), b.Second, string(b.Reason)))
		return err
	}
	return foldChair(l, e)
}

// foldChair reads who sits at a mesa, who came, and what they say of it.
func foldChair(l glosa.Ledger, e glosa.Event) error {
	b, err := glosa.BodyOf[struct {
		placeBody
		State      glosa.Code `json:"state"`
		Substitute bool       `json:"substitute"`
		Note       glosa.Code `json:"note"`
		Disputed   bool       `json:"disputed"`
		Said       glosa.Hash `json:"said"`
	}](e)
	if err != nil {
		return err
	}
	key := "chair." + b.Chair.Key()
	say := func(what, word string) { l.Say(sortMesa, e.Subject, key+what, word) }
	switch e.Kind {
	case evSeated.Name:
		say("", chairWord(b.Chair.Side, string(b.Duty), b.Institution, b.Delegable))
	case evUnseated.Name:
		say("", "")
		say(".presence", "")
		say(".word", "")
		l.SayText(sortMesa, e.Subject, key+".objection", glosa.Hash{})
	case evAttended.Name:
		say(".presence", presenceWord(string(b.State), b.Substitute, string(b.Note)))
		say(".word", "")
		l.SayText(sortMesa, e.Subject, key+".objection", glosa.Hash{})
	case evWord.Name:
		word := Confirmed
		if b.Disputed {
			word = Disputed
		}
		say(".word", string(word))
		l.SayText(sortMesa, e.Subject, key+".objection", b.Said)
	}
	return nil
}

// foldMinutes reads the acts on minutes. What was written before they were sent
// round becomes public with that.
func foldMinutes(l glosa.Ledger, e glosa.Event) error {
	b, err := glosa.BodyOf[struct {
		minutesBody
		Side   glosa.Side `json:"side"`
		Reason glosa.Hash `json:"reason"`
	}](e)
	if err != nil {
		return err
	}
	say := func(what, word string) { l.Say(sortMinutes, e.Subject, what, word) }
	text := func(what string, h glosa.Hash) { l.SayText(sortMinutes, e.Subject, what, h) }
	what := "version." + strconv.Itoa(b.Version)
	stage := Stage(l.Word(sortMinutes, e.Subject, "stage"))
	switch e.Kind {
	case evDrafted.Name:
		if stage == "" || stage == Draft {
			say("stage", string(Draft))
			text("."+what, b.Digest)
			return nil
		}
		text(what, b.Digest)
	case evComment.Name:
		say("stage", string(Comment))
		for n := 1; n <= b.Version; n++ {
			was := "version." + strconv.Itoa(n)
			l.Move(sortMinutes, e.Subject, "."+was, e.Subject, was)
		}
		text(what, b.Digest)
	case evRemark.Name:
		n, _ := strconv.Atoi(l.Word(sortMinutes, e.Subject, ".remarks"))
		say(".remarks", strconv.Itoa(n+1))
		text("remark."+strconv.Itoa(n+1), b.Digest)
		say("remark."+strconv.Itoa(n+1)+".by", remarkWord(b.Version, e.By))
	case evToSign.Name:
		say("stage", string(ToSign))
	case evSigned.Name:
		say(what+"."+string(b.Side), e.By)
	case evPublished.Name:
		say("stage", string(Published))
		text(what, b.Digest)
		say(what+".published", "yes")
	case evAnnex.Name:
		say("stage", string(Annexing))
		text(what, b.Digest)
		text(what+".reason", b.Reason)
	}
	return nil
}
