package io.ketju.pipeline.stage;

import io.ketju.pipeline.program.SampleRows;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorLease;
import java.util.BitSet;
import java.util.List;

/**
 * Puts what comes back of a window that predicts in its place among the outputs of the whole mini-batch, whatever the
 * order in which stages and micro-batches come. Each buffer goes back at once, so few of them do for any window. Not
 * thread-safe.
 */
public final class WindowOutputs {
    private final int incarnation;
    private final Window window;
    private final List<Tensor> wanted;
    private final BitSet arrived = new BitSet();

    /**
     * Of which nothing has come.
     *
     * @param incarnation the fencing number; tensors of any other are only closed
     * @param window that predicts
     * @param wanted one tensor for each of the model's outputs, of all samples; overwritten
     */
    public WindowOutputs(int incarnation, Window window, List<Tensor> wanted) {
        this.incarnation = incarnation;
        this.window = window;
        this.wanted = List.copyOf(wanted);
    }

    /** {@return the window that it is of} */
    public Window window() {
        return window;
    }

    /**
     * Takes a tensor in and closes its lease; one of another start or window, or a second of the same, is only closed.
     *
     * @param key which it is
     * @param lease closed in any case
     * @throws IllegalArgumentException if it is not what this window makes
     */
    public void take(TensorKey key, TensorLease lease) {
        try (lease) {
            if (key.kind() != TensorKey.Kind.OUTPUT
                    || key.incarnation() != incarnation
                    || key.window() != window.number()) {
                return;
            }
            if (key.edge() >= wanted.size() || key.microbatch() >= window.microbatches()) {
                throw new IllegalArgumentException("got " + key + ", but the window has " + wanted.size()
                        + " outputs of " + window.microbatches() + " micro-batches");
            }
            int index = key.microbatch() * wanted.size() + key.edge();
            if (!arrived.get(index)) {
                place(key, lease.tensor());
                arrived.set(index);
            }
        }
    }

    private void place(TensorKey key, Tensor tensor) {
        int m = key.microbatch();
        Tensor place = SampleRows.of(
                wanted.get(key.edge()),
                window.samples(),
                window.firstSample(m),
                window.parts().get(m).samples());
        if (place.dtype() != tensor.dtype() || !place.shape().equals(tensor.shape())) {
            throw new IllegalArgumentException(
                    "output " + key.edge() + " of micro-batch " + m + ": expected " + place + ", got " + tensor);
        }
        place.copyFrom(tensor);
    }

    /** {@return whether all has come} */
    public boolean complete() {
        return arrived.cardinality() == wanted.size() * window.microbatches();
    }
}
