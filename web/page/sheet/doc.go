// Package sheet is the sheet of components, /es/hoja: every part of the leaf
// with sample data, to be looked at and to be checked for accessibility. It is
// hung up only in the demonstration. Its words are samples, not texts of the
// site, and stay in Spanish.
package sheet

//go:generate go tool -modfile=../../../tools/go.mod templ generate
