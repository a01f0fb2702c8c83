// Package lessons loads the product's teaching texts and turns them into typed trees that a page can render with its own
// components. It checks them while loading: every directive resolves, every citation and glossary term exists, both
// languages have the same steps, and no number that code can derive is typed in prose.
//
// It knows no network, no picture and no URL: values and node paths come from a Resolver that the caller passes in, and
// links are left to the page. Start reading at Load, then Lesson; the format of a lesson file is described below.
//
// # A lesson file
//
// A file is front matter, then Markdown with one sentence per line. A "## " heading starts a step, the unit of the lesson
// column: one idea, one part of the diagram. Attributes in braces link the step to the diagram.
//
//	---
//	title: ResNet
//	summary: Learn the difference, not the whole.
//	order: 10
//	arch: resnet50
//	variants: resnet101, resnet152
//	needs: none
//	sources: he2015, ioffe2015
//	---
//	## Learn the difference {#residual focus=layer2.0 node=layer2.0.conv2 channel=26}
//	The block adds its input at {{ref node=layer2.0.add | the end}}.
//
// # Directives
//
// A directive is {{name flag key=value key="quoted value" | text}}. Inside a sentence:
//
//	{{number params}}  {{number macs node=conv1}}  {{number expr="params(fc)/params()" as=percent}}
//	                         a value from the Resolver or an expression over such values (see Quantity and the forms in format.go)
//	{{term bottleneck | text}}    a glossary entry
//	{{ref node=layer2.0.add | text}}   selects a part of the diagram
//	{{cite he2015 section=4.1}}   a reference; locators: section, table, figure, appendix
//	{{result he2015-plain34}}     a published figure, from the file of results
//	$F(x) + x$                    a formula in the TeX subset of math.go
//
// On a line of their own, without a body:
//
//	{{figure id=shares arch=vgg16 | caption}}   a figure that the Resolver knows
//	{{diagram from=conv1 to=conv2 | caption}}   a part of the graph
//	{{activation node=conv1 channel=3 | caption}}   a map of the current picture
//	{{lab bottleneck | text}}                   a link to a lab
//
// On a line of their own, with a body that {{end}} closes: {{eq}}, {{note}} and {{question}}; see equation.go, note.go and
// question.go.
package lessons
