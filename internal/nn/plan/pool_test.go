package plan

import (
	"sync/atomic"
	"testing"
)

// Every unit runs once, and no two units of one worker at a time.
func TestPoolRunsEveryUnitOnce(t *testing.T) {
	for _, threads := range []int{1, 2, 3, 8} {
		p := newPool(threads)
		busy := make([]atomic.Bool, threads)
		for _, units := range []int{0, 1, 2, 7, 100, 1000} {
			for range 20 {
				count := make([]atomic.Int32, units)
				p.Run(units, func(worker, unit int) {
					if busy[worker].Swap(true) {
						t.Error("a worker runs two units at once")
					}
					count[unit].Add(1)
					busy[worker].Store(false)
				})
				for u := range count {
					if n := count[u].Load(); n != 1 {
						t.Fatalf("%d threads: unit %d of %d ran %d times", threads, u, units, n)
					}
				}
			}
		}
		p.Close()
		p.Close()
	}
}

// Who is done helps: the units behind one that does not end are all done by the other worker.
func TestPoolHelpsAHeldUpWorker(t *testing.T) {
	p := newPool(2)
	defer p.Close()
	const units = 20
	var left atomic.Int64
	left.Store(units - 1)
	others := make(chan struct{})
	p.Run(units, func(_, unit int) {
		if unit == 0 {
			<-others
		} else if left.Add(-1) == 0 {
			close(others)
		}
	})
}

func TestPoolPassesPanicsOn(t *testing.T) {
	p := newPool(3)
	defer p.Close()
	func() {
		defer func() {
			if e := recover(); e != "boom" {
				t.Errorf("recovered %v, want boom", e)
			}
		}()
		p.Run(50, func(_, unit int) {
			if unit == 20 {
				panic("boom")
			}
		})
	}()
	var n atomic.Int32
	p.Run(10, func(_, _ int) { n.Add(1) })
	if n.Load() != 10 {
		t.Errorf("after a panic %d units ran, want 10", n.Load())
	}
}

func TestPoolScratch(t *testing.T) {
	p := newPool(2)
	defer p.Close()
	a, b := p.Scratch(0, 100), p.Scratch(1, 100)
	if len(a) != 100 || len(b) != 100 || &a[0] == &b[0] {
		t.Error("scratch of two workers is too short or shared")
	}
	if c := p.Scratch(0, 50); &c[0] != &a[0] {
		t.Error("scratch of one worker moves although it is large enough")
	}
}

// Values that live at the same time never share memory.
func TestLayout(t *testing.T) {
	var v []*value
	for i := range 40 {
		h := 1 + i*7%13
		v = append(v, &value{c: 16 * (1 + i%5), h: h, w: h, block: 16, before: i % 2, first: i, last: i + 1 + i%6})
	}
	size := layout(v, true)
	sum := 0
	for i, a := range v {
		sum += a.span()
		if a.off < 0 || a.off%line != 0 || a.off+a.span() > size {
			t.Fatalf("value %d lies at %d…%d of %d", i, a.off, a.off+a.span(), size)
		}
		for j, b := range v[:i] {
			if a.first <= b.last && b.first <= a.last && a.off < b.off+b.span() && b.off < a.off+a.span() {
				t.Errorf("values %d and %d share memory", i, j)
			}
		}
	}
	if size >= sum/2 {
		t.Errorf("size %d with reuse, %d without", size, sum)
	}
	if got := layout(v, false); got != sum {
		t.Errorf("size without reuse %d, want %d", got, sum)
	}
}
