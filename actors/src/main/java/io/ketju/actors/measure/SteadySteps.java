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

/**
 * How long the steps of a run take once it has warmed up, by the clock of whoever directs it. Stages tell of short steps
 * together, many at a time: all steps of the time that counts are divided by it, not one by one.
 */
final class SteadySteps {
    /** Numbers of a sample. */
    static final int VALUES = 64;

    static final int CLASSES = 10;

    private static final int SAMPLES = 4096;
    private static final int FEWEST_STEPS = 48;

    /** As good as without end; a run is stopped when it has been measured. */
    private static final int EPOCHS = 10_000;

    private final Duration each;
    private boolean begun;
    private long begin;
    /** Where the time that counts begins, by its clock and by its step; 0: it has not begun. */
    private long from;

    private long fromStep;
    /** What was heard last. */
    private long last;

    private long lastStep;

    private SteadySteps(Duration each) {
        this.each = each;
    }

    /**
     * The mean, in nanoseconds.
     *
     * @param each how long the run goes on from its first step; three quarters of it warm up
     */
    static double nanos(TrainingJob job, RunStart start, Duration each) {
        SteadySteps steps = new SteadySteps(each);
        try (Training training = start.start(job, TrainingListener.controlling(steps::heard))) {
            training.await();
        }
        return (double) (steps.last - steps.from) / (steps.lastStep - steps.fromStep);
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
        last = now;
        lastStep = step.step();
        if (fromStep == 0 && now - begin >= each.toNanos() / 4 * 3) {
            from = now;
            fromStep = lastStep;
        }
        // However slow the machine, there is something to tell.
        boolean enough = fromStep > 0 && lastStep - fromStep >= FEWEST_STEPS;
        if (now - begin >= each.toNanos() && enough) {
            run.stop("measured");
        }
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
