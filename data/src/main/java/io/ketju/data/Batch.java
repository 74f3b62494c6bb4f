package io.ketju.data;

import io.ketju.tensor.NonFiniteElement;
import io.ketju.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/** The samples of one mini-batch, in order. Immutable. */
public final class Batch {
    private final long step;
    private final long dataEpoch;
    private final int[] order;
    private final int first;
    private final int size;

    /** The {@code size} samples of a permutation from {@code first} on; the permutation is shared, not copied. */
    Batch(long step, long dataEpoch, int[] order, int first, int size) {
        this.step = step;
        this.dataEpoch = dataEpoch;
        this.order = order;
        this.first = first;
        this.size = size;
    }

    /** {@return the step this batch is for, counted from 0 over all data epochs} */
    public long step() {
        return step;
    }

    /** {@return the data epoch it belongs to, counted from 0} */
    public long dataEpoch() {
        return dataEpoch;
    }

    /** {@return the number of samples: the batch size, or fewer at the end of a data epoch; at least one} */
    public int size() {
        return size;
    }

    /**
     * {@return the index in the dataset of the sample at a position}
     *
     * @param position from 0 to {@link #size}, exclusive
     * @throws IndexOutOfBoundsException if there is none
     */
    public int sample(int position) {
        if (position < 0 || position >= size) {
            throw new IndexOutOfBoundsException("position " + position + " of a batch of " + size);
        }
        return order[first + position];
    }

    /** {@return a copy of all indexes in the dataset, in the order of the batch} */
    public int[] samples() {
        return Arrays.copyOfRange(order, first, first + size);
    }

    /**
     * {@return some of the samples, in their order: those of a micro-batch; of the same step and data epoch}
     *
     * @param from position of the first, counted from 0
     * @param samples how many, at least 1
     * @throws IndexOutOfBoundsException if the batch does not have them
     */
    public Batch part(int from, int samples) {
        if (from < 0 || samples < 1 || from > size - samples) {
            throw new IndexOutOfBoundsException(samples + " samples from position " + from + " of a batch of " + size);
        }
        return new Batch(step, dataEpoch, order, first + from, samples);
    }

    /**
     * Fills all rows of a tensor with the inputs from a position on: a whole batch, or one micro-batch of it.
     *
     * @param dataset that the indexes are of
     * @param position of the sample of row 0
     * @param inputs [rows, dataset.inputShape()...]
     * @throws BadDataException naming the sample and the position, if a value is NaN or infinite
     * @throws IndexOutOfBoundsException if the batch has fewer samples from there on than the tensor has rows
     */
    public void copyInputs(Dataset dataset, int position, Tensor inputs) {
        int rows = inputs.shape().dimension(0);
        for (int row = 0; row < rows; row++) {
            dataset.copyInput(sample(position + row), inputs, row);
        }
        requireFinite(dataset, position, inputs, "value");
    }

    /**
     * Fills all rows of a tensor with the targets from a position on.
     *
     * @param dataset that the indexes are of
     * @param position of the sample of row 0
     * @param targets [rows, dataset.targetShape()...]
     * @throws BadDataException naming the sample and the position, if a value is NaN or infinite
     * @throws IndexOutOfBoundsException if the batch has fewer samples from there on than the tensor has rows
     */
    public void copyTargets(Dataset dataset, int position, Tensor targets) {
        int rows = targets.shape().dimension(0);
        for (int row = 0; row < rows; row++) {
            dataset.copyTarget(sample(position + row), targets, row);
        }
        requireFinite(dataset, position, targets, "target");
    }

    /** All rows at once: they are cheaper to look at than to copy. Row by row only when something is found. */
    private void requireFinite(Dataset dataset, int position, Tensor filled, String what) {
        if (NonFiniteElement.firstIn(filled).isEmpty()) {
            return;
        }
        for (int row = 0; row < filled.shape().dimension(0); row++) {
            Tensor one = filled.samples(row, 1).view(filled.shape().sample());
            Optional<NonFiniteElement> bad = NonFiniteElement.firstIn(one);
            if (bad.isPresent()) {
                throw BadDataException.notFinite(
                        "sample " + sample(position + row) + " of " + dataset.name(), what, bad.get());
            }
        }
    }

    @Override
    public String toString() {
        return "batch of step " + step + " (" + size + " samples of data epoch " + dataEpoch + ")";
    }
}
