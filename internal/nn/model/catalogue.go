package model

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"stride/internal/nn/arch"
	"stride/internal/nn/tensor"
	"stride/internal/nn/weights"
)

// Catalogue knows which weights are here: those embedded in the binary and those in the data directory. Weights are
// files named <architecture>.safetensors or <architecture>.<id>.safetensors.
type Catalogue struct {
	embedded fs.FS
	dir      string
	limit    int64 // bytes of the models kept

	mu     sync.Mutex
	loaded map[loadedKey]*Model
	recent []loadedKey          // the longest unused first
	ids    map[[2]string]string // what an architecture and a spec stand for, until Forget
}

// loadedKey is what makes a model its own. Two specs of the same weights are one model.
type loadedKey struct {
	arch, id string
	in       tensor.Shape
}

// maxLoaded bounds the models that are kept: there is an untrained one for every seed and size. The sizes of a model share
// its weights; each counts them once more, because its compiled plan packs them.
const maxLoaded = 2 << 30

// NewCatalogue reads embedded weights from the folder "weights" of fsys (nil for none) and installed ones from
// dir/weights ("" for none).
func NewCatalogue(fsys fs.FS, dir string) *Catalogue {
	return &Catalogue{embedded: fsys, dir: dir, limit: maxLoaded, loaded: map[loadedKey]*Model{}, ids: map[[2]string]string{}}
}

// Entry is one set of weights that is here.
type Entry struct {
	Model string
	// ID tells the weights of one architecture apart.
	ID     string
	Status weights.Status
	Bytes  int64
	file   string
}

const suffix = ".safetensors"

// entry reads a file name.
func entry(name string, status weights.Status) (Entry, bool) {
	stem, ok := strings.CutSuffix(name, suffix)
	if !ok {
		return Entry{}, false
	}
	m, id, _ := strings.Cut(stem, ".")
	if _, err := arch.ByName(m); err != nil {
		return Entry{}, false
	}
	if id == "" {
		id = string(status)
	}
	return Entry{Model: m, ID: id, Status: status}, true
}

// List lists what is here, in the order of the architectures: installed weights before embedded ones.
func (c *Catalogue) List() []Entry {
	var l []Entry
	if c.dir != "" {
		l = append(l, scan(os.DirFS(c.dir), weights.Installed)...)
	}
	if c.embedded != nil {
		l = append(l, scan(c.embedded, weights.Embedded)...)
	}
	order := map[string]int{}
	for i, a := range arch.All() {
		order[a.Name] = i
	}
	slices.SortStableFunc(l, func(a, b Entry) int { return order[a.Model] - order[b.Model] })
	return l
}

func scan(fsys fs.FS, status weights.Status) []Entry {
	var l []Entry
	files, _ := fs.ReadDir(fsys, "weights") // a folder that is not there holds no weights
	for _, f := range files {
		e, ok := entry(f.Name(), status)
		if !ok {
			continue
		}
		e.file = path.Join("weights", f.Name())
		if i, err := f.Info(); err == nil {
			e.Bytes = i.Size()
		}
		l = append(l, e)
	}
	return l
}

// Of lists the weights of one architecture, the best first.
func (c *Catalogue) Of(name string) []Entry {
	var l []Entry
	for _, e := range c.List() {
		if e.Model == name {
			l = append(l, e)
		}
	}
	return l
}

// Load joins an architecture with weights. spec is "" for the best that are here (untrained if none), an ID of Of, or
// "untrained" with an optional ":seed". Loaded models are shared, and kept up to two gigabytes.
func (c *Catalogue) Load(name, spec string) (*Model, error) {
	return c.LoadAt(name, spec, tensor.Shape{})
}

// LoadAt is Load for another input size.
func (c *Catalogue) LoadAt(name, spec string, in tensor.Shape) (*Model, error) {
	a, err := arch.ByName(name)
	if err != nil {
		return nil, err
	}
	if in == (tensor.Shape{}) {
		in = a.Input
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	id, err := c.resolve(name, spec)
	if err != nil {
		return nil, err
	}
	key := loadedKey{name, id, in}
	if m := c.loaded[key]; m != nil {
		c.keep(key, m)
		return m, nil
	}
	m, err := c.load(a, id, in)
	if err == nil {
		c.keep(key, m)
	}
	return m, err
}

// resolve names the weights that a spec stands for: an ID of Of, or "untrained:seed".
func (c *Catalogue) resolve(name, spec string) (string, error) {
	if id, ok := c.ids[[2]string{name, spec}]; ok {
		return id, nil
	}
	id, err := c.lookUp(name, spec)
	if err == nil {
		c.ids[[2]string{name, spec}] = id
	}
	return id, err
}

func (c *Catalogue) lookUp(name, spec string) (string, error) {
	if seed, ok, err := UntrainedSpec(spec); err != nil || ok {
		return weights.UntrainedProvenance(seed).ID, err
	}
	for _, e := range c.Of(name) {
		if spec == "" || spec == e.ID {
			return e.ID, nil
		}
	}
	if spec == "" {
		return weights.UntrainedProvenance(1).ID, nil
	}
	return "", fmt.Errorf("no weights %q of %s are here; `explorer weights list` shows what is", spec, name)
}

// keep makes a model the one used last, and drops those that were not used for longest until the rest fits. Whoever holds
// one can go on using it.
func (c *Catalogue) keep(key loadedKey, m *Model) {
	c.loaded[key] = m
	c.recent = append(slices.DeleteFunc(c.recent, func(k loadedKey) bool { return k == key }), key)
	var bytes int64
	seen := map[*weights.Set]bool{}
	for i := len(c.recent) - 1; i >= 0; i-- {
		old := c.loaded[c.recent[i]]
		bytes += old.WeightBytes()
		if !seen[old.Weights] {
			bytes += old.WeightBytes()
			seen[old.Weights] = true
		}
		if bytes <= c.limit || old == m {
			continue
		}
		for _, k := range c.recent[:i+1] {
			c.loaded[k].plans.drop()
			delete(c.loaded, k)
		}
		c.recent = slices.Clone(c.recent[i+1:])
		return
	}
}

// Forget drops loaded models, so that the next Load sees changed files. Whoever holds one can go on using it.
func (c *Catalogue) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.loaded {
		m.plans.drop()
	}
	clear(c.loaded)
	clear(c.ids)
	c.recent = nil
}

// Close ends what loaded models keep running. The models must not be used any more.
func (c *Catalogue) Close() { c.Forget() }

// load joins an architecture with the weights of an id of resolve; those of another input size are shared.
func (c *Catalogue) load(a *arch.Arch, id string, in tensor.Shape) (*Model, error) {
	for k, m := range c.loaded {
		if k.arch != a.Name || k.id != id {
			continue
		}
		if s, err := New(a, in, m.Weights, m.Provenance); err == nil {
			return s, nil
		}
		break // a dense layer that reads a map of fixed size has other weights
	}
	if seed, ok, err := UntrainedSpec(id); err != nil {
		return nil, err
	} else if ok {
		return Untrained(a, in, seed)
	}
	for _, e := range c.Of(a.Name) {
		if id == e.ID {
			s, err := c.open(e)
			if err != nil {
				return nil, fmt.Errorf("weights %s of %s: %w", e.ID, a.Name, err)
			}
			return New(a, in, s, weights.ProvenanceOf(s, e.ID, e.Status))
		}
	}
	return nil, fmt.Errorf("no weights %q of %s are here; `explorer weights list` shows what is", id, a.Name)
}

func (c *Catalogue) open(e Entry) (*weights.Set, error) {
	if e.Status == weights.Installed {
		return weights.Open(filepath.Join(c.dir, filepath.FromSlash(e.file)))
	}
	b, err := fs.ReadFile(c.embedded, e.file)
	if err != nil {
		return nil, err
	}
	return weights.Read(b)
}

// UntrainedSpec reads "untrained" and "untrained:7"; the seed is 1 unless given.
func UntrainedSpec(spec string) (seed uint64, ok bool, err error) {
	rest, ok := strings.CutPrefix(spec, string(weights.Untrained))
	switch {
	case !ok || rest != "" && rest[0] != ':':
		return 0, false, nil
	case rest == "":
		return 1, true, nil
	}
	seed, err = strconv.ParseUint(rest[1:], 10, 64)
	if err != nil {
		return 0, true, fmt.Errorf("weights %q: the seed is not a whole number", spec)
	}
	return seed, true, nil
}

// LoadFile joins an architecture with the weights of a file that is not in the catalogue.
func LoadFile(name, file string, in tensor.Shape) (*Model, error) {
	a, err := arch.ByName(name)
	if err != nil {
		return nil, err
	}
	s, err := OpenFor(a, file)
	if err != nil {
		return nil, err
	}
	return New(a, in, s, weights.ProvenanceOf(s, filepath.Base(file), weights.Installed))
}

// OpenFor opens a weight file and renames its keys to those of the architecture where a known convention allows it.
func OpenFor(a *arch.Arch, file string) (*weights.Set, error) {
	s, err := weights.Open(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	g, err := a.Graph()
	if err != nil {
		return nil, err
	}
	return weights.Fit(g, s)
}

// Import checks a file against an architecture and copies it, as safetensors, into the data directory. Nothing is
// changed when it does not fit.
func (c *Catalogue) Import(name, file string) (Entry, error) {
	if c.dir == "" {
		return Entry{}, errors.New("there is no data directory to import into")
	}
	a, err := arch.ByName(name)
	if err != nil {
		return Entry{}, err
	}
	s, err := OpenFor(a, file)
	if err != nil {
		return Entry{}, err
	}
	defer s.Close()
	if _, err := New(a, tensor.Shape{}, s, weights.Provenance{}); err != nil {
		return Entry{}, err
	}
	id := importID(name, file)
	dst := filepath.Join(c.dir, "weights", name+"."+id+suffix)
	if err := os.MkdirAll(filepath.Dir(dst), 0o755); err != nil {
		return Entry{}, err
	}
	if err := weights.Save(dst, s, weights.F32); err != nil {
		return Entry{}, err
	}
	c.Forget()
	for _, e := range c.Of(name) {
		if e.ID == id {
			return e, nil
		}
	}
	return Entry{}, fmt.Errorf("%s was written but is not found", dst)
}

// importID is the file's name without the model's and the extension, in plain characters.
func importID(name, file string) string {
	stem := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	stem = strings.Trim(strings.TrimPrefix(stem, name), ".-_")
	id := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, strings.ToLower(stem))
	switch weights.Status(id) {
	case "":
		return "imported"
	case weights.Untrained, weights.Embedded, weights.Installed:
		return "imported-" + id // these words mean something where weights are named
	}
	return id
}

// Provenance reads where the weights of an entry come from, without loading their values.
func (c *Catalogue) Provenance(e Entry) (weights.Provenance, error) {
	s, err := c.open(e)
	if err != nil {
		return weights.Provenance{}, err
	}
	defer s.Close()
	return weights.ProvenanceOf(s, e.ID, e.Status), nil
}
