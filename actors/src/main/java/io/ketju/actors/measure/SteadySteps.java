package io.ketju.actors.measure;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingControl;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.run.Training;
import io.ketju.data.ArrayDataset;
import io.ketju.tensor.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How long the steps of a run take once it has warmed up, by the clock of whoever directs it. Stages tell of short steps
 * together, so steps count in blocks.
 */
final class SteadySteps {
    /** Numbers of a sample. */
    static final int VALUES = 64;

    static final int CLASSES = 10;

    private static final int SAMPLES = 4096;
    private static final int BLOCK = 16;

    /** As good as without end; a run is stopped when it has been measured. */
    private static final int EPOCHS = 10_000;

    private final Duration each;
    private final List<Long> blocks = new ArrayList<>();
    private boolean begun;
    private long begin;

    private SteadySteps(Duration each) {
        this.each = each;
    }

    /**
     * The median, in nanoseconds.
     *
     * @param each how long the run goes on from its first step; half of it warms up
     */
    static double nanos(TrainingJob job, RunStart start, Duration each) {
        SteadySteps steps = new SteadySteps(each);
        try (Training training = start.start(job, TrainingListener.controlling(steps::heard))) {
            training.await();
        }
        return steps.median();
    }

    private void heard(TrainingEvent event, TrainingControl run) {
        if (!(event instanceof TrainingEvent.StepFinished step)) {
            return;
        }
        long now = System.nanoTime();
        if (!begun) {
            begun = true;
            begin = now;
        }
        if (step.step() % BLOCK == 0 && now - begin >= each.toNanos() / 2) {
            blocks.add(now);
        }
        // However slow the machine, there is something to tell.
        if (now - begin >= each.toNanos() && blocks.size() > 2) {
            run.stop("measured");
        }
    }

    private double median() {
        double[] nanos = new double[blocks.size() - 1];
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] = (blocks.get(i + 1) - blocks.get(i)) / (double) BLOCK;
        }
        Arrays.sort(nanos);
        return nanos[nanos.length / 2];
    }

    /** A job over numbers that mean nothing, so many samples in one micro-batch. */
    static JobBuilder job(int batch) {
        return Ketju.job()
                .name("measured")
                .data(new DataSource("measured", samples(SAMPLES), samples(1)))
                .batchSize(batch)
                .microbatches(1)
                .epochs(EPOCHS);
    }

    /** So many samples, none the same as the next. */
    static ArrayDataset samples(int count) {
        float[] inputs = new float[count * VALUES];
        int[] classes = new int[count];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (i % 97) / 97f;
        }
        for (int i = 0; i < count; i++) {
            classes[i] = i % CLASSES;
        }
        return new ArrayDataset("measured", Shape.of(VALUES), inputs, classes);
    }
}
