package kernel

import (
	"math/bits"
	"sync"
)

// shared recycles memory that all workers of a call read, such as packed weights, by power of two. A pool, unlike a
// package variable, gives the memory back when it is not used for a while.
var shared [64]sync.Pool

// buffer is a piece of shared memory; put returns it.
type buffer struct {
	data  []float32
	class int
}

// getBuffer returns n values of undefined content.
func getBuffer(n int) *buffer {
	class := bits.Len(uint(max(n, 1) - 1))
	if b, ok := shared[class].Get().(*buffer); ok {
		b.data = b.data[:n]
		return b
	}
	return &buffer{make([]float32, n, 1<<class), class}
}

// put recycles b, which may be nil.
func (b *buffer) put() {
	if b != nil {
		shared[b.class].Put(b)
	}
}

// serialTeams holds the one-thread teams behind a nil Workers: a shared one would make unrelated callers wait.
var serialTeams = sync.Pool{New: func() any { return NewTeam(1) }}

// orSerial returns ws, or a team of one thread where ws is nil. The second result goes to doneSerial.
func orSerial(ws Workers) (Workers, *Team) {
	if ws != nil {
		return ws, nil
	}
	t := serialTeams.Get().(*Team)
	return t, t
}

func doneSerial(t *Team) {
	if t != nil {
		serialTeams.Put(t)
	}
}
