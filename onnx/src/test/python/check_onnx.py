"""Lets ONNX's own checker look at files: python3 check_onnx.py model.onnx ... (Debian: apt-get install python3-onnx)."""
import sys

import onnx

for file in sys.argv[1:]:
    model = onnx.load(file)
    onnx.checker.check_model(model, full_check=True)
    print(f"{file}: {len(model.graph.node)} nodes, operators of set {model.opset_import[0].version}: checked")
