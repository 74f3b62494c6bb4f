package io.ketju.benchmarks.pipeline;

import io.ketju.layers.Footprint;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.TensorType;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A layer that passes on what comes and notes when: {@code begun} as its forward begins, {@code ended} as it ends. For
 * runs in this JVM.
 */
record Milestone(AtomicLong begun, AtomicLong ended) implements OneToOne {
    Milestone() {
        this(new AtomicLong(), new AtomicLong());
    }

    @Override
    public Spec spec() {
        return Spec.of("Milestone");
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
        begun.set(System.nanoTime());
        pass.output(0).copyFrom(pass.input(0));
        ended.set(System.nanoTime());
    }

    @Override
    public void backwardInput(Pass pass) {
        pass.gradInput(0).copyFrom(pass.gradOutput(0));
    }
}
