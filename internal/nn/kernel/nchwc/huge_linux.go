package nchwc

import (
	"syscall"
	"unsafe"
)

// adviseHuge asks the kernel to back the whole huge pages inside b by huge pages. It is advice: failure changes nothing
// but speed.
func adviseHuge(b []float32) {
	const page, advice = 2 << 20, 14 // MADV_HUGEPAGE
	at := uintptr(unsafe.Pointer(unsafe.SliceData(b)))
	skip := -at % page
	if size := uintptr(len(b)) * 4; size >= skip+page {
		whole := (size - skip) / page * page
		_ = syscall.Madvise(unsafe.Slice((*byte)(unsafe.Pointer(&b[skip/4])), whole), advice)
	}
}
