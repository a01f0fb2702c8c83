package lessons

// memo asks the resolver every question once. All languages ask the same ones, and an answer may cost the analysis of a
// whole network. It is not safe for concurrent use; Load uses it from one goroutine.
type memo struct {
	Resolver
	values map[valueKey]answer[Value]
	nodes  map[[2]string]answer[NodeInfo]
}

type valueKey struct {
	arch, path string
	q          Quantity
}

type answer[T any] struct {
	value T
	err   error
}

func newMemo(r Resolver) *memo {
	return &memo{r, map[valueKey]answer[Value]{}, map[[2]string]answer[NodeInfo]{}}
}

func (m *memo) Quantity(arch, path string, q Quantity) (Value, error) {
	k := valueKey{arch, path, q}
	a, ok := m.values[k]
	if !ok {
		a.value, a.err = m.Resolver.Quantity(arch, path, q)
		m.values[k] = a
	}
	return a.value, a.err
}

func (m *memo) Node(arch, path string) (NodeInfo, error) {
	k := [2]string{arch, path}
	a, ok := m.nodes[k]
	if !ok {
		a.value, a.err = m.Resolver.Node(arch, path)
		m.nodes[k] = a
	}
	return a.value, a.err
}
