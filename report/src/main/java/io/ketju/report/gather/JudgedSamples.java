package io.ketju.report.gather;

import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainedModel;
import io.ketju.data.BatchOrder;
import io.ketju.data.BatchPlan;
import io.ketju.data.BatchSource;
import io.ketju.data.BatchTensors;
import io.ketju.data.Dataset;
import io.ketju.layers.loss.ConfusionMatrix;
import io.ketju.layers.loss.Prediction;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.Input;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a classifier says of its test samples: which classes it tells for which, and where it is most wrong.
 *
 * @param judged samples that were looked at: the first of them where there are very many
 * @param of test samples that there are
 * @param confusion of those that were looked at
 * @param worst those whose class had the least probability, the worst first
 */
record JudgedSamples(int judged, int of, ConfusionMatrix confusion, List<Judged> worst) {
    /** Samples that are looked at, at most: a report is to be there at once. */
    static final int MOST = 10_000;

    private static final int WORST = 12;
    private static final int BATCH = 256;

    /**
     * One sample.
     *
     * @param sample its index
     * @param real its class
     * @param told the class that the model holds for most probable
     * @param probability that the model gives its class
     */
    record Judged(int sample, int real, int told, double probability) {}

    /** Empty where the model tells no single class of each sample. */
    static Optional<JudgedSamples> of(TrainingJob job, TrainedModel model) {
        Dataset test = job.data().test();
        List<Head> heads = job.model().heads();
        if (test.classes() < 2
                || heads.size() != 1
                || model.prediction().kind() != Prediction.Kind.CLASS_PROBABILITIES
                || !job.model().inputs().stream().allMatch(Input::batched)
                || job.model().outputs().size() != 1) {
            return Optional.empty();
        }
        return new Judging(job, model, test.classes()).all(test);
    }

    /** Goes through the samples in batches, as evaluation does. */
    private static final class Judging {
        private final TrainingJob job;
        private final TrainedModel model;
        private final int classes;
        private final Long[] counts;
        private final List<Judged> judged = new ArrayList<>();

        Judging(TrainingJob job, TrainedModel model, int classes) {
            this.job = job;
            this.model = model;
            this.classes = classes;
            counts = Collections.nCopies(classes * classes, 0L).toArray(Long[]::new);
        }

        Optional<JudgedSamples> all(Dataset test) {
            List<String> names = BatchPorts.of(job.model()).names();
            BatchSource source = test.batches(names.getFirst(), names.getLast(), BATCH, 1, BatchOrder.sequential());
            int most = Math.min(test.size(), MOST);
            try (BatchTensors tensors = new BatchTensors(source)) {
                for (int index = 0; judged.size() < most && index < source.stepsPerEpoch(); index++) {
                    BatchPlan plan = source.plan(index);
                    if (!add(tensors.read(plan).getFirst(), plan.samples())) {
                        return Optional.empty();
                    }
                }
            }
            List<Judged> worst = judged.stream()
                    .sorted(Comparator.comparingDouble(Judged::probability))
                    .limit(WORST)
                    .toList();
            return Optional.of(new JudgedSamples(
                    judged.size(), test.size(), new ConfusionMatrix(classes, List.of(counts)), worst));
        }

        /** Returns false if there is not one class of each sample. */
        private boolean add(Map<String, Tensor> batch, int samples) {
            Tensor targets = batch.get(job.model().heads().getFirst().targets().getFirst());
            if (targets == null || targets.dtype() != DType.INT32 || targets.elements() != samples) {
                return false;
            }
            float[] values =
                    model.predict(inputs(batch)).firstEntry().getValue().floats();
            if (values.length != samples * classes) {
                return false;
            }
            for (int i = 0; i < samples; i++) {
                int real = targets.getInt(i);
                if (real < 0 || real >= classes) {
                    return false;
                }
                int told = 0;
                for (int k = 1; k < classes; k++) {
                    told = values[i * classes + k] > values[i * classes + told] ? k : told;
                }
                counts[real * classes + told]++;
                judged.add(new Judged(judged.size(), real, told, values[i * classes + real]));
            }
            return true;
        }

        private Map<String, TensorValues> inputs(Map<String, Tensor> batch) {
            Map<String, TensorValues> inputs = new HashMap<>();
            for (Input input : job.model().inputs()) {
                Tensor tensor = batch.get(input.name());
                if (tensor != null) {
                    inputs.put(input.name(), TensorCopies.of(tensor));
                }
            }
            return inputs;
        }
    }
}
