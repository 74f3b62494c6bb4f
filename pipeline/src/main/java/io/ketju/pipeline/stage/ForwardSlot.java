package io.ketju.pipeline.stage;

import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.Value;
import io.ketju.pipeline.partition.GradientFlow;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.program.SampleRows;
import io.ketju.pipeline.program.SlotLayout;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import java.util.List;

/** A whole model as one forward on one slot, without gradients: with its losses if it has heads. */
final class ForwardSlot implements AutoCloseable {
    private final Model model;
    private final int largest;
    private final StageProgram program;
    private final BatchPorts ports;
    private final MicrobatchTypes types;
    private final StepTensors untilStep;
    private final MicrobatchSlot slot;

    /** For up to {@code largest} samples at once. */
    ForwardSlot(Model model, int largest, ParameterBlock parameters, Kernels kernels) {
        this.model = model;
        this.largest = largest;
        program = program(model, largest);
        ports = BatchPorts.of(model);
        types = new MicrobatchTypes(model);
        untilStep = new StepTensors(program, 0);
        slot = new MicrobatchSlot(
                new BoundProgram.Shared(program, layout(model, largest), parameters, untilStep, kernels, 0));
    }

    private static StageProgram program(Model model, int largest) {
        GradientFlow nothingLearns = new GradientFlow(model, name -> false);
        return StageProgram.of(model, nothingLearns, Partition.single(model), 0, model.types(largest));
    }

    private static SlotLayout layout(Model model, int largest) {
        return SlotLayout.of(program(model, largest), model.types(largest), false);
    }

    /** Bytes of the slot. */
    static long bytes(Model model, int largest) {
        return layout(model, largest).plan().bytes();
    }

    Model model() {
        return model;
    }

    /**
     * Runs the forward of some samples and leaves the slot occupied, for {@link #value} and {@link #release}.
     *
     * @param batch the model's inputs and, with losses, its targets, in the order of {@link BatchPorts}; whole
     * @param all samples of the whole batch
     * @param first the first of them that runs
     */
    BoundProgram forward(Window window, int microbatch, List<Tensor> batch, int all, int first) {
        int count = window.split().size(microbatch);
        if (count > largest) {
            throw new IllegalArgumentException("expected at most " + largest + " samples at once, got " + count);
        }
        MicrobatchTypes.Typed typed = types.typed(count);
        BoundProgram bound = slot.occupy(window, microbatch, typed.values());
        for (int port = 0; port < typed.ports().size(); port++) {
            if (program.fed().contains(port)) {
                boolean input = port < model.inputs().size();
                boolean whole = input && !model.inputs().get(port).batched();
                Tensor part = whole ? batch.get(port) : SampleRows.of(batch.get(port), all, first, count);
                require(ports.names().get(port), typed.ports().get(port), part);
                slot.arrived(part);
                if (input) {
                    bound.arrived(Value.ofInput(port), part);
                } else {
                    bound.fed(port, part);
                }
            }
        }
        bound.forward(slot.occupant(), true);
        return bound;
    }

    private static void require(String name, TensorType expected, Tensor found) {
        if (!TensorType.of(found).equals(expected)) {
            throw new IllegalArgumentException("'" + name + "': expected " + expected + ", found " + found);
        }
    }

    /** Types of all values for so many samples. */
    ModelTypes types(int samples) {
        return types.of(samples);
    }

    /** Looks for where a NaN or an infinity of the last forward began. */
    Inspection inspect() {
        return slot.inspect(0);
    }

    /** What ran, if anything did, is done with. */
    void release() {
        if (!slot.free()) {
            slot.release();
        }
    }

    /** Bytes that were taken. */
    long capacityBytes() {
        return slot.capacityBytes();
    }

    @Override
    public void close() {
        slot.close();
        untilStep.close();
    }
}
