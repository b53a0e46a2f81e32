package record

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/record"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// outcome is what came of checking a receipt. Nothing of the receipt itself is
// in it but what is public.
type outcome struct {
	shape    leaf.Shape
	sentence string
	more     string
	link     leaf.Link // the leaf
	row      string    // of a ballot: what the published file says of it
	detail   string    // for whoever wants to know exactly; in English
	problems leaf.Problems
}

// check tells whether a receipt agrees with the record. What was sent is kept nowhere.
func (p *Pages) check(r *door.Request) (door.View, error) {
	raw, err := sent(r)
	if err != nil {
		return door.View{}, err
	}
	f, l, err := p.front(r)
	if err != nil {
		return door.View{}, err
	}
	o, err := p.judge(r, raw)
	if err != nil {
		return door.View{}, err
	}
	l.NoIndex = true
	l.Path = "/registro"
	f.outcome = &o
	if o.sentence != "" {
		l.State, l.Shape, l.More = o.sentence, o.shape, o.more
	}
	v := door.View{Body: frontPage(l, f)}
	if o.problems.Any() {
		v.Status = 422
	}
	return v, nil
}

// sent is the receipt as it was posted: the file, if one came, or the text. A
// browser sends line ends as CR LF and may add blanks at the ends; a receipt is
// written with LF and ends in one.
func sent(r *door.Request) ([]byte, error) {
	raw := []byte(r.Form.Get("receipt"))
	if files := r.Files["file"]; len(files) > 0 && files[0].Size > 0 {
		f, err := files[0].Open()
		if err != nil {
			return nil, err
		}
		defer f.Close()
		if raw, err = io.ReadAll(f); err != nil {
			return nil, err
		}
	}
	raw = bytes.TrimSpace(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")))
	if len(raw) == 0 {
		return nil, nil
	}
	return append(raw, '\n'), nil
}

// judge is the outcome of one receipt.
func (p *Pages) judge(r *door.Request, raw []byte) (outcome, error) {
	if len(raw) == 0 {
		return wrong(r, "rg.none"), nil
	}
	receipt, err := record.ParseReceipt(raw)
	if err != nil {
		o := wrong(r, "rg.notone")
		o.detail = err.Error()
		return o, nil
	}
	proven, bad, err := p.Log.CheckOwn(r.Context(), receipt)
	if err != nil {
		return outcome{}, err
	}
	if bad != nil {
		return outcome{shape: leaf.Overdue, sentence: r.Words.T("v.bad"), detail: bad.Error()}, nil
	}
	var o outcome
	if proven.Leaf != nil {
		o = p.genuine(r, *proven.Leaf, proven.Opened)
	} else if o, err = p.promised(r, proven); err != nil {
		return o, err
	}
	o.row, err = p.row(r, receipt)
	return o, err
}

// row says what the published file of ballots says of a ballot's private receipt;
// nothing of any other receipt, or before there is a file.
func (p *Pages) row(r *door.Request, receipt *record.Receipt) (string, error) {
	var ballot priority.Object
	if receipt.Private == nil || p.Priority == nil || json.Unmarshal(receipt.Private.Object, &ballot) != nil || ballot.Kind != "ballot" {
		return "", nil
	}
	w, tracker := r.Words, voter.Tracker(glosa.Salt(receipt.Private.SaltServer, receipt.Private.SaltDevice))
	ed, _ := strings.CutSuffix(string(ballot.Contest), "-agenda")
	file, err := p.Priority.File(r.Context(), glosa.EditionID(ed))
	if glosa.KindOf(err) == glosa.NotFound && err != nil {
		return w.T("rg.row.later", "tracker", tracker), nil
	}
	if err != nil {
		return "", err
	}
	sheet, err := priority.ReadSheet(file)
	if err != nil {
		return "", err
	}
	ids, there := sheet.Row(tracker)
	if !there {
		return w.T("rg.row.no", "tracker", tracker), nil
	}
	return w.T("rg.row.yes", "tracker", tracker, "choices", strings.Join(ids, ", ")), nil
}

func wrong(r *door.Request, key string) outcome {
	problems, _ := leaf.ProblemsOf(r.Words, glosa.WrongField("receipt", key))
	return outcome{problems: problems}
}

func (p *Pages) genuine(r *door.Request, l record.Leaf, opened bool) outcome {
	w := r.Words
	o := outcome{shape: leaf.Done, sentence: w.T("v.ok", "date", w.Date(l.At.In(p.zone(r)))) + ".",
		link: leaf.Link{Text: w.T("rg.at", "n", number(r, l.N), "kind", kindWord(w, l.Kind)), Href: r.To("/registro", strconv.FormatInt(l.N, 10))}}
	if opened {
		o.more = w.T("rg.opened")
	}
	return o
}

// promised is the outcome of a receipt that holds a promise and no leaf yet:
// kept since, not due yet, or broken.
func (p *Pages) promised(r *door.Request, proven record.Proven) (outcome, error) {
	w, promise := r.Words, *proven.Promise
	e, kept, err := p.Log.Kept(r.Context(), promise)
	if err != nil {
		return outcome{}, err
	}
	zone := p.zone(r)
	switch {
	case kept && e.Sealed:
		o := p.genuine(r, e.Leaf, proven.Opened)
		o.more = strings.TrimSpace(w.T("rg.kept") + " " + o.more)
		return o, nil
	case r.Now.After(promise.MergeBy.Add(time.Minute)):
		return outcome{shape: leaf.Overdue, sentence: w.T("rg.broken", "date", w.Stamp(promise.MergeBy.In(zone))), more: w.T("rg.broken.more")}, nil
	}
	return outcome{shape: leaf.Going, sentence: w.T("rg.promised", "date", w.Stamp(promise.MergeBy.In(zone)))}, nil
}
