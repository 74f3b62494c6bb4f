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
 * @param nanos of each pass
 * @param waited what passes took in all, by the clock
 */
record PacedLayer(long nanos, AtomicLong waited) implements OneToOne {
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
        long left = nanos;
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = nanos - (System.nanoTime() - begun);
        }
        waited.addAndGet(System.nanoTime() - begun);
    }
}
