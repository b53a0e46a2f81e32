package year

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/question"
	"glosa/site"
)

// TestAFullDisk: on a disk that is really full acts fail with a clear error,
// nothing is half-written, the record stops without a wrong byte; when there is
// room again everything goes on, without a restart.
func TestAFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=24m"); err != nil {
		t.Skipf("a small disk cannot be mounted here (it needs root): %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	y := Open(t, site.Config{Data: filepath.Join(disk, "data"), Log: slog.New(slog.DiscardHandler)})
	y.theMandate()
	y.theCall()
	y.theReport()
	y.Until(edition.IntakeOpen)
	for range 20 {
		y.As(Citizen).Asks("¿Cabe esta pregunta en el disco?", "")
	}
	y.Settle()

	ballast := filepath.Join(disk, "ballast")
	fillUp(t, ballast)
	taken, refused := 20, 0
	for n := 0; refused < 5; n++ {
		if n > 20_000 {
			t.Fatal("the disk never was full")
		}
		_, err := y.Site.Question.Submit(t.Context(), glosa.Citizen(), FirstEdition,
			question.Ask{Text: "¿Y esta? " + strings.Repeat("Con muchas letras. ", 12), Municipality: "23005"})
		var e *glosa.Error
		switch {
		case err == nil:
			taken++
		case errors.As(err, &e) && e.Kind == glosa.Busy && e.Key == "e.disk":
			refused++
		default:
			t.Fatalf("a full disk is told as %v", err)
		}
	}
	y.holds(t, taken)

	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	y.As(Citizen).Asks("¿Y ahora que hay lugar?", "")
	y.holds(t, taken+1)
	y.Settle()
	if err := y.Site.DB.Check(t.Context()); err != nil {
		t.Error(err)
	}
	for name, r := range y.look(t) {
		if !r.OK() {
			t.Errorf("%s:\n%s", name, strings.Join(r.Lines(), "\n"))
		}
	}
}

// fillUp writes until the disk takes no more.
func fillUp(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 20; size > 0; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
}

// holds: as many questions as were acknowledged, none less, none more.
func (y *Play) holds(t *testing.T, want int) {
	t.Helper()
	b, err := y.Site.Question.Balance(t.Context(), FirstEdition)
	if err != nil {
		t.Fatal(err)
	}
	if b.Received != want || b.Waiting != want {
		t.Fatal(fmt.Errorf("%d acknowledged, the house holds %+v", want, b))
	}
}
