package calc

import "stride/internal/nn/arch"

// FromModel is the stack of an architecture by name.
func FromModel(name string) (Stack, error) {
	a, err := arch.ByName(name)
	if err != nil {
		return Stack{}, err
	}
	g, err := a.Graph()
	if err != nil {
		return Stack{}, err
	}
	return FromGraph(g)
}
