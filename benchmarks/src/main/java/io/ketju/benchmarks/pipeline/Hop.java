package io.ketju.benchmarks.pipeline;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TrainingJob;
import io.ketju.benchmarks.kernels.Operands;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Report;
import io.ketju.cluster.link.LinkMode;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.optimizer.SGD;
import io.ketju.tensor.Shape;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a tensor of 4 KiB takes from one stage to the next: from the end of the last layer before the cut to the start
 * of the first behind it. Steps of one micro-batch come one at a time with a rest between, so that the receiver has
 * nothing to do, and there is a thread for each of the two.
 */
final class Hop implements Measured {
    private static final int FLOATS = 1024;
    private static final int CLASSES = 10;
    private static final int THREADS = 2;
    private static final long REST_NANOS = 500_000;

    /** Few rounds of an effort are a look. */
    private static final int HOPS_PER_ROUND = 1000;

    private final Effort effort;

    Hop(Effort effort) {
        this.effort = effort;
    }

    @Override
    public String name() {
        return "hop";
    }

    @Override
    public void run(PrintStream out) throws Exception {
        Report report = new Report(
                "A hop: 4 KiB, receiver idle, 2 threads; microseconds from ready to computed on",
                "links",
                "p50",
                "p90",
                "p99",
                "hops");
        row(report, "one JVM, by reference", LinkMode.LOCAL_WHERE_POSSIBLE, 4, 20);
        row(report, "shared memory", LinkMode.ALWAYS_SHARED_MEMORY, 25, 100);
        row(report, "loopback sockets", LinkMode.ALWAYS_SOCKETS, 25, 100);
        report.note(
                "Ready: the last layer before the cut ends; computed on: the first behind it begins. Between lie the"
                        + " copy into the buffer that is sent, the actors and the link.");
        report.note("Both stages are in one JVM, so both ends have one clock. Steps of one micro-batch, "
                + REST_NANOS / 1000 + " us after the one before has ended.");
        report.print(out, THREADS);
    }

    private void row(Report report, String title, LinkMode links, double median, double tail) {
        double[] micros = measure(links);
        report.row(
                title,
                Report.number(quantile(micros, 0.5), 1) + " (bar " + Report.number(median, 0) + ")",
                Report.number(quantile(micros, 0.9), 1),
                Report.number(quantile(micros, 0.99), 1) + " (bar " + Report.number(tail, 0) + ")",
                Integer.toString(micros.length));
    }

    /** Microseconds of every hop, ascending. */
    private double[] measure(LinkMode links) {
        Milestone before = new Milestone();
        Milestone behind = new Milestone();
        Gate gate = new Gate();
        try (Operands memory = new Operands()) {
            WorkBatches.Batch batch =
                    new WorkBatches.Batch(memory.uniform(1, 1, 1, FLOATS), memory.classes(CLASSES, 2, 1));
            TrainingJob job = Ketju.job()
                    .model(Model.of(Shape.of(FLOATS), Sequential.of(before, behind, new Linear(FLOATS, CLASSES))))
                    .data(new GatedBatches(step -> batch, 1, gate))
                    .optimizer(new SGD(1e-4))
                    .stageBounds(List.of(0, 1, 3))
                    .threads(THREADS)
                    .build();
            try (RunningJob running = PipelineJobs.embedded(job, gate, links)) {
                int hops = effort.rounds() * HOPS_PER_ROUND;
                hops(running, before, behind, hops);
                return hops(running, before, behind, hops);
            }
        }
    }

    private static double[] hops(RunningJob running, Milestone before, Milestone behind, int count) {
        double[] micros = new double[count];
        for (int i = 0; i < count; i++) {
            LockSupport.parkNanos(REST_NANOS);
            running.step();
            micros[i] = (behind.begun().get() - before.ended().get()) / 1e3;
        }
        Arrays.sort(micros);
        return micros;
    }

    /** Of ascending numbers. */
    static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }
}
