// Package front is the table of contents of the house: every page and the API,
// bound to the desks of a site, as one web server. The command serves it, and
// the whole-year play looks at it.
//
// Start with New; a new room's pages get their line in rooms.
package front

import (
	"context"
	"fmt"
	"net/http"

	"glosa/job"
	"glosa/notify"
	"glosa/site"
	"glosa/web"
	"glosa/web/account"
	"glosa/web/api"
	"glosa/web/door"
	"glosa/web/page/about"
	"glosa/web/page/chain"
	"glosa/web/page/commitment"
	"glosa/web/page/draw"
	"glosa/web/page/edition"
	"glosa/web/page/entry"
	"glosa/web/page/folio"
	"glosa/web/page/home"
	"glosa/web/page/intake"
	"glosa/web/page/moderation"
	"glosa/web/page/notice"
	"glosa/web/page/office"
	"glosa/web/page/opinion"
	"glosa/web/page/panel"
	"glosa/web/page/people"
	"glosa/web/page/portrait"
	"glosa/web/page/priority"
	"glosa/web/page/question"
	"glosa/web/page/record"
	"glosa/web/page/report"
	"glosa/web/page/rights"
	"glosa/web/page/sdg"
	"glosa/web/page/security"
	"glosa/web/page/sheet"
	"glosa/web/page/sources"
	"glosa/web/page/voter"
	"glosa/web/page/words"
)

// House is how a site is shown to the world.
type House struct {
	Demo   bool
	Secure bool // behind a proxy that speaks TLS
	Place  string
	// Contact is for security.txt; "" for none.
	Contact string
	// Account is the issuer of accounts by which people may support; nil for none.
	Account *account.Issuer
	Pages   int // bytes of kept pages, as [web.Config] has it
}

// New is the web server of a site: pages, API and record.
func New(s *site.Site, h House) *web.Server {
	origin := ""
	if h.Secure {
		origin = "https://" + s.Origin
	}
	seen := door.Site{Place: h.Place, Demo: h.Demo, Origin: origin}
	return web.New(web.Config{
		Rooms: rooms(s, h), Handlers: handlers(s, h, origin), Line: s.DB.Line(), Clock: s.Clock,
		Sessions: web.SignedIn{Desk: s.Auth}, Gauges: gauges(s), Site: seen, Log: s.Log, Secure: h.Secure, PageCache: h.Pages, GateKey: s.Gate,
		Ready: func(context.Context) error {
			if st := s.Record.Status(); st.Paused {
				return fmt.Errorf("degraded: record: %s", st.Reason)
			}
			if all := s.Edition.Stuck(); len(all) > 0 {
				return fmt.Errorf("degraded: clock: %d rows whose time has come fail, %s %s first", len(all), all[0].Room, all[0].Row)
			}
			return nil
		},
	})
}

// gauges tell the keeper what waits, and what is given up.
func gauges(s *site.Site) func(ctx context.Context) map[string]float64 {
	return func(ctx context.Context) map[string]float64 {
		out := map[string]float64{"glosa_jobs_waiting": 0, "glosa_jobs_dead": 0, "glosa_clock_stuck": float64(len(s.Edition.Stuck()))}
		jobs, err := job.Standings(ctx, s.DB)
		if err != nil {
			return nil
		}
		for _, j := range jobs {
			out["glosa_jobs_waiting"] += float64(j.Waiting)
			out["glosa_jobs_dead"] += float64(j.Dead)
		}
		mails, err := notify.Counts(ctx, s.DB)
		for _, state := range []notify.State{notify.Waiting, notify.Sent, notify.Unsure, notify.Refused} {
			if err == nil {
				out["glosa_mails_"+string(state)] = float64(mails[state])
			}
		}
		return out
	}
}

// rooms is the table of contents of the site: the pages of each room, bound to
// their desks.
func rooms(s *site.Site, h House) []func(*door.Router) {
	desks := chain.Desks{Edition: s.Edition, People: s.People, Report: s.Report, Question: s.Question, Intake: s.Intake, Voter: s.Voter, Priority: s.Priority,
		Panel: s.Panel, Commitment: s.Commitment, Record: s.Record}
	desks.Portrait = s.Portrait
	all := []func(*door.Router){
		folio.Mount,
		(&home.Pages{Desks: desks, Real: "qroo"}).Mount,
		(&edition.Pages{Desks: desks}).Mount,
		(&report.Pages{Desks: desks, Files: s.Files}).Mount,
		(&people.Pages{Desks: desks}).Mount,
		(&portrait.Pages{Desks: desks}).Mount,
		(&rights.Pages{Desks: desks, Rights: s.Rights}).Mount,
		(&sdg.Pages{Desks: desks}).Mount,
		(&sources.Pages{Edition: s.Edition, Commitment: s.Commitment, Real: "qroo"}).Mount,
		(&about.Pages{Edition: s.Edition, Real: "qroo"}).Mount,
		(&opinion.Pages{Desks: desks, Opinion: s.Opinion}).Mount,
		(&priority.Pages{Desks: desks}).Mount,
		(&panel.Pages{Desks: desks}).Mount,
		(&draw.Pages{Desks: desks, Draw: s.Draw}).Mount,
		(&commitment.Pages{Desks: desks, Files: s.Files}).Mount,
		(&question.Pages{Desks: desks, Similar: question.NearlyEqual(s.Question)}).Mount,
		(&notice.Pages{Desks: desks, Notice: s.Notice}).Mount,
		(&intake.Pages{Desks: desks}).Mount,
		(&voter.Pages{Desks: desks, Opinion: s.Opinion, Account: h.Account}).Mount,
		(&moderation.Pages{Desks: desks}).Mount,
		(&words.Pages{Desks: desks}).Mount,
		(&office.Pages{Desks: desks}).Mount,
		(&record.Pages{Log: s.Record, Auth: s.Auth, People: s.People, Edition: s.Edition, Priority: s.Priority}).Mount,
		(&entry.Pages{Auth: s.Auth, Edition: s.Edition, People: s.People, Question: s.Question, Panel: s.Panel,
			Commitment: s.Commitment, Demo: h.Demo}).Mount,
	}
	if h.Demo {
		all = append(all, sheet.Mount)
	}
	return all
}

// handlers are what is served beside pages.
func handlers(s *site.Site, h House, origin string) map[string]http.Handler {
	return map[string]http.Handler{
		"/api/": api.New(api.Config{Edition: s.Edition, People: s.People, Question: s.Question, Voter: s.Voter, Priority: s.Priority, Opinion: s.Opinion,
			Commitment: s.Commitment, Record: s.Record, Clock: s.Clock, Log: s.Log, Demo: h.Demo, Secure: h.Secure}),
		"/record/":    s.Record.Handler(),
		security.Path: security.Text{Contact: h.Contact, Origin: origin, Clock: s.Clock}.Handler(),
	}
}
