package ceiling

import (
	"context"
	"database/sql"
	"net/http"
	"path/filepath"
)

// most acts that share one commit.
const most = 256

type ballot struct {
	voter, question string
	done            chan error
}

// Ballots accepts POSTs of "voter question" in the query and answers when the
// row is durable: one writer, up to 256 rows a commit. It stops with ctx.
func Ballots(ctx context.Context, dir string) (http.Handler, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "ballots.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return nil, err
	}
	if _, err := db.Exec(`create table ballot (voter text, question text, primary key (voter, question)) without rowid`); err != nil {
		db.Close()
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		db.Close()
		return nil, err
	}
	insert, err := conn.PrepareContext(ctx, `insert into ballot values (?, ?) on conflict do nothing`)
	if err != nil {
		db.Close()
		return nil, err
	}
	in := make(chan ballot, most)
	go func() {
		defer db.Close()
		defer conn.Close()
		write(ctx, conn, insert, in)
	}()
	return accept(in), nil
}

// accept answers each ballot when it is durable.
func accept(in chan<- ballot) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		b := ballot{voter: q.Get("v"), question: q.Get("q"), done: make(chan error, 1)}
		in <- b
		if err := <-b.done; err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

// gather waits for a ballot and takes those behind it; nil when ctx ends.
func gather(ctx context.Context, in <-chan ballot) (set []ballot) {
	select {
	case <-ctx.Done():
		return nil
	case b := <-in:
		set = append(set, b)
	}
	for len(set) < most {
		select {
		case b := <-in:
			set = append(set, b)
		default:
			return set
		}
	}
	return set
}

func answer(set []ballot, err error) {
	for _, b := range set {
		b.done <- err
	}
}

func write(ctx context.Context, conn *sql.Conn, insert *sql.Stmt, in <-chan ballot) {
	for set := gather(ctx, in); set != nil; set = gather(ctx, in) {
		_, err := conn.ExecContext(ctx, "begin immediate")
		for _, b := range set {
			if err == nil {
				_, err = insert.ExecContext(ctx, b.voter, b.question)
			}
		}
		if err == nil {
			_, err = conn.ExecContext(ctx, "commit")
		}
		answer(set, err)
	}
}
