package io.ketju.pipeline.stage;

import io.ketju.layers.PassBinding;
import io.ketju.layers.model.Node;
import io.ketju.pipeline.schedule.GroupSums;
import io.ketju.tensor.Tensor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One step of a stage on the tensors of one slot. */
interface BoundStep {
    /** Gives gradients their places that lie where those of the outputs lie. Called once, after those of later steps. */
    default void placeGradients() {}

    /** Overwrites what the step makes. */
    void forward(Microbatch microbatch);

    /** Makes again what {@link #forward} made of the same inputs, as far as backward reads it. */
    default void recompute(Microbatch microbatch) {
        forward(microbatch);
    }

    /** Takes up what {@link #forward} began with, for a backward that reads nothing of what it made. */
    void resume(Microbatch microbatch);

    /** Gives the inputs that want one their part of the gradient. */
    void inputGradients();

    /** Adds into the gradients of the step's weights. */
    void weightGradients();

    /** Both, one after the other or in one: the bits are the same. */
    default void backward() {
        inputGradients();
        weightGradients();
    }

    /** From now on runs on these values of its weights; nothing to do where there are none. */
    default void use(int version, Function<Node, PassBinding.Weights> weights) {}

    /** From now on adds into the gradients of this place: see {@link GroupSums}; nothing to do where there are none. */
    default void addTo(int gradientPlace, Function<Node, PassBinding.Weights> weights) {}

    /** For messages. */
    String name();

    /** What forward made, output by output, to be looked at when something is not finite; none of a view and a loss. */
    int outputs();

    @Nullable
    Tensor output(int index);
}
