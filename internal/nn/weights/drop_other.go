//go:build !linux

package weights

// dropPages is for Linux only: elsewhere the advice may lose what it is about.
func dropPages([]byte) {}
