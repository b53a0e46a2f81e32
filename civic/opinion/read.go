package opinion

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/question"
	"glosa/db"
)

// Board is a statement set as pages show it.
type Board struct {
	Edition  glosa.EditionID
	Contest  glosa.ContestID
	Status   Status
	Paused   bool // the edition is postponed: nothing is taken meanwhile
	Settings Settings
	Digest   glosa.Hash // of the settings
	FrozenAt time.Time
	Opened   time.Time
	Until    time.Time // the announced end
	Closed   time.Time
	Early    bool      // closed before its announced end
	Gone     time.Time // when rows, credentials and salts were destroyed
	Picture  Picture   // the groups; with the rest, only once the count is made
	Ballots  int       // rows of the count
	Input    glosa.Hash
	Result   glosa.Hash
	Software glosa.Code
	At       time.Time // of the count
}

// keptBoard is a board as the rows have it; its status may still move by the clock.
type keptBoard struct {
	board   Board
	set     keptSet
	counted bool
}

// ours are the rooms that what pages show is read from. A vote is none of them.
var ours = []string{"opinion", "edition", "question", "text", "seal"}

// Board is an edition's statement set as it stands. NotFound when there is no such edition.
func (d *Desk) Board(ctx context.Context, id glosa.EditionID) (Board, error) {
	k, err := d.sets.Read(ctx, d.DB, id, ours, func(tx *db.Tx) (keptBoard, error) { return boardIn(tx, id) })
	b := k.board
	b.Status = k.set.status(d.DB.Clock().Now(), k.counted)
	b.Settings.Doors = slices.Clone(b.Settings.Doors)
	return b, err
}

func boardIn(tx *db.Tx, id glosa.EditionID) (kb keptBoard, err error) {
	ed, err := edition.Load(tx, id)
	if err != nil {
		return kb, err
	}
	kb.board = Board{Edition: id, Contest: ContestOf(id), Paused: ed.Stage == edition.Postponed}
	kb.set, err = selectSet(tx, id)
	if err != nil && glosa.KindOf(err) == glosa.NotFound {
		kb.board.Settings = SettingsOf(ed)
		return kb, nil
	}
	if err != nil {
		return kb, err
	}
	b, k := &kb.board, kb.set
	b.Settings, b.Digest, b.FrozenAt = k.settings, k.digest, k.frozen
	b.Opened, b.Until, b.Closed, b.Early, b.Gone = k.opened, k.until, k.shut, k.early, k.destroyed
	r, err := selectResult(tx, b.Contest)
	if err != nil && glosa.KindOf(err) == glosa.NotFound {
		return kb, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(r.picture), &b.Picture)
	}
	kb.counted = err == nil
	b.Ballots, b.Input, b.Result, b.Software, b.At = r.ballots, r.input, r.digest, r.software, r.at
	return kb, err
}

// Statements lists an edition's statements by number, with what may be said of the
// votes on each. Words of what was not admitted are not in it.
func (d *Desk) Statements(ctx context.Context, id glosa.EditionID) ([]Statement, error) {
	all, err := d.lists.Read(ctx, d.DB, id, ours, func(tx *db.Tx) ([]Statement, error) {
		k, err := selectSet(tx, id)
		if err != nil && glosa.KindOf(err) == glosa.NotFound {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return d.statements(tx, k)
	})
	return slices.Clone(all), err
}

func (d *Desk) statements(tx *db.Tx, k keptSet) (out []Statement, err error) {
	all, err := selectStatements(tx, k.contest())
	if err != nil {
		return nil, err
	}
	tallies, err := selectTallies(tx, k.contest())
	if err != nil {
		return nil, err
	}
	var asked []glosa.QuestionID
	for _, s := range all {
		if s.Question != "" {
			asked = append(asked, s.Question)
		}
	}
	words, err := question.Wordings(tx, glosa.EditionID(k.edition), asked)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		one := s.Statement
		if one.Question != "" {
			w := words[one.Question]
			if one.Text, one.Language = w.Text, w.Language; one.Sort == Answered && !w.Answered {
				one.Text = ""
			}
		}
		if one.State != Admitted {
			one.Text = ""
		}
		one.Told = tallies[s.N].tell()
		out = append(out, one)
	}
	return out, nil
}

// Item is a statement before somebody at a desk.
type Item struct {
	Statement
	Words string     // also of what waits
	Own   bool       // this person wrote it
	Asked glosa.Side // the side that gave its word on a refusal, while the other's is missing
	Mine  bool       // it was this person's side
	Lapse time.Time  // when silence admits it
	Gone  glosa.Side // the side that asks for erasure, while the other's word is missing
}

// Queue lists every statement of an edition for whoever decides, what waits for
// this person first. What the first person's word was is not told. Errors: Denied;
// NotFound.
func (d *Desk) Queue(ctx context.Context, by glosa.Actor, id glosa.EditionID) (out []Item, err error) {
	if err := by.MayIn(actDesk, id); err != nil {
		return nil, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		out = nil
		if _, err := edition.Load(tx, id); err != nil {
			return err
		}
		k, err := selectSet(tx, id)
		if err != nil {
			if glosa.KindOf(err) == glosa.NotFound {
				err = nil
			}
			return err
		}
		shown, err := d.statements(tx, k)
		if err != nil {
			return err
		}
		all, err := selectStatements(tx, k.contest())
		if err != nil {
			return err
		}
		rounds, err := selectRounds(tx, k.contest())
		if err != nil {
			return err
		}
		for i, s := range all {
			out = append(out, itemOf(shown[i], s, rounds, by))
		}
		slices.SortStableFunc(out, func(a, b Item) int { return a.rank() - b.rank() })
		return nil
	})
	return out, err
}

func itemOf(shown Statement, s keptStatement, rounds []round, by glosa.Actor) Item {
	x := Item{Statement: shown, Words: shown.Text, Own: s.writer != "" && s.writer == by.Human, Lapse: s.secondAt}
	if s.body != "" {
		x.Words, x.Language = s.body, s.Language
	}
	for _, r := range rounds {
		switch {
		case r.n != s.N || !r.closed.IsZero():
		case r.kind == kindRefuse:
			x.Asked, x.Mine = r.first.side, r.first.side == by.Side
		default:
			x.Gone = r.first.side
		}
	}
	return x
}

// rank puts what waits for this person first, and what is decided last.
func (x Item) rank() int {
	switch {
	case x.State == Second && !x.Mine:
		return 0
	case x.State == Waiting:
		return 1
	case x.State == Second:
		return 2
	case x.Gone != "":
		return 3
	}
	return 4
}
