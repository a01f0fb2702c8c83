package view

// window is the part of the stage's picture that is shown.
func (s PresentStage) window() string {
	if s.Photo != "" {
		return "0 0 100 100"
	}
	return s.Tile.window()
}
