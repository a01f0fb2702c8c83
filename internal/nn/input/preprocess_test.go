package input

import (
	"encoding/json"
	"image"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSharedPreprocessing reproduces the sums PyTorch recorded for whole photos. It needs the folder of shared
// reference material.
func TestSharedPreprocessing(t *testing.T) {
	shared := os.Getenv("STRIDE_SHARED")
	if shared == "" {
		t.Skip("STRIDE_SHARED does not name the shared folder (weights/mobilenet_v2.expected.json, photos/): checksums of whole photos are not compared")
	}
	text, err := os.ReadFile(filepath.Join(shared, "weights/mobilenet_v2.expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var expected struct {
		Photos map[string]struct {
			Size  [2]int `json:"size"`
			Sum   int    `json:"input_u8_sum"`
			First []int  `json:"input_u8_first8_row0_R"`
		} `json:"photos"`
	}
	if err := json.Unmarshal(text, &expected); err != nil {
		t.Fatal(err)
	}
	if len(expected.Photos) == 0 {
		t.Fatal("no photos in the expected file")
	}
	half := [3]float32{0.5, 0.5, 0.5}
	p := Preprocess{Resize: 256, Crop: 224, Mean: half, Std: half}
	for name, want := range expected.Photos {
		t.Run(name, func(t *testing.T) {
			img, _ := decodeFile(t, filepath.Join(shared, "photos", name))
			if img.W != want.Size[0] || img.H != want.Size[1] {
				t.Errorf("size %d×%d, want %v", img.W, img.H, want.Size)
			}
			seen, sum := p.Picture(img), 0
			for _, v := range seen.Pix {
				sum += int(v)
			}
			if sum != want.Sum {
				t.Errorf("sum of the input's bytes = %d, want %d", sum, want.Sum)
			}
			x := p.Tensor(img)
			for i, v := range want.First {
				if got := seen.Pix[3*i]; int(got) != v {
					t.Errorf("red %d = %d, want %d", i, got, v)
				}
				if got, want := x.At(0, 0, 0, i), (float32(v)/255-0.5)/0.5; got != want {
					t.Errorf("value %d = %v, want %v", i, got, want)
				}
			}
		})
	}
}

// ramp is a picture whose pixels all differ from their neighbours.
func ramp(w, h int) *RGB {
	p := NewRGB(w, h)
	for y := range h {
		for x := range w {
			copy(p.Pix[3*(y*w+x):], []uint8{uint8(x*7 + y), uint8(y*5 + x*3), uint8(x*y + 11)})
		}
	}
	return p
}

// centreCrop cuts the middle out of a whole picture, pixel by pixel; what lies outside is black.
func centreCrop(src *RGB, w, h int) *RGB {
	dst := NewRGB(w, h)
	for y := range h {
		for x := range w {
			if c := src.rgba(x+cropOffset(src.W, w), y+cropOffset(src.H, h)); c.A > 0 {
				copy(dst.Pix[3*(y*w+x):], []uint8{c.R, c.G, c.B})
			}
		}
	}
	return dst
}

// TestWindowEqualsWhole holds the one-step resize-and-crop to resizing the whole picture and cropping it then.
func TestWindowEqualsWhole(t *testing.T) {
	for _, c := range []struct{ w, h, resize, crop int }{
		{61, 47, 32, 28}, {47, 61, 32, 28}, {33, 33, 32, 32}, {20, 30, 0, 16}, {20, 30, 0, 64}, {9, 70, 12, 40},
		{70, 9, 12, 40}, {31, 32, 33, 32}, {5, 5, 40, 17}, {300, 2, 8, 8},
	} {
		for _, f := range []Filter{Bilinear, Bicubic} {
			p := ImageNet()
			p.Resize, p.Crop, p.Interpolation = c.resize, c.crop, f
			src := ramp(c.w, c.h)
			g := p.Geometry(c.w, c.h)
			want := centreCrop(Resize(src, g.ResizedWidth, g.ResizedHeight, f), c.crop, c.crop)
			if got := p.Picture(src); string(got.Pix) != string(want.Pix) {
				t.Errorf("%+v %s: window differs from the crop of the whole", c, f)
			}
		}
	}
}

func TestGeometry(t *testing.T) {
	p := ImageNet()
	for _, c := range []struct {
		w, h         int
		rw, rh, x, y int // torchvision's Resize(256) and CenterCrop(224)
		box          image.Rectangle
	}{
		{451, 300, 384, 256, 80, 16, image.Rect(93, 18, 358, 282)},
		{300, 451, 256, 384, 16, 80, image.Rect(18, 93, 282, 358)},
		{512, 512, 256, 256, 16, 16, image.Rect(32, 32, 480, 480)},
		{1, 12000, 256, 3072000, 16, 1535888, image.Rect(0, 5999, 1, 6001)},
		{257, 256, 257, 256, 16, 16, image.Rect(16, 16, 240, 240)}, // 16.5 to even
		{259, 256, 259, 256, 18, 16, image.Rect(18, 16, 242, 240)}, // 17.5 to even
	} {
		g := p.Geometry(c.w, c.h)
		if g.ResizedWidth != c.rw || g.ResizedHeight != c.rh || g.OffsetX != c.x || g.OffsetY != c.y {
			t.Errorf("%d×%d: %+v, want resized %d×%d, offset %d,%d", c.w, c.h, g, c.rw, c.rh, c.x, c.y)
		}
		if got := p.CropBox(c.w, c.h); got != c.box {
			t.Errorf("%d×%d: CropBox %v, want %v", c.w, c.h, got, c.box)
		}
		px, py := g.ToPhoto(31, 207)
		if x, y := g.ToInput(px, py); math.Abs(x-31) > 1e-6 || math.Abs(y-207) > 1e-6 {
			t.Errorf("%d×%d: ToInput(ToPhoto(31, 207)) = %v, %v", c.w, c.h, x, y)
		}
	}
	// A crop larger than the picture is padded, the smaller half first: of 7 missing columns 3 are on the left.
	g := Preprocess{Crop: 32, Std: [3]float32{1, 1, 1}}.Geometry(25, 40)
	if g.OffsetX != -3 || g.OffsetY != 4 {
		t.Errorf("offsets %d, %d, want -3, 4", g.OffsetX, g.OffsetY)
	}
	if got, want := g.Box(image.Rect(0, 0, 3, 3)), (image.Rectangle{}); !got.Empty() {
		t.Errorf("padding maps to %v, want %v", got, want)
	}
}

// TestExtremePictures: no zero side, no picture of a billion pixels, no NaN.
func TestExtremePictures(t *testing.T) {
	for _, c := range []struct{ w, h int }{{1, 1}, {1, 12000}, {12000, 1}, {3, 2}} {
		for _, fill := range []uint8{0, 255, 77} {
			src := NewRGB(c.w, c.h)
			for i := range src.Pix {
				src.Pix[i] = fill
			}
			for _, p := range []Preprocess{ImageNet(), LeNet()} {
				x := p.Tensor(src)
				want := p.values(0)[fill]
				for i, v := range x.Plane(0, 0).Data {
					if v != want {
						t.Fatalf("%d×%d of %d, %d channels: value %d = %v, want %v", c.w, c.h, fill, p.Channels, i, v, want)
					}
				}
			}
			if s := ShrinkTo(src, 1024); max(s.W, s.H) > 1024 || s.W < 1 || s.H < 1 {
				t.Errorf("%d×%d: ShrinkTo gives %d×%d", c.w, c.h, s.W, s.H)
			}
		}
	}
}

func TestShrinkTo(t *testing.T) {
	for _, c := range []struct{ w, h, longest, wantW, wantH int }{
		{30, 20, 40, 30, 20}, {30, 20, 30, 30, 20}, {30, 20, 15, 15, 10}, {20, 30, 15, 10, 15}, {31, 20, 10, 10, 6},
		{500, 1, 10, 10, 1}, {7, 7, 3, 3, 3},
	} {
		got := ShrinkTo(ramp(c.w, c.h), c.longest)
		if got.W != c.wantW || got.H != c.wantH || len(got.Pix) != 3*got.W*got.H {
			t.Errorf("%d×%d to %d: %d×%d, want %d×%d", c.w, c.h, c.longest, got.W, got.H, c.wantW, c.wantH)
		}
	}
}

func TestLeNetValues(t *testing.T) {
	v := LeNet().values(0)
	if math.Abs(float64(v[0])+0.1) > 1e-6 || math.Abs(float64(v[255])-1.175) > 1e-6 {
		t.Errorf("paper %v and ink %v, want -0.1 and 1.175", v[0], v[255])
	}
	g := NewGray(32, 32)
	g.Pix[5*32+7] = 255
	x := LeNet().GrayTensor(g)
	if s := x.Shape; s.C != 1 || s.H != 32 || s.W != 32 || x.At(0, 0, 5, 7) != v[255] || x.At(0, 0, 7, 5) != v[0] {
		t.Errorf("tensor %v does not hold the digit", x.Shape)
	}
	three := ImageNet()
	three.Resize, three.Crop = 0, 32
	if x := three.GrayTensor(g); x.At(0, 2, 5, 7) != three.values(2)[255] {
		t.Errorf("a grey picture is not repeated over three channels")
	}
}

func TestPreprocessJSON(t *testing.T) {
	bicubic := ImageNet()
	bicubic.Interpolation, bicubic.Resize = Bicubic, 0
	for _, p := range []Preprocess{ImageNet(), LeNet(), bicubic} {
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var q Preprocess
		if err := json.Unmarshal(text, &q); err != nil || q != p {
			t.Errorf("%s became %+v (%v), want %+v", text, q, err, p)
		}
	}
	if text, _ := json.Marshal(ImageNet()); string(text) !=
		`{"resize":256,"crop":224,"interpolation":"bilinear","mean":[0.485,0.456,0.406],"std":[0.229,0.224,0.225]}` {
		t.Errorf("ImageNet is written as %s", text)
	}
	for _, c := range []struct{ text, want string }{
		{`{"resize":256,"crop":224,"mean":[0,0,0],"std":[1,0,1]}`, "std[1]"},
		{`{"resize":256,"crop":224,"mean":[0,0],"std":[1,1]}`, "mean has 2 values"},
		{`{"resize":256,"crop":224,"mean":[0,0,0],"std":[1]}`, "std 1"},
		{`{"resize":256,"mean":[0,0,0],"std":[1,1,1]}`, "are needed"},
		{`{"resize":-1,"crop":0,"mean":[0,0,0],"std":[1,1,1]}`, "crop = 0"},
		{`{"resize":256,"crop":99999,"mean":[0,0,0],"std":[1,1,1]}`, "crop = 99999"},
		{`{"resize":256,"crop":224,"interpolation":"nearest","mean":[0,0,0],"std":[1,1,1]}`, "nearest"},
		{`{"resize":256,"crop":224,"mean":[0,0,0],"std":[1,1,1],"deviation":1}`, "deviation"},
		{`{"resize":256,"crop":224,"mean":[0,1e30,0],"std":[1,1,1]}`, "mean[1]"},
	} {
		var p Preprocess
		if err := json.Unmarshal([]byte(c.text), &p); err == nil || !strings.Contains(err.Error(), c.want) || p != (Preprocess{}) {
			t.Errorf("%s: error %v, value %+v, want an error with %q and nothing set", c.text, err, p, c.want)
		}
	}
	if err := (Preprocess{Crop: 1, Channels: 2}).Validate(); err == nil {
		t.Error("two channels are accepted")
	}
	if err := (Preprocess{Crop: 1, Std: [3]float32{1, float32(math.NaN()), 1}}).Validate(); err == nil {
		t.Error("a deviation that is not a number is accepted")
	}
}
