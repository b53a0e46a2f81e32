package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
)

// strokes are the rectangles of src/icon.svg on its grid of 32, in half units:
// the paper, the two lines of the margin, the three lines of the text.
var strokes = []struct {
	x0, y0, x1, y1 int
	ink            uint8 // place in the palette
}{
	{0, 0, 64, 64, 0},
	{18, 0, 20, 64, 1}, {26, 0, 28, 64, 1},
	{34, 15, 56, 21, 2}, {34, 29, 56, 35, 2}, {34, 43, 48, 49, 2},
}

// drawn is the icon as PNG, for devices that put the site among their programs
// and read no SVG. size is a multiple of 64, so that every edge is sharp.
func drawn(size int) ([]byte, error) {
	im := image.NewPaletted(image.Rect(0, 0, size, size), color.Palette{
		color.RGBA{0xfd, 0xfb, 0xf6, 0xff}, color.RGBA{0x7a, 0x72, 0x62, 0xff}, color.RGBA{0x0b, 0x52, 0x57, 0xff}})
	u := size / 64
	for _, s := range strokes {
		for y := s.y0 * u; y < s.y1*u; y++ {
			for x := s.x0 * u; x < s.x1*u; x++ {
				im.SetColorIndex(x, y, s.ink)
			}
		}
	}
	var b bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, im)
	return b.Bytes(), err
}
