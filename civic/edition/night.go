package edition

import "time"

// nightly is the hour at which figures are drawn that must not tell when each of
// what they count came (trust.md §5): three in the morning, in the edition's zone.
const nightly = 3

// Night is the last such hour at or before t.
func (e Edition) Night(t time.Time) time.Time {
	zone := e.Zone
	if zone == nil {
		zone = time.UTC
	}
	t = t.In(zone)
	at := time.Date(t.Year(), t.Month(), t.Day(), nightly, 0, 0, 0, zone)
	if at.After(t) {
		at = time.Date(t.Year(), t.Month(), t.Day()-1, nightly, 0, 0, 0, zone)
	}
	return at
}

// NextNight is the first such hour after t.
func (e Edition) NextNight(t time.Time) time.Time {
	at := e.Night(t)
	return time.Date(at.Year(), at.Month(), at.Day()+1, nightly, 0, 0, 0, at.Location())
}
