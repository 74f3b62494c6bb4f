package io.ketju.benchmarks.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The same mini-batches for every contestant: normal noise as inputs, random classes as labels. */
public final class SyntheticBatches {
    static final int CLASSES = 10;
    private static final int BATCHES = 32;

    /** One mini-batch. */
    public static final class Batch {
        private final float[] inputs;
        private final int[] labels;

        private Batch(float[] inputs, int[] labels) {
            this.inputs = inputs;
            this.labels = labels;
        }

        /** All inputs, row-major; not to be changed. */
        public float[] inputs() {
            return inputs;
        }

        /** One class per sample; not to be changed. */
        public int[] labels() {
            return labels;
        }
    }

    private final List<Batch> batches = new ArrayList<>();

    /** The mini-batches of a workload, from a seed. */
    public SyntheticBatches(Workload workload, long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < BATCHES; i++) {
            float[] inputs =
                    new float[workload.batchSize() * workload.inputShape().elements()];
            for (int j = 0; j < inputs.length; j++) {
                inputs[j] = (float) random.nextGaussian();
            }
            batches.add(new Batch(
                    inputs, random.ints(workload.batchSize(), 0, CLASSES).toArray()));
        }
    }

    /** All of them. */
    public List<Batch> all() {
        return List.copyOf(batches);
    }
}
