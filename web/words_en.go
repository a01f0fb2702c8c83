package web

import (
	"fmt"

	"stride/internal/engine"
	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/viz"
	"stride/internal/viz/diagram"
	"stride/web/view"
)

var englishWords = words{
	Params: "Parameters", MACs: "Multiply–adds", Depth: "Layers with weights", Output: "Output", Field: "Receptive field",
	OtherSize:  "Run at %d×%d. The weights and the published figures are for %d×%d.",
	ZoomLevels: []string{"Block", "Layer", "Network", "Stage"}, StageTitle: "Stage %s, %d blocks",
	Kind: "Kind", ClassKinds: map[string]string{"": "all", kindAnimal: "animal", kindObject: "object"},
	StrideOf: "stride %d", PaddingOf: "padding %d", DilationOf: "dilation %d", PaperAgainst: "Paper against weights",
	WithAux: "%s with the auxiliary classifiers", NoParams: "no parameters", NotCounted: "not counted", WholePicture: "whole picture", DepthwiseConv: "depthwise convolution", Groups: "%d groups",
	Kinds: map[nn.Kind]string{
		"input": "the picture", "conv": "convolution", "convtable": "convolution over some of the maps", "linear": "dense layer", "rbf": "distance to a drawn digit", "maxpool": "max pooling", "avgpool": "average pooling",
		"adaptiveavgpool": "average over the map", "subsample": "trainable sub-sampling", "stride": "every second row and column", "padchannels": "channels of zeros appended", "batchnorm": "batch normalisation",
		"lrn": "local response normalisation", "add": "addition", "mul": "product", "concat": "concatenation", "flatten": "flatten", "dropout": "dropout (passes on)", "stochasticdepth": "stochastic depth (passes on)",
		"softmax": "softmax", "relu": "ReLU", "relu6": "ReLU6", "silu": "SiLU", "tanh": "tanh", "scaledtanh": "scaled tanh", "sigmoid": "sigmoid", "hardswish": "hard swish", "hardsigmoid": "hard sigmoid",
	},
	WithoutGates: "without the gates, which see whole maps", LargerMaps: "To look at larger maps, run it at", ForLooking: "%s is for looking at the maps; for the answer, take %s, the size that it was trained at.", CAMLayer: "Through the layers", Edited: "after your change", Pending: "This layer is being computed.", Stopped: "stopped", Channel: "Channel %d", Place: "row %d, col %d", MapAlt: "%d×%d map, brightest at row %d, column %d",
	Sees: "What this pixel can see: %s", Channels: "%s channels", Shown: "%d of %d", ShowAll: "Show all %s", Silent: "%d silent channels, sorted last", Clip: "Colours end at the %.1fth percentile; brighter pixels keep the last colour.",
	Sort: "Sort", Scale: "Scale", Colours: "Colours", Values: "%s values", StripLabel: "%d values from %s to %s, sorted",
	Scopes: map[viz.Scope]string{viz.Channel: "each channel", viz.Layer: "whole layer", viz.Network: "whole network"},
	Orders: map[viz.Order]string{viz.Strongest: "strongest first", viz.Varied: "most varied", viz.ByIndex: "by number"},

	Mean: "Mean", Std: "Standard deviation", Range: "Range", Zeros: "Zeros",
	HowMade: "How that pixel was made", InputChannel: "Input channel", InputOf: "input %d / %d", InputShort: "input %d", OthersTogether: "%d others together", InputValue: "input", Weight: "weight", Patch: "patch of the input", Kernel: "kernel",
	Window: "the window", Neighbours: "neighbouring channels", SumTitle: "the sum over all input channels", SoftmaxNote: "The exponents are relative to the largest logit, %s; that changes no share.",

	AsTable: "Layers as a table", UntrainedBadge: "untrained, seed %d", UntrainedTitle: "Untrained weights", UntrainedLong: "Random weights: shapes and counts are right, maps and predictions are noise.", OpenTrained: "Open the trained %s", GetWeights: "Get weights",
	HadToAnswer: "The network had to answer with one of its %s classes.", NotSure: "Not sure.", KnowsDrawings: "This small network was trained on drawings. On a photograph its early maps can be trusted, its answer cannot.",
	TookMS: "%d ms", Image: "image", Head: "head",
	Forms: map[arch.Form]string{
		arch.AsPaper: "The paper's form.", arch.AsWeights: "The form of the public weights, which differs from the paper.", arch.AsBoth: "",
		arch.AsVariant: "A variation for comparison.", arch.AsMiniature: "A miniature: the family's idea in a small network, trained by the project on composed drawings.",
	},
	FormNotes: map[string]string{
		"alexnet":         "Public weights: one tower of 64, 192, 384, 256, 256 filters, no groups, no normalisation. The paper has 96, 256, 384, 384, 256 in two groups.",
		"alexnet_paper":   "Paper: two groups in conv2, conv4 and conv5, local response normalisation. The text says 224×224; the arithmetic needs 227.",
		"googlenet":       "Public weights: batch normalisation instead of biases, and 3×3 kernels where the paper has 5×5.",
		"googlenet_paper": "Paper: true 5×5 branches, biases, local response normalisation.",
		"resnet50":        "Public weights stride in the 3×3 of a stage's first block (v1.5); the paper strides in the 1×1 before it.",
		"resnet101":       "Public weights stride in the 3×3 of a stage's first block (v1.5); the paper strides in the 1×1 before it.",
		"resnet152":       "Public weights stride in the 3×3 of a stage's first block (v1.5); the paper strides in the 1×1 before it.",
		"lenet5":          "As it is taught: C3 reads all maps, plain pools, dense output. The paper's form is a variant.",
		"lenet5_paper":    "Paper: C3 reads some of the maps, sub-sampling has coefficients, the output compares with drawn digits.",
	},

	Top1: "Top-1, ImageNet", FamilyNote: "Silhouettes: one bar per layer; height follows the map's size, width the channels, colour the operation. Parameters and multiply–adds are computed by the engine at each network's own input size. Top-1: single-crop validation accuracy of torchvision's first weights; MobileNet from its paper.",
	Quiet: "%d quiet years", TrainImages: "1.28 million", TrainImagesLabel: "ImageNet (ILSVRC) training pictures", ValImagesLabel: "pictures to measure with", ClassesLabel: "classes, %d of them animals",
	Ideas: map[string]ideaText{
		"lenet":        {"Convolution → pooling → dense", "feature maps", "Filters make maps, pooling shrinks them, dense layers answer."},
		"alexnet":      {"ReLU instead of tanh", "ReLU", "An activation that does not saturate trains deep networks several times faster."},
		"vgg":          {"Small 3×3 kernels, stacked", "3×3 stacks", "Two 3×3 layers see as far as one 5×5, with fewer weights and one more non-linear step."},
		"inception":    {"1×1 bottleneck", "1×1 first", "Reduce the channels before the expensive filter."},
		"resnet":       {"Skip connection", "H(x) = F(x) + x", "A block learns the difference and passes its input on unchanged."},
		"mobilenet":    {"Depthwise separable", "1 filter / channel", "One filter per channel, then a 1×1 to mix them."},
		"densenet":     {"Every layer reads all before", "keep every map", "Every layer reads all maps before it."},
		"branches":     {"Branches joined by concat", "inception module", "Filters of several sizes work side by side; their maps are put one behind the other."},
		"efficientnet": {"Gates and compound scaling", "d × w × r", "Depth, width and resolution grow together; squeeze-and-excitation gates weigh the channels."},
	},
	Depths: []string{"edges, colours", "textures", "patterns", "parts", "objects"},
	Count:  "Count", CostOfMid: "Parameters against middle channels: the bottleneck is cheaper below %s.", ModuleTotals: "%s: %s weights with reductions, %s without", WithReduction: "with reduction", WithoutReduction: "without", Saved: "saved",
	BoxIn: "input", BoxMid: "middle", BoxOut: "output", SqueezeFirst: "1×1 first, then %s", VolumeScale: "All volumes are drawn to one scale: faces show the size of the map, thickness the number of channels.",
	InDepth: "Input channels", MidDepth: "Middle channels", OutDepth: "Output channels", KernelSize: "Kernel", MapSize: "Map", Biases: "Biases", With: "with", Without: "without", BreakEven: "Break-even", SavesUpTo: "Up to %d middle channels save parameters.", Direct: "Direct", Bottleneck: "Bottleneck",
	WorkAndMemory: "On a %d×%d map: %s against %s multiply–adds, %s against %s stored values.",
	Saves:         "Bottleneck: %s%% fewer %s.", CostsMore: "Bottleneck: %s%% more %s.", Products: "Weights", Form: "Form", OfDirect: "of direct", MapValues: "Stored values", LadderNote: "All forms take the same input to an output of the same size. None computes the same function.",
	FormNames:     map[string]string{"direct": "direct", "bottleneck": "1×1 bottleneck", "grouped": "%d groups", "asymmetric": "1×%d then %d×1, %d between", "sandwich": "1×1, %d×%d, 1×1 with %d", "separable": "depthwise separable"},
	LimitPictures: "Pictures", LimitFile: "File size", LimitPixels: "Pixels", LimitSide: "Longest side", LimitScans: "Scans of a JPEG", LimitTime: "Time to open", LimitRuns: "Runs", LimitSession: "Per visitor: running + waiting", LimitQueue: "Waiting runs in all", LimitRunTime: "Time of one run", LimitMACs: "Multiply–adds of one run",
	PerStage: "%s of %s, stage by stage", Stage: "stage", Histogram: "Values of the selected layer", HistogramAlt: "How often each value occurs among the outputs of %s; %d values in all.", ValueAxis: "value", CountAxis: "how many", Gradients: "Gradients on the way back", GradientsAlt: "Untrained, seed %d: the gradient that reaches the output of each layer, on a log scale, the first layer at the left.", FirstLayer: "first layer", LastLayer: "last layer", GradientNorm: "gradient norm", LogAxis: "log scale", WhereParams: "Where the parameters live", Network: "network", ConvLayers: "convolutions", DenseLayers: "dense layers", OtherLayers: "the rest",
	Filter: "filter %d", ParamsCount: "%s params",
	OverviewAlt: "%s in %d stages, %d layers with weights on the longest path; one bar per layer.",
	Legend:      map[view.Op]string{view.OpConv: "conv", view.OpPointwise: "1×1", view.OpDepthwise: "depthwise", view.OpPool: "pool", view.OpAdd: "skip", view.OpConcat: "concat", view.OpDense: "dense"},
	BlockTitle:  "Block %s, %s", BlockAlt: "%s: %d layers from %s to %s.", GroupTitle: "%d further layers", FromInputs: "from %s", AlsoReceives: "also receives %s", OpenOnPhone: "Open on your phone", Handout: "Handout to print", Browse: "browse",
	BlockKinds: map[diagram.BlockKind]string{
		diagram.BlockInput: "the picture", diagram.BlockChain: "one layer after the other", diagram.BlockResidual: "residual", diagram.BlockBottleneck: "residual bottleneck", diagram.BlockInverted: "inverted residual", diagram.BlockSeparable: "depthwise separable",
		diagram.BlockInception: "inception module", diagram.BlockDenseLayer: "dense layer of a dense block", diagram.BlockTransition: "transition", diagram.BlockHead: "from maps to classes", diagram.BlockGraph: "graph",
	},
	GradCAM: "Grad-CAM", CAMAlt: "Where %s looks for “%s”: hotter places speak for it.", ExplainClass: "Explain",
	StageKinds:  map[diagram.StageKind]string{diagram.StageInput: "image", diagram.StageStem: "stem", diagram.StageHead: "head"},
	Trained:     map[arch.Labels]string{arch.ImageNet: "trained on ImageNet", arch.Digits: "trained on MNIST", arch.CIFAR10: "trained on CIFAR-10", arch.Drawings: "trained on drawings"},
	CardCommand: "Command", TrainedPictures: "%s pictures", WeightsKept: "Your own: explorer weights import MODEL FILE checks them against the architecture and keeps them in the data folder.", CardExamples: "Training pictures", CardTime: "Training time", CardSplit: "%s among the first three, of %s pictures", CardNotSure: "“Not sure” below", CardSure: "above it %s are right; %s of the answers reach it", CardLimit: "Limit",
	NotThat:     "Not that: the right number is",
	SurgeryNote: "Scale what a branch adds, or cut it. Only what lies downstream changes.", SkipScale: "α in x + α·F(x)", BranchScale: "Scale of this branch", MuteChannel: "Mute channel %d", UnmuteChannel: "Unmute channel %d",
	YourPicture: "Your picture", YourDrawing: "Your drawing", HintPhone: "On the phone, choose “Most compatible” in the camera settings, or take a screenshot.", HintExport: "Export it as PNG first.", ToHome: "To the first page",
	Errors: map[string]message{
		"internal":           {"Something broke here", "The server made a mistake. Your picture and your place are unchanged.", "Try again; if it stays, tell whoever runs this server the number below."},
		"bad_size":           {"No network runs at that size", fmt.Sprintf("An input of {arg}×{arg} pixels does not work here. Nothing has changed. Choose a multiple of %d, from %[1]d to %d, that is large enough for the network.", engine.SizeStep, engine.MaxSize), ""},
		"bad_request":        {"That address makes no sense", "The part “{arg}” of the address has a value that cannot be. Nothing has changed.", ""},
		"unknown_id":         {"There is nothing here", "The page or picture does not exist, or its time is up.", ""},
		"method":             {"That is not possible here", "This address does not take that kind of request.", ""},
		"no_layer":           {"No such layer", "This network has no layer “{arg}”.", "The list of layers shows what there is."},
		"no_channel":         {"No such channel", "The layer has no channel {arg}.", ""},
		"no_pixel":           {"No such pixel", "The map has no pixel at {arg}.", ""},
		"weights_missing":    {"Those weights are not here", "There are no such weights of {arg} on this server.", "The Models page shows what is installed."},
		"empty_file":         {"The file is empty", "There is nothing in that file. Your picture is unchanged.", ""},
		"unsupported_type":   {"Not a picture we can read", "PNG, JPEG, GIF and WebP work. Your picture is unchanged.", ""},
		"incomplete_image":   {"The picture is cut off", "The file ends too early. Your picture is unchanged.", "Save or send it again."},
		"broken_image":       {"The picture is damaged", "The file cannot be read. Your picture is unchanged.", ""},
		"too_many_pixels":    {"Too many pixels", "{w}×{h} is {mp} million pixels; the limit is {limitmp} million and {side} per side. Your picture is unchanged.", ""},
		"too_many_scans":     {"Too many scans", "This JPEG has {n} scans, the limit is {limit}. Your picture is unchanged.", "Save it again as an ordinary JPEG."},
		"unsupported_jpeg":   {"Unusual JPEG", "This kind of JPEG is not supported. Your picture is unchanged.", "Save it again as an ordinary JPEG."},
		"animated_webp":      {"Animated WebP", "Animated WebP is not supported. Your picture is unchanged.", "Use one frame."},
		"decode_timeout":     {"Too slow to open", "The picture took longer than {seconds} seconds to open. Your picture is unchanged.", ""},
		"too_large":          {"The file is too large", "The limit is {size}. Your picture is unchanged.", ""},
		"bad_drawing":        {"That is not a drawing", "The drawing contains points outside the canvas. Your drawing is unchanged.", ""},
		"quota":              {"Your space is used up", "You have stored as many pictures as a visitor may. Nothing was stored.", "Delete one, or wait until the old ones expire."},
		"too_many_yours":     {"One thing at a time", "You already have as many runs going and waiting as one visitor may.", "Close a tab or wait a moment."},
		"server_busy":        {"The server is full", "Too many runs are waiting. Nothing is lost.", "The page tries again by itself."},
		"restarting":         {"The server is restarting", "It will be back in a moment. Nothing is lost.", ""},
		"run_timeout":        {"The run took too long", "The network needed longer than this server allows.", "A smaller network or input works."},
		"run_failed":         {"The run failed", "The network could not be computed. Your picture is unchanged.", ""},
		"over_budget":        {"Too much work", "This run would need more work than this server allows.", "A smaller network or input works."},
		"storage_full":       {"No space left", "The server cannot store pictures now. Samples still work.", ""},
		"image_not_computed": {"Not computed yet", "The run has not reached this layer.", ""},
	},
}
