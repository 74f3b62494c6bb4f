package io.ketju.pipeline.stage;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.util.ArrayList;
import java.util.List;

/** Buffers for what a stage sends one way: a pool for each edge, because their sizes differ. A bundle takes one of each. */
final class OutputBuffers implements AutoCloseable {
    private final List<TensorPool> pools = new ArrayList<>();
    private final long[] released;
    private long bundlesReleased;
    private Runnable onBundleReleased = () -> {};

    /**
     * @param name what travels, as errors print it
     * @param largest types of the edges
     * @param bundles number of buffers for each
     */
    OutputBuffers(String name, List<TensorType> largest, int bundles) {
        released = new long[largest.size()];
        for (int i = 0; i < largest.size(); i++) {
            int edge = i;
            TensorPool pool = new TensorPool(name, largest.get(i).bytes(), bundles);
            pool.onRelease(() -> released(edge));
            pools.add(pool);
        }
    }

    /** Calls this, on the releasing thread, when the last buffer of a bundle is free again. */
    void onBundleReleased(Runnable listener) {
        onBundleReleased = listener;
    }

    /** A copy of a tensor for the neighbour. */
    TensorLease send(int edge, Tensor tensor) {
        TensorLease lease = pools.get(edge).lease(tensor.dtype(), tensor.shape());
        lease.tensor().copyFrom(tensor);
        return lease;
    }

    int outstanding() {
        return pools.stream().mapToInt(TensorPool::outstanding).sum();
    }

    private void released(int edge) {
        boolean bundle;
        synchronized (this) {
            released[edge]++;
            long all = Long.MAX_VALUE;
            for (long count : released) {
                all = Math.min(all, count);
            }
            bundle = all > bundlesReleased;
            bundlesReleased = all;
        }
        if (bundle) {
            onBundleReleased.run();
        }
    }

    @Override
    public void close() {
        pools.forEach(TensorPool::close);
    }
}
