package edition

import (
	"slices"
	"strconv"

	"glosa"
	"glosa/civic/edition"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
)

func (p *Pages) advance(r *door.Request) (door.View, error) {
	return p.act(r, "advance", func(ed edition.Edition) error {
		_, err := p.Edition.Advance(r.Context(), r.Actor, ed.ID)
		return err
	})
}

func (p *Pages) waive(r *door.Request) (door.View, error) {
	return p.act(r, "waive_"+r.Value("gate"), func(ed edition.Edition) error {
		gate := r.Value("gate")
		_, err := p.Edition.Waive(r.Context(), r.Actor, ed.ID, glosa.Code(gate), r.Value("waive_"+gate+"_reason"))
		return err
	})
}

func (p *Pages) confirm(r *door.Request) (door.View, error) {
	return p.act(r, "confirm", func(ed edition.Edition) error {
		n, err := strconv.Atoi(r.Value("n"))
		if err != nil {
			return glosa.Missing("waiver", r.Value("n"))
		}
		return p.Edition.ConfirmWaiver(r.Context(), r.Actor, ed.ID, n)
	})
}

func (p *Pages) postpone(r *door.Request) (door.View, error) {
	return p.act(r, "postpone", func(ed edition.Edition) error {
		session, err := day(r.Value("postpone_session"), "session", ed.Zone)
		if err != nil {
			return err
		}
		return p.Edition.Postpone(r.Context(), r.Actor, ed.ID, r.Value("postpone_reason"), r.Value("postpone_note"), session)
	})
}

func (p *Pages) resume(r *door.Request) (door.View, error) {
	return p.act(r, "resume", func(ed edition.Edition) error {
		session, err := day(r.Value("resume_session"), "session", ed.Zone)
		if err != nil {
			return err
		}
		return p.Edition.Resume(r.Context(), r.Actor, ed.ID, r.Value("resume_reason"), session)
	})
}

func (p *Pages) cancel(r *door.Request) (door.View, error) {
	return p.act(r, "cancel", func(ed edition.Edition) error {
		return p.Edition.Cancel(r.Context(), r.Actor, ed.ID, r.Value("cancel_reason"), r.Value("cancel_note"))
	})
}

func (p *Pages) extend(r *door.Request) (door.View, error) {
	return p.act(r, "extend", func(ed edition.Edition) error {
		days, err := strconv.Atoi(r.Value("extend_days"))
		if err != nil {
			return glosa.WrongField("days", "ep.bad_days")
		}
		return p.Edition.Extend(r.Context(), r.Actor, ed.ID, edition.Stage(r.Value("extend_stage")), days, r.Value("extend_reason"))
	})
}

func (p *Pages) suspend(r *door.Request) (door.View, error) {
	return p.act(r, "suspend", func(ed edition.Edition) error {
		from, err := day(r.Value("suspend_from"), "from", ed.Zone)
		if err != nil {
			return err
		}
		to, err := day(r.Value("suspend_to"), "to", ed.Zone)
		if err != nil {
			return err
		}
		return p.Edition.Suspend(r.Context(), r.Actor, ed.ID, from, to, r.Value("suspend_reason"), r.Value("suspend_document"))
	})
}

func (p *Pages) freeze(r *door.Request) (door.View, error) {
	return p.act(r, "freeze", func(ed edition.Edition) error { return p.Edition.Freeze(r.Context(), r.Actor, ed.ID) })
}

func (p *Pages) criteria(r *door.Request) (door.View, error) {
	return p.act(r, "criteria", func(ed edition.Edition) error {
		_, err := p.Priority.Freeze(r.Context(), r.Actor, ed.ID)
		return err
	})
}

func (p *Pages) plan(r *door.Request) (door.View, error) {
	return p.act(r, "plan", func(ed edition.Edition) error {
		session, err := day(r.Value("plan_session"), "session", ed.Zone)
		if err != nil {
			return err
		}
		_, err = p.Edition.Plan(r.Context(), r.Actor, ed.ID, session, nil)
		return err
	})
}

// start is the form of a new edition.
type start struct {
	leaf.Page
	Problems leaf.Problems
	Presets  []leaf.Option
	Typed    func(name string) string
	Post     string
	Bound    string // said to whoever sits in one edition only
	Own      brought
}

func (p *Pages) newDesk(r *door.Request) (door.View, error) {
	s, err := p.start(r)
	if err != nil {
		return door.View{}, err
	}
	return door.View{Body: startPage(s)}, nil
}

func (p *Pages) start(r *door.Request) (s start, err error) {
	if err := r.Actor.May("edition.found"); err != nil {
		return s, err
	}
	names, err := who.Read(r.Context(), p.People, r.Words)
	if err != nil {
		return s, err
	}
	s = start{Page: leaf.From(r, r.Words.T("ep.new")), Post: names.Actor(r.Actor), Typed: r.Value}
	s.NoIndex, s.Signed, s.State, s.More = true, s.Post, r.Words.T("ep.new.state"), r.Words.T("ep.new.more")
	if r.Actor.Edition != "" {
		own, err := p.Edition.Get(r.Context(), r.Actor.Edition)
		if err != nil {
			return s, err
		}
		s.Bound, s.Typed = r.Words.T("ep.new.bound"), typedOr(r, "series", string(own.Series))
	}
	s.Presets, err = presets(r)
	return s, err
}

// typedOr is what was typed, and for one field what stands there at first.
func typedOr(r *door.Request, field, first string) func(string) string {
	return func(name string) string {
		if typed := r.Value(name); typed != "" || name != field {
			return typed
		}
		return first
	}
}

// presets are the protocols that ship, each with its earliest session day.
func presets(r *door.Request) (out []leaf.Option, err error) {
	names := edition.Templates()
	if r.Site.Demo {
		names = append(names, edition.Rehearsals()...)
	}
	for _, name := range names {
		raw, err := edition.Template(name)
		if err != nil {
			return nil, err
		}
		pr, err := edition.ParseProtocol(raw)
		if err != nil {
			return nil, err
		}
		earliest := edition.Lay(pr, r.Now, r.Now).Earliest
		out = append(out, leaf.Option{Value: name, Text: pr.Name.In(r.Lang), Hint: r.Words.T("fa.soon", "date", r.Words.Date(earliest.In(pr.Location())))})
	}
	return append(out, leaf.Option{Value: own, Text: r.Words.T("ep.own"), Hint: r.Words.T("ep.own.how")}), nil
}

func (p *Pages) found(r *door.Request) (door.View, error) {
	s, err := p.start(r)
	if err != nil {
		return door.View{}, err
	}
	text := ""
	if r.Value("protocol") == own {
		if s.Own, err = bring(r, nil, ""); err != nil {
			return door.View{}, err
		}
		if len(s.Own.Faults) > 0 {
			s.Problems, _ = leaf.ProblemsOf(r.Words, s.Own.problem())
			return door.Redo(startPage(s))
		}
		if !s.Own.shown(r) {
			return door.View{Body: startPage(s)}, nil
		}
		text = s.Own.Text
	}
	f, err := founding(r, s.Presets, text)
	if err == nil {
		err = p.Edition.Found(r.Context(), r.Actor, f)
	}
	if err == nil {
		to := r.To("/mesa/edicion", string(f.ID))
		if r.Actor.MayIn("edition.plan", f.ID) != nil {
			to = r.To("/ediciones", string(f.ID)) // whoever sits in another edition has no desk in this one
		}
		return door.Done(to, chain.Tags(edition.Edition{ID: f.ID})...)
	}
	problems, wrong := leaf.ProblemsOf(r.Words, err)
	if !wrong {
		return door.View{}, err
	}
	s.Problems = problems
	return door.Redo(startPage(s))
}

// founding reads the form. In a demonstration every new edition is synthetic.
// text is a protocol of one's own; "" when one that is offered was chosen.
func founding(r *door.Request, offered []leaf.Option, text string) (f edition.Founding, err error) {
	f = edition.Founding{ID: glosa.EditionID(r.Value("id")), Series: glosa.SeriesID(r.Value("series")), Name: r.Value("name"),
		Code: r.Value("code"), Synthetic: r.Site.Demo,
		Place: edition.Place{Venue: r.Value("venue"), Address: r.Value("address"), City: r.Value("city"), Access: r.Value("access")}}
	f.Number, _ = strconv.Atoi(r.Value("number")) // 0 is refused by name
	if f.Protocol = []byte(text); text == "" {
		if !slices.ContainsFunc(offered, func(o leaf.Option) bool { return o.Value == r.Value("protocol") }) {
			return f, glosa.WrongField("protocol", "ep.bad_preset")
		}
		if f.Protocol, err = edition.Template(r.Value("protocol")); err != nil {
			return f, glosa.WrongField("protocol", "ep.bad_preset")
		}
	}
	pr, err := edition.ParseProtocol(f.Protocol)
	if err != nil {
		return f, err
	}
	f.Session, err = day(r.Value("session"), "session", pr.Location())
	return f, err
}
