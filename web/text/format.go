package text

import (
	"strconv"
	"strings"
	"time"
)

var (
	esMonths = [...]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"}
	esShort  = [...]string{"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"}
	esDays   = [...]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"}
	esDay3   = [...]string{"dom", "lun", "mar", "mié", "jue", "vie", "sáb"}
)

// Every method takes the time in the zone it is to be read in: pages hand in
// t.In(edition.Zone).

// Date is a day in full: miércoles 2 de diciembre de 2026; Wednesday 2 December 2026.
func (w *Words) Date(t time.Time) string {
	if w.Lang == "en" {
		return t.Format("Monday 2 January 2006")
	}
	return w.DayMonth(t) + " de " + strconv.Itoa(t.Year())
}

// DayMonth is a day near today: miércoles 2 de diciembre; Wednesday 2 December.
func (w *Words) DayMonth(t time.Time) string {
	if w.Lang == "en" {
		return t.Format("Monday 2 January")
	}
	return esDays[t.Weekday()] + " " + strconv.Itoa(t.Day()) + " de " + esMonths[t.Month()-1]
}

// Day is a day in short: 2 nov 2026; 2 Nov 2026.
func (w *Words) Day(t time.Time) string {
	if w.Lang == "en" {
		return t.Format("2 Jan 2006")
	}
	return strconv.Itoa(t.Day()) + " " + esShort[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// ShortDay is a day of this year in a narrow column: 2 nov; 2 Nov.
func (w *Words) ShortDay(t time.Time) string {
	if w.Lang == "en" {
		return t.Format("2 Jan")
	}
	return strconv.Itoa(t.Day()) + " " + esShort[t.Month()-1]
}

// WeekDay is a day of this year with its weekday: mié 6 ene; Wed 6 Jan.
func (w *Words) WeekDay(t time.Time) string {
	if w.Lang == "en" {
		return t.Format("Mon 2 Jan")
	}
	return esDay3[t.Weekday()] + " " + w.ShortDay(t)
}

// Month is a month in short: jul 2021; Jul 2021.
func (w *Words) Month(t time.Time) string {
	if w.Lang == "en" {
		return t.Format("Jan 2006")
	}
	return esShort[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// Hour is the time of day on a 24-hour clock: 23:59.
func (w *Words) Hour(t time.Time) string { return t.Format("15:04") }

// Stamp is a day and its hour: 2 nov 2026, 18:40.
func (w *Words) Stamp(t time.Time) string { return w.Day(t) + ", " + w.Hour(t) }

// N is a whole number with its thousands parted by commas, as in Mexico and in English.
func (w *Words) N(n int) string {
	s := strconv.Itoa(n)
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if neg {
		return "−" + s
	}
	return s
}

// Ordinal is the number of an edition: 9.ª; 9th.
func (w *Words) Ordinal(n int) string {
	if w.Lang != "en" {
		return strconv.Itoa(n) + ".ª"
	}
	suffix := "th"
	switch {
	case n%100 >= 11 && n%100 <= 13:
	case n%10 == 1:
		suffix = "st"
	case n%10 == 2:
		suffix = "nd"
	case n%10 == 3:
		suffix = "rd"
	}
	return strconv.Itoa(n) + suffix
}

// Size is a file's size before the tap: 180 KB, 1.4 MB.
func (w *Words) Size(bytes int64) string {
	if bytes < 1000 {
		return strconv.FormatInt(bytes, 10) + " B"
	}
	if bytes < 1000*1000 {
		return strconv.FormatInt((bytes+500)/1000, 10) + " KB"
	}
	return strconv.FormatFloat(float64(bytes)/1e6, 'f', 1, 64) + " MB"
}
