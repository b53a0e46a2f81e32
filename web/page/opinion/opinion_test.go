package opinion_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"glosa"
	"glosa/auth"
	"glosa/civic/edition"
	civic "glosa/civic/opinion"
	"glosa/db/dbtest"
	"glosa/record"
	"glosa/site"
	"glosa/web/door"
	"glosa/web/page/opinion"
	"glosa/web/webtest"
)

// filled is a folder with the demonstration, made once; each test copies it.
var filled string

func TestMain(m *testing.M) { webtest.Main(m, &filled) }

// house is the demonstration with these pages.
type house struct{ *webtest.House }

func open(t *testing.T) *house {
	return &house{webtest.Open(t, filled, func(s *site.Site) func(*door.Router) {
		return (&opinion.Pages{Desks: webtest.Desks(s), Opinion: s.Opinion}).Mount
	})}
}

// moderator is a browser of a moderator of a side.
func (h *house) moderator(ed glosa.EditionID, side glosa.Side) *http.Client {
	h.Helper()
	c := voter(h.T)
	grants, err := h.Site.Auth.Cast(h.Context(), ed)
	i := slices.IndexFunc(grants, func(g auth.Grant) bool { return g.Side == side && slices.Contains(g.Roles, glosa.Moderator) })
	if err != nil || i < 0 {
		h.Fatal(err, i)
	}
	token, _, err := h.Site.Auth.Enter(h.Context(), grants[i].ID)
	at, err2 := url.Parse(h.Server.URL)
	if err != nil || err2 != nil {
		h.Fatal(err, err2)
	}
	c.Jar.SetCookies(at, []*http.Cookie{{Name: door.CookieName(door.SessionCookie, false), Value: token, Path: "/"}})
	return c
}

// voter is a browser of its own.
func voter(t *testing.T) *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

const base = "/es/ediciones/demo26/opinion"

// TestTheCountThatStands: tables first, the map after them; rows are nobody's any more.
func TestTheCountThatStands(t *testing.T) {
	h := open(t)
	const here = "/es/ediciones/demo25/opinion"
	_, page := h.Get(http.DefaultClient, here)
	h.Says(page, "aparecen 3 grupos entre unas", "Lo que comparten todos los grupos", "Grupo A", "Grupo C", "Solo el Observatorio", "<svg class=\"opinions\"", "SINTÉTICO", "La respuesta a esta pregunta es suficiente: ¿")
	if table, svg := strings.Index(page, "<table"), strings.Index(page, "<svg class=\"opinions\""); table < 0 || table > svg {
		t.Error("the drawing comes before the table")
	}
	for _, closed := range []string{"/participants-votes.csv", "/votes.csv"} {
		if status, _ := h.Get(http.DefaultClient, here+closed); status != http.StatusNotFound {
			t.Errorf("%s is public: %d", closed, status)
		}
	}
	evaluator := h.Enter("demo25", glosa.Evaluator, "")
	_, desk := h.Get(evaluator, "/es/mesa/opinion/demo25")
	h.Says(desk, "Cerrada y contada", "Los renglones se destruyeron")
	h.Hides(desk, "Agregar afirmaciones", "Abrir la votación")
	if status, _ := h.Get(evaluator, "/es/mesa/opinion/demo25/participants-votes.csv"); status != http.StatusNotFound {
		t.Errorf("rows ninety days after the evaluation: %d", status)
	}
}

// TestAuditorsGetTheSame: what auditors get gives by the command the result whose
// digest and groups the page shows; nobody else gets it, and no tracker is public.
func TestAuditorsGetTheSame(t *testing.T) {
	h := open(t)
	h.camps(24, 15)
	facilitator := h.Enter("demo26", glosa.Facilitator, "")
	h.Post(facilitator, "/es/mesa/opinion/demo26", "do", "close")
	if err := h.Site.Opinion.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, page := h.Get(http.DefaultClient, base)
	h.Says(page, "grupos entre unas 55 personas")
	const rows = "/es/mesa/opinion/demo26/"
	if status, _ := h.Get(h.moderator("demo26", glosa.Civil), rows+"participants-votes.csv"); status != http.StatusForbidden {
		t.Errorf("a moderator gets the rows: %d", status)
	}
	evaluator := h.Enter("demo26", glosa.Evaluator, "")
	_, desk := h.Get(evaluator, strings.TrimSuffix(rows, "/"))
	h.Says(desk, `href="`+rows+`participants-votes.csv"`, `href="`+rows+`votes.csv"`)
	dir := t.TempDir()
	for name, from := range map[string]string{"participants-votes.csv": rows + "participants-votes.csv", "votes.csv": rows + "votes.csv", "comments.csv": base + "/comments.csv"} {
		status, raw := h.Get(evaluator, from)
		if status != http.StatusOK {
			t.Fatalf("%s: %d", name, status)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(raw), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(raw, "\n")[1:] {
			if tracker, _, _ := strings.Cut(line, ","); len(tracker) == 64 && strings.Contains(page, tracker) {
				t.Fatal("a tracker is on the page")
			}
		}
	}
	h.recompute(t, dir, page)
}

// TestEverybodyGetsWhatWasFrozenPublic: the page links the rows, and whoever takes
// them and does what it says has the result whose digest and groups it shows.
func TestEverybodyGetsWhatWasFrozenPublic(t *testing.T) {
	h := open(t)
	dbtest.Exec(t, h.Site.DB, `update opinion_set set settings = replace(settings, '"rows":"auditors"', '"rows":"public"') where edition = 'demo26'`)
	h.camps(24, 15)
	for _, name := range []string{"participants-votes.csv", "votes.csv"} {
		if status, _ := h.Get(http.DefaultClient, base+"/"+name); status != http.StatusNotFound {
			t.Errorf("%s while votes are taken: %d", name, status)
		}
	}
	h.Post(h.Enter("demo26", glosa.Facilitator, ""), "/es/mesa/opinion/demo26", "do", "close")
	if err := h.Site.Opinion.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, page := h.Get(http.DefaultClient, base)
	dir := t.TempDir()
	for _, name := range []string{"participants-votes.csv", "votes.csv", "comments.csv"} {
		h.Says(page, `href="`+base+"/"+name+`"`)
		status, raw := h.Get(http.DefaultClient, base+"/"+name)
		if status != http.StatusOK {
			t.Fatalf("%s: %d", name, status)
		}
		if strings.Contains(strings.SplitN(raw, "\n", 2)[0], "time") {
			t.Errorf("%s holds times", name)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(raw), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h.recompute(t, dir, page)
}

// camps has people of two camps vote in DEMO26 on every statement.
func (h *house) camps(sizes ...int) {
	h.Helper()
	all, err := h.Site.Opinion.Statements(h.Context(), "demo26")
	if err != nil {
		h.Fatal(err)
	}
	var wg sync.WaitGroup // acts that come together are durable together
	for camp, size := range sizes {
		for i := range size {
			wg.Go(func() {
				token, err := h.Site.Voter.NewDevice()
				dev, err2 := h.Site.Voter.DeviceOf(token)
				for j, s := range all {
					says := civic.Disagree
					if (j+camp)%2 == 0 || (i+j)%7 == 0 {
						says = civic.Agree
					}
					if err = errors.Join(err, err2); s.Votable() && err == nil {
						_, err = h.Site.Opinion.Vote(h.Context(), glosa.Citizen(), dev, "demo26", s.N, says, [16]byte{})
					}
				}
				if err != nil {
					h.Error(err)
				}
			})
		}
	}
	wg.Wait()
}

// recompute runs the command that the page names on the files of a folder.
func (h *house) recompute(t *testing.T, dir, page string) {
	t.Helper()
	command := filepath.Join(dir, "glosa")
	if out, err := exec.Command("go", "build", "-o", command, "glosa/cmd/glosa").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	said := regexp.MustCompile(`<code>(glosa method cluster [^<]*)</code>`).FindStringSubmatch(page)
	if said == nil {
		t.Fatal("the page does not say how to compute it again")
	}
	for _, rows := range []string{"participants-votes.csv", "votes.csv"} {
		run := exec.Command(command, strings.Fields(strings.Replace(said[1], "participants-votes.csv", rows, 1))[1:]...)
		run.Dir = dir
		out, err := run.Output()
		if err != nil {
			t.Fatalf("%s: %v", said[1], err)
		}
		if sum := sha256.Sum256(out); !strings.Contains(page, hex.EncodeToString(sum[:])) {
			t.Errorf("%s gives another result than the page's", said[1])
		}
		h.sameGroups(t, page, out)
	}
}

// sameGroups compares the sizes on the page with those of the command.
func (h *house) sameGroups(t *testing.T, page string, out []byte) {
	t.Helper()
	var res struct {
		K      int
		Groups []struct{ Size int }
	}
	if err := json.Unmarshal(out, &res); err != nil {
		t.Fatal(err)
	}
	for i, g := range res.Groups {
		if want := "Grupo " + string(rune('A'+i)) + " <span class=\"soft\">· unas " + strconv.Itoa((g.Size+2)/5*5) + " personas"; !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// inOrder draws the order of statements again from what the pages show: the public
// seed, and the voter's own number, which they have from their first vote on.
func (h *house) inOrder(t *testing.T, public, mine string, voted []string) {
	t.Helper()
	hash := func(page string) (out glosa.Hash) {
		found := regexp.MustCompile(`(?:Semilla del orden</dt>\s*<dd>|solo tuyo: )<code class="hash">([0-9a-f]{64})</code>`).FindStringSubmatch(page)
		if found == nil {
			t.Fatal("the page shows no seed or no number of one's own")
		}
		raw, err := hex.DecodeString(found[1])
		if err != nil {
			t.Fatal(err)
		}
		return glosa.Hash(raw)
	}
	all, err := h.Site.Opinion.Statements(t.Context(), "demo26")
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(s civic.Statement) bool { return !s.Votable() })
	for i := 1; i < len(voted); i++ {
		next, ok := civic.Next(hash(public), hash(mine), all, func(n int) bool { return slices.Contains(voted[:i], strconv.Itoa(n)) })
		if !ok || strconv.Itoa(next.N) != voted[i] {
			t.Errorf("turn %d was statement %s; drawn again it is %d", i+1, voted[i], next.N)
		}
	}
}

// TestSomebodyVotes without script: the next statement after each answer, their own
// votes, another answer, a receipt that opens its commitment.
func TestSomebodyVotes(t *testing.T) {
	h := open(t)
	_, public := h.Get(http.DefaultClient, base)
	h.Says(public, "La votación está abierta: 13 afirmaciones.", "Votar", "Proponer una afirmación")
	h.Hides(public, "Los domingos las bibliotecas", "Hay que votar por")
	me := voter(t)
	number := regexp.MustCompile(`name="n" value="(\d+)"`)
	var voted []string
	for i := range 13 {
		_, page := h.Get(me, base+"/votar")
		m := number.FindStringSubmatch(page)
		if m == nil || slices.Contains(voted, m[1]) {
			t.Fatalf("turn %d shows %v after %v", i, m, voted)
		}
		voted = append(voted, m[1])
		h.Says(page, "De acuerdo", "En desacuerdo", "Paso")
		if status, _ := h.Post(me, base+"/votar", "n", m[1], "voto", []string{"1", "-1", "0"}[i%3]); status != http.StatusOK {
			t.Fatalf("vote: %d", status)
		}
	}
	_, page := h.Get(me, base+"/votar")
	h.Says(page, "Ya votaste todas")
	_, page = h.Get(me, base+"/votar?n="+voted[0])
	h.Says(page, "tu voto")
	h.Post(me, base+"/votar", "n", voted[0], "voto", "0")
	_, mine := h.Get(me, base+"/mio")
	h.inOrder(t, public, mine, voted)
	h.Says(mine, "Votos de este navegador: 13", "Descargar mi comprobante")
	_, raw := h.Get(me, base+"/mio.json")
	h.proves(raw, voted[0]+":0")
	if _, other := h.Get(voter(t), base+"/mio"); strings.Contains(other, "Descargar mi comprobante") {
		t.Error("another browser has these votes")
	}
	if status, _ := h.Get(voter(t), base+"/mio.json"); status != http.StatusNotFound {
		t.Errorf("a receipt of nothing: %d", status)
	}
}

// proves checks a private receipt as its owner would: by itself under the site's
// policy, with the promise while the record was told nothing, with the proof after.
func (h *house) proves(raw, vote string) {
	h.Helper()
	policy, err := record.ParsePolicy(h.Site.Record.Policy())
	if err != nil {
		h.Fatal(err)
	}
	kinds, err := record.NewKindSet(site.Kinds())
	if err != nil {
		h.Fatal(err)
	}
	receipt, err := record.ParseReceipt([]byte(raw))
	if err != nil {
		h.Fatal(err)
	}
	p, err := record.CheckReceipt(receipt, policy, kinds)
	if err != nil || !p.Opened || p.Promise == nil || p.Promise.Kind != string(civic.PromiseCast) {
		h.Fatalf("the receipt does not prove itself: %+v %v", p, err)
	}
	var o civic.Object
	if err := json.Unmarshal(receipt.Private.Object, &o); err != nil || o.Kind != "opinion" || !strings.Contains(o.Votes, vote) {
		h.Errorf("%+v %v", o, err)
	}
}

func TestBadVotesAreRefused(t *testing.T) {
	h := open(t)
	me := voter(t)
	for _, bad := range [][]string{{"n", "1", "voto", "2"}, {"n", "1"}, {"n", "x", "voto", "1"}, {"n", "999", "voto", "1"}, {"n", "14", "voto", "1"}} {
		if status, _ := h.Post(me, base+"/votar", bad...); status != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", bad, status)
		}
	}
	if status, _ := h.Post(me, "/es/ediciones/demo25/opinion/votar", "n", "1", "voto", "1"); status != http.StatusLocked {
		t.Errorf("after the end: %d", status)
	}
	for _, there := range []string{"/es/ediciones/qroo-3/opinion", base + "/lotes.json", base + "/lotes/1", base + ".csv", base + ".json"} {
		if status, _ := h.Get(me, there); status != http.StatusOK {
			t.Errorf("%s: %d", there, status)
		}
	}
	for _, gone := range []string{base + "/lotes/99", base + "/lotes/x", "/es/ediciones/nada/opinion"} {
		if status, _ := h.Get(me, gone); status != http.StatusNotFound {
			t.Errorf("%s: %d", gone, status)
		}
	}
}

// TestAProposalComesAndGoes: a citizen proposes, moderators of two sides decide,
// the author takes another one back with the key.
func TestAProposalComesAndGoes(t *testing.T) {
	h := open(t)
	me := voter(t)
	if status, page := h.Post(me, base+"/proponer", "text", "  "); status != http.StatusUnprocessableEntity || !strings.Contains(page, "falta escribir la afirmación") {
		t.Errorf("empty: %d", status)
	}
	_, page := h.Post(me, base+"/proponer", "text", "Las plazas deben tener sombra")
	key := regexp.MustCompile(`[a-z]{5}(-[a-z]{5}){5}`).FindString(page)
	if key == "" {
		t.Fatal("no key")
	}
	const desk = "/es/mesa/opinion/demo26"
	civil, gov := h.moderator("demo26", glosa.Civil), h.moderator("demo26", glosa.Government)
	_, page = h.Get(civil, desk)
	h.Says(page, "Las plazas deben tener sombra", "Por decidir", "El otro lado propone no admitirla")
	_, page = h.Get(gov, desk)
	h.Says(page, "Tu lado ya habló")
	if status, _ := h.Post(civil, desk, "do", "refuse", "n", "15"); status != http.StatusUnprocessableEntity {
		t.Errorf("no ground: %d", status)
	}
	h.Post(civil, desk, "do", "refuse", "n", "15", "ground", "propaganda")
	h.Post(civil, desk, "do", "admit", "n", "16")
	_, page = h.Get(http.DefaultClient, base)
	h.Says(page, "Las plazas deben tener sombra", "No se publica: no fue admitida", "Motivo: Es propaganda electoral")
	if status, _ := h.Post(me, base+"/retirar", "n", "16", "key", "babab-babab-babab-babab-babab-babab"); status != http.StatusUnprocessableEntity {
		t.Errorf("another key: %d", status)
	}
	h.Post(me, base+"/retirar", "n", "16", "key", key)
	_, page = h.Get(http.DefaultClient, base)
	h.Hides(page, "Las plazas deben tener sombra")
	h.Says(page, "Sus palabras ya no son públicas")
}

// TestTheDeskOpensAndCloses: nobody but the facilitator.
func TestTheDeskOpensAndCloses(t *testing.T) {
	h := open(t)
	const desk = "/es/mesa/opinion/demo26"
	facilitator, moderator := h.Enter("demo26", glosa.Facilitator, ""), h.moderator("demo26", glosa.Civil)
	if status, _ := h.Post(moderator, desk, "do", "close"); status != http.StatusForbidden {
		t.Errorf("a moderator closes: %d", status)
	}
	for _, bad := range [][]string{{"do", "write", "text", ""}, {"do", "include", "sort", "question", "question", "nada"}, {"do", "include", "sort", "x", "question", "DEMO26-0001-A"}} {
		if status, _ := h.Post(facilitator, desk, bad...); status != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", bad, status)
		}
	}
	if status, _ := h.Post(facilitator, desk, "do", "nothing"); status != http.StatusNotFound {
		t.Errorf("an act that is none: %d", status)
	}
	h.Post(facilitator, desk, "do", "close")
	_, page := h.Get(http.DefaultClient, base)
	h.Says(page, "La votación terminó.", "Se cerró antes de la fecha anunciada.")
	if err := h.Site.Opinion.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, page = h.Get(http.DefaultClient, base)
	h.Says(page, "menos de 30 personas votaron lo suficiente")
	h.Hides(page, "<svg class=\"opinions\"", "Grupo A")
}

// TestStatesBeforeAndBeside: no vote yet, a frozen one, a postponed edition.
func TestStatesBeforeAndBeside(t *testing.T) {
	h := open(t)
	const other glosa.EditionID = "otra"
	text, err := edition.Template("demo26")
	if err != nil {
		t.Fatal(err)
	}
	by := glosa.Actor{Human: "h-f", Post: "facilitation", Side: glosa.Civil, Roles: []glosa.Role{glosa.Facilitator}}
	err = h.Site.Edition.Found(t.Context(), by, edition.Founding{ID: other, Series: "otra", Number: 1, Name: "Otra", Code: "OTRA26",
		Protocol: bytes.Clone(text), Session: h.Site.Clock.Now().AddDate(0, 0, 130), Synthetic: true})
	if err != nil {
		t.Fatal(err)
	}
	_, page := h.Get(http.DefaultClient, "/es/ediciones/otra/opinion")
	h.Says(page, "Todavía no hay votación en esta edición.")
	if err := h.Site.Edition.Cancel(t.Context(), by, other, "Se suspendió (SINTÉTICO)", "Oficio (SINTÉTICO)"); err != nil {
		t.Fatal(err)
	}
	_, page = h.Get(http.DefaultClient, "/es/ediciones/otra/opinion")
	h.Says(page, "En esta edición no hubo votación.")
	if err := h.Site.Edition.Postpone(t.Context(), by, "demo26", "hurricane", "Huracán (SINTÉTICO)", time.Time{}); err != nil {
		t.Fatal(err)
	}
	_, page = h.Get(http.DefaultClient, base)
	h.Says(page, "La edición está aplazada")
	_, page = h.Get(http.DefaultClient, base+"/votar")
	h.Hides(page, "name=\"voto\"")
}

// TestAProposalPassesTheGate: a machine waits like one that asks questions, keeps
// its words, and passes once with its ticket.
func TestAProposalPassesTheGate(t *testing.T) {
	h := open(t)
	me, there := voter(t), base+"/proponer"
	hidden := func(page, name string) string {
		m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page)
		return append(m, "", "")[1]
	}
	_, page := h.Get(me, there)
	once, words := hidden(page, "once"), "Los parques deben abrir de noche"
	send := func(text, ticket string) (int, string) {
		return h.Post(me, there, "text", text, "website", "a machine", "once", once, "ticket", ticket)
	}
	status, held := send(words, "")
	ticket := hidden(held, "ticket")
	if once == "" || status != http.StatusTooManyRequests || ticket == "" {
		t.Fatalf("%d, once %q, ticket %q", status, once, ticket)
	}
	h.Says(held, words, "«Enviar mi propuesta»", "/static/pow.")
	h.Clock.Advance(time.Minute)
	if status, page = send(" ", ticket); status != http.StatusUnprocessableEntity || hidden(page, "ticket") != ticket {
		t.Errorf("to be mended: %d, ticket %q", status, hidden(page, "ticket"))
	}
	if status, page = send(words, ticket); status != http.StatusOK || !strings.Contains(page, "Guarda") {
		t.Errorf("after its wait: %d %s", status, page)
	}
	if status, _ = send("Otra afirmación", ticket); status != http.StatusTooManyRequests {
		t.Errorf("the ticket passes again: %d", status)
	}
}
