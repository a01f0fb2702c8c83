// Command contactsheet writes a picture of composed pictures, for looking at: one class per column from the left, one more
// picture of each per row.
//
//	go run ./internal/drawings/contactsheet [-data DIR] [-pool train|mixed|clean|samples] [-styles noto,fluent] [-rows 8] [-from 0] [-side 64] OUT.png
package main

import (
	"context"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"strings"

	"stride/internal/drawings"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "contactsheet:", err)
		os.Exit(1)
	}
}

func run() error {
	data := flag.String("data", "", "folder of the drawings")
	pool := flag.String("pool", "train", "train, mixed, clean or samples")
	names := flag.String("styles", "noto,fluent,twemoji", "styles, one block of rows each")
	rows := flag.Int("rows", 3, "rows per style")
	from := flag.Int("from", 0, "first row")
	side := flag.Int("side", drawings.Size, "side of a picture")
	flag.Parse()
	if flag.NArg() != 1 {
		return fmt.Errorf("one output file is needed")
	}
	if *data == "" {
		dir, err := drawings.DefaultDir()
		if err != nil {
			return err
		}
		*data = dir
	}
	var styles []drawings.Style
	for name := range strings.SplitSeq(*names, ",") {
		s, err := drawings.ParseStyle(name)
		if err != nil {
			return err
		}
		styles = append(styles, s)
	}
	if err := drawings.Fetch(context.Background(), *data, styles, func(s string) { fmt.Fprintln(os.Stderr, s) }); err != nil {
		return err
	}
	set, err := drawings.Load(*data, styles...)
	if err != nil {
		return err
	}
	sheet, err := compose(set, *pool, styles, *from, *rows, *side)
	if err != nil {
		return err
	}
	f, err := os.Create(flag.Arg(0))
	if err != nil {
		return err
	}
	if err := png.Encode(f, sheet); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func compose(set *drawings.Set, pool string, styles []drawings.Style, from, rows, side int) (image.Image, error) {
	spec := map[string]func(drawings.Style) drawings.Spec{
		"train": drawings.TrainSpec, "mixed": drawings.MixedSpec, "clean": drawings.CleanSpec,
		"samples": func(drawings.Style) drawings.Spec { return drawings.SampleSpec() },
	}[pool]
	if spec == nil {
		return nil, fmt.Errorf("no pool %q", pool)
	}
	classes := len(drawings.Classes())
	sheet := image.NewRGBA(image.Rect(0, 0, classes*(side+2), len(styles)*rows*(side+2)))
	for i, style := range styles {
		for row := range rows {
			for c := range classes {
				pix, _, err := set.Picture(spec(style), (from+row)*classes+c, side)
				if err != nil {
					return nil, err
				}
				paste(sheet, pix, c*(side+2), (i*rows+row)*(side+2), side)
			}
		}
	}
	return sheet, nil
}

func paste(sheet *image.RGBA, pix []uint8, x0, y0, side int) {
	for i := 0; i < len(pix); i += 3 {
		p := i / 3
		sheet.SetRGBA(x0+p%side, y0+p/side, color.RGBA{pix[i], pix[i+1], pix[i+2], 255})
	}
}
