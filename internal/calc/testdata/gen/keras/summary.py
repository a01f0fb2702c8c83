"""Prints the rows of summary.js as Keras 3 does, with the library that Keras 3 prints with, and as Keras 2 does.

    /usr/bin/python3 summary.py DIR OUT     (Debian: apt install python3-rich)

Columns take these shares of the width: name, shape, count 45, 35, 20 %; with connections 30, 26, 18, 26 %; show_trainable
takes a tenth for its own column. Words break at spaces; what is too long ends in an ellipsis.
"""
import io
import json
import pathlib
import sys

import rich.console
import rich.markup
import rich.table


def size(n):
    for unit in ("B", "KB", "MB", "GB"):
        if n < 1024 or unit == "GB":
            return f"{n:.2f} {unit}"
        n /= 1024


def shape(s):
    return "(" + ", ".join("None" if d is None else str(d) for d in s) + ("," if len(s) == 1 else "") + ")"


def keras3(m, width=None, show_trainable=False):
    shares = [0.45, 0.80, 1.0] if m["sequential"] else [0.3, 0.56, 0.74, 1.0]
    heads = ["Layer (type)", "Output Shape", "Param #"] + ([] if m["sequential"] else ["Connected to"])
    justify = ["left", "left", "right", "left"][: len(heads)]
    width = width or 80
    if show_trainable:
        shares, heads, justify = [p * 0.9 for p in shares] + [1.0], heads + ["Trainable"], justify + ["center"]
    ends = [int(width * p) for p in shares]
    table = rich.table.Table(width=width, show_lines=True)
    for head, j, a, b in zip(heads, justify, [0] + ends, ends):
        table.add_column(head, justify=j, width=b - a - 3, overflow="ellipsis")
    for r in m["rows"]:
        cells = [f"{r['name']} ({r['type']})", shape(r["shape"]), f"{r['params']:,}"] + ([] if m["sequential"] else [", ".join(r["inputs"]) or "-"]) + ([r["trainable"]] if show_trainable else [])
        table.add_row(*[rich.markup.escape(c) for c in cells])
    out = io.StringIO()
    console = rich.console.Console(file=out, width=width, highlight=False)
    console.print(f'Model: "{m["name"]}"')
    console.print(table)
    rest = m["total"] - m["trainable"]
    for label, n in (("Total", m["total"]), ("Trainable", m["trainable"]), ("Non-trainable", rest)):
        console.print(f" {label} params: {n:,} ({size(4 * n)})")
    return out.getvalue()


def keras2(m):
    width, shares = (65, [0.45, 0.85, 1.0]) if m["sequential"] else (98, [0.33, 0.55, 0.67, 1.0])
    ends = [int(width * p) for p in shares]
    lines = []

    def row(*cells):
        line = ""
        for i, c in enumerate(cells):
            line = (line[:-1] + " " if i else "") + c
            line = line[: ends[i]].ljust(ends[i])
        lines.append(line)

    lines += [f'Model: "{m["name"]}"', "_" * width]
    row("Layer (type)", "Output Shape", "Param #", *([] if m["sequential"] else ["Connected to"]))
    lines.append("=" * width)
    for i, r in enumerate(m["rows"]):
        s = shape(r["shape"])
        if r["type"] == "InputLayer":
            s = "[" + s + "]"
        first, *more = r["inputs"] or [""]
        row(f"{r['name']} ({r['type']})", s, str(r["params"]), *([] if m["sequential"] else [first]))
        for x in more:
            row("", "", "", x)
        lines.append(("=" if i == len(m["rows"]) - 1 else "_") * width)
    lines += [f"Total params: {m['total']:,}", f"Trainable params: {m['trainable']:,}", f"Non-trainable params: {m['total'] - m['trainable']:,}", "_" * width]
    return "\n".join(lines) + "\n"


source, out = map(pathlib.Path, sys.argv[1:])
for f in sorted(source.glob("*.rows.json")):
    m, name = json.loads(f.read_text()), f.name.split(".")[0]
    (out / f"{name}.keras3.txt").write_text(keras3(m))
    (out / f"{name}.keras3-wide.txt").write_text(keras3(m, width=120, show_trainable=True))
    (out / f"{name}.keras2.txt").write_text(keras2(m))
