//go:build purego || !amd64

package kernel

func nativeImplementations() []*impl { return nil }
