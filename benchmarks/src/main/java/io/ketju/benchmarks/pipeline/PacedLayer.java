package io.ketju.benchmarks.pipeline;

import io.ketju.layers.Footprint;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A layer that waits for a timer where others compute, so that a machine with few cores can run many ranks at their own pace.
 * Forward, input gradient and weight gradient take the same time. It passes on what comes, and has a weight that stays zero.
 *
 * @param passes of all layers together
 */
record PacedLayer(Passes passes) implements OneToOne {
    /** How long each pass takes, what they took in all, when the first of them began and when the last one ended, by the clock. */
    static final class Passes {
        private volatile long nanos;
        private final AtomicLong waited = new AtomicLong();
        private final AtomicLong begun = new AtomicLong(Long.MAX_VALUE);
        private final AtomicLong ended = new AtomicLong(Long.MIN_VALUE);

        /** From now on each takes so long; at first, no time. */
        void pace(long each) {
            nanos = each;
        }

        void clear() {
            waited.set(0);
            begun.set(Long.MAX_VALUE);
            ended.set(Long.MIN_VALUE);
        }

        private void add(long from, long to) {
            waited.addAndGet(to - from);
            begun.accumulateAndGet(from, Math::min);
            ended.accumulateAndGet(to, Math::max);
        }

        /** The share of so many ranks' time, from the first to the last, in which no pass ran. */
        double bubble(int ranks) {
            return 1 - (double) waited.get() / (ranks * (double) (ended.get() - begun.get()));
        }
    }

    @Override
    public Spec spec() {
        return Spec.of("PacedLayer");
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(new Parameter("weight", Shape.of(1), Initializers.zeros()));
    }

    @Override
    public TensorType output(TensorType input) {
        return input;
    }

    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.NOTHING;
    }

    @Override
    public long forwardFlops(TensorType input) {
        return 0;
    }

    @Override
    public void forward(Pass pass) {
        pass.output(0).copyFrom(pass.input(0));
        pace();
    }

    @Override
    public void backwardInput(Pass pass) {
        pass.gradInput(0).copyFrom(pass.gradOutput(0));
        pace();
    }

    @Override
    public void backwardWeight(Pass pass) {
        pace();
    }

    private void pace() {
        long begun = System.nanoTime();
        long pace = passes.nanos;
        long left = pace;
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = pace - (System.nanoTime() - begun);
        }
        passes.add(begun, System.nanoTime());
    }
}
