package io.ketju.data;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;

/** The bounds checks of {@link Dataset#copyInput} and {@link Dataset#copyTarget}, for implementations of it. */
public final class RowChecks {
    private RowChecks() {}

    /**
     * Checks that a tensor is a batch of samples and has a row.
     *
     * @param type of the samples
     * @param sampleShape of one sample
     * @param batch is to be [rows, sampleShape...]
     * @param row from 0
     * @throws IllegalArgumentException if it is of another type or shape
     * @throws IndexOutOfBoundsException if it has no such row
     */
    public static void check(DType type, Shape sampleShape, Tensor batch, int row) {
        if (batch.dtype() != type || !isBatchOf(sampleShape, batch.shape())) {
            throw new IllegalArgumentException(
                    "expected a batch of " + type + " samples " + sampleShape + ", got " + batch);
        }
        if (row < 0 || row >= batch.shape().dimension(0)) {
            throw new IndexOutOfBoundsException("row " + row + " of " + batch);
        }
    }

    /**
     * Checks that a dataset has a sample.
     *
     * @param dataset whose name the error tells
     * @param sample from 0
     * @throws IndexOutOfBoundsException if it has no such sample
     */
    public static void checkSample(Dataset dataset, int sample) {
        if (sample < 0 || sample >= dataset.size()) {
            throw new IndexOutOfBoundsException(
                    "sample " + sample + " of " + dataset.name() + ", which has " + dataset.size());
        }
    }

    // Compared by dimension: Shape.sample() would allocate for every row of every batch.
    private static boolean isBatchOf(Shape sampleShape, Shape batchShape) {
        if (batchShape.rank() != sampleShape.rank() + 1) {
            return false;
        }
        for (int i = 0; i < sampleShape.rank(); i++) {
            if (batchShape.dimension(i + 1) != sampleShape.dimension(i)) {
                return false;
            }
        }
        return true;
    }
}
