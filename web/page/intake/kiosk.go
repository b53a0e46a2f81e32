package intake

import (
	"crypto/rand"
	"net/http"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/question"
	civic "glosa/civic/question/intake"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// stand is the form of a shared device, or the receipt that it shows once. No
// script is on it, and its one cookie is the desk's: nothing of a person stays.
type stand struct {
	leaf.Page
	s        scene
	table    civic.Table
	problems leaf.Problems
	taken    *question.Receipt
	open     bool
	unlocked bool       // this device is the desk's kiosk
	held     *door.Held // many ask at once: when it passes
	ticket   string     // with which it passes already
	here     string
	once     string

	code, text, context, municipality, language leaf.Field
}

func (p *Pages) kiosk(r *door.Request) (door.View, error) {
	k, err := p.stand(r, leaf.Problems{}, nil)
	if err != nil {
		return door.View{}, err
	}
	return door.View{Body: kioskPage(k), NoStore: true}, nil
}

func (p *Pages) stand(r *door.Request, problems leaf.Problems, taken *question.Receipt) (k stand, err error) {
	t, err := p.Intake.Kiosk(r.Context(), civic.DeskID(r.Path("desk")))
	if err == nil && string(t.Edition) != r.Path("edition") {
		err = glosa.Missing("desk", r.Path("desk"))
	}
	if err != nil {
		return k, err
	}
	s, err := p.scene(r)
	if err != nil {
		return k, err
	}
	w := r.Words
	k = stand{s: s, table: t, problems: problems, taken: taken, once: rand.Text(), ticket: r.Value("ticket"),
		here: r.To("/ediciones", string(t.Edition), "kiosco", string(t.ID)), Page: leaf.From(r, w.T("a.title"))}
	k.NoIndex, k.Synthetic = true, s.Edition.Synthetic
	k.Margin = leaf.Margin{Head: t.Name, Lines: leaf.Notes(w.T("it.kiosk.note"))}
	if _, k.open = s.Edition.Accepts(r.Now); !k.open {
		k.State = w.T("s.closed") + "."
	}
	if k.unlocked, err = p.Intake.Unlocked(r.Context(), t.ID, r.CookieValue(door.KioskCookie)); err != nil {
		return k, err
	}
	if problems.Any() && r.Value("once") != "" {
		k.once = r.Value("once") // what waited, waited under this mark
	}
	if taken != nil {
		k.Title, k.State = w.T("r.title"), w.T("r.next", "date", w.Date(taken.ReviewBy.In(s.Edition.Zone)))+"."
	}
	k.boxes(r)
	return k, nil
}

// boxes are what is typed on the shared screen; after a receipt nothing of it stands.
func (k *stand) boxes(r *door.Request) {
	w, s, problems, taken := r.Words, k.s, k.problems, k.taken
	box := func(name, label, hint string) leaf.Field {
		f := leaf.Field{Name: name, Label: w.T(label), Error: problems.For(name)}
		if hint != "" {
			f.Hint = w.T(hint)
		}
		f.Value = r.Form.Get(name)
		if taken != nil {
			f.Value = ""
		}
		return f
	}
	k.code = box("code", "it.kiosk.code", "it.kiosk.code.hint")
	k.code.Required = true
	limits, languages := edition.Limits{}, []string{"es"}
	if pr := s.Edition.Protocol; pr != nil {
		limits, languages = pr.Limits, pr.Languages
	}
	k.text = box("text", "qt.ask.text", "a.hint")
	k.text.Max, k.text.Required = limits.QuestionLetters, true
	k.context = box("context", "qt.ask.context", "")
	k.context.Max = limits.ContextLetters
	place := string(k.table.Municipality)
	if r.Form.Has("municipality") && taken == nil {
		place = r.Form.Get("municipality")
	}
	k.municipality = s.municipality(place, problems, true)
	k.municipality.Label = w.T("a.where")
	k.language = box("language", "qt.ask.language", "")
	if k.language.Value == "" {
		k.language.Value = w.Lang
	}
	for _, l := range languages {
		k.language.Options = append(k.language.Options, leaf.Option{Value: l, Text: spoken(s, l)})
	}
}

// ask takes a question in at a kiosk and shows its receipt.
func (p *Pages) ask(r *door.Request) (door.View, error) {
	f := form(r)
	f.Name = "" // a shared screen asks nobody's name
	k, err := p.stand(r, leaf.Problems{}, nil)
	if err != nil {
		return door.View{}, err
	}
	if !k.unlocked {
		return door.View{Body: kioskPage(k), NoStore: true, Status: http.StatusForbidden}, nil
	}
	gate := door.GateOf(r.Context())
	if held := gate.Ask(r.Knock()); held != nil {
		k.held, k.ticket, k.once = held, held.Ticket, r.Value("once")
		return door.View{Body: kioskPage(k), NoStore: true, Status: http.StatusTooManyRequests, RetryAfter: held.Seconds()}, nil
	}
	f.Pace = gate.Pace(f.Text)
	rc, err := p.Intake.Ask(r.Context(), glosa.Citizen(), k.table.ID, r.CookieValue(door.KioskCookie), f)
	if err != nil {
		gate.Back()
	}
	problems, wrong := leaf.ProblemsOf(r.Words, err)
	if err != nil && !wrong {
		return door.View{}, err
	}
	v := door.View{NoStore: true}
	taken := &rc
	if wrong {
		taken, v.Status = nil, http.StatusUnprocessableEntity
	}
	k, err = p.stand(r, problems, taken)
	v.Body = kioskPage(k)
	return v, err
}

// unlock makes this device the desk's kiosk, by the code that the desk was shown.
func (p *Pages) unlock(r *door.Request) (door.View, error) {
	k, err := p.stand(r, leaf.Problems{}, nil)
	if err != nil {
		return door.View{}, err
	}
	device, err := p.Intake.Unlock(r.Context(), k.table.ID, r.Value("code"))
	if problems, wrong := leaf.ProblemsOf(r.Words, err); wrong {
		if k, err = p.stand(r, problems, nil); err != nil {
			return door.View{}, err
		}
		return door.View{Body: kioskPage(k), NoStore: true, Status: http.StatusUnprocessableEntity}, nil
	}
	if err != nil {
		return door.View{}, err
	}
	return door.View{Go: k.here, Cookies: []*http.Cookie{r.Cookie(door.KioskCookie, device, civic.DeviceLasts)}}, nil
}

// invite shows a code that opens one device as the kiosk, this once.
func (p *Pages) invite(r *door.Request) (door.View, error) {
	room, err := p.here(r)
	if err != nil {
		return door.View{}, err
	}
	code, until, err := p.Intake.Invite(r.Context(), r.Actor, room.ID)
	if err != nil {
		return door.View{}, err
	}
	d, err := p.deskOf(r, leaf.Problems{}, nil)
	if err != nil {
		return door.View{}, err
	}
	d.code, d.codeUntil = code, r.Words.Hour(until.In(d.s.Edition.Zone))
	return door.View{Body: deskPage(d), NoStore: true}, nil
}

// device says since when a device is the kiosk, or that its code waits.
func (d desk) device(x civic.Device) string {
	if x.Opened.IsZero() {
		return d.Words.T("it.kiosk.waits", "time", d.Words.Hour(x.Until.In(d.s.Edition.Zone)))
	}
	return d.Words.T("it.kiosk.since", "date", d.Words.Date(x.Opened.In(d.s.Edition.Zone)))
}

// shut takes a device's leave away.
func (p *Pages) shut(r *door.Request) (door.View, error) {
	room, err := p.here(r)
	if err == nil {
		err = p.Intake.Shut(r.Context(), r.Actor, room.ID, r.Value("device"))
	}
	if err != nil {
		return door.View{}, err
	}
	return door.Done(at(r, room.ID) + "#kiosco")
}
