"""Writes NAME.topology.json for models of keras_applications: Keras's own definitions, as the JSON that Keras saves.

    /usr/bin/python3 topology.py DIR        (Debian: apt install python3-keras-applications)

The package takes the layers from its caller. Here they only note what they are called with; the one shape that a definition
asks for is the number of channels. Shapes and counts come from tf.layers (summary.js), which builds the models.
"""
import json
import pathlib
import sys
import types

import keras_applications
from keras_applications import densenet, inception_v3, mobilenet, mobilenet_v2, resnet, vgg16

made = []
counters = {}


class Tensor:
    def __init__(self, layer, channels):
        self.layer, self.channels = layer, channels


def snake(name):
    out = name[0].lower()
    for a, b in zip(name, name[1:]):
        out += ("_" if b.isupper() and a.islower() else "") + b.lower()
    return out


class Layer:
    positional = {"Conv2D": ("filters", "kernel_size"), "DepthwiseConv2D": ("kernel_size",), "Dense": ("units",), "Activation": ("activation",), "ReLU": ("max_value",),
                  "MaxPooling2D": ("pool_size",), "AveragePooling2D": ("pool_size", "strides"), "Dropout": ("rate",), "Reshape": ("target_shape",), "ZeroPadding2D": ("padding",)}

    def __init__(self, kind, *args, **kw):
        kw.update(zip(self.positional.get(kind, ()), args))
        if "name" not in kw or kw["name"] is None:
            n = counters[kind] = counters.get(kind, 0) + 1
            kw["name"] = f"{snake(kind)}_{n}"
        if "padding" in kw and isinstance(kw["padding"], str):
            kw["padding"] = kw["padding"].lower()
        self.kind, self.config = kind, kw
        for k in ("kernel_initializer", "depthwise_initializer"):
            if kind in ("Conv2D", "Dense", "DepthwiseConv2D"):
                kw[k] = {"class_name": "Zeros", "config": {}}

    def __call__(self, x):
        inputs = x if isinstance(x, list) else [x]
        c = self.config
        channels = c.get("filters") or c.get("units") or (sum(t.channels for t in inputs) if self.kind == "Concatenate" else inputs[0].channels)
        made.append({"name": c["name"], "class_name": self.kind, "config": c, "inbound_nodes": [[[t.layer, 0, 0, {}] for t in inputs]]})
        return Tensor(c["name"], channels)


layers = types.SimpleNamespace(**{k: (lambda k: lambda *a, **kw: Layer(k, *a, **kw))(k) for k in
    "Conv2D DepthwiseConv2D Dense BatchNormalization Activation ReLU MaxPooling2D AveragePooling2D GlobalAveragePooling2D GlobalMaxPooling2D ZeroPadding2D Add Concatenate Dropout Flatten Reshape".split()})
layers.add = lambda x, **kw: Layer("Add", **kw)(x)
layers.concatenate = lambda x, axis=-1, **kw: Layer("Concatenate", axis=axis, **kw)(x)


def new_input(shape=None, **kw):
    made.append({"name": "input_1", "class_name": "InputLayer", "config": {"name": "input_1", "batch_input_shape": [None, *shape], "dtype": "float32"}, "inbound_nodes": []})
    return Tensor("input_1", shape[-1])


layers.Input = new_input
backend = types.SimpleNamespace(image_data_format=lambda: "channels_last", int_shape=lambda t: (None, None, None, t.channels), backend=lambda: "tensorflow", is_keras_tensor=lambda t: isinstance(t, Tensor))
models = types.SimpleNamespace(Model=lambda i, o, name=None: (i, o, name))
utils = types.SimpleNamespace()

out = pathlib.Path(sys.argv[1])
for name, build in {"resnet50": resnet.ResNet50, "vgg16": vgg16.VGG16, "mobilenet": mobilenet.MobileNet, "mobilenet_v2": mobilenet_v2.MobileNetV2, "densenet121": densenet.DenseNet121, "inception_v3": inception_v3.InceptionV3}.items():
    made, counters = [], {}
    shape = (299, 299, 3) if name == "inception_v3" else (224, 224, 3)
    _, y, _ = build(weights=None, input_shape=shape, backend=backend, layers=layers, models=models, utils=utils)
    config = {"name": name, "layers": made, "input_layers": [["input_1", 0, 0]], "output_layers": [[y.layer, 0, 0]]}
    (out / f"{name}.topology.json").write_text(json.dumps({"class_name": "Model", "config": config, "keras_version": "2.2.4", "backend": "tensorflow"}))
    print(name, len(made), "layers, keras_applications", keras_applications.__version__)
