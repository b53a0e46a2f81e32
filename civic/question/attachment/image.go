package attachment

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strconv"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"glosa"
)

const (
	maxPixels = 25_000_000 // what a phone takes; an image that promises more is not decoded
	maxSide   = 2048       // what is kept
	quality   = 85
)

// format is how one sort of image is read.
type format struct {
	size   func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

var formats = map[string]format{
	"image/jpeg": {jpeg.DecodeConfig, jpeg.Decode},
	"image/png":  {png.DecodeConfig, png.Decode},
	"image/gif":  {gif.DecodeConfig, gif.Decode}, // the first picture only
	"image/webp": {webp.DecodeConfig, webp.Decode},
}

// redraw decodes an image, turns it upright, makes it no larger than a screen and
// encodes it anew: nothing of the bytes that were sent is left.
func redraw(b []byte, media string) (out []byte, kept string, err error) {
	f := formats[media]
	c, err := f.size(bytes.NewReader(b))
	if err != nil || c.Width <= 0 || c.Height <= 0 {
		return nil, "", errNone
	}
	if c.Width > maxPixels/c.Height {
		return nil, "", glosa.WrongField("file", "ak.pixels", "n", strconv.Itoa(maxPixels/1_000_000))
	}
	im, err := f.decode(bytes.NewReader(b))
	if err != nil {
		return nil, "", errNone
	}
	turn := 1
	if media == "image/jpeg" {
		turn = orientation(b)
	}
	clear, opaque := drawn(im, turn)
	var w bytes.Buffer
	if (media == "image/jpeg" || media == "image/webp") && opaque {
		err, kept = jpeg.Encode(&w, clear, &jpeg.Options{Quality: quality}), "image/jpeg"
	} else {
		err, kept = png.Encode(&w, clear), "image/png"
	}
	return w.Bytes(), kept, err
}

// drawn is a picture of ours: small enough, and upright.
func drawn(im image.Image, turn int) (*image.NRGBA, bool) {
	from := im.Bounds()
	w, h := from.Dx(), from.Dy()
	if long := max(w, h); long > maxSide {
		w, h = max(1, w*maxSide/long), max(1, h*maxSide/long)
	}
	to := image.NewNRGBA(image.Rect(0, 0, w, h))
	if w == from.Dx() && h == from.Dy() {
		draw.Draw(to, to.Bounds(), im, from.Min, draw.Src)
	} else {
		xdraw.BiLinear.Scale(to, to.Bounds(), im, from, draw.Src, nil)
	}
	to = upright(to, turn)
	return to, to.Opaque()
}

// upright turns a picture as the camera's note says (EXIF orientation, 1 to 8).
func upright(im *image.NRGBA, turn int) *image.NRGBA {
	if turn < 2 || turn > 8 {
		return im
	}
	w, h := im.Rect.Dx(), im.Rect.Dy()
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	if turn > 4 {
		out = image.NewNRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch turn {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			out.SetNRGBA(tx, ty, color.NRGBAModel.Convert(im.NRGBAAt(x, y)).(color.NRGBA))
		}
	}
	return out
}
