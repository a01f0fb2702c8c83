package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// ortVersion is the release of ONNX Runtime to compare with. Its CPU library lies in the package itself, so that no script
// of the package needs to run.
const ortVersion = "1.30.0"

//go:embed ort.js
var ortScript []byte

//go:embed torch.py
var torchScript []byte

// peer is a runtime to compare with.
type peer struct {
	name, version string
	threads       []int // the numbers of threads to compare it on
	start         func(ctx context.Context, threads int) (*process, error)
}

// install finds or fetches the runtimes. A missing PyTorch is said and skipped; a missing ONNX Runtime is an error.
func install(ctx context.Context, s settings) ([]peer, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(cache, "stride", "peers")
	modules, err := installORT(ctx, dir)
	if err != nil {
		return nil, err
	}
	ort, err := ortPeer(dir, modules)
	if err != nil {
		return nil, err
	}
	ort.threads = s.threads
	peers := []peer{ort}
	if len(s.torch) > 0 {
		if p, ok, err := torchPeer(ctx, dir); err != nil {
			return nil, err
		} else if ok {
			p.threads = s.torch
			peers = append(peers, p)
		} else {
			fmt.Printf("%s can import no torch (Debian has it as python3-torch; %s names another Python): left out\n", strings.Join(pythons(), " and "), pythonEnv)
		}
	}
	return peers, nil
}

// installORT installs the pinned package below dir once and returns the folder that holds node_modules.
func installORT(ctx context.Context, dir string) (string, error) {
	modules := filepath.Join(dir, "onnxruntime-node-"+ortVersion)
	if _, err := os.Stat(filepath.Join(modules, "node_modules", "onnxruntime-node", "package.json")); err == nil {
		return modules, nil
	}
	fmt.Println("installing onnxruntime-node", ortVersion)
	if err := os.MkdirAll(modules, 0o755); err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--prefix", modules, "onnxruntime-node@"+ortVersion)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm could not install onnxruntime-node %s: %w\n%s", ortVersion, err, out)
	}
	return modules, nil
}

// ortPeer is ONNX Runtime from a folder with node_modules; its script is written to dir.
func ortPeer(dir, modules string) (peer, error) {
	script := filepath.Join(dir, "ort.js")
	if err := os.WriteFile(script, ortScript, 0o644); err != nil {
		return peer{}, err
	}
	p := peer{name: "ONNX Runtime", version: "ONNX Runtime " + ortVersion + " (onnxruntime-node)"}
	p.start = func(ctx context.Context, _ int) (*process, error) {
		return start(ctx, p.name, nil, "node", script, modules)
	}
	return p, nil
}

// pythonEnv names the Python to look for PyTorch in.
const pythonEnv = "STRIDE_PYTHON"

// pythons are where PyTorch may be: in the Python that the environment names, else in the system's own, which the one in
// the path often is not, or in that.
func pythons() []string {
	if p := os.Getenv(pythonEnv); p != "" {
		return []string{p}
	}
	return []string{"/usr/bin/python3", "python3"}
}

// torchPeer is PyTorch in the first Python that has it.
func torchPeer(ctx context.Context, dir string) (p peer, ok bool, err error) {
	script := filepath.Join(dir, "torch_peer.py")
	if err := os.WriteFile(script, torchScript, 0o644); err != nil {
		return peer{}, false, err
	}
	for _, python := range pythons() {
		out, err := exec.CommandContext(ctx, python, "-c", "import torch; print(torch.__version__)").Output()
		if err != nil {
			continue
		}
		p := peer{name: "PyTorch", version: "PyTorch " + strings.TrimSpace(string(out))}
		p.start = func(ctx context.Context, threads int) (*process, error) {
			return start(ctx, p.name, []string{fmt.Sprint("OMP_NUM_THREADS=", threads)}, python, script)
		}
		return p, true, nil
	}
	return peer{}, false, nil
}
