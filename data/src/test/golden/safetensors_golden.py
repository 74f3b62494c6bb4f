"""Writes src/test/resources/golden/python.safetensors with the Python package safetensors 0.8.0 (numpy 2.4.6)."""
import sys

import numpy as np
from safetensors.numpy import save_file

save_file(
    {
        "b.weight": np.arange(6, dtype=np.float32).reshape(2, 3) - 2.5,
        "a.bias": np.array([1, -2, 3], dtype=np.int32),
        "scalar": np.array(0.5, dtype=np.float32),
        "long": np.array([2**40, -1], dtype=np.int64),
        "empty": np.zeros((0, 4), dtype=np.float32),
    },
    sys.argv[1],
    metadata={"format": "pt", "note": "ä ö"},
)
