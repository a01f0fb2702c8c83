package i18n

// Text is every word of the interface in one language. Fields that end in a verb such as %s take values through the method
// of the same meaning or through fmt; a comment says which.
type Text struct {
	Lang     Lang
	Chrome   Chrome
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

// Common is words that several pages use.
type Common struct {
	Params, ParamsLong, MACs, Top1, Depth, Weights, Field string
	StepOf, RowCol                                        string // numbers
	Share, CopyLink, Copied, Update, Back, Stop, Open     string
	CSV, JSON, Download, Data, Previous, NextItem         string
	Model, Details                                        string
	NextStep                                              string // the step's title
}

// Picture is the image picker and its page.
type Picture struct {
	Title, Lead, Upload, Camera, Take, Draw, UseFile, Samples, Yours string
	Drop, Accepts, Crop, CropLead, Delete, Keep, Kept, SampleNo      string
	CameraRefused                                                    string
}

// Home is the family page.
type Home struct {
	Title, Lead, Start, Open                                         string // Open: a network's name
	FamilyTitle, FamilyLead, CompareModels, Introduces, Uses, Passes string
	LabsTitle, WaysTitle                                             string
	Own, OwnText, OwnLink, AsIs, AsIsText, AsIsLink, Transfer        string
	TransferText, TransferLink, FactsTitle                           string
	Through                                                          string // label of the panel
}

// Arch is the architecture page.
type Arch struct {
	Variant, Lesson, Network, Result, Views, StepsLabel         string
	Overview, ListTitle, ListLead, Prediction, LayersTable      string
	Layer, Operation, ZoomIn, ZoomOut, Selected, Charts, Papers string
	Effect, Surgery, Reset, Changed, Before                     string
	Answers, NotesSay, SourceSays, TryIt                        string
	Zoom                                                        string
}

// Inspect is the inspector and the layer's own page.
type Inspect struct {
	Inspector, PreviousLayer, NextLayer, PreviousChannel, NextChannel, ChooseChannel string
	InputChannel, Terms, Row, Column, Go                                             string
	OpenPage, Values, Statistics                                                     string
	ClickMap, Declared                                                               string
}

// Question is the words around a question.
type Question struct{ Check, NoIdea, Right, Number, Predict, YourAnswer string }

// LeNet is the page with the drawing pad.
type LeNet struct {
	Title, Clear, Undo, Sample, PadHelp, PadLabel, Says, DrawHere, Samples, Stages, Filters string
}

// Lab is the template of the labs.
type Lab struct{ Title, Lead, Controls, Stage, BottleneckOf, Module, Lessons, Reset string }

// Compare is the comparison page.
type Compare struct {
	Title, Choose, ParamsLive, WorkHappens, SamePhoto, KeyIdea, WeightsSize, SortBy, AtMost string
}

// Calc is the calculator.
type Calc struct {
	Title, Lead, StartFrom, Layer, Settings, Output, Add, Paste, PasteRead, PasteNote, Shares, Totals string
	MoveUp, MoveDown, Delete, Undo, Unknown, More, EmptyTitle, Drag, Select, PasteLabel, RF           string
}

// Models is the page of weights.
type Models struct {
	Title, Lead, TrainedOn, Float32, Ready, Untrained, UntrainedText, Get, TryAgain, ChooseFile, Offline string
	Actions, Licence, Source, Digest                                                                     string
	BuiltIn                                                                                              string
}

// Learn is the glossary, the references and the keyboard.
type Learn struct {
	Title, Lead, Glossary, References, Keyboard, Avoid, Classes, ClassesLead, Search string
	LetterKeys                                                                       string
}

// Present is the presenter's screen.
type Present struct{ Step, Zoom, End, Join, Follow string }

// Keys is what the keys do.
type Keys struct {
	General, InMap, Calculator, PresentMode                                                    string
	Help, Layers, Pixel, Channels, ZoomInOut, Steps, Stage, GradCAM, Colour, Scale, Sort       string
	Find, Present, Theme, Language, MoveRow, DeleteRow, PresentStep, PresentZoom, PresentBlank string
}

// Errors is the error page and refusals.
type Errors struct {
	NotFound, NotFoundText, Home, Incident, Status string
}

// States is words of running work.
type States struct {
	Stage, Queue, Slow, RunFull, QuickLook, UntrainedNotice, Limits, LimitsLead string
	Pending                                                                     string
}

var texts = [...]Text{English: english, Korean: korean}

// For gives the catalogue of a language.
func For(l Lang) *Text { return &texts[l] }
