package attachment

import (
	"bytes"
	"encoding/binary"

	"glosa"
)

// Kind is what people call a file.
type Kind glosa.Code

const (
	Image    Kind = "image"
	Sound    Kind = "audio"
	Film     Kind = "video"
	Document Kind = "pdf"
)

// Spoken tells whether a question can be asked by such a file alone.
func (k Kind) Spoken() bool { return k == Sound || k == Film }

// File is an attachment as it is kept.
type File struct {
	Kind  Kind
	Sent  string // media type of what was sent, by its content
	Media string // media type of what is kept
	Bytes []byte
}

// Extensions of what is kept, by media type.
var extensions = map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "audio/mpeg": ".mp3", "audio/ogg": ".ogg", "audio/wav": ".wav",
	"audio/mp4": ".m4a", "audio/webm": ".weba", "video/mp4": ".mp4", "video/webm": ".webm", "application/pdf": ".pdf"}

// Extension is how the name of a kept file ends.
func Extension(media string) string { return extensions[media] }

// TypeOf is the media type of a file by its content; "" for what is not taken. It
// reads heads and frames, decodes nothing.
func TypeOf(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return "image/jpeg"
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return "image/png"
	case bytes.HasPrefix(b, []byte("GIF87a")), bytes.HasPrefix(b, []byte("GIF89a")):
		return "image/gif"
	case len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		return "image/webp"
	case len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WAVE":
		return "audio/wav"
	case bytes.HasPrefix(b, []byte("%PDF-")):
		return "application/pdf"
	case bytes.HasPrefix(b, []byte("OggS\x00")):
		return oggType(b)
	case bytes.HasPrefix(b, []byte("\x1a\x45\xdf\xa3")):
		return webmType(b)
	case len(b) >= 12 && string(b[4:8]) == "ftyp":
		return mp4Type(b)
	case isMP3(b):
		return "audio/mpeg"
	}
	return ""
}

// Read tells what a file is and makes it fit to be kept. Invalid, field "file",
// when it is none that is taken, or is broken.
func Read(b []byte) (File, error) {
	f := File{Sent: TypeOf(b)}
	f.Media = f.Sent
	var err error
	switch f.Sent {
	case "image/jpeg", "image/png", "image/gif", "image/webp":
		f.Kind = Image
		f.Bytes, f.Media, err = redraw(b, f.Sent)
	case "audio/mpeg":
		f.Kind, f.Bytes = Sound, bareMP3(b)
	case "audio/wav":
		f.Kind = Sound
		f.Bytes, err = bareWAV(b)
	case "audio/ogg", "audio/webm":
		f.Kind, f.Bytes = Sound, b
	case "audio/mp4":
		f.Kind, f.Bytes = Sound, bareMP4(b)
	case "video/mp4":
		f.Kind, f.Bytes = Film, bareMP4(b)
	case "video/webm":
		f.Kind, f.Bytes = Film, b
	case "application/pdf":
		f.Kind, f.Bytes = Document, b
	default:
		err = errNone
	}
	if err != nil {
		return File{}, err
	}
	return f, nil
}

var errNone = glosa.WrongField("file", "ak.type")

// oggType looks at the head of the first stream: only sound is taken.
func oggType(b []byte) string {
	head := b[:min(len(b), 512)]
	if bytes.Contains(head, []byte("OpusHead")) || bytes.Contains(head, []byte("\x01vorbis")) {
		return "audio/ogg"
	}
	return ""
}

// webmHead is how far the names of the codecs may stand from the beginning.
const webmHead = 64 << 10

// webmType tells sound from film by the names of their codecs.
func webmType(b []byte) string {
	head := b[:min(len(b), webmHead)]
	if !bytes.Contains(head[:min(len(head), 64)], []byte("webm")) {
		return ""
	}
	for _, codec := range []string{"V_VP8", "V_VP9", "V_AV1"} {
		if bytes.Contains(head, []byte(codec)) {
			return "video/webm"
		}
	}
	if bytes.Contains(head, []byte("A_OPUS")) || bytes.Contains(head, []byte("A_VORBIS")) {
		return "audio/webm"
	}
	return ""
}

// bareWAV keeps the two parts of a WAV that sound: its format and its samples.
func bareWAV(b []byte) ([]byte, error) {
	out := append([]byte(nil), "RIFF\x00\x00\x00\x00WAVE"...)
	found := 0
	for at := 12; at+8 <= len(b); {
		size := int(binary.LittleEndian.Uint32(b[at+4:]))
		end := min(at+8+size, len(b)) // a recorder that was cut off promises more than there is
		if name := string(b[at : at+4]); name == "fmt " || name == "data" {
			found++
			out = append(out, name...)
			out = binary.LittleEndian.AppendUint32(out, uint32(end-at-8))
			out = append(out, b[at+8:end]...)
			if (end-at)%2 == 1 {
				out = append(out, 0)
			}
		}
		at = end + (end-at)%2
	}
	if found != 2 {
		return nil, errNone
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out, nil
}
