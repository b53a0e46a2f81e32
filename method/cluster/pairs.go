package cluster

import (
	"math"
	"runtime"
	"sync"
)

// mostPairs is the number of statements up to which every two of them are
// counted together at all: beyond it the counts alone take 32 MiB and more.
const mostPairs = 2048

// pairs holds, for every two statements, four integers over the participants who
// voted on both: how many they are, the sums of their votes on the one and on the
// other, and the sum of the products. From these and the means the covariance of
// two imputed columns follows without looking at a vote again:
//
//	Σ (a−ā)(b−b̄) = Σab − ā·Σb − b̄·Σa + n·ā·b̄
//
// Being integers they come out the same in whatever order votes come, and a new
// vote changes only as many of them as its participant has votes. Nothing is
// counted before [pairs.count] asks for it.
type pairs struct {
	counted bool
	of      []pair // of statements j < k at k(k−1)/2 + j
}

// pair is two sums in each word: n + 2³²·Σab, and Σa + 2³²·Σb, a being the vote on
// the statement with the smaller number.
type pair struct{ both, each int64 }

func (p pair) n() int64    { return int64(int32(p.both)) }
func (p pair) ab() int64   { return (p.both - p.n()) >> 32 }
func (p pair) sumA() int64 { return int64(int32(p.each)) }
func (p pair) sumB() int64 { return (p.each - p.sumA()) >> 32 }

// count counts all rows, unless that was done before or there are too many statements.
func (p *pairs) count(rows [][]cell, statements int) {
	if p.counted || statements > mostPairs {
		return
	}
	p.counted = true
	p.grow(statements)
	narrow := make([]int64, len(p.of))
	for len(rows) > 0 {
		few := rows[:min(len(rows), math.MaxInt16)]
		rows = rows[len(few):]
		together(func(part, parts int) { p.countFew(narrow, few, part, parts) })
	}
}

// countFew counts rows of which no sum leaves 16 bits, all four of them in one
// word, and adds those up after. A statement, with the smaller ones, belongs to
// one part. narrow is zero before and after.
func (p *pairs) countFew(narrow []int64, rows [][]cell, part, parts int) {
	var votes []uint32 // of one row: statement·4 + vote + 1
	for _, row := range rows {
		votes = votes[:0]
		for _, c := range row {
			if k := int(c.statement); k%parts == part {
				of := narrow[k*(k-1)/2:][:k]
				by := [4]int64{inOne(-1, c.vote), inOne(0, c.vote), inOne(1, c.vote)}
				for _, a := range votes {
					of[a>>2] += by[a&3]
				}
			}
			votes = append(votes, uint32(c.statement)<<2|uint32(c.vote+1))
		}
	}
	for k := part; k*(k-1)/2 < len(p.of); k += parts {
		from := k * (k - 1) / 2
		for i, word := range narrow[from:][:k] {
			n := int64(int16(word))
			word = (word - n) >> 16
			a := int64(int16(word))
			word = (word - a) >> 16
			b := int64(int16(word))
			ab := (word - b) >> 16
			at := &p.of[from+i]
			at.both += n + ab<<32
			at.each += a + b<<32
			narrow[from+i] = 0
		}
	}
}

// inOne is one participant's part in a narrow word: n, Σa, Σb and Σab.
func inOne(a, b int8) int64 {
	return 1 + int64(a)<<16 + int64(b)<<32 + int64(a*b)<<48
}

// with is one participant's part in a pair.
func with(a, b int8) pair {
	return pair{1 + int64(a*b)<<32, int64(a) + int64(b)<<32}
}

// together runs a job in parts at once, one for each processor. What a part does
// may not depend on how many there are.
func together(job func(part, parts int)) {
	parts := min(runtime.GOMAXPROCS(0), 8)
	var others sync.WaitGroup
	for part := 1; part < parts; part++ {
		others.Go(func() { job(part, parts) })
	}
	job(0, parts)
	others.Wait()
}

// grow makes room for so many statements.
func (p *pairs) grow(statements int) {
	if statements > mostPairs {
		*p = pairs{}
	}
	if p.counted {
		p.of = append(p.of, make([]pair, statements*(statements-1)/2-len(p.of))...)
	}
}

// enter counts row[i], which was not there before.
func (p *pairs) enter(row []cell, i int) {
	if !p.counted {
		return
	}
	for j := range row {
		if j != i {
			a, b := row[min(i, j)], row[max(i, j)]
			d, at := with(a.vote, b.vote), p.at(a.statement, b.statement)
			at.both += d.both
			at.each += d.each
		}
	}
}

// at is the pair of two statements, the smaller number first.
func (p *pairs) at(j, k int32) *pair { return &p.of[int(k)*(int(k)-1)/2+int(j)] }

// change counts that row[i] was another vote before.
func (p *pairs) change(row []cell, i int, before int8) {
	if !p.counted {
		return
	}
	by := int64(row[i].vote - before)
	for _, a := range row[:i] {
		at := p.at(a.statement, row[i].statement)
		at.both += by * int64(a.vote) << 32
		at.each += by << 32
	}
	for _, b := range row[i+1:] {
		at := p.at(row[i].statement, b.statement)
		at.both += by * int64(b.vote) << 32
		at.each += by
	}
}
