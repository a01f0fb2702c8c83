package content_test

import (
	"testing"

	"stride/content"
	"stride/internal/lessons"
)

func load(t *testing.T) *lessons.Library {
	t.Helper()
	lib, err := lessons.Load(content.FS, readTable(t))
	if err != nil {
		t.Fatalf("the content has problems:\n%v", err)
	}
	return lib
}

func TestLoad(t *testing.T) {
	load(t)
}
