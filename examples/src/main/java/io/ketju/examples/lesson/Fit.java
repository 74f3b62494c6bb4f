package io.ketju.examples.lesson;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.Training;
import io.ketju.layers.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A job that has been run to its end in this JVM: what every epoch measured, and the model. Whoever made it closes it. */
public final class Fit implements AutoCloseable {
    private final List<Measured> train = new ArrayList<>();
    private final List<Measured> test = new ArrayList<>();
    private final Training training;
    private final TrainingResult result;

    private Fit(TrainingJob job) {
        training = Ketju.start(job, event -> {
            if (event instanceof TrainingEvent.EpochFinished epoch) {
                train.add(epoch.train());
                test.add(epoch.test());
            }
        });
        result = training.await();
    }

    /** Runs a job; what it throws is what {@link Training#await} throws. */
    public static Fit of(TrainingJob job) {
        return new Fit(job);
    }

    /** One number of the training samples for each epoch, each sample before its step; NaN where it was not measured. */
    public double[] train(String metric) {
        return of(train, metric);
    }

    /** One number of the test samples for each epoch. */
    public double[] test(String metric) {
        return of(test, metric);
    }

    /** What the last epoch measured on the test samples. */
    public double lastTest(String metric) {
        return result.test().get(metric).orElse(Double.NaN);
    }

    /** The model as it has become; closed with this. */
    public TrainedModel model() {
        return training.model();
    }

    /**
     * What the model predicts for samples that may lie anywhere, also far from all that it has seen: probabilities where its
     * loss has classes, else its outputs.
     */
    public float[][] predict(float[][] samples) {
        return Points.rows(
                model().predict(input(samples)).firstEntry().getValue().floats(), samples.length);
    }

    /** The model's first output for samples, whatever the loss. */
    public float[][] outputs(float[][] samples) {
        return Points.rows(
                model().outputs(input(samples)).firstEntry().getValue().floats(), samples.length);
    }

    /** One of the model's outputs by name, for samples. */
    public float[][] outputs(float[][] samples, String name) {
        return Points.rows(Named.of(model().outputs(input(samples)), name).floats(), samples.length);
    }

    /** All of the model's outputs by name, for samples. */
    public Map<String, TensorValues> outputsByName(float[][] samples) {
        return model().outputs(input(samples));
    }

    private Map<String, TensorValues> input(float[][] samples) {
        Model model = model().model();
        int[] shape = model.inputShape().batched(samples.length).toArray();
        return Map.of(model.inputs().getFirst().name(), TensorValues.of(Points.flat(samples), shape));
    }

    /** The first 16 letters of the SHA-256 of all parameters and optimizer state. */
    public String state() {
        return result.stateSha256().substring(0, 16);
    }

    @Override
    public void close() {
        training.close();
    }

    private static double[] of(List<Measured> epochs, String metric) {
        return epochs.stream()
                .mapToDouble(epoch -> epoch.get(metric).orElse(Double.NaN))
                .toArray();
    }
}
