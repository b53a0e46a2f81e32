package voter

import (
	"strconv"
	"testing"
	"time"

	"glosa"
)

// TestMoreNamesPushOutTheFirst: strangers who fill the memory with names set back
// the count that began first, and no other.
func TestMoreNamesPushOutTheFirst(t *testing.T) {
	var p Pace
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	take := func(name string) error { return p.Take(name, 1, time.Hour, now) }
	full := func(name string) bool { return glosa.KindOf(take(name)) == glosa.Busy }
	for i := range paceBound {
		if err := take(strconv.Itoa(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := take("one more"); err != nil {
		t.Fatal(err)
	}
	if !full("one more") || !full("1") || !full(strconv.Itoa(paceBound-1)) {
		t.Error("other counts began anew")
	}
	if len(p.seen) != paceBound || p.order.Len() != paceBound {
		t.Errorf("%d names are held, %d in order", len(p.seen), p.order.Len())
	}
	if err := take("0"); err != nil {
		t.Errorf("the first was not pushed out: %v", err)
	}
	now = now.Add(time.Hour)
	if err := take("2"); err != nil { // a run that began anew is the youngest
		t.Fatal(err)
	}
	for i := range paceBound - 2 {
		_ = take("x" + strconv.Itoa(i))
	}
	if !full("2") {
		t.Error("a run that began anew was pushed out as an old one")
	}
}
