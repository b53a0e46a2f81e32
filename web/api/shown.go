package api

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/civic/question"
	"glosa/record"
)

// Shown lets the record's verifier read what a site's API shows of its questions,
// commitments and editions, so that a host cannot keep its list true and its
// pages false. What a reply shows otherwise than as leaves have it is put back
// into that form first: an answer into the object that was signed.
func Shown() *record.Pages {
	return &record.Pages{Shows: shows, Keeps: keeps, Read: readShown}
}

// shows: what replies hold; the rest is in the list alone.
func shows(of, what string) bool {
	first, rest, _ := strings.Cut(what, ".")
	switch of {
	case "question":
		return slices.Contains([]string{"state", "agenda", "institution", "ground", "place", "mesa", "video", "minutes_short", "seat", "follows", "carried",
			"text", "answer", "correction", "decision"}, first) || what == "extension"
	case "commitment":
		switch first {
		case "version":
			_, of, _ := strings.Cut(rest, ".")
			return of == "" || of == "government" || of == "civil" || of == "reason"
		case "assessment", "link", "fate", "parts", "state", "reason", "government", "observed":
			return true
		case "milestone":
			return true
		case "update":
			return !strings.HasSuffix(rest, ".next")
		}
	case "edition":
		return slices.Contains([]string{"founded", "stage", "name", "code", "session", "date", "facts"}, first)
	}
	return false
}

// keeps: texts of the list that replies show in another form.
func keeps(of, what string) bool {
	return of == "commitment" && (strings.HasPrefix(what, "version.") || what == "documented") || of == "edition" && what == "protocol"
}

func readShown(all []record.Object, s record.Seen) error {
	for _, o := range all {
		v := &viewer{s, glosa.Sheet{Of: o.Of, ID: o.ID}}
		var err error
		switch o.Of {
		case "question":
			err = v.question()
		case "commitment":
			err = v.commitment()
		case "edition":
			err = v.edition()
		default:
			continue
		}
		if err != nil {
			s.Fault("%s %s: %v", o.Of, o.ID, err)
			continue
		}
		for _, x := range v.List {
			if err := s.Emit(x); err != nil {
				return err
			}
		}
	}
	return nil
}

// viewer reads one object's reply.
type viewer struct {
	record.Seen
	glosa.Sheet
}

// get reads a reply of the API.
func (v *viewer) get(place string, into any) error {
	raw, err := v.Get("/api/v1/" + place + "/" + url.PathEscape(v.ID))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("the API's reply is not JSON: %w", err)
	}
	return nil
}

func codes(list []string) []glosa.Code {
	return each(list, func(s string) glosa.Code { return glosa.Code(s) })
}

func (v *viewer) question() error {
	var q questionThing
	if err := v.get("questions", &q); err != nil {
		return err
	}
	v.Word("state", q.State)
	v.Word("agenda", q.Agenda)
	v.Word("institution", q.Institution)
	v.Word("follows", q.Follows)
	v.Word("mesa", q.Mesa)
	v.Word("carried", q.Carried)
	v.Number("video", q.Video)
	v.Number("minutes_short", q.Short)
	if q.Contest != "" {
		v.Word("seat", q.Contest+" "+strconv.Itoa(q.Seat))
	}
	if q.State == string(question.Refused) || q.State == string(question.Appealed) {
		v.Word("ground", q.Ground)
		v.Word("place", q.Place)
	}
	n := map[string]int{}
	for _, d := range q.Decisions {
		n[d.Kind]++
		v.Word(fmt.Sprintf("decision.%s.%d", d.Kind, n[d.Kind]), question.DecisionWord(glosa.Code(d.Outcome), codes(d.Words), codes(d.Posts)))
	}
	v.words(q)
	if q.State == string(question.Merged) {
		return nil // what follows is of the common question
	}
	for _, x := range q.Notes {
		if x.Kind == "extension" {
			v.Text("extension", x.Words)
		}
	}
	for _, a := range q.Answers {
		js, err := glosa.JCS(signedOf(glosa.QuestionID(v.ID), a))
		if err != nil {
			return err
		}
		v.Text("answer."+strconv.Itoa(a.Version), string(js))
		v.Text("correction."+strconv.Itoa(a.Version), a.Reason)
	}
	return nil
}

// signedOf is an answer as it was signed.
func signedOf(id glosa.QuestionID, a answer) question.Signed {
	said := question.Answer{Kind: glosa.Code(a.Kind), Short: a.Short, Detail: a.Detail, Basis: a.Basis, Place: a.Place, Next: a.Next}
	for _, e := range a.Evidence {
		said.Evidence = append(said.Evidence, question.Evidence{Title: e.Title, URL: e.URL, File: glosa.FileID(e.File)})
	}
	out := question.Signed{ID: id, Version: a.Version, Institution: glosa.InstitutionKey(a.Institution), Post: glosa.PostKey(a.Post), Answer: said}
	if x := a.Absence; x != nil {
		out.Absence = &question.Absence{Title: x.Title}
		_ = out.Absence.Document.UnmarshalText([]byte(x.Document)) // what is no hash is not what was signed
	}
	return out
}

// words: the commitments of a question, and the words beside them, which must be
// those that the last opened one commits to.
func (v *viewer) words(q questionThing) {
	var object question.Object
	opened := false
	for _, t := range q.Texts {
		var h, salt glosa.Hash
		if err := h.UnmarshalText([]byte(t.Commit)); err != nil {
			v.Fault("question %s: a commitment that is none: %.60q", v.ID, t.Commit)
			continue
		}
		v.Word("text."+strconv.Itoa(t.Version), question.TextWord(h, question.TextState(t.State)))
		if t.State != string(question.Opened) {
			continue
		}
		got, err := glosa.Hash{}, salt.UnmarshalText([]byte(t.Salt))
		if err == nil {
			got, err = glosa.Commit(salt, t.Object)
		}
		if err != nil || got != h {
			v.Fault("question %s: the API shows words that do not open commitment %s", v.ID, h)
			continue
		}
		if question.TextKind(t.Kind).Words() {
			object, opened = question.ObjectOf(t.Object), true
		}
	}
	asked := question.Object{Text: q.Text, Context: q.Context, Municipality: glosa.TerritoryCode(q.Municipality), Language: glosa.Code(q.Language),
		Institution: glosa.InstitutionKey(q.Addressed), Passage: glosa.PassageID(q.Passage)}
	object = question.Object{Text: object.Text, Context: object.Context, Municipality: object.Municipality, Language: object.Language,
		Institution: object.Institution, Passage: object.Passage}
	switch {
	case q.Text != "" && object != asked:
		v.Fault("question %s: the API shows other words, or from elsewhere, than those that were committed to", v.ID)
	case q.Text == "" && opened && question.State(q.State).TextIsPublic():
		v.Fault("question %s: the API hides words that are public", v.ID)
	}
}

func (v *viewer) commitment() error {
	var c commitmentThing
	if err := v.get("commitments", &c); err != nil {
		return err
	}
	v.Word("state", c.State)
	v.Text("reason", c.Reason)
	v.verdict("government", c.Government)
	v.verdict("observed", c.Observed)
	if c.Documented {
		v.stated(c)
	} else if c.State != string(commitment.Proposed) {
		if err := v.agreed(c); err != nil {
			return err
		}
	}
	for _, m := range c.Steps {
		if m.Progress != string(commitment.Pending) {
			v.Word("milestone."+m.ID, m.Progress)
		}
		v.Text("milestone."+m.ID+".note", m.Note)
	}
	for _, u := range c.Updates {
		js, err := commitment.Update{Text: u.Text, Blockers: u.Blockers}.Canonical()
		if err != nil {
			return err
		}
		v.Text("update."+strconv.Itoa(u.Number), string(js))
		v.Word("update."+strconv.Itoa(u.Number)+".status", commitment.UpdateWord(glosa.Code(u.Status), u.Percent, u.By))
	}
	for _, a := range c.Assessments {
		what := "assessment." + strconv.Itoa(a.Number)
		v.Text(what, a.Rationale)
		v.Text(what+".criterion", a.Criterion)
		v.Word(what+".status", commitment.AssessWord(glosa.Code(a.Status), a.Closing, a.By, listOf[glosa.EvidenceID](a.Considered)))
		v.Word(what+".phase", a.Phase)
		v.Text(what+".reply", a.Reply)
		v.Word(what+".reply_by", a.ReplyBy)
	}
	for _, l := range c.Links {
		v.Word("link."+l.Way+"."+l.To, commitment.LinkWord(glosa.Code(l.Basis), listOf[glosa.SourceID](l.IDs)))
	}
	for _, d := range c.Dispositions {
		v.Word("fate."+d.Edition, commitment.FateWord(glosa.Code(d.Outcome), d.By, listOf[glosa.CommitmentID](d.Into)))
		v.Text("fate."+d.Edition+".reason", d.Reason)
	}
	return nil
}

func listOf[T ~string](list []string) []T { return each(list, func(s string) T { return T(s) }) }

func (v *viewer) verdict(what string, x *verdict) {
	if x == nil {
		return
	}
	said := commitment.Verdict{Status: commitment.Status(x.Status), Sources: listOf[glosa.SourceID](x.IDs)}
	if x.Own != nil {
		said.Own, said.OwnEn = x.Own.Es, x.Own.En
	}
	if x.Note != nil {
		said.Note, said.NoteEn = x.Note.Es, x.Note.En
	}
	if text := said.SaidText(); text != "" {
		v.Text(what+".said", text)
	} else {
		v.Word(what, x.Status)
	}
}

// agreed: wordings, and the parts that were agreed with them.
func (v *viewer) agreed(c commitmentThing) error {
	parts := commitment.Commitment{Territory: glosa.TerritoryCode(c.Territory), Mesa: glosa.MesaID(c.Mesa), Question: glosa.QuestionID(c.Question)}
	for _, o := range c.Owners {
		parts.Owners = append(parts.Owners, commitment.Owner{Side: glosa.Side(o.Side), Institution: glosa.InstitutionKey(o.Institution), Part: commitment.Part(o.Part)})
	}
	for _, t := range c.Targets {
		parts.Targets = append(parts.Targets, commitment.Target{Code: glosa.TargetCode(t), Rationale: c.Rationales[t]})
	}
	for _, m := range c.Steps {
		parts.Milestones = append(parts.Milestones, commitment.Milestone{Title: m.Title, Due: m.Due})
	}
	js, err := parts.Parts()
	if err != nil {
		return err
	}
	v.Text("parts", string(js))
	titles := map[string]bool{}
	for _, w := range c.Versions {
		what := "version." + strconv.Itoa(w.Version)
		official := v.Kept(v.Of, v.ID, what)
		var said commitment.Wording
		if official != "" && (json.Unmarshal([]byte(official), &said) != nil || !sameWording(w, said)) {
			v.Fault("commitment %s: the API shows another version %d than its list of official texts", v.ID, w.Version)
			continue
		}
		titles[said.Title] = true
		v.Text(what, official)
		v.Text(what+".reason", w.Reason)
		for _, s := range w.Signed {
			v.Word(what+"."+s.Side, s.By)
		}
	}
	if !titles[c.Title] {
		v.Fault("commitment %s: the API shows a title that no version has", v.ID)
	}
	return nil
}

// stated: what sources say, wording by wording.
func (v *viewer) stated(c commitmentThing) {
	var said struct {
		Versions []struct{ Wording commitment.Wording }
	}
	official := v.Kept(v.Of, v.ID, "documented")
	same := json.Unmarshal([]byte(official), &said) == nil && len(said.Versions) == len(c.Versions)
	for i := 0; same && i < len(c.Versions); i++ {
		same = sameWording(c.Versions[i], said.Versions[i].Wording)
	}
	if !same {
		v.Fault("commitment %s: the API shows other wordings than its list of official texts", v.ID)
	}
}

// sameWording compares a wording as the API shows it with its official text.
func sameWording(shown wording, official commitment.Wording) bool {
	want := wordingOf(commitment.Version{Wording: official}, nil)
	near := func(shown, want string) bool { // a day, in the zone it was written in
		a, err1 := time.Parse(time.DateOnly, shown)
		b, err2 := time.Parse(time.DateOnly, want)
		return shown == want || err1 == nil && err2 == nil && a.Sub(b).Abs() <= 24*time.Hour
	}
	if !near(shown.Starts, want.Starts) || !near(shown.Ends, want.Ends) {
		return false
	}
	shown.Version, shown.Starts, shown.Ends, shown.Date, shown.When, shown.Restated, shown.Stated = 0, want.Starts, want.Ends, "", "", false, false
	shown.Sources, shown.Reason, shown.Digest, shown.InForce, shown.Signed = want.Sources, "", want.Digest, time.Time{}, want.Signed
	return reflect.DeepEqual(shown, want)
}

func (v *viewer) edition() error {
	var e editionThing
	if err := v.get("editions", &e); err != nil {
		return err
	}
	v.Word("founded", edition.FoundedWord(glosa.SeriesID(e.Series), e.Number, e.Synthetic))
	v.Word("stage", e.Stage)
	v.Text("name", e.Name)
	if e.Documented {
		facts := make([]edition.Fact, 0, len(e.Facts))
		for _, f := range e.Facts {
			facts = append(facts, edition.Fact{Field: glosa.Code(f.Field), Value: edition.Words{Es: f.Value.Es, En: f.Value.En},
				Sources: listOf[glosa.SourceID](f.IDs), Conflict: f.Conflict})
		}
		text, err := edition.FactsText(facts)
		v.Text("facts", string(text))
		return err
	}
	v.Word("code", e.Code)
	zone, err := time.LoadLocation(e.Zone)
	if err != nil {
		return err
	}
	if e.Session != "" {
		day, err := time.ParseInLocation(time.DateOnly, e.Session, zone)
		if err != nil {
			return err
		}
		v.Word("session", glosa.TimeWord(day))
	}
	for _, d := range e.Plan {
		v.Word("date."+d.Stage, glosa.TimeWord(d.Planned))
	}
	if text := v.Kept(v.Of, v.ID, "protocol"); e.Protocol == nil || e.Protocol.Digest != glosa.Digest([]byte(text)).String() {
		v.Fault("edition %s: the API names another protocol than its list of official texts", v.ID)
	}
	return nil
}
