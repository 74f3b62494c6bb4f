package io.ketju.benchmarks.pipeline;

import io.ketju.benchmarks.training.SyntheticBatches;
import io.ketju.data.Dataset;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * One long data epoch out of few synthetic mini-batches, repeated as often as the size needs.
 *
 * @param inputShape shape of one sample
 * @param batches equally large
 */
record SyntheticDataset(Shape inputShape, List<SyntheticBatches.Batch> batches, int size) implements Dataset {
    @Override
    public String name() {
        return "synthetic";
    }

    @Override
    public int classes() {
        return 10;
    }

    @Override
    public void copyInput(int sample, Tensor batch, int row) {
        int elements = inputShape.elements();
        MemorySegment.copy(
                batchOf(sample).inputs(),
                sample % batchSize() * elements,
                batch.segment(),
                ValueLayout.JAVA_FLOAT_UNALIGNED,
                row * inputShape.bytes(),
                elements);
    }

    @Override
    public void copyTarget(int sample, Tensor batch, int row) {
        batch.setInt(row, batchOf(sample).labels()[sample % batchSize()]);
    }

    @Override
    public String identity() {
        return "synthetic-" + batchSize() + "-" + size;
    }

    private int batchSize() {
        return batches.getFirst().labels().length;
    }

    private SyntheticBatches.Batch batchOf(int sample) {
        return batches.get(sample / batchSize() % batches.size());
    }
}
