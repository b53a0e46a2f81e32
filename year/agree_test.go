package year

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/cmd/front"
	"glosa/db"
	"glosa/record"
)

// edit is one thing that root changes behind the house's back, in the first row
// that fits by one or two columns of its key.
type edit struct {
	name, table, keys, fit string
	column, set            string
	want                   string // what verification says
}

// edits of what pages publish: states, official texts, numbers, who decided.
var edits = []edit{
	{"AnAnswer", "question_answer", "question version", "state = 'published'", "object", `replace(object, '"short":"', '"short":"No. ')`, "answer.1: what is published is not the text that leaf"},
	{"AnAnswersOffice", "question_answer", "question version", "state = 'published'", "post", "'governor'", "answer.1: what is published is not the text that leaf"},
	{"AHiddenAnswer", "question_answer", "question version", "state = 'published'", "state", "'draft'", "answer.1 is not published; leaf"},
	{"AQuestionsState", "question", "id", "state = 'closed'", "state", "'withdrawn'", `state is published as "withdrawn"; leaf`},
	{"AQuestionsInstitution", "question", "id", "institution <> ''", "institution", "'nadie'", `institution is published as "nadie"; leaf`},
	{"AQuestionsPlace", "question", "id", "state = 'closed' and municipality <> '23001'", "municipality", "'23001'", "asked is published as"},
	{"ASealedQuestion", "question_text", "question version", "state = 'opened'", "state", "'sealed'", "its text must be opened, as leaf"},
	{"ARefusal", "question", "id", "state in ('refused', 'appealed') and ground <> 'propaganda'", "ground", "'propaganda'", `ground is published as "propaganda"; leaf`},
	{"WhoRefused", "question_ruling", "id", "outcome = 'refused'", "post1", "'post:nobody'", "decision.refuse.1 is published as"},
	{"TheMinutes", "panel_version", "minutes number", "published > 0", "content", `replace(content, '"Body":"', '"Body":"No. ')`, ": what is published is not the text that leaf"},
	{"ASignature", "panel_version", "minutes number", "published > 0", "gov_by", "'post:nobody'", `.government is published as "post:nobody"; leaf`},
	{"APresence", "panel_place", "mesa chair", "state = 'present'", "state", "'empty'", "presence is published as"},
	{"APromise", "commitment_version", "commitment number", "in_force > 0 and not stated", "content", `replace(content, '"Title":"', '"Title":"No. ')`, "version.1: what is published is not the text that leaf"},
	{"APromisesState", "commitment", "id", "state not in ('abandoned', 'documented', 'proposed')", "state", "'abandoned'", `state is published as "abandoned"; leaf`},
	{"APromisesMilestone", "commitment_milestone", "id", "1 = 1", "title", "title || 'x'", "parts: what is published is not the text that leaf"},
	{"AMilestonesProgress", "commitment_milestone", "id", "progress not in ('rejected', 'pending')", "progress", "'rejected'", `is published as "rejected"; leaf`},
	{"AVerdict", "commitment_assessment", "commitment number", "1 = 1", "status", "case when status = 'complete' then 'limited' else 'complete' end", "assessment.1.status is published as"},
	{"AVerdictsReasons", "commitment_assessment", "commitment number", "1 = 1", "rationale", "rationale || 'x'", "assessment.1: what is published is not the text that leaf"},
	{"TheObservatorysWord", "commitment", "id", "obs_status <> ''", "obs_status", "case when obs_status = 'complete' then 'limited' else 'complete' end", "observed is published as"},
	{"AReportOnAPromise", "commitment_update", "commitment number", "1 = 1", "words", "words || 'x'", "update.1: what is published is not the text that leaf"},
	{"APercentage", "commitment_update", "commitment number", "percent <> 99", "percent", "99", "update.1.status is published as"},
	{"TheReport", "report_version", "edition version", "1 = 1", "markdown", "markdown || 'x'", "version.1: what is published is not the text that leaf"},
	{"APassagesWords", "passage", "edition anchor", "1 = 1", "words", "words || 'x'", "passages: what is published is not the text that leaf"},
	{"APassagesHTML", "passage", "edition anchor", "1 = 1", "html", "html || 'x'", "passages: what is published is not the text that leaf"},
	{"TheProtocol", "edition", "id", "1 = 1", "protocol", "protocol || '# '", "edition ensayo-1 protocol: what is published is not the text that leaf"},
	{"TheStage", "edition", "id", "1 = 1", "stage", "'cancelled'", `edition ensayo-1 stage is published as "cancelled"; leaf`},
	{"TheSessionsDay", "edition", "id", "1 = 1", "session", "session + 86400000000", "edition ensayo-1 session is published as"},
	{"ABatch", "priority_batch", "contest n", "1 = 1", "fresh", "fresh + 1", "batch.1 is published as"},
	{"TheCriteria", "priority_contest", "id", "1 = 1", "criteria", "criteria || ' '", "criteria: what is published is not the text that leaf"},
	{"TheCount", "priority_selection", "contest", "1 = 1", "ballots", "ballots + 1", "ballots is published as"},
	{"TheSelectorsDay", "priority_selection", "contest", "1 = 1", "free_on", "'2019-01-01'", "free_on is published as"},
	{"TheAgenda", "priority_selection", "contest", "1 = 1", "result", "result || ' '", "result: what is published is not the text that leaf"},
	{"TheBallots", "priority_selection", "contest", "1 = 1", "file", "input", "input: what is published is not the text that leaf"},
}

// changed makes one edit, lets look happen, and puts the value back.
func (y *Play) changed(t *testing.T, e edit, look func()) {
	t.Helper()
	var where []string
	for key := range strings.FieldsSeq(e.keys) {
		var v any
		y.scan(t, &v, "select min("+key+") from "+e.table+" where "+strings.Join(append(where, e.fit), " and "))
		where = append(where, fmt.Sprintf("%s = '%v'", key, v))
	}
	at := strings.Join(where, " and ")
	var was any
	y.scan(t, &was, "select "+e.column+" from "+e.table+" where "+at)
	y.root(t, "update "+e.table+" set "+e.column+" = "+e.set+" where "+at)
	defer y.root(t, "update "+e.table+" set "+e.column+" = $1 where "+at, was)
	look()
}

func (y *Play) scan(t *testing.T, into any, query string, args ...any) {
	t.Helper()
	if err := y.Site.DB.Read(t.Context(), func(tx *db.Tx) error { return tx.Row(query, args...).Scan(into) }); err != nil {
		t.Fatal(err)
	}
}

// disagrees: whatever is published otherwise than the leaves say is named, from
// the folder and by the address, and the report says so of nothing else.
func (y *Play) disagrees(t *testing.T) {
	for _, e := range edits {
		t.Run(e.name, func(t *testing.T) {
			y.changed(t, e, func() { y.found(t, e.want, "address", "folder") })
		})
	}
	t.Run("AByteOfAFile", y.byteOfAFile)
	t.Run("AnAPIThatLies", y.lies)
	t.Run("BothWordsOfARefusal", y.bothWords)
	t.Run("AnInventedQuestion", y.inventedQuestion)
	t.Run("ABallotMore", y.ballotMore)
	t.Run("ARowBeyondTheCheckpoint", y.rowBeyond)
}

// bothWords: the database keeps a refusal from having two words, so root changes both.
func (y *Play) bothWords(t *testing.T) {
	var id, word string
	y.scan(t, &id, "select min(id) from question_ruling where outcome = 'refused'")
	y.scan(t, &word, "select word1 from question_ruling where id = $1", id)
	const set = "update question_ruling set word1 = $2, word2 = $2 where id = $1"
	y.root(t, set, id, "offensive")
	y.found(t, "decision.refuse.1 is published as", "address", "folder")
	y.root(t, set, id, word)
}

// inventedQuestion: somebody asked, with a salt and a commitment that fit, and no leaf ever heard of it.
func (y *Play) inventedQuestion(t *testing.T) {
	const invented = "ENS1-0998-Y"
	of := string(y.admitted(t))
	columns := strings.Join(strings.Fields(questionColumns), ", ")
	y.root(t, "insert into question (id, number, root, "+columns+") select $1, 998, $1, "+columns+" from question where id = $2", invented, of)
	defer y.root(t, "delete from question where id = $1", invented)
	object, salt := map[string]string{"kind": "question", "text": "¿Quién inventó esto?"}, [32]byte{7}
	commit, err := glosa.Commit(glosa.Salt(salt, [16]byte{}), object)
	if err != nil {
		t.Fatal(err)
	}
	js, err := glosa.JCS(object)
	if err != nil {
		t.Fatal(err)
	}
	y.root(t, "insert into question_text (question, version, committed, salt_server, salt_device, object, state, at) values ($1, 1, $2, $3, $4, $5, 'opened', 1)",
		invented, commit[:], salt[:], make([]byte, 16), string(js))
	defer y.root(t, "delete from question_text where question = $1", invented)
	y.found(t, "commitment "+commit.String()+", which no leaf holds: it is published as opened", "address", "folder")
	y.found(t, "question "+invented+" state is published as", "address", "folder")
}

// questionColumns are those of a question but its folio.
const questionColumns = `edition follows state since_at before_merge agenda received_at listed_at admitted_at lang municipality addressed
	passage theme signed person auth lock lock_by promise merge_by version edits erased ground place ruling merged_into kept_apart institution
	referrals clock_start extended paused_at due_at next_at level contest seat minutes_short agenda_word mesa video answer answered_at rating
	rated_answer rated_at`

// ballotMore: a ballot is added after the agenda was made, with its batch or without.
func (y *Play) ballotMore(t *testing.T) {
	add := func(choices string, batch int) {
		y.root(t, `insert into priority_ballot (committed, key, contest, door, fresh, state, batch, salt_server, salt_device, opener, choices)
			select $1, $1, id, 'device', true, 'standing', $2, $1, $3, $1, $4 from priority_contest where edition = 'ensayo-1'`,
			bytes.Repeat([]byte{9}, 32), batch, make([]byte, 16), choices)
	}
	for _, batch := range []int{0, 1} {
		add("ENS1-0001-A", batch)
		y.found(t, `is published as "stands", and no leaf says so`, "address", "folder")
		y.root(t, "delete from priority_ballot where key = $1", bytes.Repeat([]byte{9}, 32))
	}
}

// rowBeyond: rows of the table that no checkpoint covers: an old one should have
// been sealed long ago, a new one waits. They are added on the way from the
// table, since a record that runs would seal them.
func (y *Play) rowBeyond(t *testing.T) {
	size := y.Site.Record.Size()
	row := func(at time.Time) []byte {
		return fmt.Appendf(nil, `{"at":"%s","body":{"closed":"2026-01-01T00:00:00Z"},"by":"system","ed":"ensayo-1","id":"ensayo-1","kind":"edition.intake_sealed","n":"%d","v":1}`,
			glosa.TimeWord(at), size)
	}
	for _, c := range []struct {
		at   time.Time
		ok   bool
		want string
	}{
		{y.Clock.Now().Add(-2 * time.Hour), false, fmt.Sprintf("row %d of record_leaf (edition.intake_sealed ensayo-1) is dated", size)},
		{y.Clock.Now(), true, "1 rows of record_leaf wait for the next checkpoint"},
	} {
		o := y.options(true)
		table := o.Rows
		o.Rows = func(ctx context.Context, from int64, limit int) ([][]byte, error) {
			if from == size {
				return [][]byte{row(c.at)}, nil
			}
			return table(ctx, from, limit)
		}
		r, err := record.Verify(t.Context(), y.Site.Data, o)
		if err != nil {
			t.Fatal(err)
		}
		if text := strings.Join(r.Lines(), "\n"); r.OK() != c.ok || !strings.Contains(text, c.want) {
			t.Errorf("want %q:\n%s", c.want, text)
		}
	}
}

// byteOfAFile flips one byte of every file that the house keeps, one by one.
func (y *Play) byteOfAFile(t *testing.T) {
	n := 0
	err := filepath.WalkDir(filepath.Join(y.Site.Data, "files"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		n++
		whole, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		damaged := append([]byte{}, whole...)
		damaged[len(damaged)/2] ^= 1
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			return err
		}
		y.found(t, "what is published is not the text that leaf", "address", "folder")
		return os.WriteFile(path, whole, 0o600)
	})
	if err != nil || n == 0 {
		t.Fatalf("%d files, %v", n, err)
	}
}

// lies: a host whose list is true, and whose API shows something else.
func (y *Play) lies(t *testing.T) {
	q := string(y.admitted(t))
	var promise string
	y.scan(t, &promise, "select min(commitment) from commitment_update")
	for name, lie := range map[string]struct{ path, was, is, want string }{
		"AState":           {"/api/v1/questions/" + q, `"state":"`, `"state":"x`, "question " + q + " state is shown by the API as"},
		"Words":            {"/api/v1/questions/" + q, `"text":"¿`, `"text":"No. ¿`, "question " + q},
		"AnAnswer":         {"/api/v1/questions/", `"short":"`, `"short":"No. `, "answer.1: what is shown by the API is not the text that leaf"},
		"NoAnswers":        {"/api/v1/questions/", `"answers":`, `"nothing":`, "answer.1 is not shown by the API; leaf"},
		"APromise":         {"/api/v1/commitments/" + promise, `"deliverable":"`, `"deliverable":"No. `, "the API shows another version 1"},
		"AReport":          {"/api/v1/commitments/" + promise, `"percent":`, `"percent":1`, "update.1.status is shown by the API as"},
		"AnEditionsStage":  {"/api/v1/editions/ensayo-1", `"stage":"`, `"stage":"x`, "edition ensayo-1 stage is shown by the API as"},
		"AnEditionIsGone":  {"/api/v1/editions/ensayo-1", `{`, ``, "edition ensayo-1: the API's reply is not JSON"},
		"AnotherProtocol":  {"/api/v1/editions/ensayo-1", `"digest":"`, `"digest":"x`, "the API names another protocol"},
		"AVerdictsReasons": {"/api/v1/commitments/", `"rationale":"`, `"rationale":"No. `, "assessment.1: what is shown by the API is not the text that leaf"},
	} {
		t.Run(name, func(t *testing.T) {
			honest := front.New(y.Site, front.House{Place: "Quintana Roo"})
			outside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				r.Header.Del("Accept-Encoding")
				kept := httptest.NewRecorder()
				honest.ServeHTTP(kept, r)
				body := kept.Body.String()
				if strings.HasPrefix(r.URL.Path, lie.path) {
					body = strings.Replace(body, lie.was, lie.is, 1)
				}
				w.WriteHeader(kept.Code)
				fmt.Fprint(w, body)
			}))
			defer outside.Close()
			r, err := record.Verify(t.Context(), outside.URL, y.options(false))
			if err != nil {
				t.Fatal(err)
			}
			if text := strings.Join(r.Lines(), "\n"); r.OK() || !strings.Contains(text, lie.want) {
				t.Errorf("want a failure with %q:\n%s", lie.want, text)
			}
		})
	}
}
