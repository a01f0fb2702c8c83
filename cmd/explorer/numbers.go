package main

import "fmt"

// count is a number that a flag may give; 0 stands for "not given".
type count int

// Validate is called by the parser of the command line.
func (c count) Validate() error {
	if c < 0 {
		return fmt.Errorf("%d: want at least 1", c)
	}
	return nil
}

// or is the number given, or else the default.
func (c count) or(def int) int {
	if c == 0 {
		return def
	}
	return int(c)
}

// threads is a number of threads; 0 stands for "not given".
type threads int

// maxThreads is far above the cores of any machine, and few enough to start.
const maxThreads = 1024

// Validate is called by the parser of the command line.
func (t threads) Validate() error {
	if t < 0 || t > maxThreads {
		return fmt.Errorf("%d: want 1 to %d", t, maxThreads)
	}
	return nil
}

// count is the number given, or all cores.
func (t threads) count() int { return count(t).or(cores()) }
