package year_test

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"glosa/cmd/front"
	"glosa/site"
	"glosa/web/browsertest"
	"glosa/web/door"
	"glosa/year"
)

// sight is a page of the play's edition and who looks at it; "" is the public.
type sight struct {
	path string
	as   year.Part
}

// scenes are the pages that a scene changes, seen when it has ended. A path that
// does not begin with / is a page of the edition.
var scenes = map[string][]sight{
	"mandate": {{"", ""}, {"calendario", ""}, {"protocolo", ""}, {"preguntar", ""}, {"/es/mesa/edicion/ensayo-1", year.Facilitator},
		{"/es/mesa/edicion", year.Facilitator}, {"/es/mesa/invitaciones/ensayo-1", year.Facilitator}},
	"call":            {{"", ""}, {"informe", ""}, {"/es/mesa/informe/ensayo-1", year.ReportLiaison}},
	"report":          {{"", ""}, {"informe", ""}, {"preguntar", ""}, {"/es/mesa/informe/ensayo-1", year.Governor}},
	"questions":       {{"", ""}, {"preguntar", ""}, {"preguntas", ""}, {"/es/mesa/moderacion/ensayo-1", year.ModeratorGov}},
	"before-the-draw": {{"sorteo", ""}, {"/es/mesa/sorteo/ensayo-1", year.Facilitator}},
	"volunteers":      {{"sorteo", ""}, {"sorteo/apuntarme", ""}, {"/es/mesa/sorteo/ensayo-1", year.Facilitator}},
	"lottery":         {{"sorteo", ""}, {"/es/mesa/sorteo/ensayo-1", year.ConvenorGov}},
	"drawn":           {{"sorteo", ""}, {"sorteo/apuntarme", ""}, {"/es/mesa/sorteo/ensayo-1", year.Facilitator}},
	"moderation": {{"preguntas", ""}, {"/es/mesa/moderacion/ensayo-1", year.ModeratorCivil}, {"/es/mesa/moderacion/ensayo-1", year.ConvenorGov},
		{"/es/mesa", year.ModeratorGov}},
	"intake-closed": {{"", ""}, {"preguntar", ""}, {"preguntas", ""}, {"agenda", ""}, {"/es/mesa/seleccion/ensayo-1", year.Selector}},
	"agenda": {{"", ""}, {"agenda", ""}, {"agenda/cuentas", ""}, {"/es/mesa/enlace", year.HealthLiaison}, {"/es/mesa/seleccion/ensayo-1", year.Selector},
		{"/es/mesa/preparacion/ensayo-1", year.Facilitator}},
	"answers": {{"preguntas", ""}, {"/es/vencidas", ""}, {"/es/mesa/enlace", year.EnvLiaison}, {"/es/mesa/firma", year.EnvMinister},
		{"/es/mesa/gubernatura", year.GovernorsOffice}},
	"postponed": {{"", ""}, {"calendario", ""}, {"sesion", ""}, {"agenda", ""}, {"/es/mesa/edicion/ensayo-1", year.Facilitator}},
	"session": {{"", ""}, {"sesion", ""}, {"/es/mesa/conduccion/ensayo-1-m1", year.Chair}, {"/es/mesa/conduccion/ensayo-1-m1", year.Clerk},
		{"/es/mesa", year.NewMinister}},
	"comments": {{"minutas", ""}, {"/es/mesa/minutas/ensayo-1", year.Rapporteur}, {"/es/mesa/minutas/ensayo-1", year.Panelist}},
	"minutes":  {{"", ""}, {"sesion", ""}, {"minutas", ""}, {"/es/mesa/minutas/ensayo-1", year.Governor}},
	"promises": {{"", ""}, {"compromisos", ""}, {"/es/mesa/compromisos/ensayo-1", year.Rapporteur}, {"/es/mesa/compromisos/ensayo-1", year.Panelist}},
	"follow-up": {{"", ""}, {"compromisos", ""}, {"/es/mesa/seguimiento", year.HealthLiaison}, {"/es/mesa/evaluacion", year.Evaluator},
		{"/es/mesa/disposiciones/ensayo-1", year.Facilitator}},
	"evaluation": {{"", ""}, {"compromisos", ""}, {"/es/mesa/evaluacion", year.Evaluator}},
}

// TestTheYearInABrowser looks at every stage of an edition as it happens, from
// the mandate to the evaluation, as the public and at the desks.
func TestTheYearInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser is not for -short")
	}
	browser := browsertest.Open(t)
	y := year.Open(t, site.Config{Data: filepath.Join(t.TempDir(), "data"), NoSync: true})
	server := front.New(y.Site, front.House{Place: "Quintana Roo"})
	ctx, stop := context.WithCancel(t.Context())
	followed := make(chan error, 1)
	go func() { followed <- server.Follow(ctx) }()
	defer func() { stop(); <-followed }()
	outside := httptest.NewServer(server)
	defer outside.Close()
	seen := map[string]bool{}
	y.Scene = func(name string) {
		seen[name] = true
		y.Settle()
		for _, s := range scenes[name] {
			look := browsertest.Look{Scene: name + "_", Path: s.path, Views: []browsertest.View{{Width: 360}}}
			if os.Getenv("GLOSA_SHOTS") != "" {
				look.Views = append(look.Views, browsertest.View{Width: 1280})
			}
			if !strings.HasPrefix(s.path, "/") {
				look.Path = strings.TrimRight("/es/ediciones/"+string(year.FirstEdition)+"/"+s.path, "/")
			}
			who := "public"
			if s.as != "" {
				look.Enter, who = enter(outside.URL, y.Token(s.as)), string(s.as)
			}
			t.Run(look.Name()+" "+who, func(t *testing.T) { browser.Inspect(t, outside.URL, look) })
		}
	}
	y.Whole()
	for name := range scenes {
		if !seen[name] {
			t.Errorf("the play has no scene %q", name)
		}
	}
}

// enter gives the browser somebody's session.
func enter(site, token string) func(context.Context, *chromedp.Target) error {
	return func(ctx context.Context, tab *chromedp.Target) error {
		hidden := true
		_, err := cdp.Call(ctx, tab, network.SetCookie,
			network.SetCookieParams{Name: door.CookieName(door.SessionCookie, false), Value: token, URL: site, HTTPOnly: &hidden})
		return err
	}
}
