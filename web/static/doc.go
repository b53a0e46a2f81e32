// Package static holds what every page loads: the font, the style, the small
// scripts. It is embedded, served under names that hold a hash of the content
// (/static/glosa.1a2b3c4d.css) and may be kept for ever by whoever fetched it.
//
// The sources of the style are src/*.css and the *.css files of web/page/*, each
// room's beside its templates; of the scripts, src/*.js and web/page/*/*.js. The
// program in press binds and minifies them into out/, which is committed:
//
//	go generate ./web/static
//
// A test of press fails when out/ is not what the sources give. Start reading
// at [URL]; font.sh tells where the font comes from.
package static

//go:generate go run ./press
