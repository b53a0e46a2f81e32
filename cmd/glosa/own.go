package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"glosa"
	"glosa/civic/opinion"
	"glosa/civic/priority"
	"glosa/record"
)

// own follows one ballot from its private receipt to its row: the receipt under
// the saved policy, the record leaf by leaf, then the published file. Against a
// copy of the record's folder nobody is asked anything.
func (v *verifyCmd) own(c *console, opts record.Options) error {
	if len(opts.Policy) == 0 {
		return wrong("a receipt is checked under a policy: save the site's /record/policy once and give it with --policy FILE")
	}
	raw, err := os.ReadFile(v.Receipt)
	if err != nil {
		return wrong("%w", err)
	}
	private, proven, err := privateOf(raw, opts)
	if err != nil {
		return err
	}
	if proven == nil {
		fmt.Fprintln(c.out, "FAILURE     receipt: it does not prove itself under this policy")
		return errFound
	}
	var kind struct{ Kind glosa.Code }
	_ = json.Unmarshal(private.Object, &kind) // what is no object is of no kind
	switch kind.Kind {
	case "ballot":
		return v.ballot(c, opts, raw, private, proven)
	case "opinion":
		return v.opinion(c, opts, raw, private)
	}
	return wrong("this is not the private receipt of a ballot")
}

// salt is the salt of a receipt's commitment.
func salt(p *record.Private) glosa.Hash { return glosa.Salt(p.SaltServer, p.SaltDevice) }

// follow walks over the record with a reader of its leaves, and holds it to the receipt.
func (v *verifyCmd) follow(c *console, opts record.Options, raw []byte, leaves func(glosa.Event) error) (bool, error) {
	opts.Bare, opts.Fold, opts.Leaves, opts.Saved = true, nil, leaves, append(opts.Saved, raw)
	report, err := record.Verify(c, v.Target, opts)
	if err != nil {
		return false, err
	}
	for _, line := range report.Lines() {
		fmt.Fprintln(c.out, line)
	}
	return report.OK(), nil
}

// opinion follows the votes on statements: to their row where the rows of the
// count are given, since those are seldom everybody's.
func (v *verifyCmd) opinion(c *console, opts record.Options, raw []byte, private *record.Private) error {
	var o opinion.Object
	if err := json.Unmarshal(private.Object, &o); err != nil {
		return wrong("the votes of this receipt cannot be read: %w", err)
	}
	trail := &opinion.Trail{}
	ok, err := v.follow(c, opts, raw, trail.Leaf)
	if err != nil {
		return err
	}
	var rows []byte
	if v.Ballots != "" {
		if rows, err = os.ReadFile(v.Ballots); err != nil {
			return wrong("%w", err)
		}
	}
	own, err := trail.Own(o, salt(private), rows)
	if err != nil {
		return err
	}
	return said(c, own.Sentence(), own.Proof, ok)
}

// said ends with what a receipt proves.
func said(c *console, sentence string, proof, ok bool) error {
	fmt.Fprintf(c.out, "ballot      %s\n", sentence)
	if proof {
		fmt.Fprintln(c.out, "PROOF       receipt, record and published file together prove that the host did wrong: keep all three")
	}
	if proof || !ok {
		return errFound
	}
	return nil
}

// ballot follows one ballot of an agenda to its row.
func (v *verifyCmd) ballot(c *console, opts record.Options, raw []byte, private *record.Private, proven *record.Proven) error {
	var o priority.Object
	if err := json.Unmarshal(private.Object, &o); err != nil {
		return wrong("the ballot of this receipt cannot be read: %w", err)
	}
	told := &priority.Told{}
	ok, err := v.follow(c, opts, raw, told.Leaf)
	if err != nil {
		return err
	}
	sheet, err := v.sheet(c, told, o.Contest)
	if err != nil {
		return err
	}
	promise := glosa.Code("")
	if proven.Promise != nil {
		promise = glosa.Code(proven.Promise.Kind)
	}
	own, err := told.Own(o, salt(private), promise, sheet)
	if err != nil {
		return err
	}
	return said(c, own.Sentence(), own.Proof, ok)
}

// privateOf reads a private receipt and checks it by itself; proven is nil when it
// does not prove itself.
func privateOf(raw []byte, opts record.Options) (private *record.Private, proven *record.Proven, err error) {
	receipt, err := record.ParseReceipt(raw)
	if err != nil {
		return nil, nil, wrong("%w", err)
	}
	if receipt.Private == nil {
		return nil, nil, wrong("this is not the private receipt of a ballot")
	}
	policy, err := record.ParsePolicy(opts.Policy)
	if err != nil {
		return nil, nil, wrong("%w", err)
	}
	kinds, err := record.NewKindSet(opts.Kinds)
	if err != nil {
		return nil, nil, err
	}
	p, bad := record.CheckReceipt(receipt, policy, kinds)
	if bad == nil {
		proven = &p
	}
	return receipt.Private, proven, nil
}

// sheet is the published file: the one that was given, or the site's; nil before there is an agenda.
func (v *verifyCmd) sheet(c *console, told *priority.Told, contest glosa.ContestID) (*priority.Sheet, error) {
	if !told.Selected(contest) {
		return nil, nil
	}
	var raw []byte
	var err error
	switch ed, ok := strings.CutSuffix(string(contest), "-agenda"); {
	case v.Ballots != "":
		if raw, err = os.ReadFile(v.Ballots); err != nil {
			return nil, wrong("%w", err)
		}
	case ok && strings.Contains(v.Target, "://"):
		if raw, err = fetch(c, strings.TrimRight(v.Target, "/")+"/es/ediciones/"+ed+"/agenda.pb"); err != nil {
			return nil, err
		}
	default:
		return nil, wrong("the agenda is made: give the published file with --ballots FILE")
	}
	sheet, err := priority.ReadSheet(raw)
	if err != nil {
		return nil, wrong("the published file: %w", err)
	}
	return sheet, nil
}

// maxSheet bounds a published file that is fetched.
const maxSheet = 256 << 20

func fetch(c *console, address string) ([]byte, error) {
	req, err := http.NewRequestWithContext(c, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	res, err := (&http.Client{Timeout: time.Minute}).Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", address, res.Status)
	}
	return io.ReadAll(io.LimitReader(res.Body, maxSheet))
}
