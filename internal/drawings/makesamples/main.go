// Command makesamples writes the sample pictures that the product brings along, with their notice: two composed pictures of
// every class.
//
//	go run ./internal/drawings/makesamples [-data DIR] assets/samples/drawings
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"

	"stride/internal/drawings"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "makesamples:", err)
		os.Exit(1)
	}
}

func run() error {
	data := flag.String("data", "", "folder of the drawings")
	flag.Parse()
	if flag.NArg() != 1 {
		return fmt.Errorf("one output folder is needed")
	}
	out := flag.Arg(0)
	if *data == "" {
		dir, err := drawings.DefaultDir()
		if err != nil {
			return err
		}
		*data = dir
	}
	styles := drawings.TrainStyles()
	if err := drawings.Fetch(context.Background(), *data, styles, func(s string) { fmt.Fprintln(os.Stderr, s) }); err != nil {
		return err
	}
	set, err := drawings.Load(*data, styles...)
	if err != nil {
		return err
	}
	samples, err := set.Samples(drawings.Size)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	total := 0
	for _, s := range samples {
		n, err := write(filepath.Join(out, s.Name+".png"), s.Image)
		if err != nil {
			return err
		}
		total += n
	}
	fmt.Printf("%d pictures, %d bytes\n", len(samples), total)
	if err := os.WriteFile(filepath.Join(out, "CREDITS.md"), []byte(credits(samples)), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "NOTICE"), []byte(drawings.Notice()), 0o644)
}

// write saves a picture in steps of five grey levels, which nobody sees and which take a third off the file.
func write(path string, img *image.NRGBA) (int, error) {
	const step = 5
	for i, v := range img.Pix { // alpha, 255, is a multiple too
		img.Pix[i] = (v + step/2) / step * step
		if v > 255-step/2 {
			img.Pix[i] = 255
		}
	}
	var buf bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	if err := enc.Encode(&buf, img); err != nil {
		return 0, err
	}
	return buf.Len(), os.WriteFile(path, buf.Bytes(), 0o644)
}

// credits lists the pictures and whose drawing each holds.
func credits(samples []drawings.Sample) string {
	titles := map[drawings.Style]drawings.Licence{}
	for _, l := range drawings.Licences() {
		titles[l.Style] = l
	}
	var b strings.Builder
	b.WriteString("# Composed drawings\n\nOne emoji drawing each, resized, recoloured and put on a background that is drawn or has the colours and grain of a\n" +
		"public-domain photograph. Written by `go run ./internal/drawings/makesamples`; the licences are in NOTICE.\n\n" +
		"| file | class | 분류 | drawing | licence |\n|---|---|---|---|---|\n")
	classes := drawings.Classes()
	for _, s := range samples {
		c, l := classes[s.Label], titles[s.Style]
		fmt.Fprintf(&b, "| %s.png | %s | %s | %s | %s |\n", s.Name, c.EN, c.KO, l.Title, l.Licence)
	}
	return b.String()
}
