package glosa

import (
	"encoding/hex"
	"io"
	"time"
)

// Named strings: a room points at another room's things without importing it,
// and every signature says what it means.
type (
	EditionID      string // "qroo-2", "demo26"
	SeriesID       string // "qroo", "demo": editions that follow one another
	TerritoryCode  string // INEGI code: "23" the state, "23008" a municipality
	InstitutionKey string // "SESA", "SABGOB"
	PostKey        string // "sesa-titular": an office, never a person
	QuestionID     string // the folio, canonical with hyphens: "DEMO26-0427-K"
	PassageID      string // "demo26-informe-3-2": an addressable paragraph of the report
	ReportID       string
	MesaID         string // one thematic table of a session: "demo26-m1"
	ContestID      string // what one ballot is about: one mesa's agenda
	MinutesID      string
	CommitmentID   string // "QROO-2018-03"
	MilestoneID    string
	EvidenceID     string
	FileID         string // hex SHA-256 of the bytes
	TargetCode     string // an SDG target: "16.7"
	SourceID       string // one address of the facts: "S042"
	HumanID        string // the human behind a sign-in; private, opaque, compared in two-person acts
	Act            string // "question.admit": a line of testdata/may.txt
	Code           string // a word of a closed vocabulary; never free text
)

// NewID makes an id that sorts by time as text: 48 bits of milliseconds and 80
// random bits, in 32 hexadecimal digits. entropy is crypto/rand.Reader outside tests.
func NewID(now time.Time, entropy io.Reader) string {
	var b [16]byte
	ms := uint64(now.UnixMilli())
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	if _, err := io.ReadFull(entropy, b[6:]); err != nil {
		panic("glosa: no entropy: " + err.Error()) // crypto/rand never fails on a working machine
	}
	return hex.EncodeToString(b[:])
}
