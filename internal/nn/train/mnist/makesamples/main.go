// Command makesamples writes the digits that the product brings along: the first two of every class among the test digits of
// MNIST, 28×28, black on white, and their credits.
//
//	go run ./internal/nn/train/mnist/makesamples [-data DIR] assets/samples/digits
package main

import (
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"

	"stride/internal/nn/train/mnist"
)

const perClass, side = 2, 28

func main() {
	data := flag.String("data", "", "folder of the four MNIST files")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "makesamples: one output folder is needed")
		os.Exit(2)
	}
	if err := run(*data, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, "makesamples:", err)
		os.Exit(1)
	}
}

func run(data, out string) error {
	_, test, err := mnist.Open(data)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	var credits strings.Builder
	credits.WriteString("# Handwritten digits\n\nFrom the test set of MNIST (Yann LeCun, Corinna Cortes, Christopher J.C. Burges), CC BY-SA 3.0,\n" +
		"https://creativecommons.org/licenses/by-sa/3.0/. Changed: black on white instead of white on black. The pictures are\n" +
		"under the same licence. Written by `go run ./internal/nn/train/mnist/makesamples`.\n\n| file | digit | number in the test set |\n|---|---|---|\n")
	for digit := range 10 {
		for n, i := range first(test, digit) {
			name := fmt.Sprintf("%d-%d.png", digit, n+1)
			if err := write(filepath.Join(out, name), test.Image(i)); err != nil {
				return err
			}
			fmt.Fprintf(&credits, "| %s | %d | %d |\n", name, digit, i)
		}
	}
	return os.WriteFile(filepath.Join(out, "CREDITS.md"), []byte(credits.String()), 0o644)
}

// first lists the first perClass examples of a class.
func first(s *mnist.Set, digit int) []int {
	var l []int
	for i := 0; len(l) < perClass && i < s.Len(); i++ {
		if s.Label(i) == digit {
			l = append(l, i)
		}
	}
	return l
}

// write saves a digit with its ink black.
func write(path string, ink []uint8) error {
	img := image.NewGray(image.Rect(0, 0, side, side))
	for i, v := range ink {
		img.Pix[i] = 255 - v
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	if err := enc.Encode(f, img); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
