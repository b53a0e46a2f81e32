package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// placeholder stands for the folio of a question, which chance draws anew for
// each demonstration: {demo25:answered} is one of DEMO25 in that state.
var placeholder = regexp.MustCompile(`\{(\w+):(\w+)\}`)

// named puts folios in the place of placeholders.
func named(t *testing.T, site string, list []exhibit) []exhibit {
	t.Helper()
	known := map[string]string{}
	out := make([]exhibit, len(list))
	for i, x := range list {
		x.path = placeholder.ReplaceAllStringFunc(x.path, func(m string) string {
			if known[m] == "" {
				f := placeholder.FindStringSubmatch(m)
				known[m] = folioIn(t, site, f[1], f[2])
			}
			return known[m]
		})
		out[i] = x
	}
	return out
}

func folioIn(t *testing.T, site, edition, state string) string {
	t.Helper()
	res, err := http.Get(fmt.Sprintf("%s/api/v1/editions/%s/questions?state=%s", site, edition, state))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var list struct {
		Items []struct{ ID string }
	}
	if err := json.NewDecoder(res.Body).Decode(&list); err != nil {
		t.Fatal(err)
	}
	if len(list.Items) == 0 {
		t.Fatalf("no question of %s is %s: the gallery cannot show one", edition, state)
	}
	return list.Items[0].ID
}

// cast is who the browser can be in a demonstration. Entering takes longer than
// looking, so a session once open is used for all that this person sees.
type cast struct {
	site string
	mu   sync.Mutex
	open map[string][]*network.Cookie
}

func newCast(site string) *cast { return &cast{site: site, open: map[string][]*network.Cookie{}} }

// enter lets the browser in as a member of the cast, named by parts of the heading
// and of the entry.
func (c *cast) enter(ctx context.Context, tab *chromedp.Target, as string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, k := range c.open[as] {
		cookie := network.SetCookieParams{Name: k.Name, Value: k.Value, URL: c.site, Path: k.Path, HTTPOnly: &k.HTTPOnly, SameSite: k.SameSite}
		if _, err := cdp.Call(ctx, tab, network.SetCookie, cookie); err != nil {
			return err
		}
	}
	if c.open[as] != nil {
		return nil
	}
	if err := enterAs(ctx, tab, c.site, as); err != nil {
		return err
	}
	got, err := cdp.Call(ctx, tab, network.GetCookies, network.GetCookiesParams{URLs: []string{c.site}})
	c.open[as] = got.Cookies
	return err
}

// enterAs goes through the page of the cast.
func enterAs(ctx context.Context, tab *chromedp.Target, site, as string) error {
	heading, entry, _ := strings.Cut(as, ": ")
	if _, err := chromedp.Steps(chromedp.Navigate(site+"/es/entrar/reparto"), chromedp.WaitReady("body"))(ctx, tab); err != nil {
		return err
	}
	js, err := json.Marshal([]string{heading, entry})
	if err != nil {
		return err
	}
	found, err := chromedp.Evaluate[bool](fmt.Sprintf(`(() => {
		const [heading, entry] = %s;
		for (const s of document.querySelectorAll("section"))
			if (s.querySelector("h2")?.textContent.includes(heading))
				for (const b of s.querySelectorAll("button"))
					if (b.textContent.includes(entry)) { window.__go = b; return true; }
		return false;
	})()`, js))(ctx, tab)
	if err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("nobody in the cast is %q", as)
	}
	if _, err := chromedp.Evaluate[chromedp.Void](`window.__go.click()`)(ctx, tab); err != nil {
		return err
	}
	_, err = chromedp.WaitReady(`a[href="/es/mesa"], form[action="/es/salir"]`)(ctx, tab)
	return err
}
