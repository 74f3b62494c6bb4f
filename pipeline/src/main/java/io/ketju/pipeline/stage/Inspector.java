package io.ketju.pipeline.stage;

import io.ketju.layers.join.Joints;
import io.ketju.pipeline.program.SlotLayout;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.pipeline.stage.Inspection.Outcome;
import io.ketju.tensor.DType;
import io.ketju.tensor.NonFiniteElement;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs the forward of a micro-batch once more, with a look at the output of every layer. Layers that are joined run one by
 * one here, so that what is found does not depend on the cut; their bits are the same. Takes memory of its own, and only
 * when it is needed.
 */
final class Inspector implements AutoCloseable {
    private final BoundProgram.Shared joined;
    private final Function<Joints, StageProgram> program;
    private final Function<StageProgram, SlotLayout> layout;
    private final int microbatches;
    private BoundProgram.@Nullable Shared apart;

    /**
     * @param joined what slots share that run the program
     * @param program the program with layers joined or not
     * @param layout of a slot for it
     * @param microbatches that keep something until the optimizer step, at most
     */
    Inspector(
            BoundProgram.Shared joined,
            Function<Joints, StageProgram> program,
            Function<StageProgram, SlotLayout> layout,
            int microbatches) {
        this.joined = joined;
        this.program = program;
        this.layout = layout;
        this.microbatches = microbatches;
    }

    /**
     * Finds the layer from which on all outputs hold a NaN or an infinity. An infinity that a later layer turns into
     * something finite is legal, and not what is looked for. Leaves the micro-batch as it is.
     *
     * @param ran what it runs on, and with it which values of the weights; null for the live ones
     */
    Inspection inspect(HeldMicrobatch held, @Nullable BoundProgram ran) {
        BoundProgram.Shared shared = apart();
        try (TensorArena arena = new TensorArena(shared.layout().plan().bytes())) {
            BoundProgram bound = new BoundProgram(shared, held.types(), arena);
            held.arrived().forEach(bound::arrived);
            if (ran != null) {
                bound.useAs(ran);
            }
            return again(held, bound);
        }
    }

    private Inspection again(HeldMicrobatch held, BoundProgram bound) {
        Outcome outcome = held.arrived().values().stream().allMatch(this::finite) ? Outcome.FINITE : Outcome.ARRIVED;
        String layer = "";
        for (BoundStep step : bound.steps()) {
            if (step instanceof BoundLoss) {
                continue;
            }
            step.forward(held.occupant());
            Tensor bad = firstBad(step);
            if (bad == null) {
                outcome = Outcome.FINITE;
                layer = "";
            } else if (outcome == Outcome.FINITE) {
                outcome = Outcome.BEGAN;
                layer = step.name() + ", whose output is "
                        + NonFiniteElement.firstIn(bad).orElseThrow();
            }
        }
        return new Inspection(joined.program().stage(), held.window(), held.microbatch(), outcome, layer);
    }

    private @Nullable Tensor firstBad(BoundStep step) {
        for (int i = 0; i < step.outputs(); i++) {
            Tensor output = step.output(i);
            if (output != null && !finite(output)) {
                return output;
            }
        }
        return null;
    }

    /** Whether no element is NaN or infinite. */
    boolean finite(Tensor tensor) {
        return tensor.dtype() != DType.FLOAT32 || joined.kernels().loss().allFinite(tensor);
    }

    private BoundProgram.Shared apart() {
        BoundProgram.Shared made = apart;
        if (made == null) {
            StageProgram parts = program.apply(Joints.NONE);
            StepTensors untilStep = new StepTensors(parts, microbatches);
            made = new BoundProgram.Shared(
                    joined.variant(),
                    parts,
                    layout.apply(parts),
                    joined.weights(),
                    untilStep,
                    joined.constants(),
                    joined.kernels(),
                    joined.seed());
            apart = made;
        }
        return made;
    }

    @Override
    public void close() {
        if (apart != null) {
            apart.untilStep().close();
        }
    }
}
