package kernel

import (
	"sync"
	"sync/atomic"
	"testing"
)

func TestTeamRunsEveryUnitOnce(t *testing.T) {
	for _, threads := range []int{0, 1, 2, 3, 8} {
		team := NewTeam(threads)
		for _, units := range []int{0, 1, 2, 7, 100} {
			var ran [100]atomic.Int32
			busy := make([]atomic.Int32, team.Threads())
			team.Run(units, func(worker, unit int) {
				if busy[worker].Add(1) != 1 {
					t.Error("two units at once on one worker")
				}
				ran[unit].Add(1)
				busy[worker].Add(-1)
			})
			for unit := range ran {
				want := int32(0)
				if unit < units {
					want = 1
				}
				if got := ran[unit].Load(); got != want {
					t.Errorf("threads %d, units %d: unit %d ran %d times, want %d", threads, units, unit, got, want)
				}
			}
		}
		team.Close()
		team.Close()
		ran := 0
		team.Run(5, func(int, int) { ran++ })
		if ran != 5 {
			t.Errorf("after Close %d of 5 units ran", ran)
		}
	}
}

func TestTeamFromManyGoroutines(t *testing.T) {
	team := NewTeam(3)
	defer team.Close()
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 200 {
				units := 1 + (g+i)%5
				sums := make([]int, units)
				team.Run(units, func(worker, unit int) {
					buf := team.Scratch(worker, 10+unit)
					Fill(buf, float32(unit))
					sums[unit] = int(buf[9])
				})
				for unit, got := range sums {
					if got != unit {
						t.Errorf("unit %d got %d", unit, got)
					}
				}
			}
		})
	}
	wg.Wait()
}

func TestTeamPassesPanicOn(t *testing.T) {
	team := NewTeam(2)
	defer team.Close()
	func() {
		defer func() {
			if p := recover(); p != "unit 3" {
				t.Errorf("recovered %v, want unit 3", p)
			}
		}()
		team.Run(6, func(_, unit int) {
			if unit == 3 {
				panic("unit 3")
			}
		})
	}()
	ran := atomic.Int32{}
	team.Run(4, func(int, int) { ran.Add(1) })
	if ran.Load() != 4 {
		t.Errorf("after a panic %d of 4 units ran", ran.Load())
	}
}

func TestNilTeam(t *testing.T) {
	var team *Team
	sum := 0
	team.Run(4, func(worker, unit int) {
		team.Scratch(worker, 3)[2] = 1
		sum += unit
	})
	if sum != 6 || team.Threads() != 1 {
		t.Errorf("sum %d, threads %d", sum, team.Threads())
	}
	team.Close()
}
