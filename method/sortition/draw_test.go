package sortition

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// lotteryOf makes a result of panels of two with the given weights.
func lotteryOf(weights ...*big.Rat) *Result {
	r := &Result{Rule: Maximin, Size: 2, Probabilities: map[string]*big.Rat{}}
	for i, w := range weights {
		ids := []string{fmt.Sprint(2*i + 1), fmt.Sprint(2*i + 2)}
		r.Panels = append(r.Panels, Panel{ids, w})
		for _, id := range ids {
			r.Probabilities[id] = w
		}
		if r.Min == nil || w.Cmp(r.Min) < 0 {
			r.Min = w
		}
	}
	return r
}

// TestDrawIsFair: over 100,000 seeds (20,000 for a long number) each panel comes as often as its weight says.
// At the level of 1 in 1,000 χ² may be up to 18.5 with 4 degrees of freedom, 13.8 with
// 2; the seeds are fixed, so this either holds or the expansion is at fault.
func TestDrawIsFair(t *testing.T) {
	tiny := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(80), nil)) // takes two blocks
	first, second := new(big.Rat).Add(big.NewRat(1, 5), tiny), new(big.Rat).Add(big.NewRat(3, 10), tiny)
	third := new(big.Rat).Sub(big.NewRat(1, 1), new(big.Rat).Add(first, second))
	for _, c := range []struct {
		name  string
		of    *Result
		seeds int
		limit float64
	}{
		{"short", lotteryOf(big.NewRat(1, 7), big.NewRat(2, 7), big.NewRat(1, 14), big.NewRat(3, 14), big.NewRat(2, 7)), 100_000, 18.5},
		{"long", lotteryOf(first, second, third), 20_000, 13.8},
	} {
		times := map[string]int{}
		for i := range c.seeds {
			drawn, err := Draw(c.of, fmt.Sprintf("sorteo %d", i))
			if err != nil {
				t.Fatal(err)
			}
			times[drawn.Panel[0]]++
		}
		chi := 0.0
		for _, p := range c.of.Panels {
			w, _ := p.Weight.Float64()
			d := float64(times[p.Members[0]]) - w*float64(c.seeds)
			chi += d * d / (w * float64(c.seeds))
		}
		if chi > c.limit {
			t.Errorf("%s: χ² = %.1f over %v", c.name, chi, times)
		}
	}
}

// TestDrawIsReplayed: what the transcript says suffices to redo the draw with
// nothing of this package.
func TestDrawIsReplayed(t *testing.T) {
	in := made(5, 40, 8, []int{2, 3, 3}, 1)
	r, err := Solve(t.Context(), in, Leximin, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		seed := fmt.Sprintf("Melate 4%03d: 3 17 22 31 40 56", i)
		drawn, err := Draw(r, seed)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Join(drawn.Transcript, "\n")
		get := func(pattern string) *big.Int {
			m := regexp.MustCompile(pattern).FindStringSubmatch(text)
			n, ok := new(big.Int).SetString(m[1], 10)
			if !ok {
				t.Fatalf("%s in\n%s", pattern, text)
			}
			return n
		}
		whole, number := get(`D = (\d+)`), get(`number: the leading \d+ bits, (\d+)`)
		blocks := regexp.MustCompile(`block (\d+): SHA-256\((....), seed, ....\) = (\w+)`).FindAllStringSubmatch(text, -1)
		size := new(big.Int).Sub(whole, big.NewInt(1)).BitLen()
		per := (size + 255) / 256
		var last []byte
		for _, b := range blocks {
			mark, _ := hex.DecodeString(b[2])
			sum := sha256.Sum256(slices.Concat(mark, []byte(seed), mark))
			if hex.EncodeToString(sum[:]) != b[3] || fmt.Sprintf("%04s", fmt.Sprintf("%x", get(`block (`+b[1]+`):`))) != b[2] {
				t.Fatalf("block %v", b)
			}
			last = append(last, sum[:]...)
		}
		last = last[len(last)-32*per:]
		if n := new(big.Int).Rsh(new(big.Int).SetBytes(last), uint(256*per-size)); n.Cmp(number) != 0 {
			t.Fatalf("number %s, the blocks give %s", number, n)
		}
		from := new(big.Rat)
		at := new(big.Rat).SetFrac(number, whole)
		for _, p := range r.Panels {
			to := new(big.Rat).Add(from, p.Weight)
			if at.Cmp(from) >= 0 && at.Cmp(to) < 0 && !slices.Equal(p.Members, drawn.Panel) {
				t.Fatalf("drawn %v, the number falls to %v", drawn.Panel, p.Members)
			}
			from = to
		}
	}
}

// TestDrawOfOne: a lottery with one panel needs no block.
func TestDrawOfOne(t *testing.T) {
	drawn, err := Draw(lotteryOf(big.NewRat(1, 1)), "x")
	if err != nil || !slices.Equal(drawn.Panel, []string{"1", "2"}) {
		t.Errorf("%v, %v", drawn, err)
	}
	if _, err := Draw(lotteryOf(big.NewRat(1, 1)), ""); err == nil {
		t.Error("an empty seed draws")
	}
	if _, err := Draw(lotteryOf(big.NewRat(1, 2)), "x"); err == nil {
		t.Error("weights of one half in all draw")
	}
}

// TestDrawNeverChanges: these are promises to whoever published a seed.
func TestDrawNeverChanges(t *testing.T) {
	r := lotteryOf(big.NewRat(1, 3), big.NewRat(1, 3), big.NewRat(1, 3))
	drawn, err := Draw(r, "2026-09-14 31415")
	if err != nil {
		t.Fatal(err)
	}
	// printf '\000\0002026-09-14 31415\000\000' | sha256sum
	sum := sha256.Sum256([]byte("\x00\x002026-09-14 31415\x00\x00"))
	if want := fmt.Sprintf("block 0: SHA-256(0000, seed, 0000) = %x", sum); drawn.Transcript[3] != want {
		t.Errorf("%s\nwant %s", drawn.Transcript[3], want)
	}
	if want := fmt.Sprintf("bits, %d", sum[0]>>6); !strings.Contains(drawn.Transcript[4], want) {
		t.Errorf("%s: want %s", drawn.Transcript[4], want)
	}
}

func TestResultIsReadBack(t *testing.T) {
	in := made(5, 40, 8, []int{2, 3, 3}, 1)
	r, err := Solve(t.Context(), in, Leximin, nil)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := r.File()
	if err != nil {
		t.Fatal(err)
	}
	back, err := ParseResult(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if err := back.Verify(in); err != nil {
		t.Error(err)
	}
	again, _ := back.File()
	if !bytes.Equal(raw, again) {
		t.Errorf("%s\n%s", raw, again)
	}
}

const goodResult = `{"feasible":true,"min_probability":"1/2","probabilities":{"a":"1/2","b":"1/2"},` +
	`"panels":[{"members":["a"],"weight":"1/2"},{"members":["b"],"weight":"1/2"}]}`

func TestParseResultRefuses(t *testing.T) {
	if _, err := ParseResult(strings.NewReader(goodResult)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, to, want string }{
		{`"weight":"1/2"}]`, `"weight":"1/3"}]`, "the weights do not sum to 1"},
		{`"weight":"1/2"}]`, `"weight":"1e-1"}]`, `panel 2: weight "1e-1" is not a fraction`},
		{`"weight":"1/2"}]`, `"weight":"1/0"}]`, `panel 2: weight "1/0" is not a fraction`},
		{`"weight":"1/2"}]`, `"weight":"-1/2"}]`, `panel 2: weight "-1/2" is not a fraction`},
		{`"a":"1/2"`, `"a":"2/3"`, "person a: the panels do not give probability 2/3"},
		{`"a":"1/2"`, `"c":"1/2"`, "person c: the panels do not give"},
		{`["b"]`, `["b","a"]`, "panel 2: 2 members, not 1"},
		{`["b"]`, `["a"]`, "person a: the panels do not give"},
		{`"min_probability":"1/2"`, `"min_probability":"1/3"`, "min_probability is 1/2"},
		{`"feasible":true`, `"feasible":false`, "the result says that the quotas cannot be met"},
		{`{"feasible"`, `["feasible"`, "not a result"},
		{`"panels":[{`, `"panelas":[{`, "no panels"},
		{`"weight":"1/2"}]}`, `"weight":"1/2"}]} x`, "not a result: something follows"},
		{`"a":"1/2"`, `"a":"1/3","a":"1/2"`, `"a" stands twice in one object`},
		{`"feasible":true`, `"feasible":false,"feasible":true`, `"feasible" stands twice in one object`},
		{`"weight":"1/2"}]`, `"weight":"1/3","weight":"1/2"}]`, `"weight" stands twice in one object`},
		{`"a":"1/2","b":"1/2"`, ``, "somebody in a panel has no probability"},
	} {
		text := strings.Replace(goodResult, c.from, c.to, 1)
		if text == goodResult {
			t.Fatalf("nothing replaced: %s", c.from)
		}
		if _, err := ParseResult(strings.NewReader(text)); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %s", c.to, err, c.want)
		}
	}
}

// FuzzParseResult: nothing crashes the reader, and what it accepts can be drawn
// from, and is written and read back the same.
func FuzzParseResult(f *testing.F) {
	f.Add([]byte(goodResult), "seed")
	f.Add([]byte(`{"feasible":true,"size":0,"panels":[{"weight":"1"}]}`), "")
	f.Fuzz(func(t *testing.T, text []byte, seed string) {
		r, err := ParseResult(bytes.NewReader(text))
		if err != nil {
			return
		}
		if _, err := Draw(r, seed+"x"); err != nil {
			t.Fatal(err)
		}
		raw, err := r.File()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseResult(bytes.NewReader(raw)); err != nil {
			t.Fatalf("%v\n%s", err, raw)
		}
	})
}
