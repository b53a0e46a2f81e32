package record

import (
	"context"
	"fmt"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"glosa"
	"glosa/db"
)

func TestListsTheNewestFirst(t *testing.T) {
	each(t, func(t *testing.T, h *host) {
		h.follow()
		for i := range 5 {
			h.act(kCounted.Event(glosa.System(), "demo26", fmt.Sprint("c", i), countedBody{Count: int64(i), Until: h.clock.Now()}))
		}
		h.waitSize(5)
		for _, c := range []struct {
			before int64
			limit  int
			want   []int64
		}{{0, 3, []int64{4, 3, 2}}, {2, 3, []int64{1, 0}}, {99, 2, []int64{4, 3}}, {-1, 1, []int64{4}}} {
			got, err := h.log.Before(t.Context(), c.before, c.limit)
			if err != nil {
				t.Fatal(err)
			}
			var numbers []int64
			for _, e := range got {
				numbers = append(numbers, e.N)
				if !e.Sealed || len(e.Raw) == 0 {
					t.Errorf("leaf %d: sealed %t, %d bytes", e.N, e.Sealed, len(e.Raw))
				}
			}
			if fmt.Sprint(numbers) != fmt.Sprint(c.want) {
				t.Errorf("before %d: %v, want %v", c.before, numbers, c.want)
			}
		}
		if _, err := h.log.Entry(t.Context(), 5); glosa.KindOf(err) != glosa.NotFound {
			t.Errorf("the sixth of five: %v", err)
		}
	})
}

func TestCheckOwn(t *testing.T) {
	each(t, func(t *testing.T, h *host) {
		a := h.ask(1, Sealed)
		promised, err := Private{Object: []byte(`{"lang":"es","text":"¿Cuándo abre la clínica 1?"}`), SaltServer: a.server, SaltDevice: a.device}.Write(a.promise, nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := ParseReceipt(promised)
		if err != nil {
			t.Fatal(err)
		}
		p, bad, err := h.log.CheckOwn(t.Context(), r)
		if err != nil || bad != nil || p.Leaf != nil || !p.Opened {
			t.Fatalf("a promise: %+v, %v, %v", p, bad, err)
		}
		if _, ok, err := h.log.Kept(t.Context(), *p.Promise); ok || err != nil {
			t.Errorf("kept before there was a leaf: %t, %v", ok, err)
		}
		h.follow()
		h.waitSize(1)
		if e, ok, err := h.log.Kept(t.Context(), *p.Promise); !ok || err != nil || e.ID != a.folio {
			t.Errorf("kept: %+v, %t, %v", e, ok, err)
		}
		h.clock.Advance(time.Hour)
		shown, err := h.log.Receipt(t.Context(), 0, a.promise)
		if err != nil {
			t.Fatal(err)
		}
		if r, err = ParseReceipt(shown); err != nil {
			t.Fatal(err)
		}
		if p, bad, err = h.log.CheckOwn(t.Context(), r); err != nil || bad != nil || p.Leaf.ID != a.folio {
			t.Errorf("a receipt: %+v, %v, %v", p, bad, err)
		}
		h.exec("update record_leaf set leaf = replace(leaf, '0001-K', '0002-K')")
		if _, bad, err = h.log.CheckOwn(t.Context(), r); err != nil || bad == nil {
			t.Errorf("a leaf swapped under a receipt: %v, %v", bad, err)
		}
		h.exec("delete from record_about")
		h.exec("delete from record_leaf")
		if _, bad, err = h.log.CheckOwn(t.Context(), r); err != nil || bad == nil {
			t.Errorf("a leaf taken out under a receipt: %v, %v", bad, err)
		}
	})
}

// TestKeptFarAway: where a room knows what a commitment speaks of, the leaf that
// keeps a promise is found however many stand before it.
func TestKeptFarAway(t *testing.T) {
	each(t, func(t *testing.T, h *host) {
		a := h.ask(1, Sealed)
		key, err := note.NewVerifier(h.log.keys.PromiseKey)
		if err != nil {
			t.Fatal(err)
		}
		p, err := OpenPromise(a.promise, key)
		if err != nil {
			t.Fatal(err)
		}
		const far = searched + 500
		rows := make([]row, 0, far+1)
		add := func(e glosa.Event) {
			t.Helper()
			n := int64(len(rows))
			e.At = h.clock.Now()
			leaf, err := h.log.kinds.Leaf(n, e)
			if err != nil {
				t.Fatal(err)
			}
			rows = append(rows, row{n: n, seq: -1 - n, subject: e.Subject, leaf: leaf})
		}
		for n := range int64(far) {
			add(kCounted.Event(glosa.System(), "demo26", "m", countedBody{Count: n}))
		}
		add(kReceived.Event(glosa.Citizen(), "demo26", a.folio, receivedBody{a.commit, a.lock}))
		if err := h.log.insert(t.Context(), -1, rows); err != nil {
			t.Fatal(err)
		}
		h.log.conf.Subject = func(_ context.Context, commit glosa.Hash) (string, error) {
			return map[glosa.Hash]string{a.commit: a.folio}[commit], nil
		}
		if e, ok, err := h.log.Kept(t.Context(), p); !ok || err != nil || e.N != far {
			t.Errorf("kept: %+v, %t, %v", e, ok, err)
		}
		later := p
		later.After = far + 1
		if _, ok, err := h.log.Kept(t.Context(), later); ok || err != nil {
			t.Errorf("a leaf from before the promise keeps it: %t, %v", ok, err)
		}
	})
}

// exec does what somebody with the database in hand could do.
func (h *host) exec(sql string) {
	h.t.Helper()
	err := h.d.Act(h.t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(sql)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}
