package io.ketju.actors.measure;

import io.ketju.actors.Ketju;
import io.ketju.actors.checkpoint.TemporaryRuns;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.Training;
import io.ketju.actors.trace.TraceFile;
import io.ketju.data.ArrayDataset;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.choice.Overhead;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.trace.TraceAnalysis;
import io.ketju.pipeline.trace.TraceReport.Hop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** How long a tensor takes from one rank to the next: from being sent until the action could start that waited for it. */
public final class HopMeasurement {
    private static final int STEPS = 400;

    /** Between the stages of the chain. */
    private static final int CUTS = 7;

    /** One after the other: forwards, backwards, and the updates of the last rank's four stages, to which the others' are parallel. */
    private static final int ACTIONS = 2 * (CUTS + 1) + (CUTS + 1) / 2;

    /** Layers are measured in four parts. */
    private static final int SHARE_OF_LAYERS = 8;

    private HopMeasurement() {}

    /** {@return the median in this JVM, in nanoseconds: a small network of two stages is trained for a moment, and its trace read} */
    public static double inThisJvm() {
        try {
            Path folder = TemporaryRuns.make();
            try {
                // In a folder of its own below: once a run has ended, other processes may remove what it left.
                return median(folder.resolve("hop"));
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double median(Path folder) {
        ArrayDataset samples = SteadySteps.samples(STEPS);
        TrainingJob job = Ketju.job()
                .name("hop")
                .model("mlp(64, 1024, 10)")
                .data(new DataSource("hop", samples, samples))
                .batchSize(1)
                .microbatches(1)
                .stageBounds(List.of(0, 3, 4))
                .runDirectory(folder)
                .traced()
                .build();
        try (Training training = Ketju.start(job)) {
            training.await();
        }
        return TraceAnalysis.report(
                        TraceFile.in(folder).stream().map(TraceFile::read).toList())
                .hops()
                .stream()
                .max(Comparator.comparingInt(Hop::count))
                .map(hop -> (double) hop.median())
                .orElseThrow(() -> new IllegalStateException("no tensor went to an idle rank"));
    }

    /**
     * {@return what a step takes beside its layers between two workers of a run, in nanoseconds, with no slowdown} One micro-batch goes
     * through eight stages that are on either rank in turn, and through the same stages where only one cut is between the ranks; the
     * difference is twelve hops. What the second takes beyond its layers and its hops is in the starts of its actions.
     *
     * @param start of a run whose two ranks are where this is to be measured
     * @param each how long either run goes on
     */
    public static Overhead between(RunStart start, Duration each) {
        TrainingJob near = chain(List.of(0, 0, 0, 0, 1, 1, 1, 1));
        double far = SteadySteps.nanos(chain(List.of(0, 1, 0, 1, 0, 1, 0, 1)), start, each);
        double once = SteadySteps.nanos(near, start, each);
        double layers = LayerMeasurement.of(near, each.dividedBy(SHARE_OF_LAYERS), Overhead.NONE)
                .simulate(near.pipeline(), near.pipeline().plan())
                .makespan();
        // There and back over seven cuts, and over one.
        double hop = Math.max(0, (far - once) / (2 * CUTS - 2));
        double starts = Math.max(0, once - layers - 2 * hop);
        return new Overhead(hop, starts / ACTIONS, 1);
    }

    private static TrainingJob chain(List<Integer> rankOfStage) {
        return SteadySteps.job(1)
                .model("mlp(64, 64, 64, 64, 64, 64, 64, 64, 10)")
                .stageBounds(List.of(0, 3, 5, 7, 9, 11, 13, 15, 16))
                .schedule(new GPipe())
                .placement(new Placement(rankOfStage))
                .build();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
