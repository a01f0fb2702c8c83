package viz

import (
	"encoding/binary"
	"math"

	"stride/internal/nn/tensor"
)

// RawFloats is the values of one map as little-endian float32, row by row: what a browser reads into a Float32Array to
// show the engine's own digits under the pointer.
func RawFloats(p tensor.Plane) []byte {
	b := make([]byte, 0, 4*len(p.Data))
	for _, v := range p.Data {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}
