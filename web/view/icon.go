package view

// IconName names a Lucide icon that is part of the page.
type IconName string
