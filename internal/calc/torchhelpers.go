package calc

// torchHelpers are the modules that exported code defines for what nn.Sequential cannot say, each only where it is used.
var torchHelpers = []struct{ name, code string }{
	{"Add", `class Add(nn.Module):
    """The sum of what all paths make of one input."""

    def __init__(self, *paths):
        super().__init__()
        self.paths = nn.ModuleList(paths)

    def forward(self, x):
        return sum(path(x) for path in self.paths)
`},
	{"Concat", `class Concat(nn.Module):
    """The channels of all paths behind one another."""

    def __init__(self, *paths):
        super().__init__()
        self.paths = nn.ModuleList(paths)

    def forward(self, x):
        return torch.cat([path(x) for path in self.paths], 1)
`},
	{"Multiply", `class Multiply(nn.Module):
    """The product of all paths: a gate and the map that it opens."""

    def __init__(self, *paths):
        super().__init__()
        self.paths = nn.ModuleList(paths)

    def forward(self, x):
        y = self.paths[0](x)
        for path in self.paths[1:]:
            y = y * path(x)
        return y
`},
	{"Dense", `class Dense(nn.Module):
    """Every path reads the input and the results of all paths before it."""

    def __init__(self, *paths):
        super().__init__()
        self.paths = nn.ModuleList(paths)

    def forward(self, x):
        maps = [x]
        for path in self.paths:
            maps.append(path(torch.cat(maps, 1)))
        return torch.cat(maps, 1)
`},
	{"Stride", `class Stride(nn.Module):
    """Every step-th row and column."""

    def __init__(self, step):
        super().__init__()
        self.step = step

    def forward(self, x):
        return x[:, :, :: self.step, :: self.step]
`},
	{"PadChannels", `class PadChannels(nn.Module):
    """Channels of zeros up to the given number."""

    def __init__(self, channels):
        super().__init__()
        self.channels = channels

    def forward(self, x):
        return nn.functional.pad(x, (0, 0, 0, 0, 0, self.channels - x.shape[1]))
`},
	{"SubSample", `class SubSample(nn.Module):
    """The sum of each 2x2 block times a coefficient, plus a bias."""

    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels, 1, 1), 0.25))
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x):
        return nn.functional.avg_pool2d(x, 2) * 4 * self.weight + self.bias
`},
	{"PartialConv", `class PartialConv(nn.Module):
    """A convolution whose output maps read only some input maps, given as bits in hexadecimal."""

    def __init__(self, kernel, table):
        super().__init__()
        self.masks = [int(t, 16) for t in table.split(".")]
        self.weight = nn.Parameter(torch.randn(sum(bin(m).count("1") for m in self.masks), 1, kernel, kernel) / kernel)
        self.bias = nn.Parameter(torch.zeros(len(self.masks)))

    def forward(self, x):
        maps, at = [], 0
        for o, mask in enumerate(self.masks):
            read = [i for i in range(x.shape[1]) if mask >> i & 1]
            weight = self.weight[at : at + len(read)].transpose(0, 1)
            maps.append(nn.functional.conv2d(x[:, read], weight, self.bias[o : o + 1]))
            at += len(read)
        return torch.cat(maps, 1)
`},
	{"RBF", `class RBF(nn.Module):
    """Minus the squared distance to a fixed pattern per class; the patterns have to be filled in."""

    def __init__(self, inputs, classes):
        super().__init__()
        self.register_buffer("patterns", torch.zeros(classes, inputs))

    def forward(self, x):
        return -((x[:, None] - self.patterns) ** 2).sum(2)
`},
	{"ScaledTanh", `class ScaledTanh(nn.Module):
    """1.7159 tanh(2x/3)."""

    def forward(self, x):
        return 1.7159 * torch.tanh(2 * x / 3)
`},
}
