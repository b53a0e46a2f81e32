package db

import (
	"context"
	"errors"
)

func (d *DB) openPostgres(ctx context.Context) error { return errors.New("db: PostgreSQL comes next") }
