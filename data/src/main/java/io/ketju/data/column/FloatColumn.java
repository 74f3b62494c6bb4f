package io.ketju.data.column;

import io.ketju.data.BadDataException;
import io.ketju.data.Batch;
import io.ketju.data.IdentityHash;
import io.ketju.tensor.NonFiniteElement;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;

/** Numbers, as many for every sample: float32 [samples, shape...]. */
public final class FloatColumn implements Column {
    private final String name;
    private final Shape shape;
    private final float[] values;

    /**
     * Copies the values.
     *
     * @param name what models call it
     * @param shape of one sample
     * @param values of all samples one after another, row-major
     * @throws BadDataException if the values are not as many as whole samples have
     */
    public FloatColumn(String name, Shape shape, float... values) {
        if (values.length % shape.elements() != 0) {
            throw BadDataException.of("column '" + name + "'", "samples of " + shape, values.length + " values");
        }
        this.name = name;
        this.shape = shape;
        this.values = values.clone();
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
        return TensorType.floats(shape.batched(mostSamples));
    }

    @Override
    public TensorType type(Batch samples) {
        return largest(samples.size());
    }

    @Override
    public void copy(Batch samples, Tensor target) {
        int each = shape.elements();
        for (int row = 0; row < samples.size(); row++) {
            int sample = samples.sample(row);
            for (int i = 0; i < each; i++) {
                target.setFloat(row * each + i, values[sample * each + i]);
            }
            NonFiniteElement.firstIn(target.samples(row, 1).view(shape)).ifPresent(found -> {
                throw BadDataException.notFinite("column '" + name + "', sample " + sample, "value", found);
            });
        }
    }

    @Override
    public void addTo(IdentityHash hash) {
        hash.add("floats " + name + " " + shape).add(values);
    }
}
