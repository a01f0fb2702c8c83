package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"stride/web/static"
	"strings"
)

// sendFile answers with bytes that never change under this address: a strong ETag and a year of caching, private because
// an upload's address is a secret of its visitor.
func sendFile(w http.ResponseWriter, r *http.Request, mime string, b []byte) error {
	sum := sha256.Sum256(b)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	for _, t := range strings.Split(r.Header.Get("If-None-Match"), ",") {
		if strings.TrimSpace(t) == tag {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	h.Set("Content-Type", mime)
	h.Set("Content-Length", strconv.Itoa(len(b)))
	_, err := w.Write(b)
	return ignoreGone(err)
}

// attachment names the file that a download is saved under.
func attachment(w http.ResponseWriter, name string) {
	w.Header().Set("Content-Disposition", `attachment; filename="`+fileName(name)+`"`)
}

// favicon answers browsers that ask for the old name.
func (s *Server) favicon(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, static.URL("icon.svg"), http.StatusMovedPermanently)
}
