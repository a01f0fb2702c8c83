// Package weights holds the trained values of a network: what they are (Set), where they come from (Provenance), how they
// are stored (safetensors, PyTorch's .pth) and whether they fit a graph (Check).
//
// It knows no architecture and no picture; it downloads nothing and executes nothing. Every reader here is meant for
// files by strangers: lengths read from a file are checked before anything is allocated by them, a file is one file, and
// a refusal is an *Error with a code that names the tensor and the broken rule.
//
// # What a reader guarantees
//
//   - safetensors: own tokenizer (exact keys, no duplicates, valid UTF-8, no lone surrogates), header ≤ MaxHeader, at most
//     MaxTensors tensors that lie without gap or overlap and end at the end of the file, checked multiplication.
//   - .pth: a pickle is read by an interpreter that can only build plain data. It knows a fixed list of globals by exact
//     name (see allowed.go) and has its own code for each; nothing is looked up, imported or called. Anything else is
//     refused with the name of the class. Zip containers: tensor data must be stored, not compressed, names are looked up
//     and never opened, duplicate names and wrong checksums are errors.
//   - Memory: a float32 tensor that is aligned in the file is a view of the (mapped) file; everything else is converted
//     when it is first read. Values never outlive Set.Close.
//
// A mapped file that somebody truncates while it is read ends the process (SIGBUS): keep weight files in a directory that
// only the product writes, and replace them by rename.
//
// Start reading at Set, then Open.
package weights
