package view

import "strings"

func (g GalleryLook) imagePage() ImagePage {
	p := ImagePage{Page: g.page(g.say("Choose an image", "이미지 고르기"), NavNone, "/image"), Picker: g.picker(), Limits: g.say("JPEG, PNG, WebP and GIF, up to 16 MB.", "JPEG, PNG, WebP, GIF, 16 MB까지."), Keeping: g.say("On this machine, for two hours.", "이 컴퓨터에 두 시간 동안 보관합니다.")}
	p.Picker.Notice = &Notice{Tone: ToneError, Title: g.say("That file is not an image we can read.", "읽을 수 없는 파일입니다."), Text: g.say("JPEG, PNG, WebP and GIF work, up to 16 MB. The cat is still current.", "JPEG, PNG, WebP, GIF를 16 MB까지 올릴 수 있습니다. 현재 이미지는 고양이 그대로입니다.")}
	p.Crops = []Crop{{URL: g.photo("moto"), W: 300, H: 200, Kept: Rect{1.0 / 6, 0, 2.0 / 3, 1}, Caption: g.say("224×224 from the centre", "가운데 224×224"), SeenURL: g.photo("moto")}}
	p.Delete = &Action{Label: p.T().Picture.Delete, URL: "/en/image/delete", Method: "post", Icon: IconTrash2}
	return p
}

func (g GalleryLook) errorPage() ErrorPage {
	p := ErrorPage{Page: g.page("404", NavNone, "/x"), Status: 404}
	t := p.T()
	p.Heading, p.Text, p.Detail = t.Errors.NotFound, t.Errors.NotFoundText, format(t.Errors.Incident, "7f3a")
	p.Actions = []Action{{Label: t.Errors.Home, URL: p.URL("/"), Primary: true}}
	return p
}

func (g GalleryLook) limitsPage() LimitsPage {
	return LimitsPage{Page: g.page(g.say("Limits", "제한"), NavNone, "/limits"), Groups: []LimitGroup{{g.say("Pictures", "사진"), []Fact{{Label: g.say("File size", "파일 크기"), Value: "16 MB"}, {Label: g.say("Pixels", "픽셀"), Value: "40 M"}}}}}
}

func (g GalleryLook) learnPage() LearnPage {
	p := LearnPage{Page: g.page(g.say("Learn", "배우기"), NavNone, "/learn")}
	p.KeyLists = KeyLists(p.Page)
	other := "ko"
	if g.Lang.Tag() == "ko" {
		other = "en"
	}
	p.Terms = []TermRow{{ID: "bottleneck", Term: g.say("bottleneck", "병목"), Other: g.say("병목", "bottleneck"), OtherLang: other, Definition: T(g.say("A 1×1 convolution that lowers the number of channels before a costly kernel.", "비싼 커널 앞에서 채널 수를 줄이는 1×1 합성곱.")), Avoid: g.say("compression", "압축")}}
	p.Refs = []RefRow{{ID: "he2015", Authors: "K. He et al.", Title: "Deep residual learning for image recognition", Where: "CVPR", Year: "2016", URL: "https://arxiv.org/abs/1512.03385"}}
	return p
}

func (g GalleryLook) classesPage() ClassesPage {
	other := "ko"
	if g.Lang.Tag() == "ko" {
		other = "en"
	}
	return ClassesPage{
		Page: g.page(g.say("Classes", "클래스"), NavNone, "/learn/classes"), Action: "/en/learn/classes", Count: g.say("1,000 classes", "클래스 1,000개"),
		Kind: Select{Label: g.say("Kind", "종류"), Options: []Option{{Label: g.say("all", "전체"), URL: "?", Current: true}, {Label: g.say("animals", "동물"), URL: "?kind=animal"}}},
		Rows: []ClassRow{{"281", g.say("tabby cat", "얼룩 고양이"), g.say("얼룩 고양이", "tabby cat"), other, g.say("animal", "동물")}},
	}
}

func (g GalleryLook) presentPage() PresentPage {
	p := PresentPage{Page: g.page("ResNet-50", NavNone, "/c/7K2/present"), Network: "ResNet-50", StepText: g.say("Step 2 of 9", "9단계 중 2"), Following: format(i18nText(g).Present.Follow, "28"), Heading: g.say("Maps shrink, and one pixel sees more", "활성맵은 작아지고, 픽셀 하나는 더 넓게 본다")}
	p.Present, p.Bare = true, true
	p.Stages = []PresentStage{{Photo: g.photo("cat"), Size: 236, Name: g.say("image", "이미지"), Shape: "3×224²", URL: "?s=0"}}
	for i, s := range [][4]string{{"r50_c1", "edges", "모서리", "64×112²"}, {"r50_l1", "textures", "질감", "256×56²"}, {"r50_l2", "patterns", "무늬", "512×28²"}, {"r50_l3", "parts", "부분", "1024×14²"}, {"r50_l4", "objects", "물체", "2048×7²"}} {
		p.Stages = append(p.Stages, PresentStage{Tile: Tile{Sheet: g.sheet(s[0], 8, 2, 56)}, Size: 236 - 24*float64(i), Name: g.say(s[1], s[2]), Shape: s[3], Selected: i == 2, URL: "?s=1"})
	}
	for i := range 9 {
		p.Steps = append(p.Steps, LessonStep{Title: itoa(i + 1), URL: "?step=" + itoa(i+1), Done: i < 1})
	}
	p.Current, p.PrevURL, p.NextURL, p.EndURL = 1, "?step=1", "?step=3", "/en/a/resnet50"
	p.Code, p.Join, p.Address = g.qr(), p.T().Present.Join, "192.168.0.12:8080/c/7K2"
	return p
}

// qr is a pattern that looks like a code; the product's come from a library.
func (g GalleryLook) qr() *QR {
	q := &QR{Label: g.say("Address as a code", "주소 코드")}
	for y := range 21 {
		row := make([]bool, 21)
		for x := range row {
			row[x] = (x*7+y*13+x*y)%3 == 0
		}
		q.Modules = append(q.Modules, row)
	}
	return q
}

func (g GalleryLook) printPage() PrintPage {
	lesson := g.lessonFixture()
	d := g.blockFixture()
	layers := g.layersPage()
	return PrintPage{
		Page: g.page(g.say("ResNet-50, handout", "ResNet-50, 유인물"), NavArchitectures, "/a/resnet50/print"), Heading: "ResNet-50", Facts: g.archBarFixture().Facts,
		Steps: []PrintStep{{Title: lesson.Heading, Blocks: lesson.Blocks, Diagram: &d, Code: g.qr()}}, Layers: layers.Groups, Columns: layers.Columns,
		Answers: []Fact{{Label: "1", Value: g.say("Its shortcut input", "지름길로 온 입력 그대로")}}, Code: g.qr(), Address: strings.TrimPrefix("/en/a/resnet50", "/"),
	}
}
