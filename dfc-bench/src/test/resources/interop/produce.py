"""Writes arrays of many types with an independent writer, and prints their numbers: name -> [shape, numbers]."""
import json
import sys

import numpy as np

how, path = sys.argv[1:]
base = np.arange(24).reshape(2, 3, 4) - 3
arrays = {
    "f2": (base / 7).astype("<f2"),
    "f4": (base / 7).astype("<f4"),
    "f8": base / 7,
    "i1": base.astype("i1"),
    "i2": (base * 1000).astype("<i2"),
    "i4": (base * 10**8).astype("<i4"),
    "i8": (base * 10**14).astype("<i8"),
    "u1": abs(base).astype("u1"),
    "u2": abs(base * 2000).astype("<u2"),
    "u4": abs(base * 10**8).astype("<u4"),
    "u8": abs(base * 10**14).astype("<u8"),
    "truth": base % 2 == 0,
    "none": np.zeros((0, 5), "<f4"),
    "number": np.array(2.5),
}
turned = {
    "big": (base / 7).astype(">f8"),
    "big_integers": base.astype(">i4"),
    "columns": np.asfortranarray(base / 7),
    "matrix_columns": np.asfortranarray((base[0] / 7).astype("<f4")),
    "slice": (base / 7)[:, ::2, 1:],
}
if how == "npz":
    arrays |= turned
    np.savez(path, **arrays)
elif how == "npz_compressed":
    arrays |= turned
    np.savez_compressed(path, **arrays)
elif how == "safetensors":
    from safetensors.numpy import save_file

    save_file(arrays, path, metadata={"made": "by numpy"})
else:
    import torch
    from safetensors.torch import save_file

    tensors = {
        "bf16": torch.tensor(base / 7, dtype=torch.bfloat16),
        "f16": torch.tensor(base / 7, dtype=torch.float16),
        "f32": torch.tensor(base / 7, dtype=torch.float32),
        "f64": torch.tensor(base / 7, dtype=torch.float64),
        "i64": torch.tensor(base),
        "truth": torch.tensor(base % 2 == 0),
    }
    save_file(tensors, path)
    arrays = {n: t.to(torch.float64).numpy() for n, t in tensors.items()}
print(json.dumps({n: [list(a.shape), a.astype(float).flatten().tolist()] for n, a in arrays.items()}))
