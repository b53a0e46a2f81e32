package main

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"time"

	"glosa"
	"glosa/site"
)

// acts measures questions and ballots handed in through the API, beside bare
// ballots (c).
func (r *run) acts(ctx context.Context, at place) error {
	dir, err := r.folder(fmt.Sprint("ballots-", at.size))
	if err != nil {
		return err
	}
	ceil, err := r.ceiling(ctx, "ballots", dir)
	if err != nil {
		return err
	}
	defer ceil.stop()
	return r.through(ctx, at, ceil, "", "(c)")
}

// through measures acts through the API of a server on at.
func (r *run) through(ctx context.Context, at place, ceil *process, engine, name string) error {
	p, err := r.serveRested(ctx, at)
	if err != nil {
		return err
	}
	defer p.stop()
	var n atomic.Int64
	// Voters come in no order, there as here.
	theirs := side{ceil, func(int, int) []byte {
		return request("POST", fmt.Sprintf("/?v=%016x&q=DEMO26-0001", uint64(n.Add(1))*0x9e3779b97f4a7c15), "", "", 1)
	}}
	ballots := side{p, func(int, int) []byte {
		i := int(n.Add(1))
		return request("PUT", "/api/v1/questions/"+string(at.folios[i%len(at.folios)])+"/support", "Authorization: Bearer "+at.device()+"\r\n", "", i)
	}}
	questions := side{p, func(int, int) []byte {
		i := int(n.Add(1))
		js, _ := json.Marshal(map[string]string{"text": text(10_000_000 + i), "municipality": string(towns[i%len(towns)])}) // strings always are JSON
		return request("POST", "/api/v1/editions/"+string(edition)+"/questions", "", string(js), i)
	}}
	l := line{what: fmt.Sprintf("ballot accepted%s, %s questions", engine, count(at.size)), target: "≥ 0.45 × " + name + ", p99 < 25 ms"}
	our, their := r.turns(ballots, theirs)
	l.result, l.ratio, l.against = our.String(), our.perSecond/their.perSecond, name+" "+their.short()
	l.ok = l.ratio >= 0.45 && our.p99 < 25*time.Millisecond && our.failed == 0
	if err := r.missed(ctx, l, ballots); err != nil {
		return err
	}
	l = line{what: fmt.Sprintf("question accepted%s, %s questions", engine, count(at.size)), target: "≥ 1,500/s"}
	our, their = r.turns(questions, theirs)
	l.result, l.ratio, l.against = our.String(), our.perSecond/their.perSecond, name+" "+their.short()
	l.ok = our.perSecond >= 1500 && our.failed == 0
	return r.missed(ctx, l, questions)
}

// desks measures the same acts without HTTP, in this process.
func (r *run) desks(ctx context.Context, at place) error {
	s, err := site.Open(ctx, at.config(false))
	if err != nil {
		return err
	}
	defer s.Close()
	begun := time.Now()
	took, err := forAWhile(2*r.turn, func(i int) error {
		_, err := s.Question.Submit(ctx, glosa.Citizen(), edition, ask(20_000_000+i))
		return err
	})
	if err != nil {
		return err
	}
	per := float64(took) / time.Since(begun).Seconds()
	r.print(line{what: fmt.Sprintf("question accepted, desk alone, %s", count(at.size)), result: count(per) + "/s", target: "≥ 1,500/s", ok: per >= 1500})
	begun = time.Now()
	took, err = forAWhile(2*r.turn, func(i int) error { return support(ctx, s, at.folios[i%len(at.folios)]) })
	if err != nil {
		return err
	}
	per = float64(took) / time.Since(begun).Seconds()
	r.print(line{what: fmt.Sprintf("ballot accepted, desk alone, %s", count(at.size)), result: count(per) + "/s", none: true})
	begun = time.Now()
	took, err = forAWhile(2*r.turn, func(i int) error { return opine(ctx, s, 1+i%10) })
	if err != nil {
		return err
	}
	per = float64(took) / time.Since(begun).Seconds()
	r.print(line{what: "vote on a statement accepted, desk alone", result: count(per) + "/s", none: true})
	return nil
}

// forAWhile does something again and again, 64 at a time, and tells how often.
func forAWhile(while time.Duration, one func(i int) error) (n int64, err error) {
	var done atomic.Int64
	end := time.Now().Add(while)
	err = manyAtOnce(1<<30, func(i int) error {
		if time.Now().After(end) {
			return errTimeUp
		}
		if err := one(i); err != nil {
			return err
		}
		done.Add(1)
		return nil
	})
	if onlyTimeUp(err) {
		err = nil
	}
	return done.Load(), err
}
