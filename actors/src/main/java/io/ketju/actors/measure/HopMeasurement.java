package io.ketju.actors.measure;

import io.ketju.actors.Ketju;
import io.ketju.actors.checkpoint.TemporaryRuns;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.Training;
import io.ketju.actors.trace.TraceFile;
import io.ketju.data.ArrayDataset;
import io.ketju.pipeline.trace.TraceAnalysis;
import io.ketju.pipeline.trace.TraceReport.Hop;
import io.ketju.tensor.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long a tensor takes from one rank to the next in this JVM: from being sent until the action could start that waited for
 * it. A small network of two stages is trained for a moment, and its trace read.
 */
public final class HopMeasurement {
    private static final int STEPS = 400;
    private static final int VALUES = 64;
    private static final int CLASSES = 10;

    private HopMeasurement() {}

    /** The median, in nanoseconds. */
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
        ArrayDataset samples = samples();
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

    private static ArrayDataset samples() {
        float[] inputs = new float[STEPS * VALUES];
        int[] classes = new int[STEPS];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (i % 97) / 97f;
        }
        for (int i = 0; i < STEPS; i++) {
            classes[i] = i % CLASSES;
        }
        return new ArrayDataset("hop", Shape.of(VALUES), inputs, classes);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
