package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"stride/internal/drawings"
	"stride/internal/nn/arch"
	"stride/internal/nn/model"
	"stride/internal/nn/train"
	"stride/internal/nn/train/mnist"
	"stride/internal/nn/weights"
)

// lenetRecipe is the recorded recipe of the digit networks.
var lenetRecipe = train.Recipe{Epochs: 15, Batch: 64, Optimizer: train.AdamW, Rate: 2e-3, Warmup: 300, Decay: 0.01, Smoothing: 0.02, Seed: 1}

// drawingsRecipe is the recorded recipe of the miniatures, the same for all: most epochs on pictures of half the size, which
// cost a quarter.
var drawingsRecipe = train.Recipe{Epochs: 4, Batch: 32, Optimizer: train.Muon, Rate: 0.01, Warmup: 300, Linear: true, Decay: 0.05, FirstDecay: 0.75, Smoothing: 0.1,
	AuxWeight: 0.3, ZeroResidual: true, Stages: []train.Stage{{Epochs: 3, Side: 32}}, Seed: 1}

// deepRecipe is that of the deep residual and plain pair, which is there for its learning curves.
func deepRecipe() train.Recipe {
	r := drawingsRecipe
	r.Epochs, r.Stages = 2, []train.Stage{{Epochs: 1, Side: 32}}
	return r
}

// isDeep tells the pair by the depth in its names.
func isDeep(ar *arch.Arch) bool { return strings.HasSuffix(ar.Name, "31") }

// shift is how far a training picture may move, in pixels.
const shift = 4

// split is one part of the test pictures.
type split struct {
	name  string // as in the model card: "noto/clean"
	data  train.Dataset
	known bool // pictures like these were in training
	judge bool // confusion, calibration and the "not sure" threshold come from these
}

// photo is a sample photograph to try; class is −1 when it shows none of the classes.
type photo struct {
	name, file string
	class      int
}

// course is what an architecture is trained and measured on.
type course struct {
	train train.Dataset
	tests []split
	// watch is measured after every epoch, for the curve.
	watch     train.Dataset
	trainedOn string
	source    string
	licence   string
	notice    []model.CardWork
	recipe    train.Recipe
	dtype     weights.DType
	// sure is the share of right answers among those that do not count as "not sure".
	sure   float64
	photos []photo
	limits map[string][]string
}

// courseFor finds the data and recipe of an architecture.
func courseFor(a *app, ar *arch.Arch, dir string) (*course, error) {
	switch ar.Labels {
	case arch.Digits:
		return digitCourse(dir)
	case arch.Drawings:
		return drawingCourse(a, ar, dir)
	}
	return nil, usagef("%s cannot be trained here: there is no open data set for its classes", ar.Name)
}

func digitCourse(dir string) (*course, error) {
	tr, te, err := mnist.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("%w; --from names the folder of the four files", err)
	}
	return &course{train: tr, tests: []split{{"test", te, true, true}}, watch: te, recipe: lenetRecipe, dtype: weights.F32, sure: 0.999, limits: digitLimits,
		notice:    []model.CardWork{{Title: "MNIST", Holder: "Yann LeCun, Corinna Cortes, Christopher J.C. Burges", Licence: "CC-BY-SA-3.0", URL: "https://creativecommons.org/licenses/by-sa/3.0/"}},
		trainedOn: fmt.Sprintf("MNIST (%d handwritten digits)", tr.Len()),
		source:    "trained by the project on MNIST (LeCun, Cortes, Burges)",
		licence:   "Apache-2.0 (weights); MNIST: CC BY-SA 3.0"}, nil
}

// drawingCourse composes the pictures, or reads them from the folder where an earlier run left them.
func drawingCourse(a *app, ar *arch.Arch, dir string) (*course, error) {
	if dir == "" {
		var err error
		if dir, err = drawings.DefaultDir(); err != nil {
			return nil, fmt.Errorf("%w; --from names one", err)
		}
	}
	co := &course{recipe: drawingsRecipe, dtype: weights.F16, sure: 0.99, limits: drawingLimits}
	switch {
	case isDeep(ar):
		co.recipe = deepRecipe()
	case ar.Family == "alexnet": // its dense layers learn places, which smaller pictures do not have
		co.recipe.Stages = nil
	}
	var titles, terms []string
	tr, watch := newPictures(ar), newPictures(ar)
	tr.Mirror, tr.Shift = true, shift
	for _, l := range drawings.Licences() {
		known := l.Style != drawings.OpenMoji
		if known {
			co.notice = append(co.notice, model.CardWork{Title: l.Title, Holder: l.Holder, Licence: l.Licence, URL: l.URL, Note: l.Note})
			titles, terms = append(titles, l.Title), append(terms, fmt.Sprintf("%s: %s", l.Title, l.Licence))
			if err := addPool(a, tr, dir, drawings.TrainSpec(l.Style)); err != nil {
				return nil, err
			}
		}
		for i, spec := range []drawings.Spec{drawings.CleanSpec(l.Style), drawings.MixedSpec(l.Style)} {
			kind, te := []string{"clean", "mixed"}[i], newPictures(ar)
			if err := addPool(a, te, dir, spec); err != nil {
				return nil, err
			}
			co.tests = append(co.tests, split{string(l.Style) + "/" + kind, te, known, known && kind == "clean"})
			if known && kind == "clean" {
				watch.Append(te)
			}
		}
	}
	co.train, co.watch, co.photos = tr, watch, samplePhotos()
	co.trainedOn = fmt.Sprintf("%d composed drawings of %d everyday things", tr.Len(), len(drawings.Classes()))
	co.source = "trained by the project on pictures composed from " + strings.Join(titles, ", ")
	co.licence = "Apache-2.0 (weights); drawings: " + strings.Join(terms, ", ")
	return co, nil
}

func newPictures(ar *arch.Arch) *train.Pictures {
	p := model.DefaultPreprocess(ar)
	return train.NewPictures(drawings.Size, p.Mean, p.Std)
}

// addPool reads one pool, or renders it, for which the drawings are fetched.
func addPool(a *app, p *train.Pictures, dir string, spec drawings.Spec) error {
	if _, err := os.Stat(drawings.PoolFile(dir, spec)); errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(a.log, "composing %s (%d pictures)\n", spec.Name, spec.N)
		if err := drawings.Fetch(a.ctx, dir, spec.Styles, func(s string) { fmt.Fprintln(a.log, s) }); err != nil {
			return err
		}
	}
	pool, err := drawings.CachedPool(a.ctx, dir, spec, 0, nil)
	if err != nil {
		return err
	}
	p.Add(pool.Images, pool.Labels)
	return nil
}

// samplePhotos pairs the sample photographs with the classes of the drawings.
func samplePhotos() []photo {
	label := map[string]int{}
	for i, c := range drawings.Classes() {
		label[c.ID] = i
	}
	var l []photo
	for _, p := range [...]struct{ name, class string }{
		{"cat", "cat"}, {"coffee", "cup"}, {"rocket", "rocket"}, {"coins", "coin-or-medal"}, {"camera", "camera"}, {"galaxies", ""},
	} {
		class, ok := label[p.class]
		if !ok {
			class = -1
		}
		l = append(l, photo{p.name, "samples/photos/" + p.name + ".jpg", class})
	}
	return l
}

// What the cards say about limits.
var (
	drawingLimits = map[string][]string{
		"en": {
			"It knows drawings, not photographs: on photographs its answers are mostly wrong. Its feature maps can be read all the same.",
			"The test pictures of the known styles show the same drawings as in training, on other backgrounds, turned, lit and coloured otherwise. OpenMoji, a style that it has never seen, tells what it knows of the things themselves.",
			"Every picture shows one of 36 things; to anything else it gives one of these names.",
			"A class with three or four drawings (cup, rocket, cow, airplane) is these drawings rather than the thing.",
		},
		"ko": {
			"이 네트워크는 사진이 아니라 그림을 배웠습니다. 사진에 대한 답은 대부분 틀립니다. 그래도 특징 맵은 읽을 수 있습니다.",
			"배운 화풍의 시험 그림은 학습 때와 같은 그림을 다른 배경에 놓고 각도와 빛과 색을 바꾼 것입니다. 한 번도 보지 못한 화풍인 OpenMoji의 결과가 사물 자체를 얼마나 아는지 알려 줍니다.",
			"모든 그림은 36가지 사물 가운데 하나를 보여 줍니다. 그 밖의 것에도 이 이름 가운데 하나로 답합니다.",
			"그림이 서너 개뿐인 클래스(컵, 로켓, 소, 비행기)는 사물이라기보다 그 그림들을 외운 것입니다.",
		},
	}
	digitLimits = map[string][]string{
		"en": {
			"It knows single digits from 0 to 9, white on black after preparation, centred and of MNIST's size. To anything else it gives a digit too.",
			"The digits were written by American census workers and students; a 1 with an upstroke or a crossed 7 is rarer there than in Europe.",
		},
		"ko": {
			"0부터 9까지 한 자리 숫자만 압니다. 숫자는 전처리를 거쳐 검은 바탕의 흰 글씨로, 가운데에 MNIST 크기로 놓입니다. 다른 것에도 숫자로 답합니다.",
			"숫자는 미국 인구조사국 직원과 학생들이 썼습니다. 위로 삐친 1이나 가로줄을 그은 7은 유럽보다 드뭅니다.",
		},
	}
)
