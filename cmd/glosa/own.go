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
	o, salt, proven, err := ballotOf(raw, opts)
	if err != nil {
		return err
	}
	if proven == nil {
		fmt.Fprintln(c.out, "FAILURE     receipt: it does not prove itself under this policy")
		return errFound
	}
	told := &priority.Told{}
	opts.Bare, opts.Fold, opts.Leaves, opts.Saved = true, nil, told.Leaf, append(opts.Saved, raw)
	report, err := record.Verify(c, v.Target, opts)
	if err != nil {
		return err
	}
	for _, line := range report.Lines() {
		fmt.Fprintln(c.out, line)
	}
	sheet, err := v.sheet(c, told, o.Contest)
	if err != nil {
		return err
	}
	promise := glosa.Code("")
	if proven.Promise != nil {
		promise = glosa.Code(proven.Promise.Kind)
	}
	own, err := told.Own(o, salt, promise, sheet)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "ballot      %s\n", own.Sentence())
	if own.Proof {
		fmt.Fprintln(c.out, "PROOF       receipt, record and published file together prove that the host did wrong: keep all three")
	}
	if own.Proof || !report.OK() {
		return errFound
	}
	return nil
}

// ballotOf reads a ballot out of a private receipt and checks the receipt by
// itself; proven is nil when it does not prove itself.
func ballotOf(raw []byte, opts record.Options) (o priority.Object, salt glosa.Hash, proven *record.Proven, err error) {
	receipt, err := record.ParseReceipt(raw)
	if err != nil {
		return o, salt, nil, wrong("%w", err)
	}
	if receipt.Private == nil || json.Unmarshal(receipt.Private.Object, &o) != nil || o.Kind != "ballot" {
		return o, salt, nil, wrong("this is not the private receipt of a ballot")
	}
	policy, err := record.ParsePolicy(opts.Policy)
	if err != nil {
		return o, salt, nil, wrong("%w", err)
	}
	kinds, err := record.NewKindSet(opts.Kinds)
	if err != nil {
		return o, salt, nil, err
	}
	p, bad := record.CheckReceipt(receipt, policy, kinds)
	if bad == nil {
		proven = &p
	}
	return o, glosa.Salt(receipt.Private.SaltServer, receipt.Private.SaltDevice), proven, nil
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
