package io.ketju.examples.lesson;

import io.ketju.actors.job.DataSource;
import io.ketju.data.ArrayDataset;
import io.ketju.data.Dataset;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Samples with a class each, on the heap, to be computed with, drawn and learnt from. */
public final class Points {
    private final float[][] values;
    private final int[] classes;

    /**
     * @param values the numbers of each sample; kept as they are
     * @param classes the class of each, from 0; kept as they are
     */
    public Points(float[][] values, int[] classes) {
        if (values.length != classes.length) {
            throw new IllegalArgumentException(
                    "points: expected a class for each of " + values.length + " samples, found " + classes.length);
        }
        this.values = values;
        this.classes = classes;
    }

    /** All samples of a data set. */
    public static Points of(Dataset data) {
        float[][] values = new float[data.size()][];
        int[] classes = new int[data.size()];
        try (TensorArena arena = new TensorArena(1 << 16)) {
            Tensor input = arena.allocate(data.inputType(), data.inputShape().batched(1));
            Tensor target = arena.allocate(data.targetType(), data.targetShape().batched(1));
            for (int i = 0; i < values.length; i++) {
                data.copyInput(i, input, 0);
                data.copyTarget(i, target, 0);
                values[i] = input.toFloats();
                classes[i] = target.getInt(0);
            }
        }
        return new Points(values, classes);
    }

    /** The class of every sample of a data set, which may be too large for {@link #of}. */
    public static int[] classes(Dataset data) {
        int[] classes = new int[data.size()];
        try (TensorArena arena = new TensorArena(1 << 10)) {
            Tensor target = arena.allocate(data.targetType(), data.targetShape().batched(1));
            for (int i = 0; i < classes.length; i++) {
                data.copyTarget(i, target, 0);
                classes[i] = target.getInt(0);
            }
        }
        return classes;
    }

    /** The numbers of each sample. */
    public float[][] values() {
        return values;
    }

    /** The class of each sample. */
    public int[] classes() {
        return classes;
    }

    public int size() {
        return classes.length;
    }

    /** From one sample on, before another. */
    public Points part(int from, int to) {
        return new Points(Arrays.copyOfRange(values, from, to), Arrays.copyOfRange(classes, from, to));
    }

    /** One number of every sample of a class. */
    public double[] column(int ofClass, int column) {
        return IntStream.range(0, size())
                .filter(i -> classes[i] == ofClass)
                .mapToDouble(i -> values[i][column])
                .toArray();
    }

    /** Rows of one length, one after the other, as tensors have them. */
    public static float[] flat(float[][] rows) {
        int columns = rows[0].length;
        float[] all = new float[rows.length * columns];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, all, i * columns, columns);
        }
        return all;
    }

    /** The same numbers as so many rows. */
    public static float[][] rows(float[] values, int count) {
        int columns = values.length / count;
        float[][] rows = new float[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = Arrays.copyOfRange(values, i * columns, (i + 1) * columns);
        }
        return rows;
    }

    /** A data set of these. */
    public Dataset dataset(String name) {
        return dataset(name, Shape.of(values[0].length));
    }

    /** A data set of these, whose samples have a shape. */
    public Dataset dataset(String name, Shape shape) {
        return new ArrayDataset(name, shape, flat(values), classes);
    }

    /** To learn from these and be tested with others. */
    public DataSource with(String name, Points test) {
        return new DataSource(name, dataset(name + "/train"), test.dataset(name + "/test"));
    }

    /** The share of samples whose class is the position of the largest score. */
    public double accuracy(float[][] scores) {
        long right = IntStream.range(0, size())
                .filter(i -> largest(scores[i]) == classes[i])
                .count();
        return (double) right / size();
    }

    /** Position of the largest number, of equals the first. */
    public static int largest(float[] numbers) {
        int best = 0;
        for (int i = 1; i < numbers.length; i++) {
            if (numbers[i] > numbers[best]) {
                best = i;
            }
        }
        return best;
    }
}
