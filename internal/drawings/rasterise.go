package drawings

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// OpenMoji comes as SVG only. It is drawn once, when it is fetched, by a WebAssembly build of resvg under Node.js, which npm
// has brought along anyway: an SVG renderer of our own for a style that only measures would be out of proportion.
const resvg = "@resvg/resvg-wasm@2.6.2"

//go:embed rasterise.mjs
var rasteriseJS []byte

// rasterise replaces the SVG files in folder by PNG files, 144 pixels wide.
func rasterise(ctx context.Context, dir, work, folder string) error {
	tgz, err := packFile(ctx, dir, work, resvg)
	if err != nil {
		return err
	}
	err = eachFile(tgz, func(name string, r io.Reader) error {
		base := strings.TrimPrefix(name, "package/")
		if base != "index.mjs" && base != "index_bg.wasm" {
			return nil
		}
		data, err := io.ReadAll(io.LimitReader(r, 16*maxFile))
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(work, base), data, 0o644)
	})
	if err != nil {
		return err
	}
	script := filepath.Join(work, "rasterise.mjs")
	if err := os.WriteFile(script, rasteriseJS, 0o644); err != nil {
		return err
	}
	out, err := exec.CommandContext(ctx, "node", script, folder).CombinedOutput()
	if err != nil {
		return fmt.Errorf("drawing the SVG files with %s: %w: %s", resvg, err, lastLine(out))
	}
	return nil
}
