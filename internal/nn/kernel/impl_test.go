package kernel

import (
	"os"
	"slices"
	"testing"
)

// eachImplementation runs f once with every implementation this processor has.
func eachImplementation(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	before := active.Load()
	defer active.Store(before)
	for _, im := range implementations {
		active.Store(im)
		t.Run(im.name, f)
	}
}

// teams are the numbers of threads that must give the same bytes.
var teamSizes = []int{1, 2, 3, 8}

func TestUse(t *testing.T) {
	before := active.Load()
	defer active.Store(before)
	for _, im := range implementations {
		if !use(im.name) || Implementation() != im.name {
			t.Errorf("use(%q) left %q active", im.name, Implementation())
		}
	}
	if use("no such") || Implementation() == "no such" {
		t.Error("an unknown name was accepted")
	}
}

// TestRequiredImplementation lets a build machine insist on what it is known to have: skipping unnoticed is not passing.
func TestRequiredImplementation(t *testing.T) {
	want := os.Getenv("STRIDE_KERNEL_REQUIRE")
	if want != "" && !slices.ContainsFunc(implementations, func(im *impl) bool { return im.name == want }) {
		t.Errorf("implementation %q is missing", want)
	}
}
