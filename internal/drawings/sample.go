package drawings

import (
	"fmt"
	"image"
)

// Sample is a composed picture to show and to try networks on. No network has been trained on it: its seeds are its own and its
// background is from the textures held out for testing. The drawing itself is one of those that the networks know.
type Sample struct {
	Name  string // file name without extension: the class's ID, a hyphen and a number from 1
	Label int    // index into [Classes]
	Style Style
	Image *image.NRGBA // opaque
}

// SampleSpec is the sequence from which the samples were chosen by eye.
func SampleSpec() Spec {
	return Spec{Name: "samples", Seed: 1, Styles: TrainStyles(), N: 36 * 36, Hardest: cleanDifficulty, Test: true}
}

// Samples renders two clean compositions of every class, in different styles, side pixels wide.
func (s *Set) Samples(side int) ([]Sample, error) {
	spec := SampleSpec()
	var out []Sample
	for label, c := range classes {
		for n, round := range sampleRounds[label] {
			index := round*len(classes) + label
			pix, got, err := s.Picture(spec, index, side)
			if err != nil {
				return nil, err
			}
			if got != label {
				return nil, fmt.Errorf("drawings: sample %d is of class %d, want %d", index, got, label)
			}
			out = append(out, Sample{Name: fmt.Sprintf("%s-%d", c.ID, n+1), Label: label, Style: spec.style(index), Image: toImage(pix, side)})
		}
	}
	return out, nil
}

func toImage(pix []uint8, side int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	for i := range side * side {
		copy(img.Pix[i*4:], pix[i*3:i*3+3])
		img.Pix[i*4+3] = 255
	}
	return img
}
