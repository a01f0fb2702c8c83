package drawings

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// Spec names a sequence of pictures. The same spec gives the same bytes, in any order and on any number of threads (on one
// processor architecture: compilers may fuse multiplications and additions, which can change a last bit).
type Spec struct {
	Name    string  // part of the seed: "train/noto"
	Seed    uint64  // another part
	Styles  []Style // taken in turn, one round of classes each
	N       int     // how many pictures
	Easiest float64 // difficulty of a picture is uniform between Easiest and Hardest, within 0…1
	Hardest float64
	Test    bool // backgrounds from the half of the textures that is held out from training
}

// Sizes of the standard pools: whole rounds of the classes.
const (
	TrainSize = 23_760 // per style
	MixedSize = 1_800
	CleanSize = 1_080
)

// cleanDifficulty is that of the "clean" test pools: a drawing well in view on a background that does not hide it.
const cleanDifficulty = .1

// TrainSpec is the training pool of a style. It panics for OpenMoji, whose licence keeps it out of training.
func TrainSpec(s Style) Spec {
	if s == OpenMoji {
		panic("drawings: OpenMoji is for measuring only")
	}
	return Spec{Name: "train/" + string(s), Seed: 1, Styles: []Style{s}, N: TrainSize, Hardest: 1}
}

// MixedSpec is the test pool of a style with pictures as hard as in training.
func MixedSpec(s Style) Spec {
	return Spec{Name: "mixed/" + string(s), Seed: 2, Styles: []Style{s}, N: MixedSize, Hardest: 1, Test: true}
}

// CleanSpec is the test pool of a style with easy pictures.
func CleanSpec(s Style) Spec {
	return Spec{Name: "clean/" + string(s), Seed: 3, Styles: []Style{s}, N: CleanSize,
		Easiest: cleanDifficulty, Hardest: cleanDifficulty, Test: true}
}

// label and style of picture index: the classes in turn, and the styles in turn after each round of classes.
func (s Spec) label(index int) int { return index % len(classes) }

func (s Spec) style(index int) Style { return s.Styles[index/len(classes)%len(s.Styles)] }

func (s Spec) textures(set *Set) *textures {
	if s.Test {
		return set.test
	}
	return set.train
}

func (s Spec) check(set *Set) error {
	if len(s.Styles) == 0 || s.N < 0 || s.Easiest < 0 || s.Hardest > 1 || s.Easiest > s.Hardest {
		return fmt.Errorf("drawings: the pool %q is impossible: %d styles, %d pictures, difficulty %g…%g", s.Name, len(s.Styles), s.N, s.Easiest, s.Hardest)
	}
	for _, style := range s.Styles {
		if set.glyphs[style] == nil {
			return fmt.Errorf("drawings: the pool %q needs the style %s, which is not loaded", s.Name, style)
		}
	}
	return nil
}

// Pool is a sequence of rendered pictures.
type Pool struct {
	Images []uint8 // N×64×64×3, rows from the top, red, green, blue
	Labels []uint8 // N indices into [Classes]
}

// Len is the number of pictures.
func (p *Pool) Len() int { return len(p.Labels) }

// Image returns picture i, 64×64×3; it shares memory with p.
func (p *Pool) Image(i int) []uint8 {
	const n = Size * Size * 3
	return p.Images[i*n : (i+1)*n : (i+1)*n]
}

// Pool renders the pictures of spec on the given number of threads, all of the machine's if it is 0. It stops early when ctx
// ends. progress, which may be nil, is called with the number of pictures done, from several goroutines.
func (s *Set) Pool(ctx context.Context, spec Spec, threads int, progress func(done int)) (*Pool, error) {
	if err := spec.check(s); err != nil {
		return nil, err
	}
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	p := &Pool{Images: make([]uint8, spec.N*Size*Size*3), Labels: make([]uint8, spec.N)}
	var next, done atomic.Int64
	var wg sync.WaitGroup
	for range threads {
		wg.Go(func() {
			r := newRenderer(s, Size)
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= spec.N {
					return
				}
				p.Labels[i] = uint8(r.render(p.Image(i), spec, i))
				if n := done.Add(1); progress != nil {
					progress(int(n))
				}
			}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return p, nil
}

// Picture renders one picture of spec at any size and returns it, side×side×3, with its label. At 64 it has the bytes that
// [Set.Pool] gives it; larger, the same scene is drawn with finer pixels.
func (s *Set) Picture(spec Spec, index, side int) ([]uint8, int, error) {
	if err := spec.check(s); err != nil {
		return nil, 0, err
	}
	dst := make([]uint8, side*side*3)
	return dst, newRenderer(s, side).render(dst, spec, index), nil
}
