package view

// glyphShapes are the marks of the operations in a box of 16×16, drawn in the current colour. They say without colour what
// the colour says.
var glyphShapes = map[Op]string{
	OpInput:     `<rect x="1.75" y="2.75" width="12.5" height="10.5" rx="1"/><path d="M2 11l3.5-3.5L9 11l2-2 3 3"/>`,
	OpConv:      `<rect x="1.75" y="1.75" width="12.5" height="12.5" rx="1"/><rect x="5" y="5" width="6" height="6" fill="currentColor" stroke="none"/>`,
	OpPointwise: `<rect x="1.75" y="1.75" width="12.5" height="12.5" rx="1" stroke-dasharray="2 1.6"/><rect x="6.2" y="6.2" width="3.6" height="3.6" fill="currentColor" stroke="none"/>`,
	OpDepthwise: `<rect x="1.5" y="2" width="3" height="12" rx=".6"/><rect x="6.5" y="2" width="3" height="12" rx=".6"/><rect x="11.5" y="2" width="3" height="12" rx=".6"/>`,
	OpPool:      `<path d="M1.5 2.5h13L10 8.5v5H6v-5z"/>`,
	OpNorm:      `<path d="M1 13c4 0 4.4-10 7-10s3 10 7 10"/>`,
	OpAct:       `<path d="M1.5 12.5H8L14 3.5"/>`,
	OpAdd:       `<circle cx="8" cy="8" r="6.2"/><path d="M8 4.8v6.4M4.8 8h6.4"/>`,
	OpMul:       `<circle cx="8" cy="8" r="6.2"/><path d="M5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6"/>`,
	OpConcat:    `<rect x="1.75" y="3" width="5.5" height="10" rx=".6" fill="currentColor" fill-opacity=".3"/><rect x="8.75" y="3" width="5.5" height="10" rx=".6"/>`,
	OpDense:     `<path d="M3 3l10 2M3 3l10 6M3 3l10 10M3 8l10-3M3 8l10 1M3 8l10 5M3 13l10-8M3 13l10-4M3 13h10" stroke-width=".9"/>`,
	OpReshape:   `<path d="M2 8h12M10.5 4.5L14 8l-3.5 3.5"/><path d="M2 4.5v7" />`,
	OpOutput:    `<path d="M2 14h12M4 14V9M8 14V3M12 14V7"/>`,
}
