package web

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"stride/web/static"
)

// routes is the whole URL map.
func (s *Server) routes() http.Handler {
	r := chi.NewRouter()
	r.Use(middleware.RequestID, s.secure, s.logged, s.recovered, s.hosts, http.NewCrossOriginProtection().Handler)
	r.NotFound(s.page(notFound))
	r.MethodNotAllowed(s.page(methodNotAllowed))

	r.Get("/", s.page(s.redirectHome))
	r.Get("/livez", s.live)
	r.Get("/readyz", s.live)
	r.Get("/favicon.ico", s.favicon)
	r.Handle("/static/*", static.Handler())

	// Pictures of runs: immutable under their own address.
	r.Get("/i/{name}.jpg", s.page(s.pictureFile))
	r.Get("/i/{name}.png", s.page(s.drawingFile))
	r.Get("/i/{name}/seen/{model}.png", s.page(s.seenFile))
	r.Route("/r/{run}", func(r chi.Router) {
		r.Get("/events", s.page(s.events))
		r.Get("/n/{node}/cam.png", s.page(s.camFile))
		r.Get("/n/{node}/sheet.png", s.page(s.sheetFile))
		r.Get("/n/{node}/strip.png", s.page(s.stripFile))
		r.Get("/n/{node}/beside/{other}/{part:original|reduced|difference}.png", s.page(s.pairFile))
		r.Get("/n/{node}/{channel}.png", s.page(s.mapFile))
		r.Get("/n/{node}/{channel}.f32", s.page(s.valuesFile))
		r.Get("/n/{node}/{channel}.csv", s.page(s.csvFile))
		r.Get("/n/{node}/activation.npy", s.page(s.npyFile))
	})

	r.Get("/w/{model}/{node}/filters.png", s.page(s.filtersFile))

	r.Route("/{lang:en|ko}", func(r chi.Router) {
		r.Use(middleware.Compress(5, "text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"))
		r.Get("/", s.page(s.home))
		r.Get("/image", s.page(s.image))
		r.Post("/image", s.page(s.chooseImage))
		r.Post("/theme", s.page(s.theme))
		r.Get("/a", s.page(s.archIndex))
		r.Get("/a/{model}", s.page(s.arch))
		r.Get("/a/{model}/present", s.page(s.present))
		r.Get("/a/{model}/print", s.page(s.print))
		r.Get("/a/{model}/layers", s.page(s.layers))
		r.Get("/a/{model}/layers.csv", s.page(s.layersCSV))
		r.Get("/a/{model}/n/{node}", s.page(s.node))
		r.Get("/a/{model}/picture/{picture}.{ext:png|svg|csv}", s.page(s.archPlate))
		r.Get("/models", s.page(s.models))
		r.Get("/learn", s.page(s.learn))
		r.Get("/classes", s.page(s.classes))
		r.Get("/limits", s.page(s.limits))
		r.Get("/labs", s.page(s.labs))
		for _, l := range labsOf {
			r.Get("/labs/"+l.slug, s.page(s.lab(l)))
			r.Get("/labs/"+l.slug+"/picture/{picture}.{ext:png|svg|csv}", s.page(s.labPlate(l)))
		}
		r.Get("/lesson/{kind:arch|lab}/{slug}/figure/{n:[0-9]+}.{ext:png|svg|csv}", s.page(s.figurePlate))
		s.toolRoutes(r)
	})
	r.Route("/api/v1", s.apiRoutes)
	if s.cfg.Development {
		r.Get("/gallery", s.page(s.galleryIndex))
		r.Get("/gallery/{entry}", s.page(s.galleryEntry))
	}
	return r
}
