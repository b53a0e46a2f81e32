package job

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"glosa"
	"glosa/db"
)

// Work does one step of a job inside an act, and tells where the next begins:
// "" when the job is done. It touches nothing but tx.
type Work func(tx *db.Tx, j Job) (place string, err error)

// Runner does what is due. Several nodes may each have one: one works at a time.
type Runner struct {
	DB   *db.DB
	Log  *slog.Logger
	Work map[string]Work // by queue; a job of another queue waits for a program that knows it
}

// idle is how often it looks for work that was left without an event.
const idle = time.Second

// Run does what is due until ctx ends, and returns ctx's error. A database that
// is away is waited for.
func (r *Runner) Run(ctx context.Context) error {
	log := cmp.Or(r.Log, slog.Default())
	for ctx.Err() == nil {
		err := r.DB.Exclusive(ctx, "job", r.work)
		if ctx.Err() == nil {
			log.Error("jobs stopped; they will go on", "err", err)
			rest(ctx, idle)
		}
	}
	return ctx.Err()
}

func (r *Runner) work(ctx context.Context) error {
	for {
		if _, err := r.Do(ctx); err != nil {
			return err
		}
		if err := rest(ctx, idle); err != nil {
			return err
		}
	}
}

func rest(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Do does everything that is due now, and tells how many steps that took. A step
// that fails is no error of Do: it is written beside the job.
func (r *Runner) Do(ctx context.Context) (steps int, err error) {
	for {
		var due []Job
		err := r.DB.Read(ctx, func(tx *db.Tx) (err error) {
			due, err = selectDue(tx, tx.Now, 100)
			return err
		})
		if err != nil {
			return steps, err
		}
		worked := 0
		for _, j := range due {
			if r.Work[j.Queue] == nil {
				continue
			}
			n, err := r.one(ctx, j)
			if steps, worked = steps+n, worked+1; err != nil {
				return steps, err
			}
		}
		if worked == 0 {
			return steps, nil
		}
	}
}

// one does a job to its end, or until a step fails.
func (r *Runner) one(ctx context.Context, j Job) (steps int, err error) {
	for {
		var gone bool
		err := r.DB.Act(ctx, func(tx *db.Tx) (err error) {
			gone, err = r.step(tx, j)
			return err
		})
		switch {
		case ctx.Err() != nil:
			return steps, ctx.Err()
		case glosa.KindOf(err) == glosa.Busy: // the database is away, or its disk is full: the job did nothing wrong
			return steps, err
		case err != nil:
			return steps, r.failed(ctx, j, err)
		case gone:
			return steps + 1, nil
		}
		steps++
	}
}

// step reads the job again inside the act: it may have been dropped, or done by
// a node that lost its lock without knowing.
func (r *Runner) step(tx *db.Tx, j Job) (gone bool, err error) {
	now, err := selectOne(tx, j.Queue, j.Subject)
	if err != nil || len(now) == 0 {
		return true, err
	}
	place, err := r.Work[j.Queue](tx, now[0])
	if err != nil {
		return false, err
	}
	if place == "" {
		return true, remove(tx, j.Queue, j.Subject)
	}
	return false, moveOn(tx, j, place)
}

// failed puts a job off, or gives it up.
func (r *Runner) failed(ctx context.Context, j Job, cause error) error {
	return r.DB.Act(ctx, func(tx *db.Tx) error {
		now, err := selectOne(tx, j.Queue, j.Subject)
		if err != nil || len(now) == 0 {
			return err
		}
		j := now[0]
		j.Tries++
		j.Failed, j.Dead, j.Due = glosa.Code(glosa.KindOf(cause).String()), j.Tries >= maxTries, tx.Now.Add(pause(j.Tries))
		if j.Dead {
			cmp.Or(r.Log, slog.Default()).Error("a job is given up", "queue", j.Queue, "subject", j.Subject, "err", cause)
		}
		return putOff(tx, j)
	})
}
