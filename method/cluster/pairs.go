package cluster

import "runtime"

// mostPairs is the number of statements up to which every two of them are
// counted together. Beyond it the counts would take more than the votes.
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
	workers := min(runtime.GOMAXPROCS(0), 8)
	together(workers, func(w int) {
		for _, row := range rows {
			for i, c := range row { // a statement belongs to one worker
				if int(c.statement)%workers == w {
					p.enterAmong(row[:i], c)
				}
			}
		}
	})
}

// together runs a job in parts that touch nothing of each other.
func together(parts int, job func(part int)) {
	done := make(chan struct{})
	for part := 1; part < parts; part++ {
		go func() {
			job(part)
			done <- struct{}{}
		}()
	}
	job(0)
	for part := 1; part < parts; part++ {
		<-done
	}
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

// enterAmong counts c together with cells of smaller numbers.
func (p *pairs) enterAmong(smaller []cell, c cell) {
	k := int(c.statement)
	of := p.of[k*(k-1)/2:][:k]
	for _, a := range smaller {
		at := &of[a.statement]
		at.both += 1 + int64(a.vote*c.vote)<<32
		at.each += int64(a.vote) + int64(c.vote)<<32
	}
}

// enter counts row[i], which was not there before.
func (p *pairs) enter(row []cell, i int) {
	if !p.counted {
		return
	}
	p.enterAmong(row[:i], row[i])
	for _, b := range row[i+1:] {
		p.enterAmong(row[i:i+1], b)
	}
}

// change counts that row[i] was another vote before.
func (p *pairs) change(row []cell, i int, before int8) {
	if !p.counted {
		return
	}
	s, by := int(row[i].statement), int64(row[i].vote-before)
	for _, a := range row[:i] {
		at := &p.of[s*(s-1)/2+int(a.statement)]
		at.both += by * int64(a.vote) << 32
		at.each += by << 32
	}
	for _, b := range row[i+1:] {
		k := int(b.statement)
		at := &p.of[k*(k-1)/2+s]
		at.both += by * int64(b.vote) << 32
		at.each += by
	}
}
