package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"glosa"
	"glosa/civic/opinion"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/record"
	"glosa/site"
)

// auditCmd is what the Observatory does with the private rows, away from the host's hands.
type auditCmd struct {
	Ballots auditBallotsCmd `cmd:"" help:"Check every ballot of a data folder; exit code 1 when something does not agree."`
	Key     auditKeyCmd     `cmd:"" help:"Make an auditor's key: writes the private one, prints the public one to publish."`
	Check   auditCheckCmd   `cmd:"" help:"Check an auditor's signed result, and that the files given are those it speaks of."`
}

type auditBallotsCmd struct {
	Folder string `arg:"" help:"The data folder, or a copy of it."`
	store
	Edition  string `help:"One edition; without it every one whose ballots are kept." placeholder:"ID"`
	Contest  string `help:"One contest of it, such as demo26-agenda or demo26-opinion." placeholder:"ID"`
	Policy   string `help:"Policy of the record saved earlier; without it the folder's own is asked." placeholder:"FILE"`
	JSON     bool   `help:"Write JSON." name:"json"`
	Findings string `help:"Write what does not agree to FILE.csv or FILE.json, each row by its tracker." placeholder:"FILE"`
	Key      string `help:"The auditor's key: sign the result." placeholder:"FILE"`
	Out      string `help:"Where the signed result goes; with --key. It must not exist." placeholder:"FILE"`
}

// audited is the whole of an audit as it is written.
type audited struct {
	Origin string        `json:"origin"`
	Size   int64         `json:"size"`
	Root   string        `json:"root"`
	Record []string      `json:"record"` // what does not agree in the record itself
	Audits []voter.Audit `json:"audits"`

	report *record.Report
}

// Run verifies the record first, since it decides which ballots there are, and
// then every ballot.
func (a *auditBallotsCmd) Run(c *console) error {
	if (a.Key == "") != (a.Out == "") {
		return wrong("--key and --out go together: the signed result needs both")
	}
	found, err := a.look(c)
	if err != nil {
		return err
	}
	if err := a.write(c, found); err != nil {
		return err
	}
	if a.Findings != "" {
		if err := writeFindings(a.Findings, found); err != nil {
			return err
		}
	}
	if a.Key != "" {
		if err := a.sign(c, found); err != nil {
			return err
		}
	}
	if found.wrong() > 0 {
		return errFound
	}
	return nil
}

// look verifies the record and audits the contests.
func (a *auditBallotsCmd) look(c *console) (found audited, err error) {
	told, trail := &priority.Told{}, &opinion.Trail{}
	leaf := func(e glosa.Event) error { return errors.Join(told.Leaf(e), trail.Leaf(e)) }
	opts := record.Options{Kinds: site.Kinds(), Now: c.clock.Now(), Fold: site.Fold, Leaves: leaf}
	if a.Policy != "" {
		if opts.Policy, err = os.ReadFile(a.Policy); err != nil {
			return found, wrong("%w", err)
		}
	}
	v := &verifyCmd{store: a.store}
	d, done, err := v.openFolder(c, a.Folder, &opts)
	if err != nil {
		return found, err
	}
	defer done()
	if found.report, err = record.Verify(c, a.Folder, opts); err != nil {
		return found, err
	}
	found.Origin, found.Size, found.Root, found.Record = found.report.Origin, found.report.Size, found.report.Root.String(), []string{}
	for _, f := range found.report.Findings {
		if f.Grade == record.Failure {
			found.Record = append(found.Record, f.What+": "+f.Text)
		}
	}
	keys := site.ReadKeys(a.Folder)
	agenda, sets := &priority.Desk{DB: d, Keys: keys}, &opinion.Desk{DB: d, Keys: keys}
	found.Audits, err = a.contests(c, []box{
		{agenda.Kept, priority.ContestOf, func(ctx context.Context, id glosa.EditionID) (voter.Audit, error) { return agenda.Audit(ctx, id, told) }},
		{sets.Kept, opinion.ContestOf, func(ctx context.Context, id glosa.EditionID) (voter.Audit, error) { return sets.Audit(ctx, id, trail) }},
	})
	return found, err
}

// box is a room that keeps ballots: of which editions, in which contest, and how
// they are audited.
type box struct {
	kept  func(context.Context) ([]glosa.EditionID, error)
	of    func(glosa.EditionID) glosa.ContestID
	audit func(context.Context, glosa.EditionID) (voter.Audit, error)
}

// contests audits what was asked for: every contest whose ballots are kept, those of
// one edition, or one. An edition need not have every sort of contest, but one.
func (a *auditBallotsCmd) contests(c *console, boxes []box) (all []voter.Audit, err error) {
	all = []voter.Audit{}
	absent := wrong("no contest %s has ballots here", a.Contest)
	for _, b := range boxes {
		editions := []glosa.EditionID{glosa.EditionID(a.Edition)}
		if a.Edition == "" {
			if editions, err = b.kept(c); err != nil {
				return nil, err
			}
		}
		for _, id := range editions {
			if a.Contest != "" && string(b.of(id)) != a.Contest {
				continue
			}
			one, err := b.audit(c, id)
			switch {
			case err == nil:
				all = append(all, one)
			case glosa.KindOf(err) == glosa.NotFound, glosa.KindOf(err) == glosa.Closed: // there is none, or its ballots were destroyed
				absent = err
			default:
				return nil, err
			}
		}
	}
	if len(all) == 0 && (a.Edition != "" || a.Contest != "") {
		return nil, absent
	}
	return all, nil
}

// wrong counts what does not agree.
func (f audited) wrong() int {
	n := f.report.Failures
	for _, a := range f.Audits {
		n += len(a.Findings)
	}
	return n
}

// write is the audit for people, or as JSON.
func (a *auditBallotsCmd) write(c *console, f audited) error {
	if a.JSON {
		raw, err := json.MarshalIndent(f, "", "  ")
		if err == nil {
			_, err = c.out.Write(append(raw, '\n'))
		}
		return err
	}
	fmt.Fprintf(c.out, "record      %s, %d leaves, root %s\n", f.Origin, f.Size, f.Root)
	for _, line := range f.Record {
		fmt.Fprintf(c.out, "FAILURE     record: %s\n", line)
	}
	for _, one := range f.Audits {
		fmt.Fprintf(c.out, "contest     %s: %d ballots, %d batches, %d openings, %d rows published\n", one.Contest, one.Ballots, one.Batches, one.Openings, one.Rows)
		for _, l := range one.Looks {
			fmt.Fprintf(c.out, "%-11s %d looked at, %d wrong\n", l.What, l.Looked, l.Wrong)
		}
		if !one.Keyed {
			fmt.Fprintln(c.out, "codes       not looked at: the edition's key is not in this folder")
		}
		for _, x := range one.Findings {
			fmt.Fprintf(c.out, "FAILURE     %s: %s%s\n", x.What, named(x), x.Text)
		}
	}
	if n := f.wrong(); n > 0 {
		fmt.Fprintf(c.out, "NOT AGREED: %d findings\n", n)
		return nil
	}
	fmt.Fprintln(c.out, "EVERYTHING AGREES")
	return nil
}

func named(f voter.Finding) string {
	switch {
	case f.Tracker != "":
		return "row " + f.Tracker + ": "
	case f.Commit != "":
		return "ballot " + f.Commit + ": "
	}
	return ""
}

// findingsJSON is what an attestation's report digest is of.
func findingsJSON(all []voter.Finding) ([]byte, error) {
	raw, err := json.MarshalIndent(all, "", "  ")
	return append(raw, '\n'), err
}

// writeFindings writes what does not agree, contest by contest.
func writeFindings(path string, f audited) error {
	var out bytes.Buffer
	var all []voter.Finding
	for _, one := range f.Audits {
		all = append(all, one.Findings...)
	}
	switch filepath.Ext(path) {
	case ".json":
		raw, err := findingsJSON(append([]voter.Finding{}, all...))
		if err != nil {
			return err
		}
		out.Write(raw)
	case ".csv":
		w := csv.NewWriter(&out)
		rows := [][]string{{"contest", "what", "tracker", "commit", "text"}}
		for _, one := range f.Audits {
			for _, x := range one.Findings {
				rows = append(rows, []string{string(one.Contest), string(x.What), x.Tracker, plainCell(x.Commit), x.Text})
			}
		}
		if err := w.WriteAll(rows); err != nil {
			return err
		}
	default:
		return wrong("--findings: a file that ends in .csv or .json")
	}
	return os.WriteFile(path, out.Bytes(), 0o600)
}

// plainCell keeps a spreadsheet from reading a base64 word as a formula.
func plainCell(s string) string {
	if strings.HasPrefix(s, "+") || strings.HasPrefix(s, "=") {
		return "'" + s
	}
	return s
}

// sign writes the signed result of one contest.
func (a *auditBallotsCmd) sign(c *console, f audited) error {
	if len(f.Audits) != 1 {
		return wrong("a signed result speaks of one contest: give --contest")
	}
	key, err := record.SignerKey(a.Key)
	if err != nil {
		return wrong("--key: %v", err)
	}
	one := f.Audits[0]
	report, err := findingsJSON(one.Findings)
	if err != nil {
		return err
	}
	note, err := record.Attestation{Origin: f.Origin, Contest: string(one.Contest), Made: c.clock.Now(), Size: f.Size, Root: f.report.Root,
		Input: one.Input, Result: one.Result, Ballots: one.Ballots, Rows: one.Rows, Findings: f.wrong(), Report: glosa.Digest(report)}.Sign(key)
	if err != nil {
		return wrong("--key: %v", err)
	}
	out, err := os.OpenFile(a.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return wrong("%v", err)
	}
	if _, err = out.Write(note); err == nil {
		err = out.Sync()
	}
	if shut := out.Close(); err == nil {
		err = shut
	}
	return err
}

type auditKeyCmd struct {
	File string `arg:"" help:"Where the private key goes, readable by its owner alone. It must not exist."`
	Name string `help:"Whose key it is, such as uni.example/observatory." required:"" placeholder:"NAME"`
}

// Run makes a key.
func (k auditKeyCmd) Run(c *console) error {
	verifier, err := record.NewAuditKey(k.File, k.Name)
	if err != nil {
		return wrong("%v", err)
	}
	_, err = fmt.Fprintln(c.out, verifier)
	return err
}

type auditCheckCmd struct {
	Note     string `arg:"" help:"The signed result."`
	Key      string `help:"The auditor's public key, as they published it." name:"key-file" required:"" placeholder:"FILE"`
	File     string `help:"The file of the count, .pb or participants-votes.csv: is it the one that was audited?" placeholder:"FILE"`
	Result   string `help:"The result: is it the one that was audited?" placeholder:"FILE"`
	Findings string `help:"The findings as JSON: are they those of this audit?" placeholder:"FILE"`
}

// Run checks the signature and says what was found; exit code 1 when the audit
// found something, or a file is not the one that was audited.
func (k auditCheckCmd) Run(c *console) error {
	raw, err := os.ReadFile(k.Note)
	if err != nil {
		return wrong("%v", err)
	}
	key, err := os.ReadFile(k.Key)
	if err != nil {
		return wrong("%v", err)
	}
	a, err := record.OpenAttestation(raw, string(key))
	if err != nil {
		fmt.Fprintf(c.out, "FAILURE     %v\n", err)
		return errFound
	}
	fmt.Fprintf(c.out, "signed by   %s\nrecord      %s, %d leaves, root %s\ncontest     %s: %d ballots, %d rows published\nfindings    %d\n",
		a.By, a.Origin, a.Size, a.Root, a.Contest, a.Ballots, a.Rows, a.Findings)
	bad := a.Findings > 0
	for _, f := range []struct {
		name, path string
		want       glosa.Hash
	}{{"file", k.File, a.Input}, {"result", k.Result, a.Result}, {"findings", k.Findings, a.Report}} {
		if f.path == "" {
			continue
		}
		raw, err := os.ReadFile(f.path)
		if err != nil {
			return wrong("%v", err)
		}
		if glosa.Digest(raw) != f.want {
			fmt.Fprintf(c.out, "FAILURE     %s: %s is not the one that was audited\n", f.name, f.path)
			bad = true
			continue
		}
		fmt.Fprintf(c.out, "%-11s is the one that was audited\n", f.name)
	}
	if bad {
		return errFound
	}
	return nil
}
