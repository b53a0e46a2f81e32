package site

import (
	"context"

	"glosa"
	"glosa/civic/panel/draw"
	"glosa/civic/people"
	"glosa/civic/people/rights"
	"glosa/civic/question"
	"glosa/civic/question/intake"
	"glosa/db"
)

// rightsRooms lets each request reach the room that keeps what it is about: a
// folio is of a question, or of a registration for a draw.
func (s *Site) rightsRooms() rights.Rooms {
	return rights.Rooms{
		Author: func(tx *db.Tx, folio, key string) (glosa.QuestionID, glosa.EditionID, error) {
			if t, ok := draw.ParseTicket(folio); ok {
				ed, err := draw.Author(tx, t, key)
				return glosa.QuestionID(t), ed, err
			}
			return question.Author(tx, folio, key)
		},
		Known: func(tx *db.Tx, folio string) (glosa.QuestionID, glosa.EditionID, error) {
			if t, ok := draw.ParseTicket(folio); ok {
				ed, err := draw.KnownTicket(tx, t)
				return glosa.QuestionID(t), ed, err
			}
			return question.TypedFolio(tx, folio)
		},
		Held: func(tx *db.Tx, id glosa.QuestionID) (any, error) {
			if t, ok := draw.ParseTicket(string(id)); ok {
				return s.Draw.Copy(tx, t)
			}
			return s.Question.Held(tx, id)
		},
		Complete: func(ctx context.Context, held any) (any, error) {
			if _, whole := held.(draw.Held); whole {
				return held, nil
			}
			return s.Question.Complete(ctx, held)
		},
		Desk: func(tx *db.Tx, id glosa.QuestionID) (any, error) {
			if _, ok := draw.ParseTicket(string(id)); ok {
				return nil, nil
			}
			return intake.Held(tx, id)
		},
		Erase: func(tx *db.Tx, by glosa.Actor, two [2]people.Voice, id glosa.QuestionID) (bool, error) {
			if t, ok := draw.ParseTicket(string(id)); ok {
				return s.Draw.EraseAsked(tx, by, t)
			}
			return s.Question.EraseAsked(tx, by, two, id)
		},
		Rename: func(tx *db.Tx, by glosa.Actor, id glosa.QuestionID, name people.Sealed) error {
			if _, ok := draw.ParseTicket(string(id)); ok { // it bears no name; its own page changes the rest
				return glosa.Refuse(glosa.Conflict, "ar.unsigned", "folio", string(id))
			}
			return question.RenameAsked(tx, by, id, name)
		},
		Unname: func(tx *db.Tx, by glosa.Actor, id glosa.QuestionID) (bool, error) {
			if _, ok := draw.ParseTicket(string(id)); ok {
				return false, nil
			}
			return question.UnnameAsked(tx, by, id)
		},
	}
}
