package i18n

// Text is every word of the interface in one language. Fields that end in a verb such as %s take values through the method
// of the same meaning or through fmt; a comment says which.
type Text struct {
	Lang     Lang
	Chrome   Chrome
	Ops      Ops
	Common   Common
	Picture  Picture
	Home     Home
	Arch     Arch
	Inspect  Inspect
	Question Question
	LeNet    LeNet
	Lab      Lab
	Compare  Compare
	Calc     Calc
	Models   Models
	Learn    Learn
	Present  Present
	Keys     Keys
	Errors   Errors
	States   States
}

// Chrome is the frame of every page.
type Chrome struct {
	Family, Architectures, Labs, Compare, Calculator, Models string // navigation
	MainNav, Skip, Menu, Close, Language, CurrentImage, Path string
	DarkTheme, LightTheme, Present                           string
	Local, Source, References, Keyboard, Limits, Gallery     string // footer
	Description                                              string // of the product, for link previews
}

// Ops names operations in the legend and in sentences.
type Ops struct {
	Input, Conv, Pointwise, Depthwise, Pool, MaxPool, AvgPool, GlobalPool, Norm, LRN string
	Activation, Add, Mul, Concat, Dense, Flatten, Dropout, Output, Softmax           string
	Skip                                                                             string
	ConvOf                                                                           string // kernel: "3×3 convolution"
	DepthwiseOf, PoolOf, AvgOf, GroupedOf                                            string // kernel; GroupedOf: kernel, groups
	Stride, Padding                                                                  string // number
	InnerProduct                                                                     string // inputs, outputs
}

// Common is words that several pages use.
type Common struct {
	Params, ParamsLong, MACs, MACsLong, Top1, Depth, Weights, Output, Field, Layers string
	ParamsCount, LayersCount, ChannelsCount, StepOf, Channel, RowCol                string // numbers
	Share, CopyLink, Copied, Update, Next, Back, Stop, Cancel, Save, Open, All      string
	CSV, JSON, Download, Data, Image, Print, Previous, NextItem, ShowAll, Of        string
	Model, Year, Yes, No, Loading, Details                                          string
	NextStep                                                                        string // the step's title
}

// Picture is the image picker and its page.
type Picture struct {
	Title, Lead, Upload, Camera, Take, Draw, Choose, UseFile, Samples, Yours string
	Drop, Accepts, Crop, CropLead, Delete, Keep, Kept, SampleNo              string
	CameraRefused                                                            string
}

// Home is the family page.
type Home struct {
	Title, Lead, Start, Open                                         string // Open: a network's name
	FamilyTitle, FamilyLead, CompareModels, Introduces, Uses, Passes string
	LabsTitle, WaysTitle                                             string
	Own, OwnText, OwnLink, AsIs, AsIsText, AsIsLink, Transfer        string
	TransferText, TransferLink, Figures, Idea, Network, FactsTitle   string
	Through                                                          string // label of the panel
}

// Arch is the architecture page.
type Arch struct {
	Variant, GradCAM, Lesson, Network, Result, Views, Block, StepsLabel     string
	Overview, Graph, ListTitle, ListLead, Prediction, Explain, LayersTable  string
	Layer, Operation, Total, ZoomIn, ZoomOut, Fit, Selected, Charts, Papers string
	StageNo, Paper, WithWeights, Effect, Surgery, Reset, Changed, Before    string
	PrintTitle, Answers, ThePicture, NoLesson, NotesSay, SourceSays, TryIt  string
	Terms, OpenLayer, Zoom                                                  string
}

// Inspect is the inspector and the layer's own page.
type Inspect struct {
	Inspector, PreviousLayer, NextLayer, PreviousChannel, NextChannel, ChooseChannel string
	HowMade, InputChannel, Terms, Sort, Scale, Colours, Row, Column, Go, Sees        string
	Strongest, Varied, Index, EachChannel, WholeLayer, WholeNet                      string
	Silent, OpenPage, Values, Map, Photo, ReceptiveField, Statistics, ColourScale    string
	Padding, Contribution, AllTerms, ClickMap, Declared, Signed                      string
}

// Question is the words around a question.
type Question struct{ Check, NoIdea, Right, NotQuite, Number, Predict, YourAnswer string }

// LeNet is the page with the drawing pad.
type LeNet struct {
	Title, Clear, Undo, Sample, PadHelp, PadLabel, Says, DrawHere, Samples, Stages, Filters, Nothing string
}

// Lab is the template of the labs.
type Lab struct{ Title, Lead, Controls, Stage, BottleneckOf, Module, Lessons, Reset string }

// Compare is the comparison page.
type Compare struct {
	Title, Lead, Choose, Cost, ParamsLive, WorkHappens, SamePhoto, KeyIdea, WeightsSize, SortBy, AtMost string
}

// Calc is the calculator.
type Calc struct {
	Title, Lead, StartFrom, Layer, Settings, Output, Add, Paste, PasteRead, PasteNote, Shares, Totals string
	MoveUp, MoveDown, Delete, Undo, Unknown, More, EmptyTitle, Drag, Select, PasteLabel, RF           string
}

// Models is the page of weights.
type Models struct {
	Title, Lead, TrainedOn, Float32, Ready, Untrained, UntrainedText, Get, TryAgain, ChooseFile, Offline string
	Published, House, Actions, Licence, Source, Digest                                                   string
	TrainedImageNet, BuiltIn                                                                             string
}

// Learn is the glossary, the references and the keyboard.
type Learn struct {
	Title, Lead, Glossary, References, Keyboard, Avoid, Classes, ClassesLead, Search, Count, Probability string
	LetterKeys                                                                                           string
}

// Present is the presenter's screen.
type Present struct{ Step, Zoom, End, Join, Follow, Blank string }

// Keys is what the keys do.
type Keys struct {
	General, InMap, Calculator, PresentMode                                                    string
	Help, Layers, Pixel, Channels, ZoomInOut, Steps, Stage, GradCAM, Colour, Scale, Sort       string
	Find, Present, Theme, Language, MoveRow, DeleteRow, PresentStep, PresentZoom, PresentBlank string
}

// Errors is the error page and refusals.
type Errors struct {
	NotFound, NotFoundText, Server, ServerText, Busy, BusyText, Home, Again, Incident, BadRequest, BadRequestText string
	Status                                                                                                        string
}

// States is words of running work.
type States struct {
	Stage, Queue, Computing, Done, Failed, Slow, RunFull, QuickLook, UntrainedNotice, Superseded, Limits, LimitsLead string
	Pending                                                                                                          string
}

var texts = [...]Text{English: english, Korean: korean}

// For gives the catalogue of a language.
func For(l Lang) *Text { return &texts[l] }
