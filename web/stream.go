package web

import (
	"bufio"
	"compress/gzip"
	"io"
	"mime"
	"net/http"
	"strings"

	"glosa/web/door"
)

// streaming serves a download that writes itself: it is read in parts while it is
// sent, so that memory stays flat however long it is. Nothing of it is kept.
func (s *Server) streaming(w http.ResponseWriter, r *http.Request, lang string, route door.Route) {
	v := s.visit(r, lang, route)
	if wait := s.limits.render(s.network(r), v.Now); wait > 0 {
		s.fail(w, r, lang, busy(v.Now, wait))
		return
	}
	view, err := route.Do(v)
	switch {
	case err != nil && canonical(r, err) != "":
		http.Redirect(w, r, canonical(r, err), http.StatusFound)
		return
	case err != nil:
		s.fail(w, r, lang, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", view.File.Type)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": view.File.Name}))
	h["Cache-Control"], h["Content-Security-Policy"], h["Vary"] = revisit, boxedIn, vary
	zip := strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
	if zip {
		h["Content-Encoding"] = gzipped
	}
	if r.Method == http.MethodHead {
		return
	}
	if err := send(w, view.File, zip); err != nil {
		if r.Context().Err() == nil {
			s.cfg.Log.Error("a download broke off", "route", r.Pattern, "err", err)
		}
		panic(http.ErrAbortHandler) // whoever reads it must not take it for whole
	}
}

// send writes the file, compressed if zip.
func send(w io.Writer, f *door.File, zip bool) error {
	if !zip {
		out := bufio.NewWriterSize(w, usualPage)
		if err := f.Write(out); err != nil {
			return err
		}
		return out.Flush()
	}
	z := quickZip.Get().(*gzip.Writer)
	defer quickZip.Put(z)
	z.Reset(w)
	out := bufio.NewWriterSize(z, usualPage)
	if err := f.Write(out); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return z.Close()
}
