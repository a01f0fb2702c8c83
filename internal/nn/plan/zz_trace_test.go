package plan

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
	"golang.org/x/sys/unix"
	"sort"
	"testing"
	"time"

	"stride/internal/nn/arch"
	"stride/internal/nn/tensor"
	"stride/internal/nn/weights"
)

func pin(p *pool) {
	if os.Getenv("PIN") == "" {
		return
	}
	var n atomic.Int32
	p.Run(p.threads, func(w, u int) {
		n.Add(1)
		for int(n.Load()) < p.threads {
			runtime.Gosched()
		}
		runtime.LockOSThread()
		var m unix.CPUSet
		m.Set(w)
		unix.SchedSetaffinity(0, &m)
	})
}

// per phase: work inflation, start delay, tail
func TestZZTrace(t *testing.T) {
	name := os.Getenv("NET")
	if name == "" {
		t.Skip()
	}
	ar, _ := arch.ByName(name)
	g, _ := ar.Graph()
	w := weights.Init(g, 1)
	x := tensor.New(g.Input.Shape)
	for i := range x.Data {
		x.Data[i] = float32(i%17) / 17
	}
	type rec struct{ wall, work, start, tail float64; units int }
	res := map[int][]rec{}
	total := map[int]float64{}
	var names []string
	for _, threads := range []int{1, 2} {
		p, err := Compile(g, w, Options{Threads: threads})
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			p.Run(context.Background(), x, nil)
		}
		pin(p.pool)
		var best []rec
		var tot []float64
		for r := 0; r < 60; r++ {
			p.input = x.Data
			k := 0
			t00 := time.Now()
			for _, s := range p.steps {
				nm := "?"
				if len(s.kept) > 0 {
					nm = s.kept[0].Path
				}
				do := func(units int, f func(int, int), serial bool, nm string) {
					type ev struct{ a, b time.Duration; pad [6]int64 }
					evs := make([]ev, units)
					t0 := time.Now()
					g := func(w, u int) {
						a := time.Since(t0)
						f(w, u)
						evs[u] = ev{a: a, b: time.Since(t0)}
						if w == 1 { evs[u].pad[0] = 1 }
					}
					if serial {
						for u := range units {
							g(0, u)
						}
					} else {
						p.pool.Run(units, g)
					}
					wall := time.Since(t0).Seconds() * 1e6
					work, start := 0.0, wall
					var e [2]float64
					for _, v := range evs {
						work += (v.b - v.a).Seconds() * 1e6
						wk := v.pad[0]
						if wk == 1 {
							start = min(start, v.a.Seconds()*1e6)
						}
						e[wk] = max(e[wk], v.b.Seconds()*1e6)
					}
					tail := max(e[0], e[1]) - min(e[0], e[1])
					if len(best) <= k {
						best = append(best, rec{wall: 1e9})
						if threads == 1 {
							names = append(names, nm)
						}
					}
					if wall < best[k].wall {
						best[k] = rec{wall, work, start, tail, units}
					}
					k++
				}
				if len(s.clear) > 0 {
					do(1, func(int, int) {
						for _, m := range s.clear {
							for b := range m.Blocks() {
								clearHalo(m, b, b+1)
							}
						}
					}, true, "clear "+nm)
				}
				if s.plain != nil {
					do(1, func(int, int) { s.plain() }, true, nm)
					continue
				}
				for _, ph := range s.job.Phases {
					do(ph.Units, ph.Do, s.serial, nm)
				}
			}
			tot = append(tot, time.Since(t00).Seconds()*1e3)
		}
		sort.Float64s(tot)
		total[threads] = tot[0]
		res[threads] = best
		p.Close()
	}
	fmt.Printf("%-28s %5s %5s %8s %8s %6s %8s %7s %7s %7s\n", "phase", "u1", "u2", "wall1", "wall2", "ratio", "work2", "infl", "start", "tail")
	var s1, s2 float64
	for i, n := range names {
		a, b := res[1][i], res[2][i]
		s1 += a.wall
		s2 += b.wall
		fmt.Printf("%-28s %5d %5d %8.1f %8.1f %6.2f %8.1f %6.2f %7.1f %7.1f\n", n, a.units, b.units, a.wall, b.wall, a.wall/b.wall, b.work, b.work/a.work, b.start, b.tail)
	}
	fmt.Printf("sum of minima %.0f %.0f µs, best total %.2f %.2f ms\n", s1, s2, total[1], total[2])
}
