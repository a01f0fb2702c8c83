package kernel

import "fmt"

// checkLen panics unless got, the length of the slice called name, is want; formula says where want comes from.
func checkLen(op, name string, got, want int, formula string) {
	if got != want {
		panic(fmt.Sprintf("kernel: %s: len(%s) = %d, want %s = %d", op, name, got, formula, want))
	}
}

// checkSame panics unless the slice called name is as long as the one called other.
func checkSame(op, name string, got int, other string, want int) {
	if got != want {
		panic(fmt.Sprintf("kernel: %s: len(%s) = %d, want len(%s) = %d", op, name, got, other, want))
	}
}

// checkAtLeast panics unless the size called name is at least low.
func checkAtLeast(op, name string, got, low int) {
	if got < low {
		panic(fmt.Sprintf("kernel: %s: %s = %d, want at least %d", op, name, got, low))
	}
}
