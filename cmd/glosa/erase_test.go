package main

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/question"
	"glosa/db"
	"glosa/db/dbtest"
	"glosa/site"
)

// erasers are the two ways in which a person is erased.
var erasers = map[string]func(c *someone, rc question.Receipt){
	"by key": func(c *someone, rc question.Receipt) {
		c.ok(c.s.Question.EraseOwn(c.t.Context(), glosa.Citizen(), rc.ID, question.Proof{Key: rc.Key}))
	},
	"by two sides": func(c *someone, rc question.Receipt) {
		c.ok(c.s.Question.Erase(c.t.Context(), c.civil, rc.ID, "third_party_data", "third_party_rights"))
		c.ok(c.s.Question.Erase(c.t.Context(), c.government, rc.ID, "third_party_data", "third_party_rights"))
	},
}

// TestErasedForGood: whoever is erased leaves no word in the database's files, its
// write-ahead log, a dump, a new backup, the record's folder, the search, the
// hints, or anything that is served; neither does an older backup bring one back;
// and what the record holds is all accounted for.
func TestErasedForGood(t *testing.T) {
	for name, erase := range erasers {
		t.Run(name, func(t *testing.T) {
			dbtest.Configs(t, func(t *testing.T, conf db.Config) { erased(t, conf.URL, erase) })
		})
	}
}

func erased(t *testing.T, url string, erase func(*someone, question.Receipt)) {
	l := &life{t: t, clock: glosa.NewFakeClock(time.Date(2026, 1, 12, 15, 0, 0, 0, time.UTC)), dir: t.TempDir()}
	var c *someone
	l.on("site", url, func(s *site.Site, address string) {
		c = inhabit(t, s, l.clock)
		for _, x := range traces {
			x.leave(c, "canari"+x.name)
		}
	})
	place := []string{"--data", l.at("site")}
	if url != "" {
		place = append(place, "--database", url)
	}
	l.must(append([]string{"backup", "--to", l.at("older")}, place...)...)
	l.on("site", url, func(s *site.Site, address string) {
		c.s = s
		seen := l.there(c, address, l.kept("site", url))
		for _, rc := range c.receipts {
			erase(c, rc)
		}
		l.until("the files go", func() bool { return lying(l, "site") == 0 })
		l.clock.Advance(100 * 24 * time.Hour) // requests empty their boxes
		left := told{}
		if !l.comes(func() bool { left = l.kept("site", url); return len(left) == 0 }) {
			l.none("the installation", left)
		}
		l.gone(c, address, seen)
	})
	l.must(append([]string{"backup", "--to", l.at("newer")}, place...)...)
	f := told{}
	f.files(l, l.at("newer"))
	l.none("a new backup", f)
	l.ok(copyFile(l.at("site/record/checkpoint"), l.at("newest")))
	l.accounted("site", place[2:]...)
	l.restored(c, url)
}

// accounted runs the verifier: each text of the person is erased, none is missing.
func (l *life) accounted(data string, database ...string) {
	l.t.Helper()
	said := l.must(append([]string{"verify", l.at(data), "--saved", l.at("newest")}, database...)...)
	if !strings.Contains(said, " 0 MISSING") || !strings.Contains(said, "0 opened, ") {
		l.t.Errorf("verify: %s", said)
	}
}

// restored puts the older backup back with what is left of the record, and looks
// for what was erased since.
func (l *life) restored(c *someone, url string) {
	l.t.Helper()
	url, database := l.back(url)
	l.none("a restored backup", l.kept("again", url))
	if n := lying(l, "again"); n > 0 {
		l.t.Errorf("%d files of erased questions are back", n)
	}
	l.on("again", url, func(s *site.Site, address string) {
		c.s = s
		l.gone(c, address, nil)
	})
	l.accounted("again", database...)
}

// back restores "older" as "again", on a database of its own.
func (l *life) back(url string) (fresh string, database []string) {
	l.t.Helper()
	l.ok(copyTree(l.at("site/keys"), l.at("again/keys")))
	if url != "" {
		fresh = dbtest.FreshPostgres(l.t)
		out, err := exec.CommandContext(l.t.Context(), "pg_restore", "--no-owner", "--exit-on-error", "--dbname", fresh, l.at("older/glosa.dump")).CombinedOutput()
		if err != nil {
			l.t.Fatalf("pg_restore: %v\n%s", err, out)
		}
		database = []string{"--database", fresh}
	}
	l.must(append([]string{"restore", "--data", l.at("again"), "--from", l.at("older"), "--checkpoint", l.at("newest"),
		"--from-mirror", l.at("site/record"), "--reason", "disco perdido"}, database...)...)
	return fresh, database
}

// TestRestoreStrikesAgain: words that two sides struck out after a backup do not
// come back with it. The text that took their place comes back where the copy of
// the record publishes it; where not, the question's page says that it was lost and
// when, and the verifier names the restore. The question stays, in its state.
func TestRestoreStrikesAgain(t *testing.T) {
	for name, published := range map[string]bool{"the copy has the texts": true, "the copy has none": false} {
		t.Run(name, func(t *testing.T) {
			dbtest.Configs(t, func(t *testing.T, conf db.Config) { struckAgain(t, conf, published) })
		})
	}
}

func struckAgain(t *testing.T, conf db.Config, published bool) {
	l := &life{t: t, clock: glosa.NewFakeClock(time.Date(2026, 1, 12, 15, 0, 0, 0, time.UTC)), dir: t.TempDir()}
	var c *someone
	l.on("site", conf.URL, func(s *site.Site, _ string) {
		c = inhabit(t, s, l.clock)
		c.admitted(question.Ask{Text: "¿Qué dijo canaritachado del agua?", Context: "Lo oyó en la radio."})
		c.paper("¿Y qué más dijo canaritachado?", false)
	})
	place := []string{"--data", l.at("site")}
	if conf.URL != "" {
		place = append(place, "--database", conf.URL)
	}
	l.must(append([]string{"backup", "--to", l.at("older")}, place...)...)
	var texts string
	l.on("site", conf.URL, func(s *site.Site, address string) {
		c.s = s
		c.strikes(c.receipts[0].ID, "canaritachado")
		texts = served(l, address+"/record/texts")
	})
	if published { // a false line is nobody's commitment, and is believed by nobody
		l.ok(os.WriteFile(l.at("site/record/texts"), []byte(strings.ReplaceAll(texts, "agua", "aire")+texts), 0o600))
	}
	l.ok(copyFile(l.at("site/record/checkpoint"), l.at("newest")))
	url, database := l.back(conf.URL)
	l.none("a restored backup", l.kept("again", url))
	l.on("again", url, func(s *site.Site, address string) {
		c.s = s
		l.gone(c, address, nil)
		p, err := s.Question.Page(t.Context(), c.receipts[0].ID)
		if l.ok(err); p.State != question.Admitted || p.Erased || p.Texts[0].State != question.Sealed {
			t.Errorf("the question is %s, %+v", p.State, p.Texts)
		}
		page := served(l, address+"/es/preguntas/"+string(p.ID))
		switch {
		case published && (p.Text != "¿Qué dijo ▇▇▇ del agua?" || len(p.Redacted) != 1 || !p.Lost.IsZero()):
			t.Errorf("the words are not back: %q, lost %s", p.Text, p.Lost)
		case !published && (p.Text != "" || p.Lost.IsZero() || !strings.Contains(page, "al restaurar un respaldo anterior") || !strings.Contains(page, "Su texto público se perdió")):
			t.Errorf("the page does not say that the words were lost: %q, %s", p.Text, p.Lost)
		case published && strings.Contains(page, "respaldo"):
			t.Error("the page says that they were lost")
		}
	})
	code, said := command(t, append([]string{"verify", l.at("again"), "--saved", l.at("newest")}, database...)...)
	if published {
		if code != 0 || !strings.Contains(said, "1 opened, 1 sealed, 0 erased, 0 MISSING") {
			t.Errorf("verify: %d %s", code, said)
		}
	} else if code != 1 || !strings.Contains(said, "0 opened, 1 sealed, 0 erased, 1 MISSING, 1 of them lost in a restore") ||
		!strings.Contains(said, "MISSING: its text was lost in the restore of 2026-") || strings.Count(said, "FAILURE") != 1 {
		t.Errorf("verify: %d %s", code, said)
	}
}

// served is what an address says.
func served(l *life, address string) string {
	l.t.Helper()
	resp, err := http.Get(address)
	l.ok(err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if l.ok(err); resp.StatusCode != http.StatusOK {
		l.t.Fatalf("%s: %s", address, resp.Status)
	}
	return string(b)
}
