package drawings

import "testing"

func BenchmarkRender(b *testing.B) {
	dir, err := DefaultDir()
	if err != nil {
		b.Skip(err)
	}
	set, err := Load(dir, TrainStyles()...)
	if err != nil {
		b.Skip(err)
	}
	for _, s := range TrainStyles() {
		b.Run(string(s), func(b *testing.B) {
			r, dst := newRenderer(set, Size), make([]uint8, Size*Size*3)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				r.render(dst, TrainSpec(s), i)
			}
		})
	}
}
