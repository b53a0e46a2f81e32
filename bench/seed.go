package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"glosa"
	"glosa/civic/opinion"
	"glosa/civic/question"
	"glosa/demo"
	"glosa/site"
)

// edition is the one whose intake is open in the demonstration.
const edition = glosa.EditionID("demo26")

// moderator admits what the generator asks.
var moderator = glosa.Actor{Human: "bench", Side: glosa.Civil, Seat: 99, Roles: []glosa.Role{glosa.Moderator}, Edition: edition}

// place is a data folder, filled, with what the generator needs to know of it.
type place struct {
	dir, url string
	size     int
	folios   []glosa.QuestionID // admitted
	devices  []string           // tokens that have no ballot yet
	next     *atomic.Int64      // the next of them
}

func (p place) config(noSync bool) site.Config {
	return site.Config{Data: p.dir, Database: p.url, Origin: "localhost", Software: "glosa-bench", NoSync: noSync,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

// seed fills a folder with the demonstration and then, by the same acts that
// people use, with n admitted questions and ten ballots for each.
func (r *run) seed(ctx context.Context, name, url string, n int) (place, error) {
	dir, err := r.folder(name)
	p := place{dir: dir, url: url, size: n, next: &atomic.Int64{}}
	if err != nil {
		return p, err
	}
	if err := demo.Fill(ctx, p.config(true), time.Now()); err != nil {
		return p, err
	}
	s, err := site.Open(ctx, p.config(true))
	if err != nil {
		return p, err
	}
	defer s.Close()
	p.folios = make([]glosa.QuestionID, n)
	err = manyAtOnce(n, func(i int) error {
		err := patient(func() error {
			rc, err := s.Question.Submit(ctx, glosa.Citizen(), edition, ask(i))
			p.folios[i] = rc.ID
			return err
		})
		if err != nil {
			return err
		}
		return patient(func() error { return s.Question.Admit(ctx, moderator, p.folios[i]) })
	})
	if err != nil {
		return p, fmt.Errorf("questions: %w", err)
	}
	err = manyAtOnce(10*n, func(i int) error {
		return patient(func() error { return support(ctx, s, p.folios[i%n]) })
	})
	if err != nil {
		return p, fmt.Errorf("ballots: %w", err)
	}
	if _, err := s.Edition.Tick(ctx); err != nil {
		return p, err
	}
	p.devices = make([]string, 100_000)
	for i := range p.devices {
		if p.devices[i], err = s.Voter.NewDevice(); err != nil {
			return p, err
		}
	}
	return p, s.DB.Durable(ctx)
}

// patient comes back when the house is busy, as its answer asks visitors to do.
func patient(act func() error) (err error) {
	for range 20 {
		if err = act(); glosa.KindOf(err) != glosa.Busy {
			return err
		}
		time.Sleep(rand.N(50 * time.Millisecond))
	}
	return err
}

// support gives a ballot of a new device to a question.
func support(ctx context.Context, s *site.Site, id glosa.QuestionID) error {
	token, err := s.Voter.NewDevice()
	if err != nil {
		return err
	}
	dev, err := s.Voter.DeviceOf(token)
	if err != nil {
		return err
	}
	_, err = s.Priority.Support(ctx, glosa.Citizen(), dev, id, [16]byte{1})
	return err
}

// opine is a new device voting on a statement of the demonstration.
func opine(ctx context.Context, s *site.Site, n int) error {
	token, err := s.Voter.NewDevice()
	if err != nil {
		return err
	}
	dev, err := s.Voter.DeviceOf(token)
	if err != nil {
		return err
	}
	_, err = s.Opinion.Vote(ctx, glosa.Citizen(), dev, edition, n, opinion.Agree, [16]byte{1})
	return err
}

// device is a token that has given no ballot yet; they begin anew when all have.
func (p place) device() string { return p.devices[int(p.next.Add(1))%len(p.devices)] }

// manyAtOnce does n things, 64 at a time, and stops at the first error.
func manyAtOnce(n int, one func(i int) error) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, connections)
	for w := range connections {
		wg.Go(func() {
			for errs[w] == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				errs[w] = one(i)
			}
			next.Store(int64(n))
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

var (
	wants = []string{"¿Cuántas plazas de enfermería tiene hoy", "¿Cuándo terminará la obra de agua potable de", "¿Cuánto costó el alumbrado de",
		"¿Por qué no hay transporte de noche en", "¿Qué falta para abrir la secundaria de", "¿Cuántas patrullas vigilan de noche"}
	where = []string{"la colonia", "el ejido", "la supermanzana", "la comunidad", "la región", "el fraccionamiento"}
	how   = []string{"y cuántas hacen falta para atender a quien llega?", "y quién responde si no se cumple la fecha?",
		"y dónde se puede leer el contrato?", "y qué se hizo con lo que se pagó el año pasado?"}
	towns = []glosa.TerritoryCode{"23001", "23002", "23003", "23004", "23005", "23006", "23007", "23008", "23009", "23010", "23011"}
)

// text is a question such as people ask; no two of a run are alike.
func text(i int) string {
	return fmt.Sprintf("%s %s %d, %s", wants[i%len(wants)], where[i/7%len(where)], i, how[i/3%len(how)])
}

func ask(i int) question.Ask {
	return question.Ask{Text: text(i), Municipality: towns[rand.N(len(towns))]}
}

// errTimeUp ends a measure that lasts for a while.
var errTimeUp = errors.New("time is up")

// onlyTimeUp tells whether joined errors say nothing else.
func onlyTimeUp(err error) bool {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return err == nil
	}
	for _, e := range joined.Unwrap() {
		if e != errTimeUp {
			return false
		}
	}
	return true
}
