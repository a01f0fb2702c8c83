"""Writes the Grad-CAM and saliency references of package explain, computed by PyTorch's autograd in float64.

    python3 gradcam.py ../        (Debian's python3-torch and python3-torchvision)

Weights and picture are the formulas of testdata/goldens/FORMAT.md, sections 1 and 2, so no weight file is needed; the gain
of every model is in its golden file there.
"""

import json
import pathlib
import sys

import numpy as np
import torch
import torchvision

ROOT = pathlib.Path(__file__).resolve().parents[5]
SIDE = 128  # an input that every one of the networks takes, and at which no unit is so near 0 that float32 cannot decide it
CASES = {
    "resnet18": (lambda: torchvision.models.resnet18(), 7, ["conv1", "layer1.1.conv2", "layer2.0.downsample.0", "layer4.1.bn2"]),
    "mobilenet_v2": (lambda: torchvision.models.mobilenet_v2(), 281, ["features.0.0", "features.3.conv.1.0", "features.10.conv.2", "features.18.0"]),
    "tv_googlenet": (lambda: torchvision.models.googlenet(init_weights=False, aux_logits=False, transform_input=False), 999,
                     ["conv2.conv", "inception3a.branch2.1.conv", "inception4c.branch3.1.bn", "inception5b.branch1.conv"]),
}


def uniform(name, n):
    with np.errstate(over="ignore"):
        seed = np.uint64(0xCBF29CE484222325)
        for b in name.encode():
            seed = (seed ^ np.uint64(b)) * np.uint64(0x100000001B3)
        z = seed + np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) / 16777216


def formula(name, shape, lo, hi):
    n = int(np.prod(shape))
    return (lo + (hi - lo) * uniform(name, n)).astype(np.float32).astype(np.float64).reshape(shape)


def bounds(module, key, value, gain):
    if key.endswith("running_mean"):
        return -0.1, 0.1
    if key.endswith("running_var"):
        return 0.5, 1.5
    if isinstance(module, torch.nn.BatchNorm2d):
        return (0.5, 1.5) if key.endswith("weight") else (-0.1, 0.1)
    if key.endswith("bias"):
        return -0.05, 0.05
    b = gain * np.sqrt(6 / int(np.prod(value.shape[1:])))
    return -b, b


def picture(h, w):
    grid, noise = formula("input.grid", (1, 3, 9, 9), -1.5, 1.5), formula("input.noise", (1, 3, h, w), -0.5, 0.5)
    iy, ix = 8 * np.arange(h) // h, 8 * np.arange(w) // w
    ty, tx = ((8 * np.arange(h)) % h / h)[:, None], ((8 * np.arange(w)) % w / w)[None, :]
    at = lambda dy, dx: grid[:, :, iy + dy][:, :, :, ix + dx]
    top = at(0, 0) + (at(0, 1) - at(0, 0)) * tx
    bottom = at(1, 0) + (at(1, 1) - at(1, 0)) * tx
    return (top + (bottom - top) * ty + noise).astype(np.float32).astype(np.float64)


def rounded(t):
    return [float("%.8g" % v) for v in t.detach().flatten().tolist()]


def main(out):
    for name, (build, cls, nodes) in CASES.items():
        gain = json.loads((ROOT / "testdata/goldens" / f"{name}.json").read_text())["gain"]
        net = build().double().eval()
        modules, state = dict(net.named_modules()), net.state_dict()
        for key, value in state.items():
            if value.dim() > 0:  # not the counters of batch normalisation
                value.copy_(torch.from_numpy(formula(key, tuple(value.shape), *bounds(modules[key.rpartition(".")[0]], key, value, gain))))
        kept = {}
        for n in nodes:
            def hook(_m, _i, o, n=n):
                o.retain_grad()
                kept[n] = o
                return o.clone()  # a ReLU that works in place would change what was kept
            modules[n].register_forward_hook(hook)
        x = torch.from_numpy(picture(SIDE, SIDE)).requires_grad_()
        logits = net(x)
        logits[0, cls].backward()
        maps = []
        for n in nodes:
            alpha = kept[n].grad[0].mean(dim=(1, 2))
            cam = torch.relu((alpha[:, None, None] * kept[n][0]).sum(0))
            maps.append({"node": n, "weights": rounded(alpha)[:32], "shape": list(cam.shape), "step": max(1, cam.numel() // 64),
                         "map": rounded(cam.flatten()[:: max(1, cam.numel() // 64)]), "max": rounded(cam.max())[0]})
        sal = x.grad[0].abs().amax(0).flatten()
        (pathlib.Path(out) / f"{name}.json").write_text(json.dumps({
            "model": name, "torch": torch.__version__, "torchvision": torchvision.__version__, "gain": gain, "side": SIDE, "class": cls,
            "logit": rounded(logits[0, cls])[0], "maps": maps, "saliency_step": 101, "saliency": rounded(sal[::101])}) + "\n")


main(sys.argv[1])
