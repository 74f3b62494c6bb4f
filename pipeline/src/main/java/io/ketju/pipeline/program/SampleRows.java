package io.ketju.pipeline.program;

import io.ketju.tensor.Tensor;

/** Finds the rows of some samples in a tensor of a whole mini-batch, whose outermost dimension they share evenly. */
public final class SampleRows {
    private SampleRows() {}

    /**
     * {@return the rows of some samples, the same memory; all of the tensor for all samples}
     *
     * @param whole rows in equal shares, samples outermost
     * @param samples of the whole tensor
     * @param first sample, from 0
     * @param count of samples
     * @throws IllegalArgumentException if the rows cannot be shared out
     */
    public static Tensor of(Tensor whole, int samples, int first, int count) {
        if (count == samples) {
            return whole;
        }
        int rows = whole.shape().rank() == 0 ? 0 : whole.shape().dimension(0);
        if (rows == 0 || rows % samples != 0) {
            throw new IllegalArgumentException(
                    "expected a tensor of " + samples + " samples, outermost, found " + whole.shape());
        }
        int ofOne = rows / samples;
        return whole.samples(first * ofOne, count * ofOne);
    }
}
