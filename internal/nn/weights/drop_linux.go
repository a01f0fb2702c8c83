package weights

import "syscall"

// dropPages takes whole pages of a mapped file out of memory. It is advice: failure changes nothing but memory.
func dropPages(b []byte) { _ = syscall.Madvise(b, syscall.MADV_DONTNEED) }
