package io.ketju.actors.examples;

import io.ketju.data.Dataset;
import io.ketju.data.IdentityHash;
import io.ketju.data.RowChecks;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;

// region data
/** Points of a sine wave: [x] and [sin 3x], x from -1 to 1. Sample i is a function of i: nothing is kept. */
record SineWave(int size, double offset) implements Dataset {
    @Override
    public String name() {
        return "sine";
    }

    @Override
    public Shape inputShape() {
        return Shape.of(1);
    }

    @Override
    public Shape targetShape() {
        return Shape.of(1);
    }

    @Override
    public DType targetType() {
        return DType.FLOAT32;
    }

    /** None: targets are numbers. */
    @Override
    public int classes() {
        return 0;
    }

    @Override
    public void copyInput(int sample, Tensor batch, int row) {
        RowChecks.checkSample(this, sample);
        RowChecks.check(inputType(), inputShape(), batch, row);
        batch.setFloat(row, (float) x(sample));
    }

    @Override
    public void copyTarget(int sample, Tensor batch, int row) {
        RowChecks.checkSample(this, sample);
        RowChecks.check(targetType(), targetShape(), batch, row);
        batch.setFloat(row, (float) StrictMath.sin(3 * x(sample)));
    }

    /** Everything that decides the samples, and a version for the day when x() changes. */
    @Override
    public String identity() {
        return new IdentityHash("sine-1").add(size + " from " + offset).hex();
    }

    private double x(int sample) {
        return 2 * (sample + offset) / size - 1;
    }
}
// end region
