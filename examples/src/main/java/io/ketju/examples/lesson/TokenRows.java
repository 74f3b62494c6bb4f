package io.ketju.examples.lesson;

import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainedModel;
import io.ketju.data.Dataset;
import io.ketju.layers.model.Model;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.Map;

/** Windows of a text and for each of their tokens the one that comes next, on the heap. */
public final class TokenRows {
    /** Windows that go through a model together. */
    private static final int TOGETHER = 128;

    private final int[][] inputs;
    private final int[][] targets;

    private TokenRows(int[][] inputs, int[][] targets) {
        this.inputs = inputs;
        this.targets = targets;
    }

    /** The first windows of a data set, at most so many. */
    public static TokenRows of(Dataset data, int most) {
        int[][] inputs = new int[Math.min(most, data.size())][];
        int[][] targets = new int[inputs.length][];
        try (TensorArena arena = new TensorArena(1 << 16)) {
            Tensor input = arena.allocate(data.inputType(), data.inputShape().batched(1));
            Tensor target = arena.allocate(data.inputType(), data.targetShape().batched(1));
            for (int i = 0; i < inputs.length; i++) {
                data.copyInput(i, input, 0);
                data.copyTarget(i, target, 0);
                inputs[i] = ints(input);
                targets[i] = ints(target);
            }
        }
        return new TokenRows(inputs, targets);
    }

    private static int[] ints(Tensor tensor) {
        int[] values = new int[tensor.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.getInt(i);
        }
        return values;
    }

    public int size() {
        return inputs.length;
    }

    /** Tokens of a window. */
    public int context() {
        return inputs[0].length;
    }

    /** Some windows as the inputs and targets of a model of language. */
    public Map<String, TensorValues> batch(int... samples) {
        return Map.of(Model.INPUT, values(inputs, samples), Model.TARGET, values(targets, samples));
    }

    /** The tokens of one window. */
    public int[] input(int sample) {
        return inputs[sample].clone();
    }

    /** What comes behind each token of one window. */
    public int[] target(int sample) {
        return targets[sample].clone();
    }

    private TensorValues values(int[][] rows, int... samples) {
        int[] all = new int[samples.length * context()];
        for (int i = 0; i < samples.length; i++) {
            System.arraycopy(rows[samples[i]], 0, all, i * context(), context());
        }
        return TensorValues.of(all, samples.length, context());
    }

    /** Mean -ln p of the right token at each place of the window: by how many tokens before it is known. */
    public double[] losses(TrainedModel model) {
        double[] sums = new double[context()];
        for (int first = 0; first < size(); first += TOGETHER) {
            int count = Math.min(TOGETHER, size() - first);
            int[] samples = new int[count];
            for (int i = 0; i < count; i++) {
                samples[i] = first + i;
            }
            float[] logits = model.outputs(Map.of(Model.INPUT, values(inputs, samples)))
                    .firstEntry()
                    .getValue()
                    .floats();
            int classes = logits.length / (count * context());
            for (int i = 0; i < count * context(); i++) {
                int right = targets[first + i / context()][i % context()];
                sums[i % context()] += loss(logits, i * classes, classes, right);
            }
        }
        for (int place = 0; place < sums.length; place++) {
            sums[place] /= size();
        }
        return sums;
    }

    /** Means of these over places that see 1 token, 2, 3 to 4, 5 to 8, and so on: single places say little. */
    public static double[] doubling(double[] losses) {
        int steps = Integer.SIZE - Integer.numberOfLeadingZeros(losses.length - 1) + 1;
        double[] means = new double[steps];
        int first = 0;
        for (int step = 0; step < steps; step++) {
            int end = Math.min(losses.length, 1 << step);
            for (int place = first; place < end; place++) {
                means[step] += losses[place] / (end - first);
            }
            first = end;
        }
        return means;
    }

    private static double loss(float[] logits, int first, int classes, int right) {
        double most = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            most = Math.max(most, logits[first + c]);
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += StrictMath.exp(logits[first + c] - most);
        }
        return StrictMath.log(sum) + most - logits[first + right];
    }
}
