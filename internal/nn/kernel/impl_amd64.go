//go:build !purego

package kernel

func nativeImplementations() []*impl { return nil }
