"""Prints what an independent reader finds in a file: name -> [type, shape, bytes in hexadecimal digits]."""
import json
import sys

import numpy as np

how, path = sys.argv[1:]
if how == "npz":
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files if name != "metadata.json"}
        extra = json.loads(file["metadata.json"]) if "metadata.json" in file.files else {}
elif how == "npy":
    arrays, extra = {"array": np.load(path)}, {}
elif how == "safetensors":
    from safetensors import safe_open

    with safe_open(path, framework="np") as file:
        arrays = {name: file.get_tensor(name) for name in file.keys()}
        extra = dict(file.metadata() or {})
else:
    from safetensors.torch import load_file

    arrays, extra = {name: tensor.numpy() for name, tensor in load_file(path).items()}, {}
print(json.dumps({
    "arrays": {n: [a.dtype.str, list(a.shape), np.ascontiguousarray(a).tobytes().hex()] for n, a in arrays.items()},
    "extra": extra,
}))
