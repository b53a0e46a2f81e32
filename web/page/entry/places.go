package entry

import (
	"slices"
	"strings"

	"glosa"
	"glosa/auth"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
	"glosa/web/text"
)

// register is the desk of places and posts: what the protocol asks for, who
// stands in for whom, what was handed on, and the offices of one's own side.
type register struct {
	leaf.Page
	edition  edition.Edition
	side     glosa.Side
	places   []people.Place
	missing  int // places of the protocol that are still to be made
	names    who.Names
	problems leaf.Problems
	form     string // the form that came back
	typed    func(name string) string
	picked   []string // acts ticked in the form that came back
	code     string   // just made: shown once
	codeFor  string
	invites  string // address of the desk of invitations
	today    string
}

func (p *Pages) register(r *door.Request) (door.View, error) {
	d, err := p.registerOf(r)
	if err != nil {
		return door.View{}, err
	}
	return door.View{Body: registerPage(d)}, nil
}

func (p *Pages) registerOf(r *door.Request) (d register, err error) {
	id := glosa.EditionID(r.Path("edition"))
	d.places, d.missing, err = p.People.Roster(r.Context(), r.Actor, id)
	if err != nil {
		return d, err
	}
	if d.edition, err = p.Edition.Get(r.Context(), id); err != nil {
		return d, err
	}
	if d.names, err = who.Read(r.Context(), p.People, r.Words); err != nil {
		return d, err
	}
	d.side, d.typed = r.Actor.Side, func(string) string { return "" }
	d.invites = r.To("/mesa/invitaciones", string(id))
	d.today = string(people.DayOf(r.Now.In(d.edition.Zone)))
	d.Page = leaf.From(r, r.Words.T("en.reg.title"))
	d.Path = "/mesa/lugares/" + string(id)
	d.State, d.More = r.Words.T("en.reg.state"), r.Words.T("en.inv.own."+string(d.side))
	if d.missing > 0 {
		d.State = r.Words.T("en.reg.missing", "n", r.Words.N(d.missing))
	}
	d.Margin = leaf.Margin{Head: chain.Name(r.Words, d.edition), Lines: leaf.Notes(chain.Word(r.Words, d.edition.StageAt(r.Now)))}
	d.Crumbs = []leaf.Link{{Text: r.Words.T("en.desk.title"), Href: r.To("/mesa")}}
	d.Synthetic, d.NoIndex, d.Signed = d.edition.Synthetic, true, d.names.Actor(r.Actor)
	return d, nil
}

// deed does one act of the desk. Wrong fields show the desk again, with that form open.
func (p *Pages) deed(r *door.Request, do func(d *register) error) (door.View, error) {
	if !r.Signed {
		return door.Done(r.To("/entrar"))
	}
	d, err := p.registerOf(r)
	if err != nil {
		return door.View{}, err
	}
	err = do(&d)
	problems, wrong := leaf.ProblemsOf(r.Words, err)
	switch {
	case wrong:
		d.form, d.typed, d.picked = r.Value("form"), r.Value, r.Form["acts"]
		d.problems = problems.In(d.form)
		return door.Redo(registerPage(d))
	case err != nil:
		return door.View{}, err
	case d.code == "":
		return door.Done(d.To("/mesa/lugares", string(d.edition.ID)), chain.Tags(d.edition)...)
	}
	code, whose := d.code, d.codeFor
	if d, err = p.registerOf(r); err != nil {
		return door.View{}, err
	}
	d.code, d.codeFor = code, whose
	return door.View{Body: registerPage(d)}, nil
}

// seatAll makes the places of the protocol: from here, or from the invitations.
func (p *Pages) seatAll(r *door.Request) (door.View, error) {
	if !r.Signed {
		return door.Done(r.To("/entrar"))
	}
	id := glosa.EditionID(r.Path("edition"))
	if _, err := p.People.SeatAll(r.Context(), r.Actor, id); err != nil {
		return door.View{}, err
	}
	to := r.To("/mesa/lugares", string(id))
	if r.Value("back") == "invitaciones" {
		to = r.To("/mesa/invitaciones", string(id))
	}
	return door.Done(to, "edition:"+string(id))
}

func (p *Pages) unseat(r *door.Request) (door.View, error) {
	return p.deed(r, func(d *register) error {
		return p.People.Unseat(r.Context(), r.Actor, d.edition.ID, r.Value("seat"))
	})
}

// end writes the last day of a sitting or of a tenure.
func (p *Pages) end(r *door.Request) (door.View, error) {
	return p.deed(r, func(d *register) error {
		to := people.Day(r.Value("to"))
		if r.Value("tenure") != "" {
			return p.People.Leave(r.Context(), r.Actor, r.Value("tenure"), to)
		}
		return p.People.Rise(r.Context(), r.Actor, d.edition.ID, r.Value("seat"), r.Value("sitting"), to)
	})
}

// papered reads the document of a form, before anybody is enrolled for nothing.
func papered(r *door.Request) (doc people.Document, from, to people.Day, err error) {
	doc.Title = r.Value("title")
	if doc.Digest, err = digestOf(r.Files["document"]); err != nil {
		return doc, "", "", err
	}
	var wrong []glosa.Field
	if doc.Digest.IsZero() {
		wrong = append(wrong, glosa.Field{Name: "document", Key: "pe.document"})
	}
	if doc.Title == "" {
		wrong = append(wrong, glosa.Field{Name: "title", Key: "pe.title"})
	}
	from, to = people.Day(r.Value("from")), people.Day(r.Value("to"))
	for _, x := range []struct {
		name string
		ok   bool
	}{{"from", from.Valid()}, {"to", to.Valid() && to >= from}} {
		if !x.ok {
			wrong = append(wrong, glosa.Field{Name: x.name, Key: "pe.date"})
		}
	}
	if len(wrong) > 0 {
		return doc, from, to, glosa.Wrong(wrong...)
	}
	return doc, from, to, nil
}

// substitute puts a new person in the holder's place for some days, and makes
// their code when those days have begun.
func (p *Pages) substitute(r *door.Request) (door.View, error) {
	return p.deed(r, func(d *register) error {
		doc, from, to, err := papered(r)
		if err != nil {
			return err
		}
		human, err := p.People.Enrol(r.Context(), r.Actor)
		if err != nil {
			return err
		}
		seat := r.Value("seat")
		if _, err = p.People.Sit(r.Context(), r.Actor, d.edition.ID, people.Sitting{Seat: seat, Human: human, Substitute: true,
			From: from, To: to, Document: doc}); err != nil || string(from) > d.today {
			return err
		}
		var g auth.Grant
		if d.code, g, err = p.Auth.InviteToSeat(r.Context(), r.Actor, d.edition.ID, seat); err != nil {
			return err
		}
		d.codeFor = d.names.Actor(g.Actor()) + ", " + r.Words.T("en.reg.substitute")
		return nil
	})
}

// delegate gives some acts of a post to a new person, and makes their code when
// the days have begun.
func (p *Pages) delegate(r *door.Request) (door.View, error) {
	return p.deed(r, func(d *register) error {
		doc, from, to, err := papered(r)
		if err != nil {
			return err
		}
		g := people.Delegation{Post: glosa.PostKey(r.Value("post")), From: from, To: to, Document: doc}
		for _, act := range r.Form["acts"] {
			g.Acts = append(g.Acts, glosa.Act(act))
		}
		if len(g.Acts) == 0 {
			return glosa.WrongField("acts", "pe.acts")
		}
		if g.Human, err = p.People.Enrol(r.Context(), r.Actor); err != nil {
			return err
		}
		id, err := p.People.Delegate(r.Context(), r.Actor, g)
		if err != nil || string(from) > d.today {
			return err
		}
		if d.code, _, err = p.Auth.InviteToDelegation(r.Context(), r.Actor, d.edition.ID, id); err != nil {
			return err
		}
		d.codeFor = d.names.Post(g.Post) + ", " + r.Words.T("en.reg.delegate")
		return nil
	})
}

func (p *Pages) undelegate(r *door.Request) (door.View, error) {
	return p.deed(r, func(*register) error { return p.People.EndDelegation(r.Context(), r.Actor, r.Value("delegation")) })
}

// newPost registers a post of an institution of one's own side.
func (p *Pages) newPost(r *door.Request) (door.View, error) {
	return p.deed(r, func(d *register) error {
		key := glosa.InstitutionKey(r.Value("institution"))
		if !d.names.Knows(key) {
			return glosa.WrongField("institution", "en.reg.pick")
		}
		post := people.Post{Key: glosa.PostKey(r.Value("key")), Institution: key, Side: d.side,
			Title: people.Words{ES: r.Value("title"), EN: r.Value("title_en")}, Roles: []glosa.Role{glosa.Role(r.Value("roles"))}}
		if slices.ContainsFunc(d.places, func(x people.Place) bool { return x.Post.Key == post.Key && post.Key != "" }) {
			return glosa.WrongField("key", "en.reg.twice")
		}
		return p.People.RegisterPost(r.Context(), r.Actor, post)
	})
}

// newInstitution registers an institution of one's own side in the edition's territory.
func (p *Pages) newInstitution(r *door.Request) (door.View, error) {
	return p.deed(r, func(d *register) error {
		i := people.Institution{Key: glosa.InstitutionKey(r.Value("key")), Territory: d.edition.Territory, Name: r.Value("name"),
			Side: d.side, Sector: people.Sector(r.Value("sector"))}
		if d.names.Knows(i.Key) {
			return glosa.WrongField("key", "en.reg.twice")
		}
		return p.People.RegisterInstitution(r.Context(), r.Actor, i)
	})
}

// called is the name of a place.
func (d register) called(x people.Place) string {
	if x.Post.Key != "" {
		return d.names.Post(x.Post.Key)
	}
	return d.names.By(glosa.Actor{Side: x.Seat.Side, Seat: x.Seat.Number}.By())
}

// of are the seats, or the posts, those that somebody holds first.
func (d register) of(posts bool) (out []people.Place) {
	for _, x := range d.places {
		if (x.Post.Key != "") == posts {
			out = append(out, x)
		}
	}
	slices.SortStableFunc(out, func(a, b people.Place) int { return min(len(b.Tenures), 1) - min(len(a.Tenures), 1) })
	return out
}

// removes tells whether a seat that nobody had may still be taken away.
func (d register) removes() bool { return !d.edition.Reached(edition.IntakeClosed) }

func (d register) deed(path string) string {
	return d.To("/mesa/lugares", string(d.edition.ID), path)
}

// field is one field of one of the desk's many forms, with what was typed there.
func (d register) field(form, name, label string) leaf.Field {
	f := leaf.Field{Name: name, Form: form, Label: label, Max: 200, Required: true}
	if d.form == form {
		f.Value, f.Error = d.typed(name), d.problems.For(name)
	}
	return f
}

func (d register) day(form, name, label string) leaf.Field {
	f := d.field(form, name, label)
	f.Type, f.Max = "date", 0
	if f.Value == "" && name == "from" {
		f.Value = d.today
	}
	return f
}

func (d register) file(form string) leaf.Field {
	f := d.field(form, "document", d.Words.T("en.inv.file"))
	f.Type, f.Hint, f.Value, f.Max = "file", d.Words.T("en.reg.file.hint"), "", 0
	return f
}

func (d register) choice(form, name, label string, options []leaf.Option) leaf.Field {
	f := d.field(form, name, label)
	f.Options, f.Max = options, 0
	return f
}

// acts are what can be handed on of a post: what its roles may do, and need not
// be done in person.
func acts(w *text.Words, p people.Post) (out []leaf.Option) {
	holder := glosa.Actor{Human: "h", Post: p.Key, Institution: p.Institution, Side: p.Side, Roles: p.Roles}
	for _, act := range glosa.Acts() {
		if key := "en.act." + string(act); w.Has(key) && people.Delegable(act) && holder.May(act) == nil {
			out = append(out, leaf.Option{Value: string(act), Text: w.T(key)})
		}
	}
	return out
}

// handed says what a delegation covers and until when.
func (d register) handed(g people.Delegation) string {
	said := make([]string, len(g.Acts))
	for i, act := range g.Acts {
		said[i] = d.Words.T("en.act." + string(act))
	}
	return d.Words.T("en.reg.handed", "acts", strings.Join(said, ", "), "from", d.on(g.From), "to", d.on(g.To))
}

func (d register) on(day people.Day) string { return d.Words.Day(day.Time()) }

// institutions are those of one's own side.
func (d register) institutions() []leaf.Option {
	out := []leaf.Option{{Text: d.Words.T("en.inv.choose")}}
	for _, key := range d.names.List(d.side) {
		out = append(out, leaf.Option{Value: string(key), Text: d.names.Institution(key)})
	}
	return out
}

func (d register) postRoles() []leaf.Option {
	return desk{side: d.side}.roleOptions(d.Words)
}

func (d register) hinted(form, name, label, hint string) leaf.Field {
	f := d.field(form, name, label)
	f.Hint, f.Max = hint, 64
	return f
}

// ticked tells whether an act was ticked in the form that came back.
func (d register) ticked(p people.Post, act string) bool {
	return d.form == "del-"+string(p.Key) && slices.Contains(d.picked, act)
}
