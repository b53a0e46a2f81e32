package sortition

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// A Drawn panel, and how it was drawn.
type Drawn struct {
	Panel      []string `json:"panel"`
	Transcript []string `json:"transcript"`
}

// File is the draw as a file, JSON in one line.
func (d *Drawn) File() ([]byte, error) {
	raw, err := json.Marshal(d)
	return append(raw, '\n'), err
}

// Draw draws a panel with a public seed, in the manner of RFC 3797 with SHA-256.
// Whoever knows the result and the seed draws the same panel.
//
// All weights are brought to one denominator D. Block i = 0, 1, 2, … is the
// SHA-256 of i as two bytes (the higher first), the seed's bytes, and i again.
// As many blocks as D−1 has bits, rounded up to 256, make a number, the first
// block highest, of which the leading bits are kept, as many as D−1 has; a number
// of D or more is discarded and the next blocks are taken, so that all numbers
// below D are equally likely. The panels stand in the order of the result, each
// with as many numbers as its weight times D: whose range the number falls in is
// drawn. The transcript says each step; every line can be redone with sha256sum
// and long division.
func Draw(r *Result, seed string) (*Drawn, error) {
	if seed == "" {
		return nil, errors.New("empty seed")
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	whole, weights := r.common()
	t := []string{
		fmt.Sprintf("lottery: %d panels of %d, SHA-256 %s", len(r.Panels), r.Size, hex.EncodeToString(r.digest())),
		fmt.Sprintf("seed: %q (%d bytes)", seed, len(seed)),
		"common denominator of the weights: D = " + whole.String(),
	}
	number, steps, err := expand(seed, whole)
	if err != nil {
		return nil, err
	}
	t = append(t, steps...)
	from := new(big.Int)
	for i, w := range weights {
		to := new(big.Int).Add(from, w)
		if number.Cmp(to) < 0 {
			t = append(t, fmt.Sprintf("panel %d has the numbers from %s to %s: it is drawn",
				i+1, from, new(big.Int).Sub(to, big.NewInt(1))),
				"members: "+strings.Join(r.Panels[i].Members, ", "))
			return &Drawn{r.Panels[i].Members, t}, nil
		}
		from = to
	}
	return nil, errors.New("the weights do not sum to 1")
}

// expand makes a number below whole, all equally likely, of a seed.
func expand(seed string, whole *big.Int) (*big.Int, []string, error) {
	size := new(big.Int).Sub(whole, big.NewInt(1)).BitLen()
	blocks := (size + 255) / 256
	var steps []string
	for i := 0; i+blocks <= 1<<16; {
		var raw []byte
		for range blocks {
			mark := binary.BigEndian.AppendUint16(nil, uint16(i))
			sum := sha256.Sum256([]byte(string(mark) + seed + string(mark)))
			steps = append(steps, fmt.Sprintf("block %d: SHA-256(%04x, seed, %04x) = %x", i, i, i, sum))
			raw = append(raw, sum[:]...)
			i++
		}
		n := new(big.Int).SetBytes(raw)
		n.Rsh(n, uint(blocks*256-size))
		if n.Cmp(whole) < 0 {
			return n, append(steps, fmt.Sprintf("number: the leading %d bits, %s", size, n)), nil
		}
		steps = append(steps, fmt.Sprintf("the leading %d bits, %s, are not below D: discarded", size, n))
	}
	return nil, nil, errors.New("no number within 65536 blocks")
}

// digest is the SHA-256 of the lottery: for each panel in order its weight, a
// space, its members parted by commas, and a line feed.
func (r *Result) digest() []byte {
	h := sha256.New()
	for _, p := range r.Panels {
		fmt.Fprintf(h, "%s %s\n", p.Weight.RatString(), strings.Join(p.Members, ","))
	}
	return h.Sum(nil)
}
