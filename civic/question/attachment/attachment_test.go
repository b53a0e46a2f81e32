package attachment

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"glosa"
)

const html = "<!doctype html><script>alert(1)</script>"

// picture is a red field with a blue corner at the upper left.
func picture(w, h int) *image.RGBA {
	im := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{200, 0, 0, 255}
			if x < w/2 && y < h/2 {
				c = color.RGBA{0, 0, 200, 255}
			}
			im.Set(x, y, c)
		}
	}
	return im
}

func jpegOf(t testing.TB, im image.Image) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, im, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// exif is a JPEG with a camera's notes: which side was up, and a place.
func exif(t testing.TB, turn byte) []byte {
	tiff := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(rune(turn)) + "\x00\x00" + "GPS 21.16,-86.85 Kantunilkin"
	part := "\xff\xe1" + string(binary.BigEndian.AppendUint16(nil, uint16(len(tiff)+2))) + tiff
	plain := jpegOf(t, picture(40, 20))
	return append([]byte("\xff\xd8"+part), plain[2:]...)
}

func boxOf(name string, content ...string) string {
	all := strings.Join(content, "")
	return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(all)))) + name + all
}

// mp4 is the skeleton of a film or a sound, with a place in its notes.
func mp4(handler string) string {
	place := boxOf("udta", boxOf("\xa9xyz", "+21.1619-086.8515/"))
	hdlr := boxOf("hdlr", "\x00\x00\x00\x00\x00\x00\x00\x00", handler, strings.Repeat("\x00", 12))
	head := boxOf("mvhd", "\x00\x00\x00\x00\xde\xad\xbe\xef\xde\xad\xbe\xef", strings.Repeat("\x00", 88))
	return boxOf("ftyp", "isom\x00\x00\x02\x00isom") + boxOf("moov", head, boxOf("trak", boxOf("mdia", hdlr)), place) + boxOf("mdat", "frames")
}

func mp3() string {
	frame := "\xff\xfb\x90\x00" + strings.Repeat("\x00", 413) // 128 kbit/s at 44,100 Hz: 417 bytes
	return strings.Repeat(frame, 3)
}

func wav() string {
	fmtPart := "fmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00"
	note := "LIST\x10\x00\x00\x00INFOIART\x04\x00\x00\x00Rosa"
	body := "WAVE" + fmtPart + note + "data\x04\x00\x00\x00\x01\x02\x03\x04"
	return "RIFF" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)))) + body
}

func webm(codec string) string { return "\x1a\x45\xdf\xa3\x42\x82\x84webm" + codec + "cluster" }

// bomb is a small PNG that promises a picture of w by h.
func bomb(w, h uint32) []byte {
	head := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)...)
	head = append(head, 8, 6, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, head...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head))
}

func TestRead(t *testing.T) {
	var animated bytes.Buffer
	pal := image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.White, color.Black})
	if err := gif.EncodeAll(&animated, &gif.GIF{Image: []*image.Paletted{pal, pal, pal}, Delay: []int{1, 1, 1}}); err != nil {
		t.Fatal(err)
	}
	var clear bytes.Buffer
	if err := png.Encode(&clear, image.NewNRGBA(image.Rect(0, 0, 3, 3))); err != nil {
		t.Fatal(err)
	}
	id3 := "ID3\x04\x00\x00\x00\x00\x00\x14" + "TPE1 Rosa Canul Pech" + mp3() + "TAG" + strings.Repeat("x", 125)
	for _, c := range []struct {
		name, sent  string
		media       string
		kind        Kind
		never, does string // what the kept bytes must not, and must hold
	}{
		{"APhotoLosesItsPlace", string(exif(t, 1)), "image/jpeg", Image, "Kantunilkin", ""},
		{"APageHiddenBehindAPhoto", string(jpegOf(t, picture(9, 9))) + html, "image/jpeg", Image, "script", ""},
		{"AnArchiveHiddenBehindAPhoto", string(jpegOf(t, picture(9, 9))) + "PK\x03\x04evil", "image/jpeg", Image, "PK\x03\x04", ""},
		{"ATransparentPicture", clear.String(), "image/png", Image, "", ""},
		{"AMovingPictureStandsStill", animated.String(), "image/png", Image, "NETSCAPE", ""},
		{"ASoundLosesItsNotes", id3, "audio/mpeg", Sound, "Rosa", "\xff\xfb\x90"},
		{"AWaveLosesItsNotes", wav(), "audio/wav", Sound, "Rosa", "\x01\x02\x03\x04"},
		{"AVoiceOfAPhone", mp4("soun"), "audio/mp4", Sound, "21.1619", "frames"},
		{"AFilmLosesItsPlace", mp4("vide"), "video/mp4", Film, "21.1619", "frames"},
		{"AFilmLosesItsDay", mp4("vide"), "video/mp4", Film, "\xde\xad\xbe\xef", "frames"},
		{"AVoiceOfABrowser", webm("A_OPUS"), "audio/webm", Sound, "", "cluster"},
		{"AFilmOfABrowser", webm("V_VP8A_OPUS"), "video/webm", Film, "", "cluster"},
		{"AVoiceNote", "OggS\x00\x02" + strings.Repeat("\x00", 20) + "\x01\x13OpusHead", "audio/ogg", Sound, "", ""},
		{"APDF", "%PDF-1.7\n%%EOF", "application/pdf", Document, "", "%PDF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := Read([]byte(c.sent))
			if err != nil || f.Media != c.media || f.Kind != c.kind || Extension(f.Media) == "" {
				t.Fatalf("%q %q, %v; want %q %q", f.Media, f.Kind, err, c.media, c.kind)
			}
			if c.never != "" && bytes.Contains(f.Bytes, []byte(c.never)) {
				t.Errorf("what is kept still holds %q", c.never)
			}
			if !bytes.Contains(f.Bytes, []byte(c.does)) {
				t.Errorf("what is kept has lost %q", c.does)
			}
			if again := TypeOf(f.Bytes); again != f.Media {
				t.Errorf("what is kept as %s is %q", f.Media, again)
			}
		})
	}
}

// TestReadRefuses: what is none of these, is two things at once, or would not fit
// in any machine.
func TestReadRefuses(t *testing.T) {
	for _, c := range []struct{ name, sent string }{
		{"ADrawingWithScript", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`},
		{"APage", html},
		{"AProgram", "\x7fELF\x02\x01\x01"},
		{"AnArchive", "PK\x03\x04"},
		{"APageBehindAFilm", mp4("vide") + html},
		{"AFilmWithoutTracks", boxOf("ftyp", "isom\x00\x00\x02\x00") + boxOf("mdat", html)},
		{"ABoxLongerThanItsFile", "\x00\x00\xff\xffftypisom\x00\x00\x02\x00"},
		{"AHalfPhoto", string(jpegOf(t, picture(9, 9))[:60])},
		{"ABomb", string(bomb(50_000, 50_000))},
		{"ABombOfOneLine", string(bomb(1<<31-1, 1))},
		{"OneFrameIsNoSound", "\xff\xfb\x90\x00<script>"},
		{"Nothing", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if f, err := Read([]byte(c.sent)); glosa.KindOf(err) != glosa.Invalid || err == nil {
				t.Errorf("taken as %q, %v", f.Media, err)
			}
		})
	}
}

// TestUprightAndSmall: a picture is turned as the camera held it, and made small.
func TestUprightAndSmall(t *testing.T) {
	corners := map[byte][2]int{1: {2, 2}, 2: {37, 2}, 3: {37, 17}, 4: {2, 17}, 5: {2, 2}, 6: {17, 2}, 7: {17, 37}, 8: {2, 37}}
	for turn, at := range corners {
		f, err := Read(exif(t, turn))
		if err != nil {
			t.Fatal(err)
		}
		im, err := jpeg.Decode(bytes.NewReader(f.Bytes))
		if err != nil {
			t.Fatal(err)
		}
		if w := im.Bounds().Dx(); (w == 20) != (turn > 4) {
			t.Errorf("turn %d: %d wide", turn, w)
		}
		if r, _, b, _ := im.At(at[0], at[1]).RGBA(); b < r {
			t.Errorf("turn %d: the blue corner is not at %v", turn, at)
		}
	}
	f, err := Read(jpegOf(t, picture(4000, 1000)))
	if err != nil {
		t.Fatal(err)
	}
	c, err := jpeg.DecodeConfig(bytes.NewReader(f.Bytes))
	if err != nil || c.Width != maxSide || c.Height != maxSide/4 {
		t.Errorf("%d by %d, %v", c.Width, c.Height, err)
	}
}

// FuzzRead: whatever comes, it is refused or becomes what it says, and never panics.
func FuzzRead(f *testing.F) {
	for _, s := range []string{string(exif(f, 6)), mp4("vide"), mp4("soun"), mp3(), wav(), webm("V_VP9"), "OggS\x00OpusHead", "%PDF-1.4", string(bomb(9, 9)), "GIF89a", "RIFF\x04\x00\x00\x00WEBP"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := Read(b)
		if err != nil {
			if glosa.KindOf(err) != glosa.Invalid {
				t.Fatal(err)
			}
			return
		}
		if TypeOf(got.Bytes) != got.Media && got.Kind == Image {
			t.Errorf("an image became %q, not %q", TypeOf(got.Bytes), got.Media)
		}
		if got.Kind == "" || Extension(got.Media) == "" {
			t.Errorf("a file of no kind: %q", got.Media)
		}
	})
}
