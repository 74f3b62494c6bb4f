package io.ketju.data;

import io.ketju.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several mini-batches of a source as one, with the micro-batches of all in their order: what gradients are added up over before
 * a step. The last one of a data epoch has what is left of it, fewer mini-batches than others; none has some of two epochs.
 */
public final class AccumulatedBatches implements BatchSource {
    /** A mini-batch with those that it is made of. */
    private record Group(BatchPlan whole, List<BatchPlan> parts) {}

    private final BatchSource source;
    private final int accumulate;
    /** Micro-batches of one mini-batch are asked for one after the other. */
    private volatile @Nullable Group last;

    private AccumulatedBatches(BatchSource source, int accumulate) {
        this.source = source;
        this.accumulate = accumulate;
    }

    /**
     * Joins mini-batches to larger ones.
     *
     * @param source of the small mini-batches
     * @param accumulate mini-batches of the source in one of this, at least 1; with 1 it is the source itself
     * @return the joined batches, under the source's name and with its ports
     * @throws ArithmeticException if an int cannot count the samples of one
     * @throws IllegalArgumentException if {@code accumulate} is below 1
     */
    public static BatchSource of(BatchSource source, int accumulate) {
        if (accumulate < 1) {
            throw new IllegalArgumentException("expected at least 1 mini-batch to be accumulated, found " + accumulate);
        }
        Math.multiplyExact(source.batchSize(), accumulate);
        return accumulate == 1 ? source : new AccumulatedBatches(source, accumulate);
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public List<BatchPort> ports() {
        return source.ports();
    }

    @Override
    public int batchSize() {
        return source.batchSize() * accumulate;
    }

    @Override
    public int microbatches() {
        return Math.multiplyExact(source.microbatches(), accumulate);
    }

    @Override
    public int stepsPerEpoch() {
        return Math.ceilDiv(source.stepsPerEpoch(), accumulate);
    }

    @Override
    public BatchPlan plan(long index) {
        return group(index).whole();
    }

    private Group group(long index) {
        Group known = last;
        if (known != null && known.whole().index() == index) {
            return known;
        }
        int steps = stepsPerEpoch();
        long epoch = index / steps;
        int from = Math.toIntExact(index % steps) * accumulate;
        int to = Math.min(from + accumulate, source.stepsPerEpoch());
        List<BatchPlan> parts = new ArrayList<>();
        List<MicrobatchPlan> microbatches = new ArrayList<>();
        for (int i = from; i < to; i++) {
            parts.add(source.plan(epoch * source.stepsPerEpoch() + i));
            microbatches.addAll(parts.getLast().microbatches());
        }
        Group made = new Group(new BatchPlan(index, parts.getFirst().dataEpoch(), microbatches), parts);
        last = made;
        return made;
    }

    @Override
    public void copy(BatchPlan plan, int microbatch, String port, Tensor target) {
        int left = microbatch;
        for (BatchPlan part : group(plan.index()).parts()) {
            if (left < part.microbatches().size()) {
                source.copy(part, left, port, target);
                return;
            }
            left -= part.microbatches().size();
        }
        throw new IndexOutOfBoundsException("micro-batch " + microbatch + " of batch " + plan.index());
    }

    @Override
    public void copyConstant(String port, Tensor target) {
        source.copyConstant(port, target);
    }

    @Override
    public String identity() {
        return new IdentityHash("ketju-accumulated-batches-1")
                .add(source.identity())
                .add(Integer.toString(accumulate))
                .hex();
    }
}
