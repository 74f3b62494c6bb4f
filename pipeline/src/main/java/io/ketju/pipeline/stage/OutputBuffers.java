package io.ketju.pipeline.stage;

import io.ketju.layers.model.Value;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Wire;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Buffers for what a stage sends one way: a pool for each edge, because their sizes differ. A bundle takes one of each. */
final class OutputBuffers implements StageHoldings.Owner {
    private final List<TensorPool> pools = new ArrayList<>();
    /** Buffers of each edge that came back, of bundles that are not yet free as a whole. */
    private final int[] released;
    /** The edges of every bundle that is out, first sent first. */
    private final Deque<List<Integer>> out = new ArrayDeque<>();

    private final Wire wire;
    private final @Nullable Kernels kernels;
    private Runnable onBundleReleased = () -> {};

    /**
     * @param name what travels, as errors print it
     * @param largest types of the edges
     * @param bundles number of buffers for each
     */
    OutputBuffers(String name, List<TensorType> largest, int bundles) {
        this(name, largest, bundles, Wire.FLOAT32, null);
    }

    /**
     * Buffers of tensors that are rounded on their way.
     *
     * @param wire as what the tensors travel
     * @param kernels that round them, if they are rounded
     */
    OutputBuffers(String name, List<TensorType> largest, int bundles, Wire wire, @Nullable Kernels kernels) {
        this.wire = wire;
        this.kernels = kernels;
        released = new int[largest.size()];
        for (int i = 0; i < largest.size(); i++) {
            int edge = i;
            TensorPool pool = new TensorPool(name, wire.type(largest.get(i)).bytes(), bundles);
            pool.onRelease(() -> released(edge));
            pools.add(pool);
        }
    }

    /** Of what crosses behind a stage. */
    static OutputBuffers activations(PipelineSpec spec, StageProgram program, StagePlan plan, Kernels kernels) {
        List<TensorType> types = program.after().edges().stream()
                .map(edge -> spec.largestTypes().of(edge.value()))
                .toList();
        return new OutputBuffers(
                "activations of stage " + program.stage(), types, plan.activationBuffers(), spec.wire(), kernels);
    }

    /** Of the gradients of what crosses before a stage. */
    static OutputBuffers gradients(PipelineSpec spec, StageProgram program, StagePlan plan, Kernels kernels) {
        List<TensorType> types = program.before().gradientValues().stream()
                .map(spec.largestTypes()::of)
                .toList();
        return new OutputBuffers(
                "gradients of stage " + program.stage(), types, plan.gradientBuffers(), spec.wire(), kernels);
    }

    /** Calls this, on the releasing thread, when the last buffer of a bundle is free again. */
    void onBundleReleased(Runnable listener) {
        onBundleReleased = listener;
    }

    /** Announces that the buffers of one bundle go out, which {@link #send} fills. */
    void bundle(List<Integer> edges) {
        if (!edges.isEmpty()) {
            synchronized (this) {
                out.add(edges);
            }
        }
    }

    /**
     * Sends a bundle: a copy of each tensor.
     *
     * @param values of these edges, in their order
     * @param tensors of the values
     * @param sent to which the copies are added
     */
    void send(List<Integer> edges, List<Value> values, Function<Value, Tensor> tensors, List<TensorLease> sent) {
        bundle(edges);
        for (int i = 0; i < edges.size(); i++) {
            sent.add(send(edges.get(i), tensors.apply(values.get(i))));
        }
    }

    /** A copy of a tensor for the neighbour. */
    TensorLease send(int edge, Tensor tensor) {
        if (kernels != null && wire.packs(tensor.dtype())) {
            TensorLease rounded = lease(edge, Wire.pairs(tensor.elements()));
            kernels.elementwise().packBfloat16(tensor, rounded.tensor());
            return rounded;
        }
        TensorLease lease = lease(edge, TensorType.of(tensor));
        lease.tensor().copyFrom(tensor);
        return lease;
    }

    /** A tensor for the neighbour that is still to be written. */
    TensorLease lease(int edge, TensorType type) {
        return pools.get(edge).lease(type.dtype(), type.shape());
    }

    int outstanding() {
        int all = 0;
        for (int i = 0; i < pools.size(); i++) {
            all += pools.get(i).outstanding();
        }
        return all;
    }

    private void released(int edge) {
        int bundles = 0;
        synchronized (this) {
            released[edge]++;
            while (!out.isEmpty() && whole(out.element())) {
                List<Integer> edges = out.remove();
                for (int i = 0; i < edges.size(); i++) {
                    released[edges.get(i)]--;
                }
                bundles++;
            }
        }
        for (int i = 0; i < bundles; i++) {
            onBundleReleased.run();
        }
    }

    private boolean whole(List<Integer> edges) {
        for (int i = 0; i < edges.size(); i++) {
            if (released[edges.get(i)] == 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public long heldBytes() {
        return pools.stream().mapToLong(TensorPool::capacityBytes).sum();
    }

    @Override
    public void close() {
        pools.forEach(TensorPool::close);
    }
}
