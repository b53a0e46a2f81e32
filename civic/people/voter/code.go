package voter

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"glosa"
	"glosa/db"
)

const (
	codeBytes = 10 // 80 bits: nobody guesses one
	// MostCodes is how many codes a list holds at most; an issuer may draw several.
	MostCodes = 50_000
	// ListBytes is how large a list's file may be.
	ListBytes = 200 + MostCodes*65
)

// codeLetters leaves out I, L, O and U (as Crockford's base 32 does).
var codeLetters = base32.NewEncoding(letters).WithPadding(base32.NoPadding)

const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// DrawCode draws a code as a sheet shows it: four groups of four letters.
func DrawCode() string {
	var b [codeBytes]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails on a working machine
	s := codeLetters.EncodeToString(b[:])
	return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
}

// Tidy reads a code as people write it: in any case, with or without hyphens and
// blanks, with the letters that look like digits. ok is false for what is none.
func Tidy(typed string) (code string, ok bool) {
	var b strings.Builder
	for _, c := range strings.ToUpper(typed) {
		switch c {
		case ' ', '-', '\t', '\u2010', '\u2011', '\u2013', '\u00a0':
			continue
		case 'O':
			c = '0'
		case 'I', 'L':
			c = '1'
		}
		if b.Len() >= 8*codeBytes/5 || !strings.ContainsRune(letters, c) {
			return "", false
		}
		b.WriteRune(c)
	}
	code = b.String()
	raw, err := codeLetters.DecodeString(code)
	return code, err == nil && len(raw) == codeBytes
}

// CodeHash is what is public of a code:
// SHA-256("glosa/code/v1" ‖ 0 ‖ edition ‖ 0 ‖ the sixteen letters).
func CodeHash(ed glosa.EditionID, code string) glosa.Hash {
	return glosa.Digest([]byte("glosa/code/v1\x00" + string(ed) + "\x00" + code))
}

// CodeRows are the rows in which a contest's ballots by codes can lie: those of the
// codes of loaded lists that somebody typed. It is for audits, which see no tokens;
// nil where there are such codes and the edition's key is not here.
func CodeRows(tx *db.Tx, keys Keys, ed glosa.EditionID, contest glosa.ContestID) (map[glosa.Hash]bool, error) {
	typed, err := selectShown(tx, ed)
	rows := make(map[glosa.Hash]bool, len(typed))
	for _, hash := range typed {
		if keys == nil {
			return nil, nil
		}
		row, err := OfPaper(ed, hash).Row(keys, ed, contest)
		if glosa.KindOf(err) == glosa.NotFound {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		rows[row] = true
	}
	return rows, err
}

// List is what an issuer publishes of the codes that it drew: their digests, sorted,
// so that nothing says which envelope holds which.
type List struct {
	Edition glosa.EditionID
	Issuer  glosa.InstitutionKey
	Hashes  []glosa.Hash // sorted, each once
}

// Root is the [Merkle] root over the digests.
func (l List) Root() glosa.Hash { return Merkle(l.Hashes) }

// A list's file is text of ASCII lines, each ended by a line feed:
//
//	glosa codes v1
//	edition demo26
//	issuer UNIVERSIDAD
//	codes 500
//	<64 hexadecimal digits>    500 times, in ascending order
const listHead = "glosa codes v1"

// WriteTo writes the file.
func (l List) WriteTo(w io.Writer) (int64, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nedition %s\nissuer %s\ncodes %d\n", listHead, l.Edition, l.Issuer, len(l.Hashes))
	for _, h := range l.Hashes {
		b.WriteString(hex.EncodeToString(h[:]))
		b.WriteByte('\n')
	}
	return b.WriteTo(w)
}

var (
	editionWord = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)
	issuerWord  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)
)

// ReadList reads a list's file. Invalid (field "file"), with the line that is
// wrong, for anything that [List.WriteTo] would not have written.
func ReadList(r io.Reader) (l List, err error) {
	in := bufio.NewScanner(io.LimitReader(r, ListBytes+1))
	n := 0
	wrong := func() (List, error) {
		return List{}, glosa.WrongField("file", "vo.list.bad", "line", strconv.Itoa(n))
	}
	head := []string{listHead, "edition ", "issuer ", "codes "}
	said := make([]string, len(head))
	for i, begins := range head {
		n++
		var ok bool
		if !in.Scan() {
			return wrong()
		}
		if said[i], ok = strings.CutPrefix(in.Text(), begins); !ok {
			return wrong()
		}
	}
	l.Edition, l.Issuer = glosa.EditionID(said[1]), glosa.InstitutionKey(said[2])
	count, err := strconv.Atoi(said[3])
	if err != nil || strconv.Itoa(count) != said[3] || count < 1 || count > MostCodes || said[0] != "" ||
		!editionWord.MatchString(said[1]) || !issuerWord.MatchString(said[2]) {
		return wrong()
	}
	for range count {
		n++
		var h glosa.Hash
		if !in.Scan() || len(in.Bytes()) != 64 || bytes.ContainsAny(in.Bytes(), "ABCDEF") {
			return wrong()
		}
		if _, err := hex.Decode(h[:], in.Bytes()); err != nil {
			return wrong()
		}
		if k := len(l.Hashes); k > 0 && bytes.Compare(l.Hashes[k-1][:], h[:]) >= 0 {
			return wrong()
		}
		l.Hashes = append(l.Hashes, h)
	}
	if n++; in.Scan() || in.Err() != nil {
		return wrong()
	}
	return l, nil
}
