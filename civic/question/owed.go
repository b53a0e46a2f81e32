package question

import (
	"context"

	"glosa"
	"glosa/db"
)

// Owed is one question in the inbox of an institution.
type Owed struct {
	Brief
	Draft AnswerState // "" when nobody began
	Words glosa.Hash  // what the draft says: equal where it says the same
}

// Owing says which part of what an institution owes is meant; zero is all of it.
type Owing struct {
	Theme   glosa.Code
	Signing bool // only where a draft waits for the signature
	From    int  // so many are left out, the next due first
}

// Debt is how much an institution owes, to the last one.
type Debt struct {
	All     int
	Signing int                // of these, with a draft that waits for the signature
	Theme   map[glosa.Code]int // "" without one
}

// Debt counts what the actor's institution owes. Errors: Denied.
func (d *Desk) Debt(ctx context.Context, by glosa.Actor) (n Debt, err error) {
	if err := by.May(actInbox); err != nil {
		return n, err
	}
	err = d.owing(ctx, by, func(tx *db.Tx, keys []string) error {
		n, err = countHeld(tx, keys)
		return err
	})
	return n, err
}

// Inbox is what the actor's institution owes, the next due first: at most limit.
// Errors: Denied.
func (d *Desk) Inbox(ctx context.Context, by glosa.Actor, which Owing, limit int) (out []Owed, err error) {
	if err := by.May(actInbox); err != nil {
		return nil, err
	}
	err = d.owing(ctx, by, func(tx *db.Tx, keys []string) error {
		out, err = selectHeld(tx, keys, which, listLimit(limit))
		return err
	})
	return out, err
}

// ToSign is what waits for a signature of the actor's institution, the next due
// first: at most limit, after so many. Errors: Denied.
func (d *Desk) ToSign(ctx context.Context, by glosa.Actor, from, limit int) (out []Owed, err error) {
	if err := by.May(actAnswer); err != nil {
		return nil, err
	}
	return d.Inbox(ctx, by, Owing{Signing: true, From: from}, limit)
}

// owing reads what an actor's institution holds, under all the names it had; nothing without one.
func (d *Desk) owing(ctx context.Context, by glosa.Actor, read func(tx *db.Tx, keys []string) error) error {
	if by.Institution == "" {
		return nil
	}
	return d.DB.Read(ctx, func(tx *db.Tx) error {
		keys, err := holds(tx, by.Institution)
		if err != nil {
			return err
		}
		return read(tx, keys)
	})
}
