package question

import (
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"glosa"
	civic "glosa/civic/question"
	"glosa/record"
	"glosa/web/door"
	"glosa/web/page/feed"
	"glosa/web/page/leaf"
)

// slip is the receipt after submitting: the only page that shows a key, once.
type slip struct {
	leaf.Page
	civic.Receipt
	scene   scene
	once    string // where the device keeps the key it made
	device  bool   // the device made the key; the server never saw it
	asked   string // address of the form, whose draft the device forgets now
	mergeBy string
	who     templ.Component // the questions about oneself, apart from this one; nil for none
}

// leafOf is the leaf that holds a commitment about a question; the first one
// about it when commit is zero. ok is false while there is none.
func (p *Pages) leafOf(r *door.Request, id glosa.QuestionID, commit glosa.Hash) (l record.Leaf, ok bool, err error) {
	if p.Record == nil {
		return l, false, nil
	}
	about, err := p.Record.About(r.Context(), string(id))
	if err != nil {
		return l, false, err
	}
	for _, l := range about {
		if !strings.HasPrefix(l.Kind, "question.") {
			continue
		}
		if commit.IsZero() && len(l.Commits) > 0 {
			return l, true, nil
		}
		for _, c := range l.Commits {
			if c == commit {
				return l, true, nil
			}
		}
	}
	return l, false, nil
}

// place is a question's number in the record, once it is sealed.
func (p *Pages) place(r *door.Request, id glosa.QuestionID) (n int64, sealed bool) {
	l, ok, err := p.leafOf(r, id, glosa.Hash{})
	return l.N, err == nil && ok && l.N < p.Record.Size()
}

// sealing is the error of a receipt that is asked for before its leaf is sealed:
// come back in a second.
func sealing(now time.Time) error {
	return &glosa.Error{Kind: glosa.Busy, Key: "r.seal", Until: now.Add(2 * time.Second)}
}

// marks tell what was invented.
func (p *Pages) marks(r *door.Request) (feed.Marks, error) {
	all, err := p.Edition.List(r.Context(), "")
	return feed.MarksOf(r.Site.Demo, all), err
}

// receipt is the shareable receipt: position, leaf, proof, promise. It names nobody.
func (p *Pages) receipt(r *door.Request) (door.View, error) {
	id, err := civic.ParseFolio(r.Path("folio"))
	if err != nil {
		return door.View{}, err
	}
	note, err := p.Question.PromiseOf(r.Context(), id)
	if err != nil {
		return door.View{}, err
	}
	l, ok, err := p.leafOf(r, id, glosa.Hash{})
	if err != nil {
		return door.View{}, err
	}
	if !ok || l.N >= p.Record.Size() {
		return door.View{}, sealing(r.Now)
	}
	proof, err := p.Record.Receipt(r.Context(), l.N, note)
	if err != nil {
		return door.View{}, err
	}
	marks, err := p.marks(r)
	if err != nil {
		return door.View{}, err
	}
	f := feed.Fixed(string(id)+".tlog-proof", "text/plain", marks.Of(l.Edition), proof)
	return door.View{File: f, Tags: []string{"question:" + string(id)}, NoStore: true}, nil
}

// seal says in one line of JSON whether a question is sealed, for the receipt's countdown.
func (p *Pages) seal(r *door.Request) (door.View, error) {
	id, err := civic.ParseFolio(r.Path("folio"))
	if err != nil {
		return door.View{}, err
	}
	n, sealed := p.place(r, id)
	f, err := feed.JSON("", struct {
		Sealed bool   `json:"sealed"`
		N      int64  `json:"n"`
		Say    string `json:"say"`
	}{sealed, n, r.Words.T("st.n", "n", strconv.FormatInt(n, 10))})
	if f != nil {
		f.Name = ""
	}
	v := door.View{File: f, Tags: []string{"question:" + string(id)}}
	if !sealed {
		v.Until = r.Now.Add(time.Second)
	}
	return v, err
}

// private is the author's own receipt, which opens the commitment.
func (p *Pages) private(r *door.Request) (door.View, error) {
	id, proof, err := proofOf(r)
	if err != nil {
		return p.again(r, err)
	}
	own, err := p.Question.PrivateReceipt(r.Context(), id, proof)
	if err != nil {
		return p.again(r, err)
	}
	last := own.Words()
	if len(last.Object) == 0 {
		return door.View{}, glosa.Refuse(glosa.Conflict, "q.erased")
	}
	if len(last.Device) == 0 { // put back from a copy of the record, which knows no parts of salts
		return door.View{}, glosa.Refuse(glosa.Conflict, "q.fromcopy")
	}
	promise := last.Promise
	l, ok, err := p.leafOf(r, id, last.Commit)
	if err != nil {
		return door.View{}, err
	}
	var proven []byte
	if ok && l.N < p.Record.Size() {
		if proven, err = p.Record.Receipt(r.Context(), l.N, promise); err != nil {
			return door.View{}, err
		}
	}
	b, err := record.Private{Object: last.Object, SaltDevice: [16]byte(last.Device), SaltServer: [32]byte(last.Server)}.Write(promise, proven)
	if err != nil {
		return door.View{}, err
	}
	marks, err := p.marks(r)
	return door.View{File: feed.Fixed(string(id)+"-privado.json", "application/json", marks.Of(l.Edition), b)}, err
}

// calendar is the question's present deadline as an event of a calendar.
func (p *Pages) calendar(r *door.Request) (door.View, error) {
	id, err := civic.ParseFolio(r.Path("folio"))
	if err != nil {
		return door.View{}, err
	}
	q, err := p.Question.Page(r.Context(), id)
	if err != nil {
		return door.View{}, err
	}
	if !q.HasClock || q.Clock.Standing {
		return door.View{}, glosa.Missing("date", string(id))
	}
	const utc = "20060102T150405Z"
	marks, err := p.marks(r)
	if err != nil {
		return door.View{}, err
	}
	due := q.Clock.Due.UTC()
	lines := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Glosa//ES", "BEGIN:VEVENT", "UID:" + string(id) + "-" + due.Format(utc) + "@glosa",
		"DTSTAMP:" + r.Now.UTC().Format(utc), "DTSTART:" + due.Format(utc), "DTEND:" + due.Format(utc),
		"SUMMARY:" + feed.Marked(r.Words, marks.Of(q.Edition), r.Words.T("qt.cal", "folio", string(id))), "END:VEVENT", "END:VCALENDAR", ""}
	f := &door.File{Name: string(id) + ".ics", Type: "text/calendar; charset=utf-8", Bytes: []byte(strings.Join(lines, "\r\n"))}
	return door.View{File: f, Tags: tagsOf(q), Until: q.Until}, nil
}
