package main

import (
	"context"
	"errors"
	"strings"

	"glosa"
	"glosa/web/text"
)

// say is an error as a sentence for whoever typed the command: the words that the
// pages use, in English, with the flag they are about. Keys and codes stay inside.
func say(err error) string {
	var e *glosa.Error
	var typed *wrongInput
	if errors.Is(err, context.Canceled) {
		return "interrupted"
	}
	if errors.As(err, &typed) || !errors.As(err, &e) {
		return err.Error()
	}
	w := text.For("en")
	if e.Kind == glosa.Internal {
		return inside(w, e)
	}
	var said []string
	for _, f := range e.Fields {
		line := sentence(w, f.Key, f.Args)
		if f.Name != "" && !strings.HasPrefix(f.Key, "ed.line") {
			line = "--" + strings.ReplaceAll(f.Name, "_", "-") + ": " + line
		}
		said = append(said, line)
	}
	switch {
	case len(said) > 0:
		return strings.Join(said, "; ")
	case e.Key == "e.404":
		return strings.TrimSpace("there is no " + e.Args["what"] + " " + e.Args["id"])
	case e.Err != nil && e.Kind == glosa.Invalid:
		return e.Err.Error()
	}
	return sentence(w, e.Key, e.Args)
}

// inside is a failure of the machine or of the program: the plain sentence, if it
// has one, and the cause.
func inside(w *text.Words, e *glosa.Error) string {
	switch {
	case e.Err == nil:
		return sentence(w, e.Key, e.Args)
	case e.Key == "" || e.Key == "e.500" || !w.Has(e.Key):
		return e.Err.Error()
	}
	return sentence(w, e.Key, e.Args) + " (" + e.Err.Error() + ")"
}

// sentence is a text of the pages without the word by which a form begins it.
func sentence(w *text.Words, key string, args map[string]string) string {
	s := w.Say(key, args)
	if s == key { // nobody wrote it: the kind is better than a code
		return "that will not do (" + key + ")"
	}
	return strings.TrimPrefix(s, "Error: ")
}
