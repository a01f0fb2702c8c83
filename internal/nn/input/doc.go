// Package input turns the bytes of a picture into the tensor a network reads.
//
//	bytes → Decode → *RGB (8-bit, upright, opaque) → Preprocess.Tensor → *tensor.Tensor 1×C×H×W
//
// Decode is the gate for files nobody vouches for: it judges by content, counts before it allocates, and answers with a
// typed *Error. Resize and the JPEG and WebP colours follow Pillow, libjpeg-turbo and libwebp to the integer, because
// published weights were trained behind them and a different filter is a different input. Digit makes the input of a
// LeNet out of a drawing by MNIST's convention. ReadNPY and WriteNPY exchange tensors with NumPy.
//
// The package is not an image library: it encodes nothing, draws nothing, keeps only the first frame, and
// treats every picture as sRGB whatever its colour profile says. It stores and logs nothing; metadata is read for the
// orientation alone and never leaves the package.
//
// Start reading at Decode (decode.go), then Resize (resample.go) and Preprocess (preprocess.go).
package input
