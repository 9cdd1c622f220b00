"""Checks a model by the rules of ONNX, evaluates it with the evaluator of ONNX itself, and prints what it says."""
import json
import sys

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator

path, inputs = sys.argv[1:]
model = onnx.load(path)
onnx.checker.check_model(model, full_check=True)
inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
names = [output.name for output in model.graph.output]
values = ReferenceEvaluator(model).run(names, {"input": np.array(json.loads(inputs), dtype=np.float32)})
print(json.dumps({
    "producer": model.producer_name,
    "opset": {o.domain: o.version for o in model.opset_import},
    "ir": model.ir_version,
    "metadata": {p.key: p.value for p in model.metadata_props},
    "outputs": {n: v.tolist() for n, v in zip(names, values)},
}))
