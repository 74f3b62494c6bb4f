package io.ketju.benchmarks.kernels;

import io.ketju.benchmarks.kernels.KernelContest.Outcome;
import io.ketju.benchmarks.measure.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/**
 * The table of one group of kernels.
 *
 * @param group its name
 * @param bandwidth the memory's measured speed in bytes/s, if anything is to be compared with it
 */
record KernelReport(String group, double bandwidth) {
    Report of(SequencedMap<KernelCase, Outcome> outcomes) {
        boolean memory = outcomes.keySet().stream().anyMatch(each -> each.bytes() > 0);
        List<String> headings = new ArrayList<>(
                List.of("kernel", "unit", "Ketju", "torch", "Ketju / torch", "spread Ketju", "spread torch"));
        if (memory) {
            headings.addAll(List.of("Ketju GB/s", "of bandwidth"));
        }
        Report report = new Report("Kernels: " + group, headings.toArray(String[]::new));
        double least = Double.POSITIVE_INFINITY;
        for (var entry : outcomes.entrySet()) {
            KernelCase each = entry.getKey();
            Outcome outcome = entry.getValue();
            List<String> cells = new ArrayList<>(List.of(
                    each.title(),
                    each.unit(),
                    Report.number(outcome.ketju().median() / 1e9, 2),
                    Report.number(outcome.torch().median() / 1e9, 2),
                    Report.number(outcome.ratio(), 2),
                    Report.percent(outcome.ketju().spread()),
                    Report.percent(outcome.torch().spread())));
            if (memory) {
                double speed = outcome.ketju().median() / each.perCall() * each.bytes();
                least = Math.min(least, speed / bandwidth);
                cells.addAll(List.of(Report.number(speed / 1e9, 1), Report.percent(speed / bandwidth)));
            }
            report.row(cells.toArray(String[]::new));
        }
        report.note("Ketju / torch: " + KernelBenchmark.ratios(outcomes).summary() + ".");
        if (memory) {
            report.note(
                    "Memory: " + Report.number(bandwidth / 1e9, 1) + " GB/s, the best turn of a triad by either side;"
                            + " an array that is only written counts twice. Least share of it: " + Report.percent(least)
                            + ".");
        }
        return report;
    }
}
