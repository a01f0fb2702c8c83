package web

import (
	"strings"

	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/input"
	"stride/internal/viz"
	"stride/internal/viz/diagram"
	"stride/web/i18n"
	"stride/web/view"
)

// words are the texts that handlers put into view models, in one language. Texts with a % take values in that order. The
// interface's own words are web/i18n's; a test fails when one of either is missing.
type words struct {
	// Numbers of a network and its layers.
	Params, MACs, Depth, Output, Field, WithAux, NoParams, NotCounted, WholePicture, DepthwiseConv, Groups, StrideOf, PaddingOf, DilationOf, PaperAgainst string
	// Kinds are what an op is called in a sentence.
	Kinds map[nn.Kind]string
	// The inspector.
	WithoutGates, LargerMaps, ForLooking, CAMLayer, Edited, Pending, Stopped, Channel, Place, MapAlt, Sees, Channels, Shown, ShowAll, Silent, Clip, Sort, Scale, Colours, Values, StripLabel string
	Scopes                                                                                                                                                                                   map[viz.Scope]string
	Orders                                                                                                                                                                                   map[viz.Order]string
	Mean, Std, Range, Zeros                                                                                                                                                                  string
	// How a value was made.
	HowMade, InputChannel, InputOf, InputShort, OthersTogether, InputValue, Weight, Patch, Kernel, Window, Neighbours, SumTitle, SoftmaxNote string
	// The page of an architecture.
	AsTable, UntrainedBadge, UntrainedTitle, UntrainedLong, OpenTrained, GetWeights string
	HadToAnswer, NotSure, KnowsDrawings, TookMS, Image, Head                        string
	Forms                                                                           map[arch.Form]string
	FormNotes                                                                       map[string]string
	// The diagram.
	OverviewAlt, BlockTitle, BlockAlt, GroupTitle, FromInputs, AlsoReceives, OpenOnPhone, Handout, Browse string
	BlockKinds                                                                                            map[diagram.BlockKind]string
	StageKinds                                                                                            map[diagram.StageKind]string
	// Weights.
	Trained                                                                                                        map[arch.Labels]string
	CardCommand, TrainedPictures, WeightsKept, CardExamples, CardTime, CardSplit, CardNotSure, CardSure, CardLimit string
	Legend                                                                                                         map[view.Op]string
	// Grad-CAM.
	GradCAM, CAMAlt, ExplainClass string
	// Charts.
	PerStage, Stage, Histogram, HistogramAlt, ValueAxis, CountAxis, Gradients, GradientsAlt, FirstLayer, LastLayer, GradientNorm, LogAxis, WhereParams, Network, ConvLayers, DenseLayers, OtherLayers string
	// The digit networks.
	Filter, ParamsCount string
	// Lessons.
	LessonAbout, NotThat, OpenNetwork, OtherSize string
	// The graph.
	ZoomLevels         []string // by zoom level
	StageTitle, StageN string
	// The list of classes.
	Kind       string
	ClassKinds map[string]string
	// The family page.
	Top1, FamilyNote, Quiet, TrainImages, TrainImagesLabel, ValImagesLabel, ClassesLabel string
	Ideas                                                                                map[string]ideaText
	Depths                                                                               []string
	// The bottleneck lab.
	Count, CostOfMid, ModuleTotals, WithReduction, WithoutReduction, Saved                                                           string
	BoxIn, BoxMid, BoxOut, SqueezeFirst, VolumeScale                                                                                 string
	InDepth, MidDepth, OutDepth, KernelSize, MapSize, Biases, With, Without, BreakEven, SavesUpTo, Direct, Bottleneck, WorkAndMemory string
	Saves, CostsMore, Form, Products, OfDirect, MapValues, LadderNote                                                                string
	FormNames                                                                                                                        map[string]string
	// Its layer that exists.
	RealControls, RealReset, RealLayer, RealAbout, RealOriginal, RealRank, RealDifference, RealScale, RealAsContract string
	RealMapError, RealWeightError, RealAbove, RealBelow, RealError, RealErrorAlt, RealMapLine, RealWeightsLine       string
	// The limits page.
	LimitPictures, LimitFile, LimitPixels, LimitSide, LimitScans, LimitTime, LimitRuns, LimitSession, LimitQueue, LimitRunTime, LimitMACs string
	// Surgery.
	SurgeryNote, SkipScale, BranchScale, MuteChannel, UnmuteChannel string
	// Pictures and errors.
	YourPicture, YourDrawing, HintPhone, HintExport, ToHome string
	Errors                                                  map[string]message
}

// ideaText is an idea's name, its mark on the line, and one sentence.
type ideaText struct{ name, label, title string }

func wordsOf(l i18n.Lang) *words {
	if l == i18n.Korean {
		return &koreanWords
	}
	return &englishWords
}

// message is the text of an error: what happened, and what to do.
type message struct{ title, what, hint string }

// fill puts the numbers of a picture's error into its message.
func (m message) fill(l i18n.Lang, e *input.Error) message {
	r := strings.NewReplacer("{w}", i18n.Int(int64(e.Width)), "{h}", i18n.Int(int64(e.Height)), "{n}", i18n.Int(int64(e.Got)), "{limit}", i18n.Int(int64(e.Limit)),
		"{mp}", i18n.Int(int64(e.Width)*int64(e.Height)/1e6), "{limitmp}", i18n.Int(e.Limit/1e6), "{side}", i18n.Int(int64(e.SideLimit)), "{seconds}", i18n.Int(e.Limit/1e3), "{size}", i18n.Bytes(e.Limit))
	m.what = r.Replace(m.what)
	switch e.Hint {
	case input.HintPhone:
		m.hint = wordsOf(l).HintPhone
	case input.HintExport:
		m.hint = wordsOf(l).HintExport
	}
	return m
}
