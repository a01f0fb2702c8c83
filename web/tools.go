package web

import "github.com/go-chi/chi/v5"

// toolRoutes are the calculator and the comparison, below a language.
func (s *Server) toolRoutes(r chi.Router) {
	r.Get("/calc", s.page(s.calc))
	r.Post("/calc", s.page(s.calc))
	r.Post("/calc/parse", s.page(s.calcParse))
	r.Get("/calc.csv", s.page(s.calcCSV))
	r.Get("/calc.json", s.page(s.calcJSON))
	r.Get("/calc.md", s.page(s.calcMarkdown))
	r.Get("/calc.py", s.page(s.calcPython))
	r.Get("/calc.{ext:png|svg}", s.page(s.calcPlate))
	r.Get("/compare", s.page(s.compare))
	r.Get("/compare.csv", s.page(s.compareCSV))
	r.Get("/compare/picture/{picture}.{ext:png|svg|csv}", s.page(s.comparePlate))
	r.Get("/compare/{a}/{b:[a-z0-9_]+}.csv", s.page(s.diffCSV))
	r.Get("/compare/{a}/{b}", s.page(s.compareDiff))
}
