package db

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
)

// keptStatements bounds the prepared statements of one connection. The rooms'
// statements are constants, far fewer than this.
const keptStatements = 1024

// preparedConn is one connection with its prepared statements. It is used by
// one goroutine at a time. Its statements run without a context on purpose:
// nobody's cancelled request may interrupt a transaction that others share.
type preparedConn struct {
	conn  *sql.Conn
	stmts map[string]statement
}

// statement is a prepared statement and, for each of its bare placeholders, the
// argument that goes there.
type statement struct {
	*sql.Stmt
	places []int
}

func prepared(ctx context.Context, pool *sql.DB) (*preparedConn, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &preparedConn{conn: conn, stmts: map[string]statement{}}, nil
}

func (c *preparedConn) stmt(query string) (statement, error) {
	if s, ok := c.stmts[query]; ok {
		return s, nil
	}
	if len(c.stmts) >= keptStatements {
		for q, s := range c.stmts {
			s.Close()
			delete(c.stmts, q)
		}
	}
	text, places := bare(query)
	p, err := c.conn.PrepareContext(context.Background(), text)
	if err != nil {
		return statement{}, err
	}
	s := statement{p, places}
	c.stmts[query] = s
	return s, nil
}

// bare writes ? for each $1, $2, … and tells which argument goes to each. To
// SQLite $1 is a name: at every run the driver would ask for the name of each
// place, and SQLite would search a list for it, so that a statement with 700 of
// them searched 700 times through 700.
func bare(query string) (text string, places []int) {
	var b strings.Builder
	for i := 0; i < len(query); {
		end := i + 1
		switch query[i] {
		case '\'', '"':
			if n := strings.IndexByte(query[end:], query[i]); n >= 0 {
				end += n + 1
			}
		case '-', '/':
			end = afterComment(query, i)
		case '$':
			for end < len(query) && '0' <= query[end] && query[end] <= '9' {
				end++
			}
			if n, err := strconv.Atoi(query[i+1 : end]); err == nil {
				places = append(places, n-1)
				b.WriteByte('?')
				i = end
				continue
			}
		}
		b.WriteString(query[i:end])
		i = end
	}
	return b.String(), places
}

// afterComment is the end of the comment that begins at i, or of the one byte there.
func afterComment(query string, i int) int {
	for start, stop := range map[string]string{"--": "\n", "/*": "*/"} {
		if strings.HasPrefix(query[i:], start) {
			if n := strings.Index(query[i+2:], stop); n >= 0 {
				return i + 2 + n + len(stop)
			}
			return len(query)
		}
	}
	return i + 1
}

// arrange puts the arguments where they go.
func (s statement) arrange(args []any) ([]any, error) {
	all := make([]any, len(s.places))
	for i, n := range s.places {
		if n < 0 || n >= len(args) {
			return nil, fmt.Errorf("no argument $%d", n+1)
		}
		all[i] = args[n]
	}
	return all, nil
}

func (c *preparedConn) exec(query string, args []any) (int64, error) {
	s, err := c.stmt(query)
	if err != nil {
		return 0, err
	}
	if args, err = s.arrange(args); err != nil {
		return 0, err
	}
	res, err := s.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (c *preparedConn) query(query string, args []any) (*sql.Rows, error) {
	s, err := c.stmt(query)
	if err != nil {
		return nil, err
	}
	if args, err = s.arrange(args); err != nil {
		return nil, err
	}
	return s.QueryContext(context.Background(), args...)
}

func (c *preparedConn) many(query string, sets [][]any) ([]int64, error) {
	touched := make([]int64, len(sets))
	for i, args := range sets {
		n, err := c.exec(query, args)
		if err != nil {
			return nil, err
		}
		touched[i] = n
	}
	return touched, nil
}

// run is exec for statements of db's own that touch no rows.
func (c *preparedConn) run(query string) error {
	_, err := c.exec(query, nil)
	return err
}

// number is the first column of the first row.
func (c *preparedConn) number(query string) (n int64, err error) {
	rows, err := c.query(query, nil)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	into := make([]any, len(columns))
	for i := range into {
		into[i] = new(any)
	}
	into[0] = &n
	if rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return 0, err
		}
	}
	return n, rows.Err()
}

func (c *preparedConn) close() error {
	for _, s := range c.stmts {
		s.Close()
	}
	return c.conn.Close()
}
