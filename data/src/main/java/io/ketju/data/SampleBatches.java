package io.ketju.data;

import io.ketju.tensor.MicrobatchSplit;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Samples as micro-batches: taken in the order of {@link Batches}, and cut by {@link MicrobatchSplit}. */
public final class SampleBatches implements BatchSource {
    private final SampleSource samples;
    private final Batches batches;
    private final int batchSize;
    private final int microbatches;
    private final BatchOrder order;
    private final List<BatchPort> ports;

    /**
     * Fixes what the batches are made of.
     *
     * @param samples stay their owner's
     * @param batchSize samples in a full mini-batch, at least 1
     * @param microbatches parts of a mini-batch, at least 1; one with fewer samples has as many parts as samples
     * @param order of the samples in each data epoch
     * @throws IllegalArgumentException if there is no sample, or one of both numbers is below 1
     */
    public SampleBatches(SampleSource samples, int batchSize, int microbatches, BatchOrder order) {
        this.samples = samples;
        this.batches = new Batches(samples.size(), batchSize, order);
        this.batchSize = batchSize;
        this.microbatches = microbatches;
        this.order = order;
        this.ports = List.copyOf(
                samples.ports(MicrobatchSplit.atMost(batchSize, microbatches).largest()));
    }

    @Override
    public String name() {
        return samples.name();
    }

    @Override
    public List<BatchPort> ports() {
        return ports;
    }

    @Override
    public int batchSize() {
        return batchSize;
    }

    @Override
    public int microbatches() {
        return microbatches;
    }

    @Override
    public int stepsPerEpoch() {
        return batches.stepsPerEpoch();
    }

    @Override
    public BatchPlan plan(long index) {
        Batch batch = batches.batch(index);
        MicrobatchSplit split = MicrobatchSplit.atMost(batch.size(), microbatches);
        List<MicrobatchPlan> parts = new ArrayList<>();
        for (int m = 0; m < split.microbatches(); m++) {
            Batch part = batch.part(split.firstSample(m), split.size(m));
            SortedMap<String, TensorType> types = new TreeMap<>();
            ports.forEach(port -> types.put(port.name(), samples.type(part, port.name())));
            parts.add(new MicrobatchPlan(part.size(), types));
        }
        return new BatchPlan(index, batch.dataEpoch(), parts);
    }

    @Override
    public void copy(BatchPlan plan, int microbatch, String port, Tensor target) {
        int size = plan.microbatches().get(microbatch).samples();
        samples.copy(batches.batch(plan.index()).part(plan.firstSample(microbatch), size), port, target);
    }

    @Override
    public String identity() {
        return new IdentityHash("ketju-sample-batches-1")
                .add(samples.identity())
                .add(batchSize + " " + microbatches + " " + order)
                .hex();
    }
}
