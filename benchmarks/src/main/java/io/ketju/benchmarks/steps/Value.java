package io.ketju.benchmarks.steps;

import io.ketju.tensor.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A result in a network, and the loss's gradient of it. A batch is a value without a gradient, fed before each step. */
final class Value {
    private final @Nullable Tensor gradient;
    private Tensor tensor;

    Value(Tensor tensor, @Nullable Tensor gradient) {
        this.tensor = tensor;
        this.gradient = gradient;
    }

    Tensor tensor() {
        return tensor;
    }

    /** Puts another batch in the place of this one. */
    void feed(Tensor batch) {
        tensor = batch;
    }

    /** Whether anything before this value is trained. */
    boolean hasGradient() {
        return gradient != null;
    }

    /** Overwritten by the step that reads the value; throws for batches. */
    Tensor gradient() {
        return Objects.requireNonNull(gradient, "a batch has no gradient");
    }
}
