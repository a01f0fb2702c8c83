package lessons

// symbol is a command of the TeX subset: the character it stands for and the MathML element that carries it.
type symbol struct{ elem, char string }

var symbols = map[string]symbol{
	"alpha": {"mi", "α"}, "beta": {"mi", "β"}, "gamma": {"mi", "γ"}, "delta": {"mi", "δ"}, "epsilon": {"mi", "ε"}, "varphi": {"mi", "φ"},
	"phi": {"mi", "φ"}, "lambda": {"mi", "λ"}, "mu": {"mi", "μ"}, "rho": {"mi", "ρ"}, "sigma": {"mi", "σ"}, "theta": {"mi", "θ"},
	"partial": {"mi", "∂"}, "infty": {"mi", "∞"}, "ldots": {"mi", "…"}, "cdots": {"mi", "⋯"},
	"cdot": {"mo", "·"}, "times": {"mo", "×"}, "odot": {"mo", "⊙"}, "pm": {"mo", "±"}, "circ": {"mo", "∘"},
	"le": {"mo", "≤"}, "ge": {"mo", "≥"}, "ne": {"mo", "≠"}, "approx": {"mo", "≈"}, "propto": {"mo", "∝"}, "ll": {"mo", "≪"}, "gg": {"mo", "≫"},
	"to": {"mo", "→"}, "gets": {"mo", "←"}, "mid": {"mo", "∣"}, "in": {"mo", "∈"},
	"lfloor": {"mo", "⌊"}, "rfloor": {"mo", "⌋"}, "lceil": {"mo", "⌈"}, "rceil": {"mo", "⌉"},
	"sum": {"mo", "∑"}, "prod": {"mo", "∏"},
}

// functionNames are set upright and applied to what follows.
var functionNames = map[string]bool{"max": true, "min": true, "exp": true, "ln": true, "log": true, "tanh": true}

// limitsBelow are the operators whose index goes underneath in a displayed formula.
var limitsBelow = map[string]bool{"∑": true, "∏": true, "max": true, "min": true}

// operatorRunes may stand in the source as themselves; the value is what is shown.
var operatorRunes = map[rune]string{
	'+': "+", '-': "\u2212", '=': "=", '<': "<", '>': ">", '(': "(", ')': ")", '[': "[", ']': "]", ',': ",", ';': ";", ':': ":",
	'!': "!", '|': "|", '/': "/", '·': "·", '×': "×", '→': "→", '≤': "≤", '≥': "≥", '≈': "≈", '≠': "≠", '−': "\u2212", '⌊': "⌊", '⌋': "⌋", '\'': "′", '*': "∗",
}

// fences must not grow with the rest of the row; \left and \right let them.
var fences = map[string]bool{"(": true, ")": true, "[": true, "]": true, "|": true, "⌊": true, "⌋": true, "⌈": true, "⌉": true}

// mathSpaces are the explicit spaces.
var mathSpaces = map[string]string{",": "0.167em", ";": "0.278em", "quad": "1em"}

// Roles are the quantities that keep one colour everywhere. \role{r-x}{x} colours a part of a formula, role=r-x a Ref.
var Roles = map[string]bool{
	"q-param": true, "q-mac": true, "q-act": true, "q-rf": true, "q-grad": true, "q-prob": true,
	"r-x": true, "r-f": true, "r-h": true, "b-1": true, "b-3": true, "b-5": true, "b-p": true,
}

// roleShort are commands for the roles that stand in most formulas.
var roleShort = map[string]string{"rx": "r-x", "rf": "r-f", "rh": "r-h"}
