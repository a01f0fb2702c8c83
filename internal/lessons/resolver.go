package lessons

import "fmt"

// Quantity names something the engine can tell about a network or about one node of it.
type Quantity string

// The quantities. Those marked "network" may be asked with an empty node path; those marked "node" need one. For a path
// that is the prefix of several nodes ("layer2.0"), params, macs, weights and statistics are sums.
const (
	Params     Quantity = "params"          // network, node: trainable values, auxiliary classifiers left out of the network's sum
	AuxParams  Quantity = "params_with_aux" // network
	Weights    Quantity = "weights"         // network, node: values of convolution and dense kernels, no biases and no normalisation
	Statistics Quantity = "statistics"      // network, node: running means and variances of batch normalisation
	MACs       Quantity = "macs"            // network, node: multiply-accumulates for one picture
	Depth      Quantity = "depth"           // network: convolution and dense layers on the longest path
	RF         Quantity = "rf"              // node: side of the receptive field in input pixels
	Shape      Quantity = "shape"           // node: channels × height × width
	Channels   Quantity = "channels"        // node: channels of the output
	Size       Quantity = "size"            // network: side of the input; node: side of the output map
	Values     Quantity = "values"          // node: numbers in the output, C·H·W
	Kernel     Quantity = "kernel"          // node: side of the kernel
	Stride     Quantity = "stride"          // node
	Padding    Quantity = "padding"         // node
	Groups     Quantity = "groups"          // node
)

var quantities = map[Quantity]struct{ network, node, sum bool }{
	Params: {true, true, true}, AuxParams: {true, false, false}, Weights: {true, true, true}, Statistics: {true, true, true},
	MACs: {true, true, true}, Depth: {true, false, false}, RF: {false, true, false}, Shape: {false, true, false},
	Channels: {false, true, false}, Size: {true, true, false}, Values: {false, true, false}, Kernel: {false, true, false},
	Stride: {false, true, false}, Padding: {false, true, false}, Groups: {false, true, false},
}

// Value is an answer of the Resolver.
type Value struct {
	Number float64
	// Product spells out how the number comes about ("3 · 3 · 128 · 128"); empty when it is not a product.
	Product string
	// Dims holds C, H, W when a shape was asked for.
	Dims []int
}

// NodeInfo is what a text needs to know about a part of a network.
type NodeInfo struct {
	// Kind is the operation's kind ("conv", "maxpool", "add"), or "block" for the prefix of several nodes.
	Kind string
}

// A Resolver answers the questions of a text about the networks and the product. All methods may be called from one
// goroutine at a time; an error says what is missing ("no node layer2.0.conv9 in resnet50").
type Resolver interface {
	// Quantity gives one number of a network, or of a node when path is not empty.
	Quantity(arch, path string, q Quantity) (Value, error)
	// Node tells whether path names a node of arch or the prefix of several.
	Node(arch, path string) (NodeInfo, error)
	// Figure tells whether the page can draw the figure.
	Figure(id string) error
	// Lab tells whether the lab exists.
	Lab(slug string) error
}

// ask checks the question's form before it bothers the resolver.
func ask(r Resolver, arch, path string, q Quantity) (Value, error) {
	k, ok := quantities[q]
	switch {
	case !ok:
		return Value{}, fmt.Errorf("there is no quantity %q", q)
	case arch == "":
		return Value{}, fmt.Errorf("%s of which network? Set arch in the front matter or in the directive", q)
	case path == "" && !k.network:
		return Value{}, fmt.Errorf("%s needs a node", q)
	case path != "" && !k.node:
		return Value{}, fmt.Errorf("%s is asked of a network, not of a node", q)
	}
	return r.Quantity(arch, path, q)
}
