// Package repotest holds tests of the repository as a whole: who may import whom, what lies at the top level, what every
// package must say about itself. It has no code of its own; start reading at imports_test.go.
package repotest
