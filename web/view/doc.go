// Package view renders Stride's pages: templ components and the view models they take.
//
// A page is a plain struct, such as HomePage or ArchPage, that a handler fills with strings, numbers and URLs. The package
// computes nothing about networks and imports neither the engine nor the pictures; it knows how things look, how they are
// named to a screen reader, and what works without JavaScript. Words that belong to the interface come from web/i18n by the
// page's language; words that belong to the data (a layer's name, a class label) come in the models, already translated.
//
// Every page has a component of the same name: HomePage is drawn by Home(p), ArchPage by Arch(p) and so on, each a whole
// document inside Layout. There are no inline styles or scripts: sizes and positions that depend on data are SVG attributes.
//
// Start reading at models.go (what all pages share), then models_arch.go and arch.templ. gallery.go draws every page and
// part in every state from fixtures.
package view
