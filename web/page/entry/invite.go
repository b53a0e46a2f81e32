package entry

import (
	"crypto/sha256"
	"io"
	"mime/multipart"
	"slices"
	"strings"
	"time"

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

// desk is the desk of invitations: the facilitator's, with the places of civil
// society and the Observatory, or the governor's office's, with the government's.
type desk struct {
	side     glosa.Side // whose people are named here
	action   string
	zone     *time.Location
	chairs   []auth.Chair
	names    who.Names
	problems leaf.Problems
	picked   string // the place of the form that is shown again
	title    string
	code     string // a code just made: shown once, stored nowhere
	codeFor  string

	missing   int           // places of the protocol that are still to be made
	register  string        // address of the desk of places and posts
	wrongSeat leaf.Problems // of the form of a new seat
	typed     func(name string) string
}

// place is the value of a chair in the form: "seat:ID" or "post:KEY".
func place(c auth.Chair) string {
	if c.Post.Key != "" {
		return "post:" + string(c.Post.Key)
	}
	return "seat:" + c.Seat.ID
}

// called is the name of a chair.
func (d desk) called(c auth.Chair) string {
	if c.Post.Key != "" {
		return d.names.Post(c.Post.Key)
	}
	return d.names.By(glosa.Actor{Side: c.Seat.Side, Seat: c.Seat.Number}.By())
}

func (p *Pages) chairs(r *door.Request) (door.View, error) {
	ed, d, err := p.desk(r)
	if err != nil {
		return door.View{}, err
	}
	return door.View{Body: invitePage(p.deskLeaf(r, ed, d), d)}, nil
}

// desk reads the chairs of an edition. An edition that does not exist and one
// that is somebody else's are told apart only by those who may invite at all.
func (p *Pages) desk(r *door.Request) (edition.Edition, desk, error) {
	id := glosa.EditionID(r.Path("edition"))
	chairs, err := p.Auth.Chairs(r.Context(), r.Actor, id)
	if err != nil {
		return edition.Edition{}, desk{}, err
	}
	ed, err := p.Edition.Get(r.Context(), id)
	if err != nil {
		return ed, desk{}, err
	}
	_, missing, err := p.People.Roster(r.Context(), r.Actor, id)
	if err != nil {
		return ed, desk{}, err
	}
	names, err := who.Read(r.Context(), p.People, r.Words)
	return ed, desk{side: r.Actor.Side, zone: ed.Zone, missing: missing, register: r.To("/mesa/lugares", string(id)), action: r.To("/mesa/invitaciones", string(id)), chairs: chairs, names: names}, err
}

func (p *Pages) deskLeaf(r *door.Request, ed edition.Edition, d desk) leaf.Page {
	l := leaf.From(r, r.Words.T("en.inv.title"))
	l.Path = "/mesa/invitaciones/" + string(ed.ID)
	empty := 0
	for _, c := range d.chairs {
		if c.Seat.ID != "" && len(c.Given) == 0 {
			empty++
		}
	}
	l.State = r.Words.T("en.inv.state", "n", r.Words.N(empty))
	l.More = r.Words.T("d.pub", "post", d.names.Actor(r.Actor)) + "."
	l.Margin = leaf.Margin{Head: chain.Name(r.Words, ed), Lines: leaf.Notes(chain.Word(r.Words, ed.StageAt(r.Now)))}
	l.Crumbs = []leaf.Link{{Text: r.Words.T("en.desk.title"), Href: r.To("/mesa")}}
	l.Synthetic, l.NoIndex, l.Signed = ed.Synthetic, true, d.names.Actor(r.Actor)
	return l
}

// invite makes a code for whoever holds a place; an empty place is first given
// to a new person by the document that names them. The file itself is not kept.
func (p *Pages) invite(r *door.Request) (door.View, error) {
	if !r.Signed {
		return door.Done(r.To("/entrar"))
	}
	ed, d, err := p.desk(r)
	if err != nil {
		return door.View{}, err
	}
	d.picked, d.title = r.Value("place"), r.Value("title")
	at := slices.IndexFunc(d.chairs, func(c auth.Chair) bool { return place(c) == d.picked })
	if at < 0 {
		return p.inviteAgain(r, ed, d, glosa.WrongField("place", "en.inv.pick"))
	}
	c := d.chairs[at]
	if !c.Held {
		if err := p.seat(r, ed, c, d.title, r.Value("me") == "1"); err != nil {
			return p.inviteAgain(r, ed, d, err)
		}
	}
	var code string
	if c.Post.Key != "" {
		code, _, err = p.Auth.InviteToPost(r.Context(), r.Actor, ed.ID, c.Post.Key)
	} else {
		code, _, err = p.Auth.InviteToSeat(r.Context(), r.Actor, ed.ID, c.Seat.ID)
	}
	if err != nil {
		return door.View{}, err
	}
	if _, d, err = p.desk(r); err != nil {
		return door.View{}, err
	}
	d.code, d.codeFor = code, d.called(c)
	return door.View{Body: invitePage(p.deskLeaf(r, ed, d), d)}, nil
}

func (p *Pages) inviteAgain(r *door.Request, ed edition.Edition, d desk, err error) (door.View, error) {
	problems, ok := leaf.ProblemsOf(r.Words, err)
	if !ok {
		return door.View{}, err
	}
	d.problems = problems
	return door.Redo(invitePage(p.deskLeaf(r, ed, d), d))
}

// seat gives an empty place to a person who is new to the house, or to whoever acts.
func (p *Pages) seat(r *door.Request, ed edition.Edition, c auth.Chair, title string, me bool) error {
	digest, err := digestOf(r.Files["document"])
	if err != nil {
		return err
	}
	doc := people.Document{Digest: digest, Title: title}
	var wrong []glosa.Field
	if digest.IsZero() {
		wrong = append(wrong, glosa.Field{Name: "document", Key: "pe.document"})
	}
	if strings.TrimSpace(title) == "" {
		wrong = append(wrong, glosa.Field{Name: "title", Key: "pe.title"})
	}
	if len(wrong) > 0 {
		return glosa.Wrong(wrong...) // before anybody is enrolled for nothing
	}
	human := r.Actor.Human
	if !me {
		if human, err = p.People.Enrol(r.Context(), r.Actor); err != nil {
			return err
		}
	}
	from := people.DayOf(r.Now.In(ed.Zone))
	if c.Post.Key != "" {
		_, err = p.People.Grant(r.Context(), r.Actor, people.Tenure{Post: c.Post.Key, Human: human, From: from, Document: doc})
		return err
	}
	_, err = p.People.Sit(r.Context(), r.Actor, ed.ID, people.Sitting{Seat: c.Seat.ID, Human: human, From: from, Document: doc})
	return err
}

// digestOf is the SHA-256 of the one file that was sent; zero when there is none.
func digestOf(files []*multipart.FileHeader) (glosa.Hash, error) {
	if len(files) == 0 || files[0].Size == 0 {
		return glosa.Hash{}, nil
	}
	f, err := files[0].Open()
	if err != nil {
		return glosa.Hash{}, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return glosa.Hash{}, err
	}
	return glosa.Hash(h.Sum(nil)), nil
}

// revoke ends a way to act that the desk shows; any other is not there.
func (p *Pages) revoke(r *door.Request) (door.View, error) {
	if !r.Signed {
		return door.Done(r.To("/entrar"))
	}
	_, d, err := p.desk(r)
	if err != nil {
		return door.View{}, err
	}
	id := r.Value("grant")
	shown := slices.ContainsFunc(d.chairs, func(c auth.Chair) bool {
		return slices.ContainsFunc(c.Given, func(g auth.Given) bool { return g.ID == id })
	})
	if !shown {
		return door.View{}, glosa.Missing("grant", id)
	}
	if err := p.Auth.Revoke(r.Context(), r.Actor, id); err != nil {
		return door.View{}, err
	}
	return door.Done(d.action)
}

// options are the places of the form, those without anybody first.
func (d desk) options(w *text.Words) []leaf.Option {
	all := []leaf.Option{{Text: w.T("en.inv.choose")}}
	for _, held := range []bool{false, true} {
		for _, c := range d.chairs {
			if c.Held != held {
				continue
			}
			label := d.called(c)
			if !c.Held {
				label += " (" + w.T("en.inv.empty") + ")"
			}
			all = append(all, leaf.Option{Value: place(c), Text: label})
		}
	}
	return all
}

// rows are the chairs that somebody was invited to, and the empty seats.
func (d desk) rows() (out []auth.Chair) {
	for _, c := range d.chairs {
		if c.Seat.ID != "" || len(c.Given) > 0 {
			out = append(out, c)
		}
	}
	return out
}

// roles is what whoever sits there does.
func roles(w *text.Words, c auth.Chair) string {
	if c.Post.Key != "" {
		return roleWords(w, c.Post.Roles)
	}
	return roleWords(w, c.Seat.Roles)
}
