package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"glosa"
)

// kiosk is a cache on a line, with a counter of renders.
type kiosk struct {
	*cache
	line    *memoryLine
	clock   *glosa.FakeClock
	renders int
	tags    []string
	until   time.Time
	takes   time.Duration
	fails   error
}

// open runs body with a cache that follows a line, in a bubble of its own time.
func open(t *testing.T, body func(t *testing.T, k *kiosk)) {
	synctest.Test(t, func(t *testing.T) {
		k := &kiosk{line: newMemoryLine(), clock: glosa.NewFakeClock(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)), tags: []string{"edition:a"}}
		k.cache = newCache(k.clock, newMetrics(), cacheBound)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { k.follow(ctx, k.line, slog.New(slog.DiscardHandler)); close(done) }()
		synctest.Wait()
		body(t, k)
		cancel()
		<-done
	})
}

func (k *kiosk) make(context.Context) (page, error) {
	k.renders++
	time.Sleep(k.takes)
	return page{body: fmt.Appendf(nil, "render %d", k.renders), kind: "text/plain", status: 200, tags: k.tags, until: k.until}, k.fails
}

func (k *kiosk) ask(t *testing.T, want string) {
	t.Helper()
	e, err := k.fetch(t.Context(), "/es/x", k.make)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(e.body()); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCache(t *testing.T) {
	t.Run("KeepsWhatNothingMoves", func(t *testing.T) {
		open(t, func(t *testing.T, k *kiosk) {
			k.ask(t, "render 1")
			k.line.leave("edition:b")
			synctest.Wait()
			k.ask(t, "render 1")
		})
	})
	t.Run("RendersAnewWhenATagMoves", func(t *testing.T) {
		open(t, func(t *testing.T, k *kiosk) {
			k.ask(t, "render 1")
			k.line.leave("question:q", "edition:a")
			synctest.Wait()
			k.ask(t, "render 2")
			k.ask(t, "render 2")
		})
	})
	t.Run("EveryEventMovesTheStar", func(t *testing.T) {
		open(t, func(t *testing.T, k *kiosk) {
			k.tags = []string{everything}
			k.ask(t, "render 1")
			k.line.leave("anything:z")
			synctest.Wait()
			k.ask(t, "render 2")
		})
	})
	t.Run("EndsAtUntil", func(t *testing.T) {
		open(t, func(t *testing.T, k *kiosk) {
			k.until = k.clock.Now().Add(time.Minute)
			k.ask(t, "render 1")
			k.clock.Advance(59 * time.Second)
			k.ask(t, "render 1")
			k.clock.Advance(time.Second)
			k.until = time.Time{}
			k.ask(t, "render 2")
		})
	})
}

func TestCacheKeepsNothingItShouldNot(t *testing.T) {
	t.Run("PageWithoutTags", func(t *testing.T) {
		open(t, func(t *testing.T, k *kiosk) {
			k.tags = nil
			k.ask(t, "render 1")
			k.ask(t, "render 2")
		})
	})
	t.Run("AnError", func(t *testing.T) {
		open(t, func(t *testing.T, k *kiosk) {
			k.fails = errors.New("once")
			if _, err := k.fetch(t.Context(), "/es/x", k.make); err == nil {
				t.Error("the error was swallowed")
			}
			k.fails = nil
			k.ask(t, "render 2")
		})
	})
	t.Run("AnEventDuringTheRenderMakesItStale", func(t *testing.T) {
		open(t, func(t *testing.T, k *kiosk) {
			k.takes = time.Second
			go func() { time.Sleep(time.Second / 2); k.line.leave("edition:a") }()
			k.ask(t, "render 1") // began before the event: this visit may see it as it was
			k.takes = 0
			k.ask(t, "render 2")
		})
	})
	t.Run("AVisitAfterAnEventNeverJoinsAnOlderRender", func(t *testing.T) {
		open(t, func(t *testing.T, k *kiosk) {
			k.takes = time.Second
			go k.fetch(t.Context(), "/es/x", k.make)
			time.Sleep(time.Second / 2)
			k.line.leave("edition:a")
			synctest.Wait()
			k.ask(t, "render 2")
		})
	})
}

func TestCachePace(t *testing.T) {
	t.Run("OneRenderForManyVisits", func(t *testing.T) {
		open(t, func(t *testing.T, k *kiosk) {
			k.takes = 50 * time.Millisecond
			var all sync.WaitGroup
			for range 100 {
				all.Go(func() { k.fetch(t.Context(), "/es/x", k.make) })
			}
			all.Wait()
			if k.renders != 1 {
				t.Errorf("%d renders for 100 visits at once, want 1", k.renders)
			}
		})
	})
	t.Run("AtMostOneEachQuarterSecond", func(t *testing.T) {
		open(t, func(t *testing.T, k *kiosk) {
			start := time.Now()
			for range 40 {
				k.line.leave("edition:a")
				synctest.Wait()
				if _, err := k.fetch(t.Context(), "/es/x", k.make); err != nil {
					t.Fatal(err)
				}
			}
			if least := 39 * pace; time.Since(start) < least {
				t.Errorf("40 renders took %s, want at least %s", time.Since(start), least)
			}
		})
	})
	t.Run("TheFirstVisitorLeavingDoesNotEndIt", func(t *testing.T) {
		open(t, func(t *testing.T, k *kiosk) {
			k.takes = 50 * time.Millisecond
			ctx, leave := context.WithCancel(t.Context())
			go k.fetch(ctx, "/es/x", k.make)
			synctest.Wait()
			leave()
			k.ask(t, "render 1")
		})
	})
	t.Run("APanicEndsTheFlight", func(t *testing.T) {
		open(t, func(t *testing.T, k *kiosk) {
			func() {
				defer func() { recover() }()
				k.fetch(t.Context(), "/es/x", func(context.Context) (page, error) { panic("a room's mistake") })
			}()
			k.ask(t, "render 1")
		})
	})
}

func TestAwait(t *testing.T) {
	t.Run("ReturnsWhenItsEventIsFollowed", func(t *testing.T) {
		open(t, func(t *testing.T, k *kiosk) {
			start, mark := time.Now(), k.place()
			go func() { time.Sleep(30 * time.Millisecond); k.line.leave("question:q") }()
			k.await(t.Context(), k.line, mark, []string{"question:q"})
			if d := time.Since(start); d != 30*time.Millisecond {
				t.Errorf("waited %s, want 30ms", d)
			}
		})
	})
	t.Run("WithoutTagsReturnsAtTheHead", func(t *testing.T) {
		open(t, func(t *testing.T, k *kiosk) {
			mark := k.place()
			k.line.leave("question:q")
			k.await(t.Context(), k.line, mark, nil)
			if k.place() != 1 {
				t.Error("returned before the head was followed")
			}
		})
	})
	t.Run("GivesUpAfterItsPatience", func(t *testing.T) {
		open(t, func(t *testing.T, k *kiosk) {
			start := time.Now()
			k.await(t.Context(), k.line, k.place(), []string{"question:never"})
			if d := time.Since(start); d != patience {
				t.Errorf("waited %s, want %s", d, patience)
			}
		})
	})
}

func TestCacheKeepsItsBound(t *testing.T) {
	open(t, func(t *testing.T, k *kiosk) {
		body := []byte(strings.Repeat("0123456789abcdef", 1<<14)) // 256 KiB
		for i := range 600 {
			p := page{body: body, kind: "text/html", status: 200, tags: []string{"edition:a"}}
			if _, err := k.fetch(t.Context(), fmt.Sprintf("/es/%d", i), func(context.Context) (page, error) { return p, nil }); err != nil {
				t.Fatal(err)
			}
		}
		weight := 0
		for _, e := range k.kept {
			weight += e.weight
		}
		if weight != k.size || weight > cacheBound {
			t.Errorf("holds %d bytes, counts %d, bound %d", weight, k.size, cacheBound)
		}
	})
}

func TestCacheServesNothingWhenTheLineIsLost(t *testing.T) {
	open(t, func(t *testing.T, k *kiosk) {
		k.ask(t, "render 1")
		k.sight(false)
		k.ask(t, "render 2")
	})
}

func TestCacheOff(t *testing.T) {
	open(t, func(t *testing.T, k *kiosk) {
		k.bound = -1
		k.ask(t, "render 1")
		k.ask(t, "render 2")
		if len(k.kept) > 0 {
			t.Errorf("%d pages are kept", len(k.kept))
		}
	})
}
