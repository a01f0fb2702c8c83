// Command makepools fetches the drawings and renders every standard pool into the cache, so that trainings can start at once:
// the training pool of each training style, and the mixed and clean test pools of all styles.
//
//	go run ./internal/drawings/makepools [-data DIR] [-threads N]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"stride/internal/drawings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "makepools:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	data := flag.String("data", "", "folder of the drawings and pools")
	threads := flag.Int("threads", 0, "threads; 0 for all of the machine's")
	flag.Parse()
	if *data == "" {
		dir, err := drawings.DefaultDir()
		if err != nil {
			return err
		}
		*data = dir
	}
	say := func(s string) { fmt.Println(s) }
	if err := drawings.Fetch(ctx, *data, drawings.AllStyles(), say); err != nil {
		return err
	}
	for _, spec := range standard() {
		start := time.Now()
		p, err := drawings.CachedPool(ctx, *data, spec, *threads, nil)
		if err != nil {
			return err
		}
		fmt.Printf("%s: %d pictures in %.1f s: %s\n", spec.Name, p.Len(), time.Since(start).Seconds(), drawings.PoolFile(*data, spec))
	}
	return nil
}

// standard lists the pools, those that training waits for first.
func standard() []drawings.Spec {
	var specs []drawings.Spec
	for _, s := range drawings.TrainStyles() {
		specs = append(specs, drawings.TrainSpec(s))
	}
	for _, s := range drawings.AllStyles() {
		specs = append(specs, drawings.MixedSpec(s), drawings.CleanSpec(s))
	}
	return specs
}
