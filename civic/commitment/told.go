package commitment

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"glosa"
	"glosa/db"
)

// How lists of what is official name this room's objects; a seal is only the
// fold's own note of which evidence a commitment in the record is.
const (
	sortCommitment = "commitment"
	sortSeal       = "seal"
)

// Officials hands out what this room publishes of every commitment, as the
// tables and the folder of files have it: what [Fold] says of the leaves must be
// the same. What is only proposed, and evidence that nobody has looked at, is
// named and no more.
func (d *Desk) Officials(ctx context.Context, emit func(glosa.Official) error) error {
	var all []Commitment
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, _, err = loadAll(tx, scope{})
		return err
	})
	for i := 0; i < len(all) && err == nil; i++ {
		var list []glosa.Official
		err = d.DB.Read(ctx, func(tx *db.Tx) error {
			c, _, err := load(tx, all[i].ID) // all of it in one reading
			if err == nil {
				list, err = d.officials(ctx, tx, c)
			}
			return err
		})
		for k := 0; k < len(list) && err == nil; k++ {
			err = emit(list[k])
		}
	}
	return err
}

func (d *Desk) officials(ctx context.Context, tx *db.Tx, c Commitment) ([]glosa.Official, error) {
	s := &glosa.Sheet{Of: sortCommitment, ID: string(c.ID)}
	s.Word("state", string(c.State))
	s.Text("reason", c.Reason)
	verdicts(s, c)
	if err := wordings(tx, s, c); err != nil {
		return nil, err
	}
	for _, m := range c.Milestones {
		if m.Progress != Pending {
			s.Word("milestone."+string(m.ID), string(m.Progress))
		}
		s.Text("milestone."+string(m.ID)+".note", m.Note)
	}
	updates, err := selectUpdates(tx, c.ID)
	if err != nil {
		return nil, err
	}
	for _, u := range updates {
		js, err := u.Canonical()
		if err != nil {
			return nil, err
		}
		s.Text("update."+strconv.Itoa(u.Number), string(js))
		s.Word("update."+strconv.Itoa(u.Number)+".status", UpdateWord(glosa.Code(u.Status), u.Percent, u.By))
		s.Word("update."+strconv.Itoa(u.Number)+".next", glosa.TimeWord(u.Next))
	}
	if err := assessed(tx, s, c.ID); err != nil {
		return nil, err
	}
	if err := later(tx, s, c.ID); err != nil {
		return nil, err
	}
	evidence, err := selectEvidence(tx, scope{id: c.ID})
	for _, e := range evidence {
		d.exhibit(ctx, s, e.Evidence)
	}
	return s.List, err
}

// verdicts adds both words on a commitment. Those of sources have texts of their own.
func verdicts(s *glosa.Sheet, c Commitment) {
	for what, v := range map[string]Verdict{"government": c.Government, "observed": c.Observed} {
		if text := v.SaidText(); text != "" {
			s.Text(what+".said", text)
		} else {
			s.Word(what, string(v.Status))
		}
	}
}

// SaidText is a verdict in the words of sources; "" when it is a step of the ladder alone.
func (v Verdict) SaidText() string {
	if v.Own == "" && v.Note == "" && len(v.Sources) == 0 {
		return ""
	}
	return strings.Join([]string{string(v.Status), v.Own, v.OwnEn, v.Note, v.NoteEn, lines(v.Sources)}, "\n")
}

// wordings adds what was agreed, or what sources state.
func wordings(tx *db.Tx, s *glosa.Sheet, c Commitment) error {
	if c.Documented() {
		text, err := statedText(tx, c)
		s.Text("documented", string(text))
		return err
	}
	if c.State == Proposed {
		return nil // a draft
	}
	parts, err := c.Parts()
	if err != nil {
		return err
	}
	s.Text("parts", string(parts))
	for _, v := range c.Versions {
		what := "version." + strconv.Itoa(v.Number)
		js, err := v.Wording.canonical()
		if err != nil {
			return err
		}
		s.Text(what, string(js))
		s.Text(what+".reason", v.Reason)
		for _, g := range v.Signed {
			s.Word(what+"."+string(g.Side), g.By)
		}
		if !v.InForce.IsZero() {
			s.Word(what+".in_force", "yes")
		}
	}
	return nil
}

// Parts is what a commitment says beside its wording, as it is hashed.
func (c Commitment) Parts() ([]byte, error) {
	type part struct {
		Due   string `json:"due"`
		Title string `json:"title"`
	}
	owners := slices.Clone(c.Owners)
	slices.SortFunc(owners, func(a, b Owner) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	steps := make([]part, len(c.Milestones))
	for i, m := range c.Milestones {
		steps[i] = part{glosa.TimeWord(m.Due), m.Title}
	}
	return glosa.JCS(map[string]any{"milestones": steps, "owners": append([]Owner{}, owners...), "targets": append([]Target{}, c.Targets...),
		"territory": c.Territory, "mesa": c.Mesa, "question": c.Question})
}

// wordingBody tells the record of a wording with all that is agreed with it.
func (c Commitment) wordingBody(v Version) (wordingBody, error) {
	parts, err := c.Parts()
	return wordingBody{Version: v.Number, Digest: v.Digest, Parts: glosa.Digest(parts)}, err
}

// statedText is everything that sources state of a documented commitment, as it
// is hashed; its verdicts and links have leaves of their own.
func statedText(tx *db.Tx, c Commitment) ([]byte, error) {
	entries, err := selectEntries(tx, c.ID)
	if err != nil {
		return nil, err
	}
	for i := range entries {
		entries[i].At = entries[i].At.UTC()
	}
	type stated struct {
		At       string           `json:"at"`
		DateText string           `json:"date_text"`
		Restated bool             `json:"restated"`
		Sources  []glosa.SourceID `json:"sources"`
		Wording  Wording          `json:"wording"`
	}
	versions := make([]stated, len(c.Versions))
	for i, v := range c.Versions {
		v.Wording.Starts, v.Wording.Ends = v.Wording.Starts.UTC(), v.Wording.Ends.UTC()
		versions[i] = stated{glosa.TimeWord(v.At), v.DateText, v.Restated, v.Sources, v.Wording}
	}
	parts, err := c.Parts()
	if err != nil {
		return nil, err
	}
	return glosa.JCS(map[string]any{"entries": append([]Entry{}, entries...), "goal": c.Goal, "parts": string(parts), "versions": versions})
}

// assessed adds the Observatory's verdicts, with their reasons and the replies.
func assessed(tx *db.Tx, s *glosa.Sheet, id glosa.CommitmentID) error {
	all, err := selectAssessments(tx, id)
	for _, a := range all {
		what := "assessment." + strconv.Itoa(a.Number)
		s.Text(what, a.Rationale)
		s.Text(what+".criterion", a.Criterion)
		s.Word(what+".status", AssessWord(glosa.Code(a.Status), a.Closing, a.By, a.Considered))
		s.Word(what+".phase", string(a.Phase))
		s.Text(what+".reply", a.Reply)
		s.Word(what+".reply_by", a.ReplyBy)
	}
	return err
}

// later adds what became of a commitment: pauses, links, what other editions decided.
func later(tx *db.Tx, s *glosa.Sheet, id glosa.CommitmentID) error {
	pauses, err := selectPauses(tx, id)
	if err != nil {
		return err
	}
	for i, p := range pauses {
		s.Text("pause."+strconv.Itoa(i+1), p.Reason)
		s.Word("pause."+strconv.Itoa(i+1)+".by", p.By)
		s.Text("pause."+strconv.Itoa(i+1)+".back", p.BackReason)
		s.Word("pause."+strconv.Itoa(i+1)+".back_by", p.BackBy)
	}
	links, err := selectLinks(tx, id)
	if err != nil {
		return err
	}
	for _, l := range links {
		s.Word("link."+string(l.Way)+"."+l.To, LinkWord(glosa.Code(l.Basis), l.Sources))
	}
	fates, err := selectFates(tx, id, "")
	for _, f := range fates {
		s.Word("fate."+string(f.Edition), FateWord(glosa.Code(f.Outcome), f.By, f.Into))
		s.Text("fate."+string(f.Edition)+".reason", f.Reason)
	}
	return err
}

// exhibit adds a piece of evidence; its title and address are opened with its commitment.
func (d *Desk) exhibit(ctx context.Context, s *glosa.Sheet, e Evidence) {
	what := "evidence." + string(e.ID)
	s.Word(what, ExhibitWord(string(e.State), string(e.Next)))
	s.Word(what+".review", string(e.Review))
	s.Text(what+".reason", e.Reason)
	s.Word(what+".milestone", string(e.Milestone))
	if e.File == "" || !e.Public() {
		return
	}
	o := glosa.Official{Of: s.Of, ID: s.ID, What: what + ".file", File: "/es/compromisos/" + s.ID + "/evidencia/" + string(e.ID)}
	if d.Files != nil {
		o.Open = func() (io.ReadCloser, error) { return d.Files.Get(ctx, e.File) }
	}
	s.List = append(s.List, o)
}

// UpdateWord is a report's figures in one line, as lists of what is official have
// it; the functions below are the same of other things.
func UpdateWord(status glosa.Code, percent int, by string) string {
	return fmt.Sprintf("%s %d%% %s", status, percent, by)
}

func AssessWord(status glosa.Code, closing bool, by string, considered []glosa.EvidenceID) string {
	return strings.TrimSpace(fmt.Sprintf("%s closing=%t %s %s", status, closing, by, words(considered)))
}

func LinkWord(basis glosa.Code, sources []glosa.SourceID) string {
	return strings.TrimSpace(string(basis) + " " + words(sources))
}

func FateWord(outcome glosa.Code, by string, into []glosa.CommitmentID) string {
	return strings.TrimSpace(fmt.Sprintf("%s %s %s", outcome, by, words(into)))
}

func ExhibitWord(state, next string) string { return strings.TrimSpace(state + " " + next) }

func words[T ~string](list []T) string { return strings.ReplaceAll(lines(list), "\n", " ") }

// hashOf is the SHA-256 that names a file.
func hashOf(id glosa.FileID) (h glosa.Hash) {
	if b, err := hex.DecodeString(string(id)); err == nil && len(b) == len(h) {
		copy(h[:], b)
	}
	return h
}

// digestOf is the digest of a text, and zero of none.
func digestOf(text string) glosa.Hash {
	if text == "" {
		return glosa.Hash{}
	}
	return glosa.Digest([]byte(text))
}
