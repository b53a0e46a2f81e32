package db

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"glosa"
)

// ErrNoRows is the cause inside the NotFound error of [Row.Scan].
var ErrNoRows = sql.ErrNoRows

// Tx is one act or one reading. It belongs to the goroutine that runs fn and
// ends when fn returns. After a statement has failed every later one fails
// too, on both engines, and the act is undone whatever fn returns.
type Tx struct {
	Now time.Time // the act's time, UTC, in whole microseconds

	run     runner
	write   bool
	over    bool
	broken  error
	rows    *sql.Rows // open: nothing else runs until they are closed
	events  []glosa.Event
	entropy io.Reader
}

// runner runs one statement inside a transaction of its engine.
type runner interface {
	exec(query string, args []any) (int64, error)
	query(query string, args []any) (*sql.Rows, error)
	many(query string, sets [][]any) ([]int64, error)
}

// Exec runs a statement that returns no rows and tells how many rows it touched.
//
// Arguments, here and in Query and Row: strings and named strings, integers,
// bools, []byte, glosa.Hash (kept as 32 bytes), time.Time (kept as
// [glosa.Micros]), json.RawMessage (kept as text), and pointers to these (nil
// is NULL). Text that is not UTF-8 or holds a zero byte is Invalid.
func (t *Tx) Exec(query string, args ...any) (int64, error) {
	if !t.write {
		return 0, bug("a reading must not write")
	}
	vals, err := t.ready(args)
	if err != nil {
		return 0, err
	}
	n, err := t.run.exec(query, vals)
	if err != nil {
		return 0, t.fail(err)
	}
	return n, nil
}

// ExecMany runs one statement once per set of arguments, in order, and tells how
// many rows each run touched: what arrives in masses is written this way, up to
// 256 sets at a time. On PostgreSQL all sets travel in one round trip; on SQLite
// the statement stays prepared.
func (t *Tx) ExecMany(query string, sets [][]any) ([]int64, error) {
	if !t.write {
		return nil, bug("a reading must not write")
	}
	ready := make([][]any, len(sets))
	for i, args := range sets {
		vals, err := t.ready(args)
		if err != nil {
			return nil, err
		}
		ready[i] = vals
	}
	if len(ready) == 0 {
		return nil, nil
	}
	touched, err := t.run.many(query, ready)
	if err != nil {
		return nil, t.fail(err)
	}
	return touched, nil
}

// Query runs a statement that returns rows. Read them to the end or close them
// before anything else runs in this act; [Collect] does.
func (t *Tx) Query(query string, args ...any) (*Rows, error) {
	vals, err := t.ready(args)
	if err != nil {
		return nil, err
	}
	rows, err := t.run.query(query, vals)
	if err != nil {
		return nil, t.fail(err)
	}
	t.rows = rows
	return &Rows{tx: t, rows: rows}, nil
}

// Row asks for one row. The statement runs in [Row.Scan].
func (t *Tx) Row(query string, args ...any) *Row { return &Row{tx: t, query: query, args: args} }

// Leave puts an event on the line when the act is done. It fills ID and At, and
// the line gives Seq.
func (t *Tx) Leave(e glosa.Event) error {
	if !t.write {
		return bug("a reading must not leave an event")
	}
	if t.over {
		return bug("used after its act was over")
	}
	for _, tag := range e.Tags {
		if strings.Contains(tag, "\n") {
			return bug("a tag with a line break")
		}
	}
	if len(e.Body) == 0 {
		e.Body = json.RawMessage("{}")
	}
	e.ID, e.At = t.NewID(), t.Now
	t.events = append(t.events, e)
	return nil
}

// NewID makes an id that sorts by time.
func (t *Tx) NewID() string { return glosa.NewID(t.Now, t.entropy) }

// ready refuses a statement that must not run and makes the arguments plain.
func (t *Tx) ready(args []any) ([]any, error) {
	switch {
	case t.over:
		return nil, bug("used after its act was over")
	case t.broken != nil:
		return nil, t.broken
	case t.rows != nil:
		return nil, t.fail(bug("rows are still open: close them first"))
	}
	vals := make([]any, len(args))
	for i, a := range args {
		v, err := plain(a)
		if err != nil {
			return nil, t.fail(fmt.Errorf("argument $%d: %w", i+1, err))
		}
		vals[i] = v
	}
	return vals, nil
}

// fail keeps the first failure: PostgreSQL's transaction is over by then, and
// SQLite behaves the same so that what passes on one passes on the other.
func (t *Tx) fail(err error) error {
	err = asError(err)
	if t.broken == nil {
		t.broken = err
	}
	return err
}

// finish ends the transaction's use and closes rows that fn forgot.
func (t *Tx) finish() error {
	t.over = true
	if t.rows == nil {
		return nil
	}
	t.rows.Close()
	t.rows = nil
	return bug("fn left rows open")
}

// plain turns an argument into what both drivers take the same way.
func plain(a any) (any, error) {
	switch a := a.(type) {
	case nil, int64, bool, []byte, float64:
		return a, nil
	case string:
		return plainText(a)
	case int:
		return int64(a), nil
	case time.Time:
		return glosa.Micros(a), nil
	case glosa.Hash:
		return a[:], nil
	case json.RawMessage:
		return plainText(string(a))
	case time.Duration:
		return nil, bug("a time.Duration has no unit in the database: write .Seconds() or .Microseconds()")
	}
	v := reflect.ValueOf(a)
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil, nil
		}
		return plain(v.Elem().Interface())
	case reflect.String:
		return plainText(v.String())
	case reflect.Bool:
		return v.Bool(), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int(), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return int64(v.Uint()), nil
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return v.Bytes(), nil
		}
	}
	return nil, bug(fmt.Sprintf("no column takes a %T", a))
}

// plainText refuses what PostgreSQL refuses and SQLite would keep.
func plainText(s string) (any, error) {
	if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
		return nil, glosa.Refuse(glosa.Invalid, "e.400")
	}
	return s, nil
}

// Rows are the rows of a query.
type Rows struct {
	tx   *Tx
	rows *sql.Rows
	err  error
}

// Next goes to the next row; at the end it closes the rows.
func (r *Rows) Next() bool {
	if r.rows == nil {
		return false
	}
	if r.rows.Next() {
		return true
	}
	r.close(r.rows.Err())
	return false
}

// Scan reads the row into typed values: besides what database/sql takes,
// *time.Time (from [glosa.Micros]), *glosa.Hash (from 32 bytes) and *json.RawMessage.
func (r *Rows) Scan(dest ...any) error {
	if r.rows == nil {
		return bug("no row to scan")
	}
	for i := range dest {
		dest[i] = target(dest[i])
	}
	if err := r.rows.Scan(dest...); err != nil {
		return r.tx.fail(err)
	}
	return nil
}

// Err is what ended the rows early, if anything did.
func (r *Rows) Err() error { return r.err }

// Close ends the rows. It may be called twice.
func (r *Rows) Close() error {
	r.close(nil)
	return r.err
}

func (r *Rows) close(err error) {
	if r.rows == nil {
		return
	}
	if cerr := r.rows.Close(); err == nil {
		err = cerr
	}
	if r.tx.rows == r.rows {
		r.tx.rows = nil
	}
	r.rows = nil
	if err != nil {
		r.err = r.tx.fail(err)
	}
}

// Row is one row that is asked for.
type Row struct {
	tx    *Tx
	query string
	args  []any
}

// Scan runs the query and reads its first row as [Rows.Scan] does. NotFound
// (wrapping [ErrNoRows]) when there is none; the act may go on after that.
func (r *Row) Scan(dest ...any) error {
	rows, err := r.tx.Query(r.query, r.args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		if rows.err != nil {
			return rows.err
		}
		return asError(sql.ErrNoRows)
	}
	if err := rows.Scan(dest...); err != nil {
		return err
	}
	return rows.Close()
}

// Collect runs a query, reads every row with scan and closes the rows.
func Collect[T any](t *Tx, scan func(*Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := t.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// target wraps the destinations that database/sql does not know.
func target(dest any) any {
	switch dest := dest.(type) {
	case *time.Time:
		return (*microsTarget)(dest)
	case *glosa.Hash:
		return (*hashTarget)(dest)
	case *json.RawMessage:
		return (*[]byte)(dest)
	}
	return dest
}

type microsTarget time.Time

func (m *microsTarget) Scan(v any) error {
	us, ok := v.(int64)
	if !ok && v != nil {
		return fmt.Errorf("a time is kept as BIGINT, not %T", v)
	}
	*m = microsTarget(glosa.FromMicros(us))
	return nil
}

type hashTarget glosa.Hash

func (h *hashTarget) Scan(v any) error {
	*h = hashTarget{}
	if v == nil {
		return nil
	}
	b, ok := v.([]byte)
	if !ok || len(b) != len(h) {
		return fmt.Errorf("a hash is kept as BYTEA of 32 bytes, not %T", v)
	}
	copy(h[:], b)
	return nil
}

func bug(what string) error {
	return &glosa.Error{Kind: glosa.Internal, Key: "e.500", Err: errors.New("db: " + what)}
}
