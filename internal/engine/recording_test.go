package engine

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
)

// A page may ask for a node before it is computed; it waits.
func TestAtWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lab{graph: chain(t, 3, 1000)}
		e := New(l, l, Config{Threads: 1})
		s := submit(t, e, "a", "cat")
		start := time.Now()
		x, err := s.Recording().At(background, "n1")
		if err != nil || x.Data[0] != 2 || time.Since(start) != 3*time.Second {
			t.Errorf("n1 after %v: %v, %v", time.Since(start), x, err)
		}
		if _, ok := s.Recording().Result(); ok {
			t.Error("there is a result before the end")
		}
		if _, err := s.Recording().At(background, "nowhere"); !errors.Is(err, &Error{Code: UnknownID}) {
			t.Errorf("an unknown node: %v", err)
		}
		drain(t, s)
		if r, ok := s.Recording().Result(); !ok || r.Logits[0] != 3 {
			t.Errorf("result %v", r)
		}
		if n := len(s.Recording().Events()); n != 4 {
			t.Errorf("%d events", n)
		}
		shut(t, e)
	})
}

// Peek never waits: neither for a node that is not reached nor for one that would be computed again.
func TestPeek(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lab{graph: chain(t, 7, 1000)}
		e := New(l, l, Config{Threads: 1, RecordingBytes: 3 << 10})
		s := submit(t, e, "a", "cat")
		rec, start := s.Recording(), time.Now()
		if rec.Peek("n0") != nil || rec.Peek("nowhere") != nil || time.Since(start) != 0 {
			t.Error("Peek gave a node before it was there, or waited")
		}
		drain(t, s)
		for _, ev := range rec.Events() {
			x := rec.Peek(ev.Path)
			if x != nil && !ev.Kept {
				t.Errorf("%s is in memory, its event says it is not", ev.Path)
			}
		}
		if rec.Peek("n0") == nil || rec.Peek("n1") != nil || e.Stats().Recomputed != 0 {
			t.Errorf("kept %v, %d computed again", kept(rec), e.Stats().Recomputed)
		}
		shut(t, e)
	})
}

// kept lists the nodes whose values are in memory.
func kept(r *Recording) (l []string) {
	for id, t := range r.kept {
		if t != nil {
			l = append(l, r.Network.Graph.Nodes[id].Path)
		}
	}
	return l
}

// A recording keeps to its limit; what it dropped is computed again and equals what was dropped.
func TestDroppedNodes(t *testing.T) {
	for _, c := range []struct {
		limit int64 // KiB, one node each
		want  []string
	}{
		{8, []string{"input", "n0", "n1", "n2", "n3", "n4", "n5", "n6"}},
		// n1 goes when n4 comes, n3 when n6 does; n5 finds no room
		{6, []string{"input", "n0", "n2", "n3", "n4", "n6"}},
		{5, []string{"input", "n0", "n2", "n4", "n6"}},
		{3, []string{"input", "n0", "n2", "n6"}}, // the output is kept whatever the limit
		{1, []string{"input", "n6"}},
	} {
		t.Run(fmt.Sprint(c.limit), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &lab{graph: chain(t, 7, 1000)}
				e := New(l, l, Config{Threads: 1, RecordingBytes: c.limit << 10})
				j := job("cat")
				j.Options.Edits = []Edit{{"n1", 2, 0}, {"n3", -1, 10}}
				rec, _, err := e.Run(background, "a", j)
				if err != nil {
					t.Fatal(err)
				}
				if got := kept(rec); !slices.Equal(got, c.want) {
					t.Errorf("kept %v, want %v", got, c.want)
				}
				if b := rec.Bytes(); b != int64(len(c.want))<<10 || e.Stats().Bytes != b {
					t.Errorf("%d bytes, the engine counts %d", b, e.Stats().Bytes)
				}
				var want []*tensor.Tensor
				if _, err := nn.Run(background, l.graph, tensor.New(shape), nil, nn.RunConfig{Edit: editor(j), Tap: func(_ *nn.Node, out *tensor.Tensor) error {
					want = append(want, out.Clone())
					return nil
				}}); err != nil {
					t.Fatal(err)
				}
				for _, n := range l.graph.Nodes {
					for range 2 {
						x, err := rec.At(background, n.Path)
						if err != nil || !slices.Equal(x.Data, want[n.ID].Data) {
							t.Errorf("%s: %v, %v", n.Path, x, err)
						}
					}
				}
				if got, dropped := e.Stats().Recomputed, int64(8-len(c.want)); got != dropped {
					t.Errorf("%d nodes computed again, want %d: asking twice computes once", got, dropped)
				}
				if len(e.tokens) != 1 {
					t.Error("a thread was lost")
				}
				shut(t, e)
			})
		})
	}
}

// Computing a node again waits for a thread like everything else, and goes before waiting runs.
func TestRecomputeWaitsForAThread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lab{graph: chain(t, 3, 1000)}
		e := New(l, l, Config{Threads: 1, RecordingBytes: 1})
		rec, _, err := e.Run(background, "a", job("cat"))
		if err != nil {
			t.Fatal(err)
		}
		a, b := submit(t, e, "a", "dog"), submit(t, e, "b", "owl")
		go drain(t, a)
		go drain(t, b)
		start := time.Now()
		if x, err := rec.At(background, "n1"); err != nil || x.Data[0] != 2 {
			t.Errorf("%v, %v", x, err)
		}
		if d := time.Since(start); d != 4*time.Second {
			t.Errorf("after %v, want 4s: when the first run has ended", d)
		}
		time.Sleep(time.Minute)
		shut(t, e)
	})
}

// Together the recordings keep to the limit; the one not looked at for longest goes first, and none that is watched.
func TestEviction(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lab{graph: chain(t, 3, 1000)} // 4 KiB each
		e := New(l, l, Config{Threads: 1, CacheBytes: 9 << 10})
		run := func(image string) {
			t.Helper()
			if _, _, err := e.Run(background, "a", job(image)); err != nil {
				t.Fatal(err)
			}
		}
		cached := func(image string) bool {
			j := job(image)
			j.Version = Version
			e.mu.Lock()
			defer e.mu.Unlock()
			return e.flights[j.Key()] != nil
		}
		watched := submit(t, e, "w", "watched")
		for range 5 {
			if _, err := watched.Next(background); err != nil {
				t.Fatal(err)
			}
		}
		run("one")
		run("two")
		if !cached("watched") || cached("one") || !cached("two") {
			t.Errorf("kept: watched %v, one %v, two %v", cached("watched"), cached("one"), cached("two"))
		}
		run("three")
		if ev := drain(t, watched); ev[len(ev)-1].Kind != Done || !cached("watched") {
			t.Error("the watched recording was lost")
		}
		run("three") // looked at
		run("four")
		if cached("watched") || !cached("three") || !cached("four") {
			t.Errorf("kept: watched %v, three %v, four %v", cached("watched"), cached("three"), cached("four"))
		}
		if st := e.Stats(); st.Bytes != 8<<10 || st.Recordings != 2 || st.Evicted != 3 {
			t.Errorf("%+v", st)
		}
		shut(t, e)
	})
}

// What runs is never evicted, even when it alone exceeds the limit.
// Recordings hold on to their weights, so these are bounded too: once for all that share them.
func TestEvictionByWeights(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lab{graph: chain(t, 1, 1000)}
		e := New(l, l, Config{Threads: 1, WeightBytes: 250})
		run := func(image, weights string) {
			t.Helper()
			j := job(image)
			j.Weights = weights
			if _, _, err := e.Run(background, "a", j); err != nil {
				t.Fatal(err)
			}
		}
		for _, image := range []string{"1", "2", "3", "4"} {
			run(image, "seed 1")
		}
		run("1", "seed 2")
		if st := e.Stats(); st.Recordings != 5 || st.Evicted != 0 {
			t.Errorf("two sets of weights fit: %+v", st)
		}
		run("1", "seed 3")
		if st := e.Stats(); st.Recordings != 2 || st.Evicted != 4 {
			t.Errorf("three do not, the recordings of the first had to go: %+v", st)
		}
		shut(t, e)
	})
}

func TestRunningIsNotEvicted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lab{graph: chain(t, 3, 1000)}
		e := New(l, l, Config{Threads: 1, CacheBytes: 1})
		s := submit(t, e, "a", "cat")
		for {
			ev, err := s.Next(background)
			if err != nil {
				t.Fatal(err)
			}
			if ev.Kind == Node {
				if x, err := s.Recording().At(background, ev.Node.Path); err != nil || x.Data[0] != float32(ev.Node.Seq) {
					t.Errorf("%s: %v", ev.Node.Path, err)
				}
			}
			if ev.Kind == Done {
				break
			}
		}
		s.Close()
		if st := e.Stats(); st.Recordings != 0 || st.Bytes != 0 {
			t.Errorf("after the last viewer: %+v", st)
		}
		shut(t, e)
	})
}
