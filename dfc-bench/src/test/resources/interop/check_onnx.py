"""Checks models by the rules of ONNX, evaluates them with the evaluator of ONNX itself on the inputs in MODEL.json, and
prints what each says."""
import json
import sys

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator


def said(path):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
    names = [output.name for output in model.graph.output]
    with open(path + ".json") as file:
        inputs = np.array(json.load(file), dtype=np.float32)
    values = ReferenceEvaluator(model).run(names, {"input": inputs})
    return {
        "producer": model.producer_name,
        "opset": {o.domain: o.version for o in model.opset_import},
        "ir": model.ir_version,
        "metadata": {p.key: p.value for p in model.metadata_props},
        "outputs": {n: v.tolist() for n, v in zip(names, values)},
    }


print(json.dumps([said(path) for path in sys.argv[1:]]))
