package io.ketju.data;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;

/** A dataset of class-labelled samples that a program holds in arrays. */
public final class ArrayDataset implements Dataset {
    private final String name;
    private final Shape inputShape;
    private final float[] inputs;
    private final int[] targets;
    private final int classes;
    private final String identity;

    /**
     * Copies both arrays.
     *
     * @param name what reports and errors call it
     * @param inputShape shape of one input
     * @param inputs all inputs one after another, row-major: targets.length · inputShape.elements() values
     * @param targets one class index per sample; there are as many classes as the largest one says
     * @throws BadDataException if the lengths do not fit, there is no sample, or a target is negative
     */
    public ArrayDataset(String name, Shape inputShape, float[] inputs, int[] targets) {
        if (targets.length == 0) {
            throw BadDataException.of(name, "at least one sample", "none");
        }
        if (inputs.length != (long) targets.length * inputShape.elements()) {
            throw BadDataException.of(
                    name,
                    targets.length + " samples of " + inputShape + " = " + (long) targets.length * inputShape.elements()
                            + " values",
                    inputs.length + " values");
        }
        for (int i = 0; i < targets.length; i++) {
            if (targets[i] < 0 || targets[i] == Integer.MAX_VALUE) {
                throw BadDataException.of(
                        name + ", sample " + i, "a class index from 0 up, below 2^31-1", "" + targets[i]);
            }
        }
        this.name = name;
        this.inputShape = inputShape;
        this.inputs = inputs.clone();
        this.targets = targets.clone();
        this.classes = IntStream.of(targets).max().getAsInt() + 1;
        this.identity = hash();
    }

    private String hash() {
        ByteBuffer bytes = ByteBuffer.allocate(inputShape.elements() * Float.BYTES + Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        IdentityHash hash =
                new IdentityHash("ketju-array-1").add(inputShape.toString()).add("" + classes);
        for (int i = 0; i < targets.length; i++) {
            bytes.clear().putInt(targets[i]);
            bytes.asFloatBuffer().put(inputs, i * inputShape.elements(), inputShape.elements());
            hash.add(bytes.array(), 0, bytes.capacity());
        }
        return hash.hex();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int size() {
        return targets.length;
    }

    @Override
    public Shape inputShape() {
        return inputShape;
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public void copyInput(int sample, Tensor batch, int row) {
        RowChecks.checkSample(this, sample);
        RowChecks.check(inputType(), inputShape, batch, row);
        int elements = inputShape.elements();
        for (int i = 0; i < elements; i++) {
            batch.setFloat(row * elements + i, inputs[sample * elements + i]);
        }
    }

    @Override
    public void copyTarget(int sample, Tensor batch, int row) {
        RowChecks.checkSample(this, sample);
        RowChecks.check(targetType(), targetShape(), batch, row);
        batch.setInt(row, targets[sample]);
    }

    @Override
    public String identity() {
        return identity;
    }
}
