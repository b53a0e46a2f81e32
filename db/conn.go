package db

import (
	"context"
	"database/sql"
)

// keptStatements bounds the prepared statements of one connection. The rooms'
// statements are constants, far fewer than this.
const keptStatements = 1024

// preparedConn is one connection with its prepared statements. It is used by
// one goroutine at a time. Its statements run without a context on purpose:
// nobody's cancelled request may interrupt a transaction that others share.
type preparedConn struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

func prepared(ctx context.Context, pool *sql.DB) (*preparedConn, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &preparedConn{conn: conn, stmts: map[string]*sql.Stmt{}}, nil
}

func (c *preparedConn) stmt(query string) (*sql.Stmt, error) {
	if s, ok := c.stmts[query]; ok {
		return s, nil
	}
	if len(c.stmts) >= keptStatements {
		for q, s := range c.stmts {
			s.Close()
			delete(c.stmts, q)
		}
	}
	s, err := c.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	c.stmts[query] = s
	return s, nil
}

func (c *preparedConn) exec(query string, args []any) (int64, error) {
	s, err := c.stmt(query)
	if err != nil {
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
