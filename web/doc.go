// Package web serves Stride's pages: it parses a request, asks the engine, builds a view model and renders it.
//
// It draws nothing itself (viz), writes no markup (web/view) and computes nothing about networks (nn). Start reading at
// routes.go, which has the whole URL map, then handler.go, then arch.go: one page per file, each with its handler and the
// function that builds its view model.
package web
