package report

import (
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
	"glosa/db/dbtest"
)

const ed = glosa.EditionID("demo26")

var facilitator = glosa.Actor{Side: glosa.Civil, Seat: 1, Roles: []glosa.Role{glosa.Facilitator}}

// ministry is a desk with an edition in draft, a liaison, and a head who holds the post.
type ministry struct {
	*Desk
	t       *testing.T
	clock   *glosa.FakeClock
	liaison glosa.Actor
	head    glosa.Actor
}

// session is far enough for the calendar of the demonstration to be laid.
var session = time.Date(2026, 9, 15, 12, 0, 0, 0, time.UTC)

func each(t *testing.T, body func(m ministry)) {
	t.Helper()
	dbtest.Each(t, []db.Schema{edition.Schema(), people.Schema(), Schema()}, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) {
		files, _ := newFolder(t)
		m := ministry{t: t, clock: clock, Desk: &Desk{DB: d, Files: files,
			Earlier: func(*db.Tx, edition.Edition) ([]glosa.CommitmentID, error) {
				return []glosa.CommitmentID{"DEMO-2025-01", "DEMO-2025-02"}, nil
			},
			Owned: func(_ *db.Tx, id glosa.CommitmentID, by glosa.InstitutionKey) (bool, error) {
				return id == "DEMO-2025-02" && by == "SESA", nil
			}}}
		protocol, err := edition.Template("demo26")
		m.ok(err)
		m.ok((&edition.Desk{DB: d}).Found(t.Context(), facilitator, edition.Founding{ID: ed, Series: "demo", Number: 2, Name: "Demostración 2026",
			Code: "DEMO26", Protocol: protocol, Session: session, Synthetic: true}))
		who := &people.Desk{DB: d}
		ref, err := people.ShippedReference("23")
		m.ok(err)
		m.ok(who.Load(t.Context(), glosa.Admin(), ref))
		human, err := who.Enrol(t.Context(), glosa.Admin())
		m.ok(err)
		_, err = who.Grant(t.Context(), glosa.Admin(), people.Tenure{Post: "gubernatura-titular", Human: human, From: "2026-01-01",
			Document: people.Document{Digest: glosa.Digest([]byte("n")), Title: "Nombramiento"}})
		m.ok(err)
		m.liaison = glosa.Actor{Human: "enlace", Post: "gubernatura-enlace", Institution: "GUBERNATURA", Side: glosa.Government, Roles: []glosa.Role{glosa.Liaison}}
		m.head = glosa.Actor{Human: human, Post: "gubernatura-titular", Institution: "GUBERNATURA", Side: glosa.Government, Roles: []glosa.Role{glosa.Signatory}}
		body(m)
	})
}

func (m ministry) ok(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m ministry) want(kind glosa.Kind, err error) {
	m.t.Helper()
	if err == nil || glosa.KindOf(err) != kind {
		m.t.Errorf("got %v, want %s", err, kind)
	}
}

// called moves the edition to the stage in which reports are published.
func (m ministry) called() {
	m.t.Helper()
	to, err := (&edition.Desk{DB: m.DB}).Advance(m.t.Context(), facilitator, ed)
	m.ok(err)
	if to != edition.Called {
		m.t.Fatalf("the edition is %s", to)
	}
}

func (m ministry) read(fn func(tx *db.Tx)) {
	m.t.Helper()
	m.ok(m.DB.Read(m.t.Context(), func(tx *db.Tx) error { fn(tx); return nil }))
}

var words = Text{Title: "Informe 2026", Markdown: sample}

func TestPublish(t *testing.T) {
	each(t, func(m ministry) {
		ctx := m.t.Context()
		m.want(glosa.Denied, m.Write(ctx, glosa.Citizen(), ed, words))
		m.want(glosa.Invalid, m.Write(ctx, m.liaison, ed, Text{Title: "", Markdown: "x"}))
		m.want(glosa.NotFound, m.Write(ctx, m.liaison, "demo99", words))
		m.ok(m.Write(ctx, m.liaison, ed, words))
		m.want(glosa.Closed, m.Publish(ctx, m.head, ed, DigestOf(words), ""))
		m.called()
		m.read(func(tx *db.Tx) {
			if all, err := Passages(tx, ed); err != nil || len(all) != 0 {
				m.t.Errorf("a draft shows %d passages, %v", len(all), err)
			}
			if p, err := Preview(tx, ed); err != nil || len(p) != 8 || p[3].Anchor != "1-1" {
				m.t.Errorf("preview: %s %v", anchors(p), err)
			}
		})
		m.want(glosa.Conflict, m.Publish(ctx, m.head, ed, glosa.Digest([]byte("otro")), ""))
		m.want(glosa.Denied, m.Publish(ctx, m.liaison, ed, DigestOf(words), ""))
		impostor := m.head
		impostor.Human = "otra"
		m.want(glosa.Denied, m.Publish(ctx, impostor, ed, DigestOf(words), ""))
		m.ok(m.Publish(ctx, m.head, ed, DigestOf(words), ""))
		m.want(glosa.Conflict, m.Publish(ctx, m.head, ed, DigestOf(words), "otra vez"))
		m.read(func(tx *db.Tx) {
			rep, err := Of(tx, ed)
			if err != nil || rep.State != Published || rep.Version != 1 || rep.Digest != DigestOf(words) || rep.By != "post:gubernatura-titular" || rep.Late != 0 || !rep.Published.Equal(m.clock.Now()) {
				m.t.Errorf("%+v %v", rep, err)
			}
			p, err := Read(tx, ed, "demo26-informe-1-1")
			if err != nil || p.Words != "Se abrieron tres centros de salud." || p.HTML != "<p>Se abrieron <strong>tres</strong> centros de salud.</p>" {
				m.t.Errorf("%+v %v", p, err)
			}
			_, err = Read(tx, ed, "demo26-informe-9-9")
			m.want(glosa.NotFound, err)
			_, err = Read(tx, ed, "demo25-informe-1-1")
			m.want(glosa.NotFound, err)
		})
	})
}

// TestCorrection: a published text is replaced with a reason; the old one stays,
// and so do the addresses of what did not change.
func TestCorrection(t *testing.T) {
	each(t, func(m ministry) {
		ctx := m.t.Context()
		m.ok(m.Write(ctx, m.liaison, ed, words))
		m.called()
		m.ok(m.Publish(ctx, m.head, ed, DigestOf(words), ""))
		next := Text{Title: "Informe 2026", Markdown: strings.Replace(sample, "> Quedan pendientes dos obras.\n", "Una obra más, ya terminada.\n", 1)}
		m.ok(m.Write(ctx, m.liaison, ed, next))
		m.read(func(tx *db.Tx) {
			if rep, err := Of(tx, ed); err != nil || rep.Digest != DigestOf(words) || rep.Version != 1 {
				m.t.Errorf("a new draft changed what is published: %+v %v", rep, err)
			}
		})
		m.want(glosa.Invalid, m.Publish(ctx, m.head, ed, DigestOf(next), " "))
		m.clock.Advance(time.Hour)
		m.ok(m.Publish(ctx, m.head, ed, DigestOf(next), "Faltaba una obra"))
		m.read(func(tx *db.Tx) {
			all, err := Passages(tx, ed)
			if err != nil || anchors(all) != "0-1 0-2 1 1-1 1-2 2 2-1 2-3" {
				m.t.Errorf("%s %v", anchors(all), err)
			}
			if p, err := Read(tx, ed, "demo26-informe-2-2"); err != nil || !p.Gone || p.Words != "Quedan pendientes dos obras." {
				m.t.Errorf("the address of what went away: %+v %v", p, err)
			}
			vs, err := Versions(tx, ed)
			if err != nil || len(vs) != 2 || vs[0].Markdown != sample || vs[1].Reason != "Faltaba una obra" || vs[1].Digest != DigestOf(next) {
				m.t.Errorf("%d versions %v", len(vs), err)
			}
			rep, err := Of(tx, ed)
			if err != nil || rep.Version != 2 || !rep.Changed.Equal(rep.Published.Add(time.Hour)) {
				m.t.Errorf("%+v %v", rep, err)
			}
		})
	})
}

func TestLateness(t *testing.T) {
	each(t, func(m ministry) {
		ctx := m.t.Context()
		m.ok(m.Write(ctx, m.liaison, ed, words))
		m.called()
		var e edition.Edition
		m.ok(m.DB.Read(ctx, func(tx *db.Tx) (err error) { e, err = edition.Load(tx, ed); return err }))
		due := e.ReportDue()
		if due.IsZero() {
			m.t.Fatal("the protocol gives no date for the report")
		}
		m.clock.Set(due.Add(3*24*time.Hour + time.Minute))
		m.read(func(tx *db.Tx) {
			if n, err := Lateness(tx, e); n != 4 || err != nil {
				m.t.Errorf("%d days late while unpublished, %v", n, err)
			}
		})
		m.ok(m.Publish(ctx, m.head, ed, DigestOf(words), ""))
		m.clock.Advance(240 * time.Hour)
		m.read(func(tx *db.Tx) {
			if n, err := Lateness(tx, e); n != 4 || err != nil {
				m.t.Errorf("%d days late once published, %v", n, err)
			}
		})
	})
}

func TestGate(t *testing.T) {
	each(t, func(m ministry) {
		ctx := m.t.Context()
		ask := func(to edition.Stage) (codes string) {
			m.read(func(tx *db.Tx) {
				e, err := edition.Load(tx, ed)
				m.ok(err)
				missing, err := m.Gate(tx, e, to)
				m.ok(err)
				for _, x := range missing {
					codes += string(x.Gate)
				}
			})
			return codes
		}
		if got := ask(edition.ReportPublished); got != "report" {
			m.t.Errorf("without a report: %q", got)
		}
		if got := ask(edition.Called); got != "" {
			m.t.Errorf("the call waits for no report: %q", got)
		}
		m.ok(m.Write(ctx, m.liaison, ed, words))
		if got := ask(edition.ReportPublished); got != "report" {
			m.t.Errorf("with a draft: %q", got)
		}
		m.called()
		m.ok(m.Publish(ctx, m.head, ed, DigestOf(words), ""))
		if got := ask(edition.ReportPublished); got != "" {
			m.t.Errorf("once published: %q", got)
		}
	})
}

func TestStatements(t *testing.T) {
	each(t, func(m ministry) {
		ctx := m.t.Context()
		one := Statement{Commitment: "DEMO-2025-01", Status: Limited, Text: "Se capacitó a la mitad del personal."}
		m.want(glosa.Closed, m.State(ctx, m.head, ed, one))
		m.called()
		m.want(glosa.Denied, m.State(ctx, m.liaison, ed, one)) // holds no post
		m.want(glosa.NotFound, m.State(ctx, m.head, ed, Statement{Commitment: "QROO-2018-03", Status: Limited, Text: "x"}))
		m.want(glosa.Invalid, m.State(ctx, m.head, ed, Statement{Commitment: "DEMO-2025-01", Status: "great", Text: "x"}))
		m.want(glosa.Invalid, m.State(ctx, m.head, ed, Statement{Commitment: "DEMO-2025-01", Status: Limited}))
		m.ok(m.State(ctx, m.head, ed, one))
		one.Status, one.Text = Substantial, "Se capacitó a casi todo el personal."
		m.ok(m.State(ctx, m.head, ed, one))
		m.read(func(tx *db.Tx) {
			last, err := Statements(tx, ed)
			if err != nil || len(last) != 1 || last[0].Version != 2 || last[0].Status != Substantial || last[0].By != "post:gubernatura-titular" || last[0].Digest != glosa.Digest([]byte(one.Text)) {
				m.t.Errorf("%+v %v", last, err)
			}
			all, err := StatementsOn(tx, "DEMO-2025-01")
			if err != nil || len(all) != 2 || all[0].Status != Limited {
				m.t.Errorf("%+v %v", all, err)
			}
			e, err := edition.Load(tx, ed)
			m.ok(err)
			if left, err := m.Unstated(tx, e); err != nil || len(left) != 1 || left[0] != "DEMO-2025-02" {
				m.t.Errorf("unstated: %v %v", left, err)
			}
		})
	})
}

func TestAttach(t *testing.T) {
	each(t, func(m ministry) {
		ctx := m.t.Context()
		file := put(m.t, m.Files, "obra,pesos\npozo,100\n")
		m.want(glosa.NotFound, m.Attach(ctx, m.liaison, ed, file, "obras.csv", "Obras del año"))
		m.ok(m.Write(ctx, m.liaison, ed, words))
		m.ok(m.Attach(ctx, m.liaison, ed, file, "../obras.csv", "Obras del año"))
		m.want(glosa.Conflict, m.Attach(ctx, m.liaison, ed, file, "obras.csv", "Obras del año"))
		m.want(glosa.Invalid, m.Attach(ctx, m.liaison, ed, File{ID: "../x", Size: 1, Type: PDF}, "x.pdf", "x"))
		m.want(glosa.Invalid, m.Attach(ctx, m.liaison, ed, File{ID: file.ID, Size: 1, Type: "text/html"}, "x.html", "x"))
		other := put(m.t, m.Files, "otro texto")
		m.ok(m.Attach(ctx, m.liaison, ed, other, "nota.txt", "Nota"))
		m.ok(m.Detach(ctx, m.liaison, ed, other.ID))
		m.want(glosa.NotFound, m.Detach(ctx, m.liaison, ed, other.ID))
		m.read(func(tx *db.Tx) {
			all, err := FilesOf(tx, ed)
			if err != nil || len(all) != 1 || all[0].Name != "obras.csv" || all[0].Type != CSV || all[0].Size != file.Size || all[0].File != file.ID {
				m.t.Errorf("%+v %v", all, err)
			}
		})
		if ids, err := m.Named(ctx); err != nil || len(ids) != 1 || ids[0] != file.ID {
			m.t.Errorf("%v %v", ids, err)
		}
		m.called()
		m.ok(m.Publish(ctx, m.head, ed, DigestOf(words), ""))
		m.want(glosa.Conflict, m.Detach(ctx, m.liaison, ed, file.ID))
	})
}

// TestEventsHoldNoWords: what goes onto the line is digests and numbers.
func TestEventsHoldNoWords(t *testing.T) {
	each(t, func(m ministry) {
		ctx := m.t.Context()
		m.ok(m.Write(ctx, m.liaison, ed, words))
		file := put(m.t, m.Files, "obra,pesos\npozo,100\n")
		m.ok(m.Attach(ctx, m.liaison, ed, file, "secreto.csv", "Título reservado"))
		m.called()
		m.ok(m.Publish(ctx, m.head, ed, DigestOf(words), ""))
		m.ok(m.State(ctx, m.head, ed, Statement{Commitment: "DEMO-2025-01", Status: Limited, Text: "Palabras del gobierno"}))
		seen := map[string]bool{}
		for _, e := range dbtest.Events(m.t, m.DB) {
			if e.Room != "report" {
				continue
			}
			seen[e.Kind] = true
			for _, words := range []string{"Informe 2026", "centros de salud", "secreto", "reservado", "Palabras", string(m.head.Human)} {
				if strings.Contains(e.Subject+e.By+string(e.Body)+strings.Join(e.Tags, " "), words) {
					m.t.Errorf("%s holds %q: %s", e.Kind, words, e.Body)
				}
			}
			if e.Kind == "report.drafted" && e.Public {
				m.t.Error("that a ministry is writing is public")
			}
		}
		for _, k := range []string{"report.drafted", "report.attached", "report.published", "report.stated"} {
			if !seen[k] {
				m.t.Errorf("no %s", k)
			}
		}
	})
}

// TestTheReportIsOfWhoConvenes: another ministry neither writes, publishes nor
// sees the draft; it speaks of its own earlier promises, and of no other's.
func TestTheReportIsOfWhoConvenes(t *testing.T) {
	each(t, func(m ministry) {
		ctx := m.t.Context()
		health := glosa.Actor{Human: "salud", Post: "sesa-enlace", Institution: "SESA", Side: glosa.Government, Roles: []glosa.Role{glosa.Liaison}}
		who := &people.Desk{DB: m.DB}
		human, err := who.Enrol(ctx, glosa.Admin())
		m.ok(err)
		_, err = who.Grant(ctx, glosa.Admin(), people.Tenure{Post: "sesa-titular", Human: human, From: "2026-01-01",
			Document: people.Document{Digest: glosa.Digest([]byte("s")), Title: "Nombramiento"}})
		m.ok(err)
		secretary := health
		secretary.Human, secretary.Post, secretary.Roles = human, "sesa-titular", []glosa.Role{glosa.Signatory}
		nobody := m.liaison
		nobody.Institution = ""

		m.want(glosa.Denied, m.Write(ctx, health, ed, words))
		m.want(glosa.Denied, m.Write(ctx, nobody, ed, words))
		m.ok(m.Write(ctx, m.liaison, ed, words))
		file := File{ID: glosa.FileID(strings.Repeat("ab", 32)), Size: 1, Type: PDF}
		m.want(glosa.Denied, m.Attach(ctx, health, ed, file, "a.pdf", "Anexo"))
		m.want(glosa.Denied, m.Detach(ctx, health, ed, file.ID))
		m.called()
		m.want(glosa.Denied, m.Publish(ctx, secretary, ed, DigestOf(words), ""))
		w, err := m.Workbench(ctx, health, ed)
		m.ok(err)
		if w.Writes || w.Report.Draft != (Text{}) || len(w.Preview) > 0 || len(w.Files) > 0 {
			m.t.Errorf("another ministry sees the draft: %+v", w)
		}
		if len(w.Unstated) != 1 || w.Unstated[0] != "DEMO-2025-02" {
			m.t.Errorf("and is asked of %v, want its own promise", w.Unstated)
		}
		say := Statement{Commitment: "DEMO-2025-01", Status: Limited, Text: "Va a la mitad."}
		m.want(glosa.Denied, m.State(ctx, secretary, ed, say))
		say.Commitment = "DEMO-2025-02"
		m.ok(m.State(ctx, secretary, ed, say))
		say.Commitment = "DEMO-2025-01"
		m.ok(m.State(ctx, m.head, ed, say)) // who convenes speaks for the whole government
		m.ok(m.Publish(ctx, m.head, ed, DigestOf(words), ""))
	})
}
