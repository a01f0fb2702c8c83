package golden

import (
	"fmt"
	"math"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
)

// The vectors are those of testdata/goldens/FORMAT.md §1.
func TestValues(t *testing.T) {
	for _, c := range []struct {
		name  string
		role  nn.Role
		fanIn int
		lo    float64
		bits  []uint32
	}{
		{"conv1.weight", nn.ConvWeight, 147, -0.20203050891044214, []uint32{0x3c95337c, 0x3dcae01f, 0xbe45652c, 0x3dc37529, 0xbd583adf}},
		{"layer1.0.bn1.running_var", nn.NormVar, 0, 0.5, []uint32{0x3f92b806, 0x3fab4cce, 0x3fa3ffd0, 0x3f279723, 0x3f01ef6e}},
		{"fc.bias", nn.Bias, 0, -0.05, []uint32{0xbb1276e6, 0xbafc8d66, 0xbcb42c20, 0xbca99a1a, 0xbc0c4a60}},
	} {
		lo, hi := Range(c.role, c.fanIn, 1)
		if lo != c.lo {
			t.Errorf("%s: lo = %v, want %v", c.name, lo, c.lo)
		}
		for i, v := range Values(c.name, len(c.bits), lo, hi) {
			if got := math.Float32bits(v); got != c.bits[i] {
				t.Errorf("%s[%d] = %08x, want %08x", c.name, i, got, c.bits[i])
			}
		}
	}
}

// The table is that of FORMAT.md §2.
func TestInput(t *testing.T) {
	for _, c := range []struct {
		shape tensor.Shape
		last  float32
		sum   float64
		fnv   uint64
	}{
		{tensor.CHW(3, 224, 224), -1.3518554, 6326.19744126, 0x30928c6b64e4a030},
		{tensor.CHW(3, 227, 227), -1.539042, 6511.22584827, 0xe29c602792b7031c},
		{tensor.CHW(1, 32, 32), 0.794946015, 118.614541695, 0x997d7d386fee6236},
		{tensor.Shape{N: 4, C: 3, H: 32, W: 32}, -0.480835736, 253.314294685, 0xe42f2f4aaec16848},
	} {
		t.Run(fmt.Sprint(c.shape), func(t *testing.T) {
			x := Input(c.shape)
			if got := Checksum(x.Data); got != c.fnv {
				t.Errorf("checksum %016x, want %016x", got, c.fnv)
			}
			if got := x.Data[len(x.Data)-1]; got != c.last {
				t.Errorf("last value %v, want %v", got, c.last)
			}
			var sum float64
			for _, v := range x.Data {
				sum += float64(v)
			}
			if math.Abs(sum-c.sum) > 1e-8*math.Abs(c.sum) {
				t.Errorf("sum %v, want %v", sum, c.sum)
			}
		})
	}
}
