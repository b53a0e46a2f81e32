package record

import (
	"strconv"
	"time"

	"glosa"
	"glosa/auth"
	"glosa/record"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
)

const (
	perPage = 25
	inFeed  = 200
	// sealing is how long a page of the record may lag behind the seal: the
	// checkpoint moves without an event of its own.
	sealing = 2 * time.Second
)

// front is all that the record's page shows under its heading.
type front struct {
	status        record.Status
	keys          [2]string // of the log and of its promises
	rows          []leaf.Item
	before, after string // pager
	announcements []said
	outcome       *outcome // of a receipt that was sent
	site          string   // address of this site, as somebody would type it
	zone          string   // in which the browser tells days
}

// said is an announcement of the server's keeper, ready to read.
type said struct{ when, command, reason string }

func (p *Pages) show(r *door.Request) (door.View, error) {
	f, l, err := p.front(r)
	if err != nil {
		return door.View{}, err
	}
	v, err := door.Show(frontPage(l, f), "*")
	v.Until = r.Now.Add(sealing)
	return v, err
}

// front reads the page. Numbers count from 0, as the leaves' indexes do.
func (p *Pages) front(r *door.Request) (front, leaf.Page, error) {
	f := front{status: p.Log.Status(), site: chain.Permanent(r, "")}
	f.keys[0], f.keys[1] = p.Log.VerifierKeys()
	l := leaf.From(r, r.Words.T("rg.title"))
	from := int64(0)
	if until, err := strconv.ParseInt(r.Query("hasta"), 10, 64); err == nil && until >= 0 {
		from = until + 1
	}
	entries, err := p.Log.Before(r.Context(), from, perPage)
	if err != nil {
		return f, l, err
	}
	newest, err := p.Log.Before(r.Context(), 0, 1)
	if err != nil {
		return f, l, err
	}
	names, err := who.Read(r.Context(), p.People, r.Words)
	if err != nil {
		return f, l, err
	}
	marks, err := p.marks(r)
	if err != nil {
		return f, l, err
	}
	zone := p.zone(r)
	f.zone = zone.String()
	for _, e := range entries {
		f.rows = append(f.rows, row(r, names, zone, e, marks.OfAct(e.Kind, e.Edition)))
	}
	if len(entries) > 0 {
		f.before, f.after = pager(r, entries, newest[0].N)
	}
	all, err := p.Auth.Announcements(r.Context(), 20)
	if err != nil {
		return f, l, err
	}
	for _, a := range all {
		f.announcements = append(f.announcements, announced(r, zone, a))
	}
	p.dress(r, &l, f.status, newest, zone)
	return f, l, nil
}

// pager leads to newer leaves first, as every list does.
func pager(r *door.Request, shown []record.Entry, newest int64) (newer, older string) {
	to := func(n int64) string { return r.To("/registro") + "?hasta=" + strconv.FormatInt(n, 10) + "#asientos" }
	top, bottom := shown[0].N, shown[len(shown)-1].N
	if top < newest {
		newer = to(min(newest, top+perPage))
	}
	if bottom > 0 {
		older = to(bottom - 1)
	}
	return newer, older
}

// dress says how the record stands: the heading, the sentence of state, the margin.
func (p *Pages) dress(r *door.Request, l *leaf.Page, s record.Status, newest []record.Entry, zone *time.Location) {
	w := r.Words
	l.State = w.T("rg.empty")
	if len(newest) > 0 {
		e := newest[0]
		l.State = w.T("rg.last", "n", number(r, e.N), "date", w.Day(e.At.In(zone)))
		l.More = kindWord(w, e.Kind) + "."
	}
	if s.Paused {
		l.Shape, l.More = leaf.Paused, w.T("rg.paused", "date", w.Stamp(s.Since.In(zone)))
	}
	l.Margin = leaf.Margin{Head: w.T("rg.margin"), Lines: leaf.Notes(w.T("rg.size", "n", number(r, s.Size))),
		Cite: &leaf.Cite{Text: w.T("rg.cite", "n", number(r, s.Size), "root", s.Root.String()), Denominator: w.T("rg.cite.of"),
			Date: w.Stamp(r.Now.In(zone)), URL: chain.Permanent(r, r.To("/registro"))}}
	l.Downloads = []leaf.Link{{Text: "Atom", Href: r.To("/registro.atom")}, {Text: "CSV", Href: r.To("/registro.csv")}, {Text: "JSON", Href: r.To("/registro.json")}}
	l.Scripts = []string{"proof.js"}
}

// number is a count or an index with its thousands parted.
func number(r *door.Request, n int64) string { return r.Words.N(int(n)) }

// announced is what the server's keeper did and why.
func announced(r *door.Request, zone *time.Location, a auth.Announcement) said {
	return said{when: r.Words.Stamp(a.At.In(zone)), command: string(a.Command), reason: a.Reason}
}

// row is one leaf in the list.
func row(r *door.Request, names who.Names, zone *time.Location, e record.Entry, synthetic bool) leaf.Item {
	item := leaf.Item{Code: r.Words.T("st.n", "n", number(r, e.N)), Text: kindWord(r.Words, e.Kind), Href: r.To("/registro", strconv.FormatInt(e.N, 10))}
	if e.ID != "" {
		item.Notes = append(item.Notes, e.ID)
	}
	item.Notes = append(item.Notes, names.By(e.By), dayOf(r, zone, e.Leaf))
	if synthetic {
		item.Notes = append(item.Notes, r.Words.T("c.synth.word"))
	}
	if !e.Sealed {
		item.Shape, item.Word = leaf.Going, r.Words.T("st.sealing")
	}
	return item
}

// dayOf is when a leaf was left: the hour only of official acts.
func dayOf(r *door.Request, zone *time.Location, l record.Leaf) string {
	if l.By == glosa.Citizen().By() {
		return r.Words.Day(l.At.In(zone))
	}
	return r.Words.Stamp(l.At.In(zone))
}

// withCheck puts the form for receipts under the heading.
func withCheck(l leaf.Page, f front) leaf.Page {
	l.Under = checkForm(l, f)
	return l
}

// wrongReceipt is what is wrong with what was sent; "" when it could be read.
func (f front) wrongReceipt() string {
	if f.outcome == nil {
		return ""
	}
	return f.outcome.problems.For("receipt")
}
