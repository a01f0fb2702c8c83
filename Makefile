# The one command for everybody: `make test` installs what the tests need and runs all of them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.PHONY: test check unit race portable browser generate bench bench-peers run

GO ?= go
TOOL = $(GO) tool -modfile=tools.mod

test: check unit race portable

# What can be said without running anything: format, vet, lint, generated files, tidy modules.
check:
	@test -z "$$(gofmt -l $$(git ls-files '*.go' | grep -v _templ.go))" || { gofmt -l $$(git ls-files '*.go' | grep -v _templ.go); echo 'run gofmt on these'; exit 1; }
	$(GO) mod tidy -diff
	$(GO) vet ./...
	$(TOOL) staticcheck ./...
	@$(MAKE) --no-print-directory regenerate

# Generated pages and assembly must be what their sources make of them.
regenerate:
	@before=$$(git status --porcelain -- web/view internal/nn/kernel | sha256sum; git diff -- web/view internal/nn/kernel | sha256sum); \
	$(MAKE) --no-print-directory generate; \
	after=$$(git status --porcelain -- web/view internal/nn/kernel | sha256sum; git diff -- web/view internal/nn/kernel | sha256sum); \
	test "$$before" = "$$after" || { git status --short -- web/view internal/nn/kernel; echo 'generated files are stale: run make generate'; exit 1; }

generate:
	$(GO) tool templ generate -log-level error
	$(GO) generate ./internal/nn/kernel/...

unit: browser
	REQUIRE_BROWSER=1 $(GO) test ./...

# The packages that run things side by side, under the race detector.
race:
	$(GO) test -race ./internal/engine ./internal/store ./internal/nn ./internal/lessons

# The portable kernels are the specification: they pass the same tests. So does arm64 where it can be emulated (Debian's
# qemu-user-static); elsewhere it is only compiled and vetted.
portable:
	$(GO) test -tags purego ./internal/nn/kernel/... ./internal/nn/op ./internal/nn/plan
	STRIDE_KERNEL=avx2 $(GO) test ./internal/nn/kernel/... ./internal/nn/op
	GOARCH=arm64 $(GO) vet ./...
	@if command -v qemu-aarch64-static >/dev/null; then \
		GOARCH=arm64 $(GO) test -short -exec qemu-aarch64-static ./internal/nn/kernel/... ./internal/nn/op ./internal/nn/plan ./internal/nn/weights; \
	else echo 'qemu-aarch64-static is not installed: arm64 is vetted, not run'; fi

# Chromium for the tests that use the pages as a person does.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
		echo 'installing Chromium for the browser tests'; \
		if [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq chromium; else sudo apt-get update -qq && sudo apt-get install -y -qq chromium; fi; }

run:
	$(GO) run ./cmd/explorer

bench:
	$(GO) test -run '^$$' -bench . -benchtime 200ms ./internal/nn/kernel/... ./internal/nn/plan ./internal/viz/...

# The engine beside ONNX Runtime and, where it is installed, PyTorch: the page testdata/bench/README.md of this machine.
bench-peers:
	@mkdir -p testdata/bench
	$(GO) run ./internal/nn/onnx/peers -out testdata/bench/README.md
