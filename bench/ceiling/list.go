package ceiling

import (
	"database/sql"
	"fmt"
	"html/template"
	"net/http"
	"path/filepath"

	_ "modernc.org/sqlite" // the same driver as Glosa's
)

var page = template.Must(template.New("list").Parse(`<!doctype html>
<html lang="es"><head><meta charset="utf-8"><title>{{.Title}}</title><link rel="stylesheet" href="/s.css"></head>
<body><h1>{{.Title}}</h1><ol>{{range .Items}}
<li class="question"><a href="/preguntas/{{.Folio}}">{{.Text}}</a> <span class="state">{{.State}}</span> <span>{{.Holder}}</span> <span>{{.Supports}}</span></li>{{end}}
</ol></body></html>`))

type item struct {
	Folio, Text, State, Holder string
	Supports                   int
}

// List serves the fifty newest of n questions, read from SQLite and rendered by
// html/template on every request. Close the returned database when done.
func List(dir string, n int) (http.Handler, *sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "list.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)")
	if err != nil {
		return nil, nil, err
	}
	if err := fill(db, n); err != nil {
		db.Close()
		return nil, nil, err
	}
	query, err := db.Prepare(`select folio, text, state, holder, supports from question order by id desc limit 50`)
	if err != nil {
		db.Close()
		return nil, nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rows, err := query.QueryContext(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer rows.Close()
		var items []item
		for rows.Next() {
			var it item
			if err := rows.Scan(&it.Folio, &it.Text, &it.State, &it.Holder, &it.Supports); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			items = append(items, it)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		page.Execute(w, map[string]any{"Title": "Preguntas", "Items": items})
	}), db, nil
}

func fill(db *sql.DB, n int) error {
	if _, err := db.Exec(`create table question (id integer primary key, folio text, text text, state text, holder text, supports integer)`); err != nil {
		return err
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for i := range n {
		_, err := tx.Exec(`insert into question (folio, text, state, holder, supports) values (?, ?, ?, ?, ?)`,
			fmt.Sprintf("DEMO26-%04d-K", i), "¿Cuántos centros de salud de la zona maya tienen hoy medicinas para la diabetes, y cuándo las tendrán los que faltan?",
			"Espera respuesta por escrito", "SESA", i%40)
		if err != nil {
			return err
		}
	}
	return tx.Commit()
}
