package job

import (
	"context"
	"errors"
	"time"

	"glosa"
	"glosa/db"
)

// Job is one piece of work that waits.
type Job struct {
	Queue   string
	Subject string // the id of what it is about
	Place   string // where the next step begins; "" at first
	Made    time.Time
	Due     time.Time
	Tries   int        // steps that failed since the last one that did not
	Failed  glosa.Code // the kind of the last failure
	Dead    bool       // it is not tried any more
}

const (
	maxTries = 10
	longest  = time.Hour
)

// pause is how long a job rests after so many failures in a row.
func pause(tries int) time.Duration {
	return min(longest, time.Second<<(2*min(tries-1, 6)))
}

// Enqueue leaves work to be done from an instant on, inside an act. The same
// subject twice in a queue is one job. Internal when the subject is no plain id:
// what could be a word or an address is kept in no job.
func Enqueue(tx *db.Tx, queue, subject string, from time.Time) error {
	if !plain(queue) || !plain(subject) {
		return &glosa.Error{Kind: glosa.Internal, Key: "e.500", Err: errors.New("job: a subject is an id")}
	}
	return insert(tx, Job{Queue: queue, Subject: subject, Made: tx.Now, Due: from})
}

// Drop takes a job away, done or not: what it was about is gone.
func Drop(tx *db.Tx, queue, subject string) error { return remove(tx, queue, subject) }

// plain tells whether s could be an id of this house: letters, digits and marks
// that no address and no sentence does without others.
func plain(s string) bool {
	for _, c := range []byte(s) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.', c == ':', c == '/':
		default:
			return false
		}
	}
	return s != "" && len(s) <= 100
}

// Standing is how one queue stands.
type Standing struct {
	Queue   string
	Waiting int
	Dead    int
	Oldest  time.Time // when the oldest waiting job was left; zero when none waits
}

// Standings tells of every queue that holds anything, by name.
func Standings(ctx context.Context, d *db.DB) (all []Standing, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		all, err = selectStandings(tx)
		return err
	})
	return all, err
}

// DeadOnes lists what is not tried any more, oldest first.
func DeadOnes(ctx context.Context, d *db.DB) (all []Job, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		all, err = selectDead(tx)
		return err
	})
	return all, err
}

// Again lets every dead job run once more and tells how many there were.
func Again(ctx context.Context, d *db.DB) (n int64, err error) {
	err = d.Act(ctx, func(tx *db.Tx) error {
		n, err = revive(tx)
		return err
	})
	return n, err
}
