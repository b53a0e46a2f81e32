package people

import (
	"testing"
	"time"
)

func TestDirectoryNamesWhatPagesName(t *testing.T) {
	each(t, func(r room) {
		dir, err := r.Directory(t.Context(), "23", time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC))
		r.ok(err)
		for got, want := range map[string]string{
			dir.Territory.Name:               "Quintana Roo",
			dir.Municipality("23008"):        "Playa del Carmen",
			dir.Municipality("99999"):        "99999",
			dir.Institution("NOBODY"):        "NOBODY",
			dir.Post("nobody-titular", "es"): "nobody-titular",
		} {
			if got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
		if dir.Institution("SECOES") == "SECOES" {
			t.Error("an older name is not in the directory")
		}
		for _, i := range dir.Institutions {
			if i.Key == "SECOES" {
				t.Error("SECOES is listed as existing in 2026")
			}
		}
		if len(dir.Municipalities) != 11 || len(dir.Posts) == 0 {
			t.Errorf("%d municipalities, %d posts", len(dir.Municipalities), len(dir.Posts))
		}
		_, err = r.Directory(t.Context(), "99", time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC))
		if err == nil {
			t.Error("there is no territory 99")
		}
	})
}
