package io.ketju.data.column;

import io.ketju.data.BadDataException;
import io.ketju.data.Batch;
import io.ketju.data.IdentityHash;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;

/** Whole numbers, as many for every sample: int32 [samples, shape...]; classes have an empty shape. */
public final class IntColumn implements Column {
    private final String name;
    private final Shape shape;
    private final int[] values;

    /**
     * Copies the values.
     *
     * @param name what models call it
     * @param shape of one sample
     * @param values of all samples one after another, row-major
     * @throws BadDataException if the values are not as many as whole samples have
     */
    public IntColumn(String name, Shape shape, int... values) {
        if (values.length % shape.elements() != 0) {
            throw BadDataException.of("column '" + name + "'", "samples of " + shape, values.length + " values");
        }
        this.name = name;
        this.shape = shape;
        this.values = values.clone();
    }

    /**
     * {@return a column of one number for each sample: int32 [samples]}
     *
     * @param name what models call it
     * @param values copied; mostly class indexes from 0
     */
    public static IntColumn classes(String name, int... values) {
        return new IntColumn(name, Shape.of(), values);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int size() {
        return values.length / shape.elements();
    }

    @Override
    public TensorType largest(int mostSamples) {
        return TensorType.ints(shape.batched(mostSamples).toArray());
    }

    @Override
    public TensorType type(Batch samples) {
        return largest(samples.size());
    }

    @Override
    public void copy(Batch samples, Tensor target) {
        int each = shape.elements();
        for (int row = 0; row < samples.size(); row++) {
            for (int i = 0; i < each; i++) {
                target.setInt(row * each + i, values[samples.sample(row) * each + i]);
            }
        }
    }

    @Override
    public void addTo(IdentityHash hash) {
        hash.add("ints " + name + " " + shape).add(values);
    }
}
