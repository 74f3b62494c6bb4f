package io.ketju.benchmarks.pipeline;

import io.ketju.data.BatchPlan;
import io.ketju.data.BatchPort;
import io.ketju.data.BatchSource;
import io.ketju.data.MicrobatchPlan;
import io.ketju.layers.model.Model;
import io.ketju.tensor.MicrobatchSplit;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongFunction;

/** The same mini-batches over and over, behind a {@link Gate}. */
final class GatedBatches implements BatchSource {
    /** As good as without end. */
    static final int STEPS = 1 << 30;

    private final LongFunction<WorkBatches.Batch> batches;
    private final MicrobatchSplit split;
    private final Gate gate;
    private final List<MicrobatchPlan> microbatches = new ArrayList<>();

    /**
     * @param batches by step, from 0, all of one size
     */
    GatedBatches(LongFunction<WorkBatches.Batch> batches, int microbatches, Gate gate) {
        this.batches = batches;
        this.gate = gate;
        WorkBatches.Batch batch = batches.apply(0);
        split = new MicrobatchSplit(batch.inputs().shape().dimension(0), microbatches);
        for (int m = 0; m < microbatches; m++) {
            SortedMap<String, TensorType> types = new TreeMap<>();
            types.put(Model.INPUT, type(batch.inputs(), split.size(m)));
            types.put(Model.TARGET, type(batch.targets(), split.size(m)));
            this.microbatches.add(new MicrobatchPlan(split.size(m), types));
        }
    }

    private static TensorType type(Tensor all, int samples) {
        return TensorType.of(all.samples(0, samples));
    }

    @Override
    public String name() {
        return "synthetic";
    }

    @Override
    public List<BatchPort> ports() {
        SortedMap<String, TensorType> largest = microbatches.getFirst().types();
        return largest.entrySet().stream()
                .map(port -> BatchPort.changing(port.getKey(), port.getValue()))
                .toList();
    }

    @Override
    public int batchSize() {
        return split.samples();
    }

    @Override
    public int microbatches() {
        return split.microbatches();
    }

    @Override
    public int stepsPerEpoch() {
        return STEPS;
    }

    @Override
    public BatchPlan plan(long index) {
        return new BatchPlan(index, index / STEPS, microbatches);
    }

    /** Targets are read ahead, to weigh them; what a step cannot begin without is its input. */
    @Override
    public void copy(BatchPlan plan, int microbatch, String port, Tensor target) {
        WorkBatches.Batch batch = batches.apply(plan.index());
        boolean input = port.equals(Model.INPUT);
        if (input) {
            gate.pass(plan.index());
        }
        Tensor all = input ? batch.inputs() : batch.targets();
        target.copyFrom(all.samples(split.firstSample(microbatch), split.size(microbatch)));
    }

    @Override
    public String identity() {
        return "synthetic-" + split.samples() + "-" + split.microbatches();
    }
}
