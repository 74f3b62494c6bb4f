package io.ketju.data;

import io.ketju.tensor.Tensor;
import java.util.List;

/**
 * Where what is trained on comes from, as micro-batches. Everything is a function of the index, so a resumed run needs
 * only its number. Any thread may ask, several at once. {@link SampleBatches} makes one of any samples; a source of its own
 * is for what is no set of samples, as one whole graph is.
 */
public interface BatchSource {
    /** {@return what reports and errors call it} */
    String name();

    /** {@return all that it gives, inputs and targets alike, each name once} */
    List<BatchPort> ports();

    /** {@return the number of samples of the largest mini-batch} */
    int batchSize();

    /**
     * {@return the number of micro-batches of a mini-batch, at most} None of them has more samples than the largest of {@link
     * #batchSize} samples cut by {@link io.ketju.tensor.MicrobatchSplit}.
     */
    int microbatches();

    /** {@return the number of mini-batches of one data epoch, at least 1} */
    int stepsPerEpoch();

    /**
     * What a mini-batch is; reads what it must to know, copies nothing.
     *
     * @param index from 0 over all data epochs
     * @return the plan; the same for the same index
     */
    BatchPlan plan(long index);

    /**
     * Overwrites a tensor with what a port gives of a micro-batch.
     *
     * @param plan of {@link #plan}
     * @param microbatch its place in the plan, from 0
     * @param port name of one that is not constant
     * @param target of the type that the plan says
     * @throws BadDataException if a value is NaN or infinite
     */
    void copy(BatchPlan plan, int microbatch, String port, Tensor target);

    /**
     * Overwrites a tensor with a constant. Only a source with a constant port needs it; by itself it always throws.
     *
     * @param port name of a constant one
     * @param target of the port's type; the caller's
     * @throws IllegalArgumentException if there is no such constant
     */
    default void copyConstant(String port, Tensor target) {
        throw new IllegalArgumentException(name() + " has no constant '" + port + "'");
    }

    /** {@return a digest, in hex, of everything that a training run can see of it, the order of the samples included} */
    String identity();
}
