"""Reads what a run has written for TensorBoard by TensorBoard's own loader, and compares it with metrics.csv.

    python deploy/src/test/python/read_tensorboard.py RUN

Needs the package tensorboard. The build does not: there a reader in Java does the same.
"""
import csv
import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

run = Path(sys.argv[1])
told = {}
for file in sorted((run / "tensorboard").iterdir()):
    for event in EventFileLoader(str(file)).Load():
        for value in event.summary.value:
            if value.tensor.float_val:
                told[value.tag, event.step] = value.tensor.float_val[0]

compared = 0
with open(run / "metrics.csv", newline="") as rows:
    for row in csv.DictReader(rows):
        number = told.get((row["phase"] + "/loss", int(row["step"])))
        if row["loss"] and number is not None:
            if abs(number - float(row["loss"])) > 1e-5 * max(1, abs(number)):
                sys.exit(f"step {row['step']}, {row['phase']}: expected {row['loss']}, found {number}")
            compared += 1
if not compared:
    sys.exit(f"{run}: expected numbers in tensorboard/ and metrics.csv, found none in both")
print(f"{len(told)} numbers, {compared} losses as in metrics.csv")
