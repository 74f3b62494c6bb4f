"""Scrapes a run's numbers as Prometheus does, in both of its formats, and reads them by its own parsers.

    python3 metrics/src/test/python/read_prometheus.py http://127.0.0.1:PORT/metrics

Needs the package prometheus-client. The build does not: there the text is compared.
"""
import sys
import urllib.request

from prometheus_client import openmetrics, parser
import prometheus_client.openmetrics.parser

for accepted, read in (
    ("text/plain;version=0.0.4", parser.text_string_to_metric_families),
    ("application/openmetrics-text;version=1.0.0", openmetrics.parser.text_string_to_metric_families),
):
    request = urllib.request.Request(sys.argv[1], headers={"Accept": accepted})
    with urllib.request.urlopen(request) as answer:
        kind = answer.headers["Content-Type"].split(";")[0]
        families = list(read(answer.read().decode()))
    if kind != accepted.split(";")[0]:
        raise SystemExit(f"asked for {accepted}, found {kind}")
    for family in families:
        for sample in family.samples:
            if family.type in ("counter", "gauge"):
                labels = " ".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
                print(kind, family.type, sample.name, labels, sample.value)
