package io.ketju.cluster;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.Measured;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainingSession;
import io.ketju.data.ArrayDataset;
import io.ketju.data.BatchOrder;
import io.ketju.data.DatasetSamples;
import io.ketju.data.SampleBatches;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.Adam;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** A job, and the session that does the same by hand: a model with two outputs, which two stages of three make. */
public final class TinySession {
    private static final int SAMPLES = 23;
    private static final int FEATURES = 4;
    private static final int BATCH = 6;
    private static final int PARTS = 4;

    private TinySession() {}

    /** What a session gave: measurements and outputs in their order, and the state at its end. */
    public record Outcome(List<Measured> measured, List<SequencedMap<String, TensorValues>> outputs, String state) {}

    /** The state hash of the job, as one stage without sockets. */
    public static String stateOfJob() {
        ArrayDataset samples = new ArrayDataset("train", Shape.of(FEATURES), inputs(), targets());
        return Ketju.fit(model().stages(1)
                        .data(new SampleBatches(
                                new DatasetSamples(samples, "input", "target"), BATCH, PARTS, BatchOrder.sequential()))
                        .build())
                .stateSha256();
    }

    /** Three stages, whose mini-batches are handed over. */
    public static JobBuilder byHand() {
        return model().stageBounds(List.of(0, 1, 2, 3))
                .batchSize(BATCH)
                .microbatches(PARTS)
                .stepByStep();
    }

    /** Every mini-batch of the job's epoch; the last one is ragged. */
    public static List<Map<String, TensorValues>> batches() {
        List<Map<String, TensorValues>> batches = new ArrayList<>();
        for (int first = 0; first < SAMPLES; first += BATCH) {
            int end = Math.min(SAMPLES, first + BATCH);
            batches.add(Map.of(
                    "input",
                    TensorValues.of(
                            Arrays.copyOfRange(inputs(), first * FEATURES, end * FEATURES), end - first, FEATURES),
                    "target",
                    TensorValues.of(Arrays.copyOfRange(targets(), first, end), end - first)));
        }
        return batches;
    }

    /** Steps through all batches, and asks this and that in between. */
    public static Outcome run(TrainingSession session) {
        List<Measured> measured = new ArrayList<>();
        List<SequencedMap<String, TensorValues>> outputs = new ArrayList<>();
        outputs.add(session.predict(batches().getLast()));
        for (Map<String, TensorValues> batch : batches()) {
            measured.add(session.step(batch));
            outputs.add(session.predict(Map.of("input", batch.get("input"))));
            outputs.add(session.predict(batch));
            measured.add(session.evaluate(batch));
        }
        return new Outcome(measured, outputs, session.stateSha256());
    }

    /** The same in this JVM, without sockets. */
    public static Outcome local() {
        try (TrainingSession session = Ketju.session(byHand().build())) {
            return run(session);
        }
    }

    private static JobBuilder model() {
        return new JobBuilder()
                .model(ModelText.parse(
                        Shape.of(FEATURES),
                        List.of(
                                "Linear(4, 8)",
                                "hidden = ReLU()",
                                "logits = Linear(8, 3)",
                                "head loss = CrossEntropyLoss() <- logits targets target",
                                "output logits, hidden")))
                .optimizer(new Adam(0.01))
                .seed(11)
                .threads(1);
    }

    private static float[] inputs() {
        float[] inputs = new float[SAMPLES * FEATURES];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (i * 37 % 101 - 50) / 50f;
        }
        return inputs;
    }

    private static int[] targets() {
        int[] targets = new int[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            targets[i] = i % 3;
        }
        return targets;
    }
}
