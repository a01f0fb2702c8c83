package calc

import "errors"

// The modules below have parameters but no row: their counts follow from their arguments.

func torchTransposed(c *pyCall) (module, error) {
	in, e1 := c.int("in_channels", 0, 0)
	out, e2 := c.int("out_channels", 1, 0)
	k, e3 := c.pair("kernel_size", 2, Pair{})
	g, e4 := c.int("groups", 6, 1)
	return counted(in*out*k.Y*k.X/max(g, 1), out, c.bool("bias", 7, true)), errors.Join(e1, e2, e3, e4)
}

// torchConvN is a convolution in n dimensions other than two.
func torchConvN(n int) func(*pyCall) (module, error) {
	return func(c *pyCall) (module, error) {
		in, e1 := c.int("in_channels", 0, 0)
		out, e2 := c.int("out_channels", 1, 0)
		g, e3 := c.int("groups", 6, 1)
		k, ok := volume(c, n)
		if !ok {
			return module{}, errUnknownModule
		}
		return counted(in*out*k/max(g, 1), out, c.bool("bias", 7, true)), errors.Join(e1, e2, e3)
	}
}

// volume is the number of values of a kernel of n dimensions.
func volume(c *pyCall, n int) (int, bool) {
	v, _ := c.arg("kernel_size", 2)
	k := 1
	switch v := v.(type) {
	case float64:
		for range n {
			k *= int(v)
		}
	case []pyValue:
		for _, x := range v {
			f, ok := x.(float64)
			if !ok {
				return 0, false
			}
			k *= int(f)
		}
	default:
		return 0, false
	}
	return k, k > 0
}

func counted(weights, biases int, bias bool) module {
	m := module{Params: int64(weights), CountOnly: true}
	if bias {
		m.Params += int64(biases)
	}
	return m
}

// torchAffine is a normalisation with a scale and a shift for each of the channels that the argument names.
func torchAffine(name string, at int) func(*pyCall) (module, error) {
	return func(c *pyCall) (module, error) {
		n, err := c.int(name, at, 0)
		if !c.bool("affine", 3, true) {
			n = 0
		}
		return counted(n, n, true), err
	}
}

func torchLayerNorm(c *pyCall) (module, error) {
	v, _ := c.arg("normalized_shape", 0)
	n := 1
	switch v := v.(type) {
	case float64:
		n = int(v)
	case []pyValue:
		for _, x := range v {
			f, ok := x.(float64)
			if !ok {
				return module{}, errUnknownModule
			}
			n *= int(f)
		}
	default:
		return module{}, errUnknownModule
	}
	if !c.bool("elementwise_affine", 2, true) {
		n = 0
	}
	return counted(n, n, true), nil
}

func torchPReLU(c *pyCall) (module, error) {
	n, err := c.int("num_parameters", 0, 1)
	return counted(n, 0, false), err
}

func torchEmbedding(c *pyCall) (module, error) {
	n, e1 := c.int("num_embeddings", 0, 0)
	d, e2 := c.int("embedding_dim", 1, 0)
	return counted(n*d, 0, false), errors.Join(e1, e2)
}

// torchInstance has a scale and a shift only when asked for.
func torchInstance(c *pyCall) (module, error) {
	n, err := c.int("num_features", 0, 0)
	if !c.bool("affine", 3, false) {
		n = 0
	}
	return counted(n, n, true), err
}
