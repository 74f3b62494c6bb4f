package io.ketju.report.gather;

import io.ketju.data.BatchPlan;
import io.ketju.data.BatchPort;
import io.ketju.data.BatchSource;
import io.ketju.tensor.Tensor;
import java.util.List;

/** One mini-batch of a source, as a data epoch of its own. */
record SingleBatch(BatchSource all, long index) implements BatchSource {
    @Override
    public String name() {
        return all.name();
    }

    @Override
    public List<BatchPort> ports() {
        return all.ports();
    }

    @Override
    public int batchSize() {
        return all.batchSize();
    }

    @Override
    public int microbatches() {
        return all.microbatches();
    }

    @Override
    public int stepsPerEpoch() {
        return 1;
    }

    @Override
    public BatchPlan plan(long ignored) {
        return all.plan(index);
    }

    @Override
    public void copy(BatchPlan plan, int microbatch, String port, Tensor target) {
        all.copy(plan, microbatch, port, target);
    }

    @Override
    public void copyConstant(String port, Tensor target) {
        all.copyConstant(port, target);
    }

    @Override
    public String identity() {
        return all.identity() + "/" + index;
    }
}
