package io.ketju.data;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Batches with whole numbers beside them that never change: how often words occur, or the paths of a tree over them. */
public final class ConstantBatches implements BatchSource {
    private final BatchSource batches;
    private final SortedMap<String, Constant> constants;

    /**
     * What never changes.
     *
     * @param type int32, of any shape
     * @param values row-major
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Constant(TensorType type, int[] values) {
        /**
         * Copies the values.
         *
         * @throws IllegalArgumentException if the type is one of floating-point numbers, or the values are not as many as it has
         */
        public Constant {
            if (type.differentiable() || values.length != type.shape().elements()) {
                throw new IllegalArgumentException(
                        "expected whole numbers of " + type + ", found " + values.length + " values");
            }
            values = values.clone();
        }
    }

    /**
     * Adds constants to what a source gives; where both have a constant of one name, the one given here is read.
     *
     * @param batches the source; its name and plans stay as they are
     * @param constants by their names
     */
    public ConstantBatches(BatchSource batches, Map<String, Constant> constants) {
        this.batches = batches;
        this.constants = new TreeMap<>(constants);
    }

    @Override
    public String name() {
        return batches.name();
    }

    @Override
    public List<BatchPort> ports() {
        List<BatchPort> ports = new ArrayList<>(batches.ports());
        constants.forEach((port, constant) -> ports.add(BatchPort.constant(port, constant.type())));
        return ports;
    }

    @Override
    public int batchSize() {
        return batches.batchSize();
    }

    @Override
    public int microbatches() {
        return batches.microbatches();
    }

    @Override
    public int stepsPerEpoch() {
        return batches.stepsPerEpoch();
    }

    @Override
    public BatchPlan plan(long index) {
        return batches.plan(index);
    }

    @Override
    public void copy(BatchPlan plan, int microbatch, String port, Tensor target) {
        batches.copy(plan, microbatch, port, target);
    }

    @Override
    public void copyConstant(String port, Tensor target) {
        Constant constant = constants.get(port);
        if (constant == null) {
            BatchSource.super.copyConstant(port, target);
            return;
        }
        for (int i = 0; i < constant.values().length; i++) {
            target.setInt(i, constant.values()[i]);
        }
    }

    @Override
    public String identity() {
        IdentityHash hash = new IdentityHash("ketju-constants-1").add(batches.identity());
        constants.forEach(
                (port, constant) -> hash.add(port + " " + constant.type()).add(constant.values()));
        return hash.hex();
    }
}
