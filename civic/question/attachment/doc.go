// Package attachment looks into the one file that may come with a question, says
// what it is by its content alone, and makes it harmless as far as that can be
// done without giving it to another program.
//
// In come the bytes as they were sent; out comes a [File]: an image that we drew
// anew ourselves (place, camera and whatever was hidden behind the picture are
// gone), a sound or a film without its notes of place and time, or a PDF as it
// was. What is none of these is refused, whatever its name says: no SVG, no HTML,
// no archive, no program.
//
// Weak at one point, and said to people: a sound or a film cannot be drawn anew
// here, so a voice or a face stays what it is, and notes in WebM and Ogg stay. So
// these are published only when the asker wants it, and a PDF never.
//
// The package reads no file, keeps nothing and knows no database. Start at [Read].
package attachment
