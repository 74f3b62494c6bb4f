package io.ketju.pipeline.stage;

import io.ketju.layers.join.Joints;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.pipeline.stage.Inspection.Outcome;
import io.ketju.tensor.DType;
import io.ketju.tensor.NonFiniteElement;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * Runs the forward of a micro-batch once more, with a look at the output of every layer. Layers that are joined run one by
 * one here, so that what is found does not depend on the cut; their bits are the same. Takes memory of its own, and only
 * when it is needed.
 */
final class Inspector implements AutoCloseable {
    private final PipelineSpec spec;
    private final int stage;
    private final BoundProgram.Shared joined;
    private BoundProgram.@Nullable Shared apart;

    /** @param joined what the slots of the stage share */
    Inspector(PipelineSpec spec, int stage, BoundProgram.Shared joined) {
        this.spec = spec;
        this.stage = stage;
        this.joined = joined;
    }

    /**
     * Finds the layer from which on all outputs hold a NaN or an infinity. An infinity that a later layer turns into
     * something finite is legal, and not what is looked for. Leaves the slot as it is.
     */
    Inspection inspect(MicrobatchSlot slot) {
        BoundProgram.Shared shared = apart();
        try (TensorArena arena = new TensorArena(shared.layout().plan().bytes())) {
            BoundProgram program = new BoundProgram(shared, slot.types(), arena);
            slot.arrived().forEach(program::arrived);
            return inspect(slot, program);
        }
    }

    private Inspection inspect(MicrobatchSlot slot, BoundProgram program) {
        Outcome outcome = slot.arrived().values().stream().allMatch(this::finite) ? Outcome.FINITE : Outcome.ARRIVED;
        String layer = "";
        for (BoundStep step : program.steps()) {
            if (step instanceof BoundLoss) {
                continue;
            }
            step.forward(slot.occupant());
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
        return new Inspection(stage, slot.window(), slot.microbatch(), outcome, layer);
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
            StageProgram program = spec.program(stage, Joints.NONE);
            StepTensors untilStep = new StepTensors(program, spec.recipe().mostMicrobatches());
            made = new BoundProgram.Shared(
                    program,
                    spec.layout(program),
                    joined.parameters(),
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
