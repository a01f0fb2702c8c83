// Package plan compiles a graph and its weights into fused steps on blocked activations and runs them: the fast executor
// for one image. nn.Run is the plain executor of the same graph, for any batch, with an Edit hook and for training.
//
// # What a plan does
//
// Compile lowers the graph once: a convolution takes the batch normalisation, residual addition and activation behind it
// into its epilogue; concatenations become slices that their inputs write to; every activation gets a
// fixed place in one arena. The first run packs the weights in the order in which the kernels read them; later ones
// allocate nothing.
//
// The graph itself stays as it is: a node is either kept (its value is materialised by a step) or fused away, and Value
// gives both, the latter computed again with the plain operations from the nearest kept ancestors. Operations without a
// blocked kernel run plainly on unpacked values, so every graph has a plan.
//
// It is not a compiler for training or for batches, and it draws nothing. Start reading at Plan, then lower.go.
package plan
