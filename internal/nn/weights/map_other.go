//go:build !unix

package weights

import (
	"errors"
	"os"
)

// mapFile is not available: the caller reads the file instead.
func mapFile(*os.File, int) ([]byte, func() error, error) { return nil, nil, errors.ErrUnsupported }
