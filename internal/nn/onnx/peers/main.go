// Command peers compares the engine with other runtimes on the same networks, weights and picture: ONNX Runtime, and
// PyTorch where it is installed. `make bench-peers` runs it.
//
// Every runtime lives in a process of its own that answers one request at a time (protocol.go), so that rounds alternate
// quickly and both sides of a ratio see the same machine. Ours is this program again (serve.go). It is a measurement, not
// a test: it fails only when outputs differ. Start reading at compare in measure.go.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"
)

// settings are the command line.
type settings struct {
	nets    []string
	kernels []string
	threads []int
	torch   []int // the numbers of threads that PyTorch is compared on
	rounds  int
	slice   time.Duration
	out     string
}

// nets are the networks that runtimes are usually compared on.
const nets = "alexnet,vgg16,googlenet,resnet18,resnet50,mobilenet_v1,mobilenet_v2,densenet121,efficientnet_b0"

func main() {
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		if err := serve(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	s, err := parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		os.Exit(2) // the flag set has said why
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err = run(ctx, s)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// parse reads the command line.
func parse(args []string) (s settings, err error) {
	f := flag.NewFlagSet("peers", flag.ContinueOnError)
	s.nets, s.kernels, s.threads, s.torch = words(nets), words("resnet18,mobilenet_v2"), []int{1, 2}, []int{1, 2}
	f.Func("nets", "networks, separated by commas (default "+nets+")", func(v string) error { s.nets = words(v); return nil })
	f.Func("kernels", "networks on which our kernel sets are compared (default "+strings.Join(s.kernels, ",")+")", func(v string) error { s.kernels = words(v); return nil })
	f.Func("threads", "numbers of threads (default 1,2)", func(v string) (err error) {
		if s.threads, err = numbers(v); err == nil && len(s.threads) == 0 {
			err = errors.New("want at least one")
		}
		return err
	})
	f.Func("torch", "numbers of threads that PyTorch is compared on, none to leave it out (default 1,2)", func(v string) (err error) { s.torch, err = numbers(v); return err })
	f.IntVar(&s.rounds, "rounds", 7, "rounds; the sides alternate within each")
	f.DurationVar(&s.slice, "slice", 250*time.Millisecond, "how long one side runs in a round")
	f.StringVar(&s.out, "out", "", "write the report to this `file` as well")
	if err := f.Parse(args); err != nil {
		return s, err
	}
	if s.rounds < 1 || f.NArg() > 0 {
		fmt.Fprintf(f.Output(), "-rounds %d, arguments %q: want at least one round and no arguments\n", s.rounds, f.Args())
		return s, errors.New("usage")
	}
	return s, nil
}

func numbers(s string) (l []int, err error) {
	for _, w := range words(s) {
		n, err := strconv.Atoi(w)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is not a number of at least 1", w)
		}
		l = append(l, n)
	}
	return l, nil
}

func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

// run measures everything and reports it.
func run(ctx context.Context, s settings) error {
	peers, err := install(ctx, s)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "stride-peers-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r := &report{settings: s, machine: describe(), began: time.Now(), peaks: map[int]float64{}}
	for _, p := range peers {
		r.versions = append(r.versions, p.version)
	}
	b := &bench{settings: s, dir: dir, peers: peers, report: r}
	if err := b.all(ctx); err != nil {
		return err
	}
	text := r.markdown()
	fmt.Print("\n", text)
	if s.out != "" {
		return os.WriteFile(s.out, []byte(text), 0o644)
	}
	return nil
}
