package model

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"strings"

	"stride/internal/nn/arch"
)

// Names are the class names of one label set in one language, by class index.
type Names []string

// Of is the name of class i; a class without a name gets its number.
func (n Names) Of(i int) string {
	if i >= 0 && i < len(n) {
		return n[i]
	}
	return fmt.Sprintf("class %d", i)
}

// ReadNames reads labels/<set>.<lang>.txt: one name a line, in class order.
func ReadNames(fsys fs.FS, set arch.Labels, lang string) (Names, error) {
	b, err := fs.ReadFile(fsys, "labels/"+string(set)+"."+lang+".txt")
	if err != nil {
		return nil, err
	}
	var n Names
	sc := bufio.NewScanner(bytes.NewReader(b))
	for sc.Scan() {
		n = append(n, strings.TrimSpace(sc.Text()))
	}
	return n, sc.Err()
}
