package site

import (
	"context"
	"strings"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/civic/opinion"
	"glosa/civic/panel"
	"glosa/civic/panel/draw"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/civic/question"
	"glosa/civic/question/intake"
	"glosa/civic/report"
	"glosa/db"
)

// OfficialsOf tells what the rooms publish and leaves of the record decide:
// states, numbers, official texts, files. Nothing in it is private: whatever a
// page does not show yet is left out by its room.
func OfficialsOf(d *db.DB, files report.Files) func(ctx context.Context, emit func(glosa.Official) error) error {
	lists := []func(context.Context, func(glosa.Official) error) error{
		(&edition.Desk{DB: d}).Officials, (&report.Desk{DB: d, Files: files}).Officials, (&question.Desk{DB: d}).Officials,
		(&intake.Desk{DB: d}).Officials, (&voter.Desk{DB: d}).Officials, (&opinion.Desk{DB: d}).Officials, (&priority.Desk{DB: d}).Officials, (&panel.Desk{DB: d}).Officials, (&draw.Desk{DB: d}).Officials, (&commitment.Desk{DB: d, Files: files}).Officials,
	}
	return func(ctx context.Context, emit func(glosa.Official) error) error {
		for _, list := range lists {
			if err := list(ctx, emit); err != nil {
				return err
			}
		}
		return nil
	}
}

// Lying are the files of a data folder as they lie there, to be read only.
func Lying(c Config) report.Files { return report.ReadFolder(c.files()) }

// Fold lets the room that left an event say what its tables must have after it.
// A tombstone is of whichever room kept the words.
func Fold(l glosa.Ledger, e glosa.Event) error {
	room, _, _ := strings.Cut(e.Kind, ".")
	for _, fold := range folds[room] {
		if err := fold(l, e); err != nil {
			return err
		}
	}
	return nil
}

// folds is an immutable table of the rooms' folds, by the first word of their events.
var folds = map[string][]func(glosa.Ledger, glosa.Event) error{
	"edition": {edition.Fold}, "report": {report.Fold}, "question": {question.Fold}, "intake": {intake.Fold}, "voter": {voter.Fold}, "opinion": {opinion.Fold}, "priority": {priority.Fold}, "key": {priority.Fold},
	"panel": {panel.Fold}, "draw": {draw.Fold}, "commitment": {commitment.Fold}, "text": {question.Fold, opinion.Fold, commitment.Fold}, "seal": {question.Fold},
}
