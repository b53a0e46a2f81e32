package api

import (
	"time"

	"glosa"
	"glosa/civic/edition"
)

// list is one page of things. Next is the cursor of the page after it, empty on the last.
type list[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next" doc:"Hand it back as cursor for the next page; empty on the last."`
}

// whole is a list of one page.
func whole[T any](items []T) list[T] {
	if items == nil {
		items = []T{}
	}
	return list[T]{Items: items}
}

// each puts every element into the form it is sent in. What is sent is never null.
func each[A, B any](all []A, form func(A) B) []B {
	out := make([]B, len(all))
	for i, a := range all {
		out[i] = form(a)
	}
	return out
}

// words is a text in the languages it was written in.
type words struct {
	Es string `json:"es"`
	En string `json:"en,omitempty"`
}

func wordsOf(w edition.Words) *words {
	if w.IsZero() {
		return nil
	}
	return &words{Es: w.Es, En: w.En}
}

// second is a time as it is sent: to the second. The zero time is left out.
func second(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Second)
}

// told is when somebody did something: a citizen's times are told to the minute,
// as the record does, so that nobody is recognised by the second.
func told(by glosa.Code, t time.Time) time.Time {
	if by == glosa.Code(glosa.Citizen().By()) {
		return second(t).Truncate(time.Minute)
	}
	return second(t)
}

// day is a civil day in the edition's zone; "" when it is not known.
func day(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	if zone != nil {
		t = t.In(zone)
	}
	return t.Format(time.DateOnly)
}

func text[S ~string](all []S) []string {
	return each(all, func(s S) string { return string(s) })
}
