module stride/internal/nn/kernel/_asm

go 1.26.6

require github.com/mmcloughlin/avo v0.5.0 // indirect
