"""Writes ../NAME.repr.txt: the printed form of torchvision's models, with their parameter counts in ../reprs.json.

    /usr/bin/python3 reprs.py        (Debian: apt install python3-torchvision)
"""
import json
import pathlib

import torch
import torchvision
from torchvision import models

here = pathlib.Path(__file__).resolve().parent.parent
counts = {"torch": torch.__version__, "torchvision": torchvision.__version__, "models": {}}
for name in "resnet18 vgg16 mobilenet_v2 densenet121 googlenet efficientnet_b0 alexnet inception_v3 shufflenet_v2_x1_0 squeezenet1_1 mnasnet1_0".split():
    kw = {"weights": None}
    if name in ("googlenet", "inception_v3"):
        kw["init_weights"] = False
    m = getattr(models, name)(**kw)
    (here / f"{name}.repr.txt").write_text(repr(m) + "\n")
    counts["models"][name] = {
        "params": sum(p.numel() for p in m.parameters()),
        # num_batches_tracked is a counter, not a value of the network.
        "buffers": sum(b.numel() for n, b in m.named_buffers() if not n.endswith("num_batches_tracked")),
    }
(here / "reprs.json").write_text(json.dumps(counts, indent=1) + "\n")
