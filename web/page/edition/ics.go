package edition

import (
	"strings"
	"time"
	"unicode/utf8"

	"glosa/civic/edition"
	"glosa/web/door"
	"glosa/web/page/chain"
)

// ics is the calendar as an iCalendar file (RFC 5545): times in UTC, lines of at
// most 75 bytes, one event for each date, the past ones too.
func (p *Pages) ics(r *door.Request) (door.View, error) {
	ed, err := p.of(r)
	if err != nil {
		return door.View{}, err
	}
	var b strings.Builder
	line := func(s string) { b.WriteString(fold(s) + "\r\n") }
	line("BEGIN:VCALENDAR")
	line("VERSION:2.0")
	line("PRODID:-//Glosa//Glosa//ES")
	name := chain.Name(r.Words, ed)
	if ed.Synthetic {
		name = r.Words.T("c.synth.word") + ": " + name
	}
	line("X-WR-CALNAME:" + escape(name))
	page := chain.Permanent(r, r.To("/ediciones", string(ed.ID), "calendario"))
	for _, d := range datesOf(r.Words, ed, r.Now) {
		line("BEGIN:VEVENT")
		line("UID:" + string(ed.ID) + "-" + d.Code + "@glosa")
		line("DTSTAMP:" + stamp(ed.Since))
		line("DTSTART:" + stamp(d.At))
		if lasts := length(ed, d.Code); lasts > 0 { // an end is later than its beginning, or there is none
			line("DTEND:" + stamp(d.At.Add(lasts)))
		}
		line("SUMMARY:" + escape(d.What+" · "+name))
		if d.Code == string(edition.InSession) && ed.Place.Venue != "" {
			line("LOCATION:" + escape(strings.Join([]string{ed.Place.Venue, ed.Place.Address, ed.Place.City}, ", ")))
		}
		line("URL:" + page)
		line("END:VEVENT")
	}
	line("END:VCALENDAR")
	return door.View{Tags: chain.Tags(ed), Until: chain.Until(ed, r.Now),
		File: &door.File{Name: string(ed.ID) + ".ics", Type: "text/calendar; charset=utf-8", Bytes: []byte(b.String())}}, nil
}

// length is how long a date lasts in a calendar: the session its own time, the rest an instant.
func length(ed edition.Edition, code string) time.Duration {
	if end := ed.Plan.On(edition.MinutesPending); code == string(edition.InSession) && end.After(ed.Plan.On(edition.InSession)) {
		return end.Sub(ed.Plan.On(edition.InSession))
	}
	return 0
}

func stamp(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// escape keeps a text from ending its line or its value.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(s)
}

// fold breaks a line into pieces of at most 75 bytes, never inside a letter.
func fold(s string) string {
	var b strings.Builder
	n := 0
	for _, c := range s {
		if size := utf8.RuneLen(c); n+size > 74 {
			b.WriteString("\r\n ")
			n = 1
		}
		b.WriteRune(c)
		n += utf8.RuneLen(c)
	}
	return b.String()
}
