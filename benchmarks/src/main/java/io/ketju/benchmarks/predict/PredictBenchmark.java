package io.ketju.benchmarks.predict;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.PredictionService;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.TrainingSession;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Summary;
import io.ketju.layers.optimizer.SGD;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Predictions of a loaded model: how long one sample takes, how many samples a second go through in batches, and what many callers
 * get, who call the model one after another or a service that puts their samples together.
 */
public final class PredictBenchmark {
    private static final List<String> MODELS = List.of("mlp(784, 512, 256, 10)", "lenet5");
    private static final int BATCH = 64;
    private static final int[] CALLERS = {1, 4, 16};

    private final Effort effort;
    private final Summary summary;

    /** Figures go into the summary of the folder. */
    public PredictBenchmark(Effort effort, Path folder) {
        this.effort = effort;
        this.summary = new Summary(folder);
    }

    /** Prints a table for each number of threads. */
    public void run(List<Integer> threads, PrintStream out) throws Exception {
        for (int count : threads) {
            Report report = new Report(
                    "Predictions",
                    "model",
                    "how",
                    "predictions/s",
                    "median, microseconds",
                    "99 of 100 within",
                    "together");
            for (String name : MODELS) {
                measure(name, count, report);
            }
            report.note("Batches of " + BATCH
                    + " count as one call; \"together\": samples that went through at once, the mean.");
            report.print(out, count);
        }
    }

    private void measure(String name, int threads, Report report) throws Exception {
        try (TrainedModel model = model(name, threads)) {
            float[] sample = sample(model.model().inputShape().elements());
            float[][] batch = new float[BATCH][];
            Arrays.fill(batch, sample);
            model.warmUp(effort.warm());
            Callers one = Callers.run(1, span(), () -> model.predict(sample));
            row(report, name, "one sample", one, 1, "1");
            Callers many = Callers.run(1, span(), () -> model.predict(batch));
            row(report, name, "a batch of " + BATCH, many, BATCH, Integer.toString(BATCH));
            for (int callers : CALLERS) {
                Callers direct = Callers.run(callers, span(), () -> model.predict(sample));
                row(report, name, callers + " callers of the model", direct, 1, "1");
            }
            summary.add("predict: " + name, threads, Report.number(one.micros().median(), 0) + " microseconds");
        }
        for (int callers : CALLERS) {
            try (PredictionService service = PredictionService.open(model(name, threads))) {
                float[] sample = sample(784);
                Callers.run(callers, effort.warm(), () -> service.predict(sample));
                PredictionService.Counts before = service.counts();
                Callers served = Callers.run(callers, span(), () -> service.predict(sample));
                PredictionService.Counts after = service.counts();
                double together = (double) (after.samples() - before.samples()) / (after.batches() - before.batches());
                row(report, name, callers + " callers of a service", served, 1, Report.number(together, 1));
            }
        }
    }

    private Duration span() {
        return effort.turn().multipliedBy(10L * effort.rounds());
    }

    private static void row(Report report, String model, String how, Callers callers, int samples, String together) {
        report.row(
                model,
                how,
                Report.count(callers.callsPerSecond() * samples),
                Report.number(callers.micros().median(), 0),
                Report.number(callers.micros().quantile(0.99), 0),
                together);
    }

    /** With the weights of a seed: what they are does not matter here. */
    private static TrainedModel model(String name, int threads) {
        TrainingJob job = Ketju.job()
                .model(name)
                .optimizer(new SGD(1))
                .batchSize(BATCH)
                .threads(threads)
                .stepByStep()
                .build();
        try (TrainingSession session = Ketju.session(job)) {
            return session.model();
        }
    }

    private static float[] sample(int elements) {
        Random random = new Random(7);
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
