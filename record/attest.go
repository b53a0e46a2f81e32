package record

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"glosa"
)

// Attestation is what an auditor signs after an audit of ballots: which contest
// of which record was looked at, and how many things did not agree. It is a
// signed note (C2SP) by the auditor's own key, its text ten lines:
//
//	glosa.audit.ballots/v1
//	glosa.example/record
//	qroo-10-agenda
//	made 2026-10-02T15:04:31Z
//	record 10482 bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=
//	input LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=
//	result jQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0b=
//	ballots 10021 rows 9987
//	findings 0
//	report 3gKLHiQHT+zNzh2hRGjBhevoB0bbjQLnP+zepicpUTm=
//
// input and result are SHA-256 of the published file and of the result, zeros
// before there is an agenda; report is SHA-256 of the findings as the auditor
// publishes them. findings counts those of the record too.
type Attestation struct {
	Origin        string
	Contest       string
	Made          time.Time // to the second
	Size          int64
	Root          tlog.Hash
	Input, Result glosa.Hash
	Ballots, Rows int
	Findings      int
	Report        glosa.Hash
	By            string // the name of the key, once opened
}

const attestHeader = "glosa.audit.ballots/v1"

func (a Attestation) text() string {
	return attestHeader + "\n" + a.Origin + "\n" + a.Contest + "\nmade " + a.Made.UTC().Format(toSecond) +
		"\nrecord " + strconv.FormatInt(a.Size, 10) + " " + a.Root.String() + "\ninput " + a.Input.String() + "\nresult " + a.Result.String() +
		"\nballots " + strconv.Itoa(a.Ballots) + " rows " + strconv.Itoa(a.Rows) + "\nfindings " + strconv.Itoa(a.Findings) +
		"\nreport " + a.Report.String() + "\n"
}

// Sign writes the note by an auditor's signer key.
func (a Attestation) Sign(key string) ([]byte, error) {
	s, err := note.NewSigner(strings.TrimSpace(key))
	if err != nil {
		return nil, fmt.Errorf("not a signer key") // never the key itself
	}
	if _, err := parseAttestation(a.text()); err != nil {
		return nil, err
	}
	return note.Sign(&note.Note{Text: a.text()}, s)
}

// OpenAttestation checks the auditor's signature and reads what it says.
func OpenAttestation(raw []byte, key string) (Attestation, error) {
	v, err := note.NewVerifier(strings.TrimSpace(key))
	if err != nil {
		return Attestation{}, fmt.Errorf("the auditor's key: %w", err)
	}
	if len(raw) > maxNote {
		return Attestation{}, fmt.Errorf("audit of %d bytes", len(raw))
	}
	n, err := note.Open(raw, note.VerifierList(v))
	if err != nil {
		return Attestation{}, fmt.Errorf("audit: %w", err)
	}
	a, err := parseAttestation(n.Text)
	a.By = v.Name()
	return a, err
}

// parseAttestation reads the text. Only the one spelling that text() writes is accepted.
func parseAttestation(text string) (a Attestation, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 11 || lines[0] != attestHeader || lines[10] != "" {
		return a, fmt.Errorf("audit: not ten lines of %s", attestHeader)
	}
	a.Origin, a.Contest = lines[1], lines[2]
	if a.Made, err = promiseTime(lines[3], "made "); err != nil {
		return a, err
	}
	size, root, _ := strings.Cut(strings.TrimPrefix(lines[4], "record "), " ")
	if a.Size, err = decimal(size); err != nil {
		return a, fmt.Errorf("audit: record: %w", err)
	}
	if a.Root, err = tlog.ParseHash(root); err != nil {
		return a, fmt.Errorf("audit: record: %w", err)
	}
	for i, h := range map[int]*glosa.Hash{5: &a.Input, 6: &a.Result, 9: &a.Report} {
		_, word, _ := strings.Cut(lines[i], " ")
		if err := h.UnmarshalText([]byte(word)); err != nil {
			return a, fmt.Errorf("audit: line %d: %w", i+1, err)
		}
	}
	if _, err := fmt.Sscanf(lines[7]+" "+lines[8], "ballots %d rows %d findings %d", &a.Ballots, &a.Rows, &a.Findings); err != nil {
		return a, fmt.Errorf("audit: counts: %w", err)
	}
	if a.text() != text || !isOrigin(a.Origin) || !isWord([]byte(a.Contest)) || a.Ballots < 0 || a.Rows < 0 || a.Findings < 0 {
		return a, fmt.Errorf("audit is not written as it should be")
	}
	return a, nil
}

// NewAuditKey makes an auditor's key under a name such as "uni.example/auditor":
// the signer key goes to a file of its own that must not exist, the verifier key
// is handed back to be published.
func NewAuditKey(path, name string) (verifier string, err error) {
	if !isOrigin(name) {
		return "", fmt.Errorf("a key's name is a host and a path, without blanks and plus signs")
	}
	skey, vkey, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		return "", err
	}
	return vkey, writeNew(path, []byte(skey+"\n"+vkey+"\n"))
}

// SignerKey reads the first line of a key file that only its owner may read.
func SignerKey(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if os.PathSeparator == '/' && info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("%s can be read by others (mode %o): chmod 600", path, info.Mode().Perm())
	}
	raw, err := os.ReadFile(path)
	skey, _, _ := bytes.Cut(raw, []byte("\n"))
	return string(skey), err
}
