package view

func (c Control) id() string { return "c-" + idPart(c.Name) }

// percent is the place of the value on its track.
func (c Control) percent() float64 {
	if c.Max <= c.Min {
		return 0
	}
	return bounded(100*(c.Value-c.Min)/(c.Max-c.Min), 0, 100)
}
