"""PyTorch behind the protocol of protocol.go: one JSON request per line in, one reply per line out.

It reads the exported ONNX file itself, so that it runs the same network from the same weights, then traces, freezes and
optimises it as PyTorch does for inference.
"""
import json
import mmap
import struct
import sys
import time

import torch
import torch.nn.functional as F


def varint(b, i):
    v = shift = 0
    while True:
        v |= (b[i] & 0x7F) << shift
        shift += 7
        i += 1
        if b[i - 1] < 0x80:
            return v, i


def fields(b, i, end):
    """The fields of a protobuf message as number -> list of values; nested ones are (start, end)."""
    out = {}
    while i < end:
        key, i = varint(b, i)
        kind = key & 7
        if kind == 0:
            v, i = varint(b, i)
        elif kind == 5:
            v, i = struct.unpack_from("<f", b, i)[0], i + 4
        elif kind == 2:
            n, i = varint(b, i)
            v, i = (i, i + n), i + n
        else:
            raise ValueError("wire type %d" % kind)
        out.setdefault(key >> 3, []).append(v)
    return out


def read(file):
    """The nodes (op, inputs, output, attributes), constants, and names of the outputs of a model."""
    with open(file, "rb") as f:
        b = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_COPY)
    text = lambda span: b[span[0]:span[1]].decode()
    graph = fields(b, *fields(b, 0, len(b))[7][0])
    constants = {}
    for span in graph[5]:
        t = fields(b, *span)
        start, end = t[9][0]
        raw = torch.frombuffer(bytearray(b[start:end]), dtype=torch.float32)
        constants[text(t[8][0])] = raw.reshape(t[1]) if 1 in t else float(raw[0])
    nodes = []
    for span in graph[1]:
        n = fields(b, *span)
        attrs = {}
        for a in n.get(5, []):
            a = fields(b, *a)
            attrs[text(a[1][0])] = a[8] if 8 in a else a[3][0] if 3 in a else a[2][0]
        nodes.append((text(n[4][0]), [text(x) for x in n[1]], text(n[2][0]), attrs))
    outputs = [text(fields(b, *span)[1][0]) for span in graph[12]]
    inputs = [text(fields(b, *span)[1][0]) for span in graph[11]]
    return nodes, constants, inputs[0], outputs


def padding(x, pads, value=0.0):
    """The symmetric padding of an operation, after padding x itself where the sides differ."""
    if pads[:2] == pads[2:]:
        return x, pads[:2]
    return F.pad(x, (pads[1], pads[3], pads[0], pads[2]), value=value), [0, 0]


def conv(a, x, w, bias=None):
    x, p = padding(x, a["pads"])
    return F.conv2d(x, w, bias, a["strides"], p, a.get("dilations", [1, 1]), a["group"])


def max_pool(a, x):
    return F.max_pool2d(x, a["kernel_shape"], a["strides"], a["pads"][:2], 1, bool(a["ceil_mode"]))


def avg_pool(a, x):
    return F.avg_pool2d(x, a["kernel_shape"], a["strides"], a["pads"][:2], bool(a.get("ceil_mode", 0)), bool(a.get("count_include_pad", 1)))


OPS = {
    "Conv": conv,
    "Gemm": lambda a, x, w, bias=None: F.linear(x, w, bias),
    "BatchNormalization": lambda a, x, w, b, m, v: F.batch_norm(x, m, v, w, b, False, 0.0, a["epsilon"]),
    "LRN": lambda a, x: F.local_response_norm(x, a["size"], a["alpha"], a["beta"], a["bias"]),
    "Relu": lambda a, x: F.relu(x),
    "Clip": lambda a, x, low, high: F.hardtanh(x, low, high),
    "Sigmoid": lambda a, x: torch.sigmoid(x),
    "Mul": lambda a, x, y: x * y,
    "Add": lambda a, x, y: x + y,
    "Concat": lambda a, *x: torch.cat(x, 1),
    "MaxPool": max_pool,
    "AveragePool": avg_pool,
    "GlobalAveragePool": lambda a, x: F.adaptive_avg_pool2d(x, 1),
    "Flatten": lambda a, x: torch.flatten(x, 1),
    "Softmax": lambda a, x: F.softmax(x, 1),
}


class Model(torch.nn.Module):
    def __init__(self, file):
        super().__init__()
        self.nodes, self.constants, self.input, self.outputs = read(file)

    def forward(self, x):
        values = dict(self.constants)
        values[self.input] = x
        for kind, inputs, output, attrs in self.nodes:
            values[output] = OPS[kind](attrs, *[values[i] for i in inputs])
        return tuple(values[o] for o in self.outputs)


class Peer:
    def load(self, q):
        torch.set_num_threads(q["threads"])
        self.x = torch.frombuffer(bytearray(open(q["input"], "rb").read()), dtype=torch.float32).reshape(q["dims"])
        model = Model(q["file"]).eval()
        self.outputs = model.outputs
        traced = torch.jit.trace(model, self.x, check_trace=False).eval()
        self.model = torch.jit.optimize_for_inference(torch.jit.freeze(traced))
        return {}

    def run(self, q):
        ms = []
        for _ in range(q["runs"]):
            began = time.perf_counter()
            self.model(self.x)
            ms.append(1000 * (time.perf_counter() - began))
        return {"ms": ms}

    def dump(self, q):
        out = dict(zip(self.outputs, self.model(self.x)))
        with open(q["file"], "wb") as f:
            for name in q["names"]:
                v = out[name].to_dense() if out[name].is_mkldnn else out[name]
                f.write(v.contiguous().numpy().tobytes())
        return {}


def main():
    peer = Peer()
    with torch.inference_mode():
        for line in sys.stdin:
            try:
                q = json.loads(line)
                answer = {"load": peer.load, "run": peer.run, "dump": peer.dump}[q["command"]](q)
            except Exception as e:  # the driver reports it
                answer = {"error": "%s: %s" % (type(e).__name__, e)}
            print(json.dumps(answer), flush=True)


main()
