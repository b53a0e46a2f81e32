// Package text holds every word that people see, one file per language, and
// says it: with names filled in, plurals chosen, and dates and numbers written
// the way the language writes them.
//
//	w := text.For("es")
//	w.T("k.left", "n", w.N(8))         // Quedan 8 días hábiles
//	w.Date(t)                          // miércoles 2 de diciembre de 2026
//
// A key is written once in es.txt and once in en.txt. A key that changes with a
// number is written twice, as key.one and key.other, and chosen by {n}. Keys in
// code are literal strings: the test reads the code and fails on a key that no
// file has. It never knows what a page is, and never escapes: templates do.
//
// Start reading at [Words.T].
package text
