package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"

	"stride/internal/nn/kernel/nchwc"
)

// machine describes where the numbers are from.
type machine struct {
	cpu     string
	cores   int
	kernels []string
	best    string
	load    string // the load average at the start
}

func describe() machine {
	m := machine{cpu: cpuName(), cores: runtime.NumCPU(), best: nchwc.Best().Name, load: loadAverage()}
	for _, s := range nchwc.Sets() {
		m.kernels = append(m.kernels, s.Name)
	}
	return m
}

// cpuName is the processor's name with family and model, which tell virtual machines' generations apart.
func cpuName() string {
	b, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	f := map[string]string{}
	for line := range strings.Lines(string(b)) {
		k, v, ok := strings.Cut(line, ":")
		if k = strings.TrimSpace(k); ok && f[k] == "" {
			f[k] = strings.TrimSpace(v)
		}
	}
	if f["model name"] == "" {
		return runtime.GOARCH
	}
	return fmt.Sprintf("%s (family %s, model %s)", f["model name"], f["cpu family"], f["model"])
}

// niceness is how far this process steps back for others, below zero how far ahead of them it is; the runtimes inherit it.
// It is "0" where the system does not say.
func niceness() string {
	b, err := os.ReadFile("/proc/self/stat")
	_, rest, ok := strings.Cut(string(b), ") ") // the name may have spaces
	if f := strings.Fields(rest); err == nil && ok && len(f) > 16 {
		return f[16]
	}
	return "0"
}

// loadAverage is the number of running processes over 1, 5 and 15 minutes, empty where the system does not say.
func loadAverage() string {
	b, err := os.ReadFile("/proc/loadavg")
	f := strings.Fields(string(b))
	if err != nil || len(f) < 3 {
		return ""
	}
	return strings.Join(f[:3], " ")
}
