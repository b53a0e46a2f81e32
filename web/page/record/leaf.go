package record

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/civic/commitment"
	"glosa/record"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
	"glosa/web/text"
)

// single is one leaf as its page shows it.
type single struct {
	entry   record.Entry
	pairs   []leaf.Row
	pretty  string   // the bytes, indented for reading
	raw     string   // the bytes as they are hashed
	hash    string   // the leaf's hash
	size    int64    // of the tree in which the proof holds
	root    string   // of that tree
	path    []string // sibling hashes, from the leaf up
	file    string   // address of the receipt; "" until sealed
	earlier string
	later   string
}

// kindWord is what happened, in words; the kind itself where nobody wrote them.
func kindWord(w *text.Words, kind string) string {
	if !w.Has("rk." + kind) {
		return kind
	}
	return w.T("rk." + kind)
}

// index reads the number of a leaf out of the address: digits without a sign,
// and no other spelling of the same number.
func index(r *door.Request) (int64, error) {
	n, err := strconv.ParseInt(r.Path("n"), 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != r.Path("n") {
		return 0, glosa.Missing("leaf", r.Path("n"))
	}
	return n, nil
}

func (p *Pages) leaf(r *door.Request) (door.View, error) {
	n, err := index(r)
	if err != nil {
		return door.View{}, err
	}
	e, err := p.Log.Entry(r.Context(), n)
	if err != nil {
		return door.View{}, err
	}
	names, err := who.Read(r.Context(), p.People, r.Words)
	if err != nil {
		return door.View{}, err
	}
	zone := p.zone(r)
	s, err := p.single(r, names, zone, e)
	if err != nil {
		return door.View{}, err
	}
	w := r.Words
	l := leaf.From(r, kindWord(w, e.Kind))
	l.State, l.Shape = w.T("rg.leaf.state", "n", number(r, n), "date", dayOf(r, zone, e.Leaf)), leaf.Done
	l.Stamp = &leaf.Stamp{N: n, At: e.At.In(zone), Official: e.By != "citizen", Href: s.file}
	v := door.View{Tags: []string{"record"}}
	if !e.Sealed {
		l.Shape, l.More, l.Stamp = leaf.Going, w.T("r.seal"), &leaf.Stamp{State: leaf.Sealing}
		v.Until = r.Now.Add(time.Second)
	} else {
		v.Until = r.Now.Add(time.Minute) // the proof is against the newest checkpoint
	}
	l.Crumbs = []leaf.Link{{Text: w.T("rg.title"), Href: r.To("/registro")}}
	l.Margin = leaf.Margin{Head: w.T("st.n", "n", number(r, n)), Lines: leaf.Notes(e.Kind),
		Cite: &leaf.Cite{Text: l.Title + ", " + w.T("st.n", "n", number(r, n)), Date: dayOf(r, zone, e.Leaf),
			Record: w.T("rg.hash", "hash", s.hash), URL: chain.Permanent(r, r.To("/registro", strconv.FormatInt(n, 10)))}}
	marks, err := p.marks(r)
	if err != nil {
		return door.View{}, err
	}
	l.Synthetic = marks.OfAct(e.Kind, e.Edition)
	v.Body = leafPage(l, s)
	return v, nil
}

// single gathers what the page of a leaf shows.
func (p *Pages) single(r *door.Request, names who.Names, zone *time.Location, e record.Entry) (single, error) {
	s := single{entry: e, raw: string(e.Raw), hash: record.LeafHash(e.Raw).String()}
	var b bytes.Buffer
	if err := json.Indent(&b, e.Raw, "", "  "); err != nil {
		return s, err
	}
	s.pretty = b.String()
	w := r.Words
	s.pairs = []leaf.Row{
		{Label: w.T("rg.when"), Value: dayOf(r, zone, e.Leaf)},
		{Label: w.T("rg.by"), Value: names.By(e.By)},
	}
	if e.ID != "" {
		s.pairs = append(s.pairs, leaf.Row{Label: w.T("rg.about"), Value: e.ID, Href: about(r, e.Leaf)})
	}
	if e.Edition != "" {
		s.pairs = append(s.pairs, leaf.Row{Label: w.T("rg.edition"), Value: string(e.Edition), Href: r.To("/ediciones", string(e.Edition))})
	}
	if e.N > 0 {
		s.earlier = r.To("/registro", strconv.FormatInt(e.N-1, 10))
	}
	if !e.Sealed {
		return s, nil
	}
	in, err := p.Log.ProofFor(r.Context(), e.N)
	if err != nil {
		return s, err
	}
	s.size, s.root = in.Checkpoint.Size, in.Checkpoint.Root.String()
	for _, h := range in.Path {
		s.path = append(s.path, base64.StdEncoding.EncodeToString(h[:]))
	}
	s.file = r.To("/registro", strconv.FormatInt(e.N, 10), "comprobante")
	if e.N+1 < s.size {
		s.later = r.To("/registro", strconv.FormatInt(e.N+1, 10))
	}
	return s, nil
}

// about is the page of what a leaf speaks of; "" where there is none.
func about(r *door.Request, l record.Leaf) string {
	room, _, _ := strings.Cut(l.Kind, ".")
	switch {
	case l.Edition != "" && string(l.Edition) == l.ID: // of a whole edition, whatever room says it
		return r.To("/ediciones", l.ID)
	case room == "text" && isCommitment(l.ID): // evidence that was erased
		return r.To("/compromisos", l.ID)
	case room == "question", room == "text":
		return r.To("/preguntas", l.ID)
	case room == "commitment" && !strings.HasPrefix(l.Kind, "commitment.evidence"):
		return r.To("/compromisos", l.ID)
	case l.Kind == "people.institution_registered":
		return r.To("/instituciones", l.ID)
	case room == "report" && l.Edition != "":
		return r.To("/ediciones", string(l.Edition), "informe")
	case room == "priority" && l.Edition != "":
		return r.To("/ediciones", string(l.Edition), "agenda")
	case room == "panel" && strings.HasPrefix(l.Kind, "panel.minutes") && l.Edition != "":
		return r.To("/ediciones", string(l.Edition), "minutas")
	case room == "panel" && l.Edition != "":
		return r.To("/ediciones", string(l.Edition), "sesion")
	}
	return ""
}

func isCommitment(id string) bool {
	_, err := commitment.ParseID(id)
	return err == nil
}

// marks tell which leaves speak of what never happened.
func (p *Pages) marks(r *door.Request) (feed.Marks, error) {
	all, err := p.Edition.List(r.Context(), "")
	return feed.MarksOf(r.Site.Demo, all), err
}

// receipt is the shareable receipt of a leaf.
func (p *Pages) receipt(r *door.Request) (door.View, error) {
	n, err := index(r)
	if err != nil {
		return door.View{}, err
	}
	raw, err := p.Log.Receipt(r.Context(), n, nil)
	if err != nil {
		return door.View{}, err
	}
	e, err := p.Log.Entry(r.Context(), n)
	if err != nil {
		return door.View{}, err
	}
	marks, err := p.marks(r)
	return door.View{NoStore: true, File: feed.Fixed("glosa-"+strconv.FormatInt(n, 10)+".tlog-proof", "text/plain", marks.OfAct(e.Kind, e.Edition), raw)}, err
}
