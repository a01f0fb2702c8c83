// Command nchwc writes the amd64 assembly of package nchwc: every kernel twice, on 16 lanes (AVX-512) and on 8 (AVX2 with
// FMA). Run it through go generate in that package.
package main

import (
	"flag"
	"log"

	. "github.com/mmcloughlin/avo/build"
)

func main() {
	decl := flag.String("decl", "nchwc_stubs_amd64.go", "file to write the Go declarations to")
	flag.Parse()
	ConstraintExpr("!purego")
	for _, v := range []vec{avx512, avx2} {
		tiles(v)
		depthwises(v)
		pools(v)
		winograds(v)
		dense(v, 8)
		dense(v, 4)
		pointwise(v)
	}
	if err := writeDecls(*decl); err != nil {
		log.Fatal(err)
	}
	Generate()
}
