package drawings

import (
	"fmt"
	"strings"
)

// Licence says under which terms a style's drawings are used, for notices and model cards.
type Licence struct {
	Style   Style
	Title   string // what the drawings are called
	Holder  string // who must be named
	Licence string // SPDX identifier
	URL     string // where the licence can be read
	Package string // npm package and version that carried them
	Note    string // what else must be said
}

// Licences returns the terms of every style, in the order of [AllStyles].
func Licences() []Licence {
	ls := []Licence{
		{Style: Noto, Title: "Noto Emoji", Holder: "Google LLC", Licence: "Apache-2.0",
			URL:  "https://www.apache.org/licenses/LICENSE-2.0",
			Note: "The package's own code and tables are under the MIT licence, Copyright (c) 2013 Cal Henderson."},
		{Style: Fluent, Title: "Fluent Emoji", Holder: "Copyright (c) Microsoft Corporation; packaged by LobeHub, Copyright (c) 2023 LobeHub", Licence: "MIT",
			URL:  "https://github.com/microsoft/fluentui-emoji/blob/main/LICENSE",
			Note: "Only drawings that are part of Microsoft's own release are used."},
		{Style: Twemoji, Title: "Twemoji", Holder: "Twitter, Inc and other contributors", Licence: "CC-BY-4.0",
			URL:  "https://creativecommons.org/licenses/by/4.0/",
			Note: "Changed: resized, recoloured, placed on backgrounds. The package's own code and tables are under the MIT licence, Copyright (c) 2013 Cal Henderson."},
		{Style: OpenMoji, Title: "OpenMoji", Holder: "OpenMoji, the open-source emoji and icon project of HfG Schwäbisch Gmünd", Licence: "CC-BY-SA-4.0",
			URL:  "https://creativecommons.org/licenses/by-sa/4.0/",
			Note: "For measuring only: no network is trained on these drawings and none is shipped."},
	}
	for i := range ls {
		ls[i].Package = sources[ls[i].Style].npm
	}
	return ls
}

// Notice returns the text that must go with pictures made from the training styles.
func Notice() string {
	var b strings.Builder
	b.WriteString("Composed pictures of emoji drawings of the following works are shipped as samples and were used to train networks.\n" +
		"Each drawing was resized, turned, recoloured and placed on a background.\n")
	for _, l := range Licences() {
		if l.Style == OpenMoji {
			continue // not shipped
		}
		fmt.Fprintf(&b, "\n%s\n  %s\n  Licence: %s, %s\n  Taken from the npm package %s\n  %s\n", l.Title, l.Holder, l.Licence, l.URL, l.Package, l.Note)
	}
	b.WriteString(mitText)
	return b.String()
}

// mitText is the permission that copies of Fluent Emoji must carry.
const mitText = `
The MIT licence of Fluent Emoji:

  Copyright (c) Microsoft Corporation.

  Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
  documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
  rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
  persons to whom the Software is furnished to do so, subject to the following conditions:

  The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
  Software.

  THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
  WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
  COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
  OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`
