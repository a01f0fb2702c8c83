package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"stride/internal/nn/weights"
)

// Card is a model card (Mitchell et al. 2019, arXiv:1810.03993): what weights were trained on, how, and what they can and
// cannot do, measured. It lies beside the weights as <architecture>.<id>.card.json. Shares are 0…1.
type Card struct {
	Model     string `json:"model"`
	TrainedOn string `json:"trained_on"`
	Source    string `json:"source"`
	Licence   string `json:"licence"`
	// Notice are the works the training pictures were made from, with what their licences ask to be said.
	Notice []CardWork `json:"notice"`
	// Command repeats the training with Recipe, which is a train.Recipe; Kernel is the arithmetic it ran on.
	Command string          `json:"command"`
	Recipe  json.RawMessage `json:"recipe"`
	Kernel  string          `json:"kernel"`
	// Examples is the number of training pictures, Seconds the time of all steps together on Threads threads of a machine that
	// did other work too.
	Examples int     `json:"train_examples"`
	Seconds  float64 `json:"seconds"`
	Threads  int     `json:"threads"`

	Params int   `json:"parameters"`
	MACs   int64 `json:"macs"`

	Curve []CardEpoch `json:"curve"`
	// Losses are the training loss in steps of a fiftieth of the run, where they were recorded.
	Losses []CardLoss  `json:"losses,omitempty"`
	Splits []CardSplit `json:"splits"`
	// Confusion[true class][answer] counts the pictures of the splits named in ConfusionOf.
	Confusion   [][]int  `json:"confusion"`
	ConfusionOf []string `json:"confusion_of"`
	// Calibration sorts the pictures of the same splits by the probability of the answer.
	Calibration []CardBin `json:"calibration"`
	// NotSure is the probability below which an answer counts as "not sure": of the answers to pictures of ConfusionOf that reach
	// it, SureRight are right, and SureShare of all pictures reach it.
	NotSure   float64 `json:"not_sure_below"`
	SureRight float64 `json:"sure_right"`
	SureShare float64 `json:"sure_share"`
	// Photos are photographs tried: what a network that knows none says.
	Photos []CardPhoto `json:"photographs,omitempty"`
	// Limits are sentences by language.
	Limits map[string][]string `json:"limits"`
}

// CardWork is a work that training pictures were made from.
type CardWork struct {
	Title   string `json:"title"`
	Holder  string `json:"holder"`
	Licence string `json:"licence"`
	URL     string `json:"url"`
	Note    string `json:"note,omitempty"`
}

// CardEpoch is one point of the learning curve. Side is the height of the pictures of that epoch.
type CardEpoch struct {
	Epoch    int     `json:"epoch"`
	Side     int     `json:"side"`
	Loss     float64 `json:"loss"`
	Accuracy float64 `json:"test_accuracy"`
}

// CardLoss is the mean training loss of the steps since the entry before, up to Step.
type CardLoss struct {
	Step int     `json:"step"`
	At   float64 `json:"at"` // share of the run
	Loss float64 `json:"loss"`
}

// CardSplit is the result on one part of the test pictures.
type CardSplit struct {
	Name     string  `json:"name"`  // "noto/clean"
	Known    bool    `json:"known"` // drawings of this style were in training, on other backgrounds
	N        int     `json:"n"`
	Top1     float64 `json:"top1"`
	Top3     float64 `json:"top3"`
	Sure     float64 `json:"sure"`       // share of answers that are not "not sure"
	SureTop1 float64 `json:"sure_right"` // share of right ones among these
}

// CardBin is one bin of a reliability diagram: answers whose probability lies in From…To.
type CardBin struct {
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	N     int     `json:"n"`
	Mean  float64 `json:"mean_probability"`
	Right float64 `json:"right"`
}

// CardPhoto is the answer for one photograph.
type CardPhoto struct {
	Name string `json:"name"`
	// Class is the class index of what it shows, −1 when that is none of the classes.
	Class int         `json:"class"`
	Top   []CardGuess `json:"top"`
}

// CardGuess is one class with its probability.
type CardGuess struct {
	Class int     `json:"class"`
	Prob  float64 `json:"p"`
}

// Split finds a split by name.
func (c *Card) Split(name string) (CardSplit, bool) {
	for _, s := range c.Splits {
		if s.Name == name {
			return s, true
		}
	}
	return CardSplit{}, false
}

// Accuracy is the share of right answers over all splits that f accepts, weighted by their sizes; n is how many pictures those
// have.
func (c *Card) Accuracy(f func(CardSplit) bool) (top1 float64, n int) {
	for _, s := range c.Splits {
		if f(s) {
			top1, n = top1+s.Top1*float64(s.N), n+s.N
		}
	}
	return top1 / float64(max(n, 1)), n
}

const cardSuffix = ".card.json"

// Card reads the model card of an entry; nil when it has none.
func (c *Catalogue) Card(e Entry) (*Card, error) {
	name := strings.TrimSuffix(e.file, suffix) + cardSuffix
	var b []byte
	var err error
	if e.Status == weights.Installed {
		b, err = os.ReadFile(filepath.Join(c.dir, filepath.FromSlash(name)))
	} else {
		b, err = fs.ReadFile(c.embedded, name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	card := &Card{}
	if err := json.Unmarshal(b, card); err != nil {
		return nil, fmt.Errorf("the model card %s: %w", name, err)
	}
	return card, nil
}
