package io.ketju.benchmarks.pipeline;

import io.ketju.benchmarks.measure.Contest;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Samples;
import java.io.PrintStream;

/** One part of what makes a pipeline pay: measures it and prints its table, with the bars that it is held against. */
interface Measured {
    /** Micro-batches of a step, where nothing else is said. */
    int MICROBATCHES = 8;

    /** What {@code --only} finds it by. */
    String name();

    void run(PrintStream out) throws Exception;

    /** The ratio of two contestants beside a bar: {@code 0.93 (bar 0.90)}. */
    static String ratio(Contest.Results results, String one, String other, double bar) {
        return ratio(results.of(one).ratioTo(results.of(other)), bar);
    }

    /** A ratio that should not be less than its bar. */
    static String ratio(double ratio, double bar) {
        return Report.number(ratio, 2) + " (bar " + Report.number(bar, 2) + ")";
    }

    /** The ratio of two contestants where no bar is set. */
    static String ratio(Contest.Results results, String one, String other) {
        return Report.number(results.of(one).ratioTo(results.of(other)), 2);
    }

    /** Samples per second. */
    static String rate(Samples samples) {
        return Report.count(samples.median());
    }
}
