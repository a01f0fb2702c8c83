// Command explorer is Stride: an interactive explorer of convolutional networks. Without a sub-command it serves the web
// interface; the others print the same numbers for scripts. Start reading at run.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/alecthomas/kong"

	"stride/assets"
	"stride/internal/nn/model"
)

// The exit codes.
const (
	exitOK = iota
	exitFailed
	exitUsage
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// cli is the command line; every sub-command is a struct with a Run method in a file of its own.
type cli struct {
	Data string `help:"Folder for installed weights and uploads." env:"STRIDE_DATA" default:"${data}" type:"path" placeholder:"DIR"`

	Serve      serveCmd      `cmd:"" default:"withargs" help:"Serve the web interface (the default)."`
	Models     modelsCmd     `cmd:"" help:"List every architecture and what weights are here."`
	Summary    summaryCmd    `cmd:"" help:"Print shapes, parameters, MACs and receptive fields, node by node."`
	Trace      traceCmd      `cmd:"" help:"Run a picture or tensor through a network and print every node's statistics."`
	Classify   classifyCmd   `cmd:"" help:"Say what is in pictures."`
	Bottleneck bottleneckCmd `cmd:"" help:"Compare a convolution with its bottleneck and other factorised forms."`
	Calc       calcCmd       `cmd:"" help:"Print shapes, parameters, MACs and memory of layers written as compact text."`
	Compare    compareCmd    `cmd:"" help:"Compare architectures side by side, two of them layer by layer."`
	Weights    weightsCmd    `cmd:"" help:"List, import and verify weights."`
	Train      trainCmd      `cmd:"" help:"Train a network and write its weights and model card."`
	Bench      benchCmd      `cmd:"" help:"Time compiled networks against the machine's measured peak."`
}

// app is what the commands share.
type app struct {
	ctx       context.Context
	getenv    func(string) string
	out, log  io.Writer
	data      string
	catalogue *model.Catalogue
}

// usageError is a mistake in the arguments that kong cannot see.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// run is the whole program: it parses args, runs one command and returns the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, out, log io.Writer) int {
	var c cli
	exited := -1
	k, err := kong.New(&c, kong.Name("explorer"), kong.Description("Stride: an explorer of convolutional networks."),
		kong.Writers(out, log), kong.Exit(func(code int) { exited = code }), kong.UsageOnError(),
		kong.Vars{"data": defaultData(getenv)}, kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Resolvers(environment(getenv)))
	if err != nil {
		panic(err) // a mistake in the struct tags above
	}
	ctxt, err := k.Parse(args)
	if exited >= 0 { // --help has been printed
		return exited
	}
	if err != nil {
		fmt.Fprintf(log, "explorer: %v\nRun `explorer --help` for the commands.\n", err)
		return exitUsage
	}
	a := &app{ctx: ctx, getenv: getenv, out: out, log: log, data: c.Data, catalogue: model.NewCatalogue(assets.FS, c.Data)}
	err = ctxt.Run(a)
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &usage):
		fmt.Fprintf(log, "explorer: %v\n", err)
		return exitUsage
	}
	fmt.Fprintf(log, "explorer: %v\n", err)
	return exitFailed
}

// environment lets flags take their values from getenv, so that tests need not change the process's environment.
func environment(getenv func(string) string) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, f *kong.Flag) (any, error) {
		for _, e := range f.Envs {
			if v := getenv(e); v != "" {
				return v, nil
			}
		}
		return nil, nil
	})
}

// defaultData is the folder for user data by the convention of the system.
func defaultData(getenv func(string) string) string {
	if d := getenv("XDG_DATA_HOME"); d != "" {
		return filepath.Join(d, "stride")
	}
	if h := getenv("HOME"); h != "" {
		return filepath.Join(h, ".local", "share", "stride")
	}
	d, err := os.UserConfigDir()
	if err != nil {
		d = os.TempDir()
	}
	return filepath.Join(d, "stride")
}
