"""Reads what a run has written for TensorBoard by TensorBoard's own loader, and compares it with metrics.csv.

    python deploy/src/test/python/read_tensorboard.py RUN

Needs the package tensorboard. The build does not: there a reader in Java does the same.
"""
import csv
import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from tensorboard.plugins.hparams import metadata
from tensorboard.util import tensor_util

run = Path(sys.argv[1])
told = {}
shown = {}
settings = {}
for file in sorted((run / "tensorboard").iterdir()):
    for event in EventFileLoader(str(file)).Load():
        for value in event.summary.value:
            plugin = value.metadata.plugin_data.plugin_name
            if plugin == "scalars":
                told[value.tag, event.step] = value.tensor.float_val[0]
            else:
                shown.setdefault(plugin, []).append(value.tag)
            if plugin == "histograms":
                rows = tensor_util.make_ndarray(value.tensor)
                if rows.shape[1] != 3 or not (rows[:, 0] < rows[:, 1]).all() or not (rows[:, 2] > 0).all():
                    sys.exit(f"{value.tag}: expected bins with counts, found {rows}")
            if plugin == "images" and not value.tensor.string_val[2].startswith(b"\x89PNG"):
                sys.exit(f"{value.tag}: expected a PNG")
            if value.tag == metadata.SESSION_START_INFO_TAG:
                settings.update(metadata.parse_session_start_info_plugin_data(value.metadata.plugin_data.content).hparams)

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
if "batch" not in settings:
    sys.exit(f"{run}: expected the job's settings as hyperparameters, found {sorted(settings)}")
print(f"{len(told)} numbers, {compared} losses as in metrics.csv, {len(settings)} settings")
for plugin, tags in sorted(shown.items()):
    print(f"{plugin}: {len(tags)} of {', '.join(sorted(set(tags)))}")
