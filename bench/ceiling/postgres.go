package ceiling

import (
	"context"
	"database/sql"
	"net/http"
)

// BallotsPostgres is [Ballots] on PostgreSQL: up to 256 rows a statement, and
// the statement is the commit. It needs the driver named pgx.
func BallotsPostgres(ctx context.Context, url string) (http.Handler, error) {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return nil, err
	}
	if _, err := db.ExecContext(ctx, `create table ballot (voter text, question text, primary key (voter, question))`); err != nil {
		db.Close()
		return nil, err
	}
	in := make(chan ballot, most)
	for range 2 { // one gathers while the other waits for the disk
		go func() {
			for set := gather(ctx, in); set != nil; set = gather(ctx, in) {
				voters, questions := make([]string, len(set)), make([]string, len(set))
				for i, b := range set {
					voters[i], questions[i] = b.voter, b.question
				}
				_, err := db.ExecContext(ctx, `insert into ballot select * from unnest($1::text[], $2::text[]) on conflict do nothing`, voters, questions)
				answer(set, err)
			}
		}()
	}
	go func() {
		<-ctx.Done()
		db.Close()
	}()
	return accept(in), nil
}
