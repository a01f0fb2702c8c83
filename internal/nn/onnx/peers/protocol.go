package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// request is one line of JSON to a runtime. Command is "load", "run" (Runs times; answers times) or "dump" (runs once and
// writes the tensors called Names to File, little-endian float32, one behind the other).
type request struct {
	Command string   `json:"command"`
	File    string   `json:"file,omitempty"`  // the model as ONNX; ours builds Net itself
	Input   string   `json:"input,omitempty"` // the picture, little-endian float32
	Dims    []int    `json:"dims,omitempty"`
	Net     string   `json:"net,omitempty"`
	Weights string   `json:"weights,omitempty"` // of ours, as safetensors; drawn anew without
	Impl    string   `json:"impl,omitempty"`
	Threads int      `json:"threads,omitempty"`
	Capture bool     `json:"capture,omitempty"`
	Runs    int      `json:"runs,omitempty"`
	Names   []string `json:"names,omitempty"`
}

// reply is one line of JSON from a runtime.
type reply struct {
	Error string    `json:"error,omitempty"`
	Ms    []float64 `json:"ms,omitempty"`
	// Of our own plans: the kernels, what capture keeps, and the memory in bytes.
	Kept    []string `json:"kept,omitempty"`
	Weights int64    `json:"weights,omitempty"`
	Maps    int64    `json:"maps,omitempty"`
	Scratch int64    `json:"scratch,omitempty"`
}

// process is a runtime in a process of its own.
type process struct {
	name string
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
}

// start runs a command that speaks the protocol. Its standard error goes to ours.
func start(ctx context.Context, name string, env []string, command string, args ...string) (*process, error) {
	cmd := exec.CommandContext(ctx, command, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%s does not start: %w", name, err)
	}
	return &process{name, cmd, in, bufio.NewReaderSize(out, 1<<16)}, nil
}

// ask sends a request and waits for the reply.
func (p *process) ask(q request) (reply, error) {
	var r reply
	line, err := json.Marshal(q)
	if err == nil {
		_, err = p.in.Write(append(line, '\n'))
	}
	if err == nil {
		line, err = p.out.ReadBytes('\n')
	}
	if err == nil {
		err = json.Unmarshal(line, &r)
	}
	if err == nil && r.Error != "" {
		err = errors.New(r.Error)
	}
	if err != nil {
		return r, fmt.Errorf("%s, %s: %w", p.name, q.Command, err)
	}
	return r, nil
}

// close ends the process: a runtime leaves at the end of its input.
func (p *process) close() {
	p.in.Close()
	p.cmd.Wait()
}

// peakRSS is the largest resident memory so far in bytes; 0 where the system does not say.
func (p *process) peakRSS() int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "VmHWM:" {
			kb, _ := strconv.ParseInt(f[1], 10, 64)
			return kb << 10
		}
	}
	return 0
}

// cpu is the processor time that the threads of the process have used so far; 0 where the system does not say.
func (p *process) cpu() time.Duration {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", p.cmd.Process.Pid))
	var sum time.Duration
	for _, file := range tasks {
		b, err := os.ReadFile(file)
		if f := strings.Fields(string(b)); err == nil && len(f) > 0 {
			ns, _ := strconv.ParseInt(f[0], 10, 64)
			sum += time.Duration(ns)
		}
	}
	return sum
}

// writeFloats writes a file of little-endian float32 values.
func writeFloats(file string, v []float32) error {
	b := make([]byte, 0, 4*len(v))
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return os.WriteFile(file, b, 0o644)
}

// readFloats reads such a file.
func readFloats(file string) ([]float32, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	v := make([]float32, len(b)/4)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return v, nil
}
