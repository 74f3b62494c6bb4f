package io.ketju.pipeline.stage;

import io.ketju.layers.join.Joints;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.pipeline.partition.GradientFlow;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.program.SlotLayout;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import java.util.Map;

/**
 * A whole model as one forward on one slot, without gradients: with its losses if it has heads. What never changes is
 * given like every other input.
 */
final class ForwardSlot implements AutoCloseable {
    private final Model model;
    private final int largest;
    private final BatchPorts ports;
    private final FedPorts fed;
    private final MicrobatchTypes types;
    private final StepTensors untilStep;
    private final BoundProgram.Shared shared;
    private final Inspector inspector;
    private final MicrobatchSlot slot;

    /** For up to {@code largest} samples at once. */
    ForwardSlot(Model model, int largest, ParameterBlock parameters, Kernels kernels) {
        this.model = model;
        this.largest = largest;
        StageProgram program = program(model, largest, Joints.chosen());
        SlotLayout layout = layout(program, largest);
        ports = BatchPorts.of(model);
        fed = new FedPorts(program);
        types = new MicrobatchTypes(model);
        untilStep = new StepTensors(program, 0);
        shared = new BoundProgram.Shared(
                0, program, layout, parameters::forwardWeights, untilStep, Map.of(), kernels, 0);
        inspector = new Inspector(shared, joints -> program(model, largest, joints), one -> layout(one, largest), 0);
        slot = new MicrobatchSlot(layout.plan().bytes());
    }

    private static StageProgram program(Model model, int largest, Joints joints) {
        GradientFlow nothingLearns = new GradientFlow(model, name -> false);
        return StageProgram.of(model, nothingLearns, Partition.single(model), 0, model.types(largest), joints);
    }

    private static SlotLayout layout(StageProgram program, int largest) {
        return SlotLayout.of(program, program.model().types(largest), false);
    }

    /** Bytes of the slot. */
    static long bytes(Model model, int largest) {
        return layout(program(model, largest, Joints.chosen()), largest).plan().bytes();
    }

    Model model() {
        return model;
    }

    /**
     * Runs the forward of a micro-batch and leaves the slot occupied, for the values and {@link #release}.
     *
     * @param given the micro-batch's inputs and, with losses, its targets, by name
     */
    BoundProgram forward(Window window, int microbatch, Map<String, Tensor> given) {
        Window.Part part = window.parts().get(microbatch);
        if (part.samples() > largest) {
            throw new IllegalArgumentException(
                    "expected at most " + largest + " samples at once, got " + part.samples());
        }
        MicrobatchTypes.Typed typed = types.typed(part);
        BoundProgram bound = slot.occupy(window, microbatch, shared, typed.values());
        for (int port : shared.program().fed()) {
            String name = ports.names().get(port);
            Tensor tensor = NamedBatches.tensor(given, name);
            require(name, typed.ports().get(port), tensor);
            fed.place(slot, port, tensor);
        }
        bound.forward(slot.held().occupant(), true);
        return bound;
    }

    private static void require(String name, TensorType expected, Tensor found) {
        if (!TensorType.of(found).equals(expected)) {
            throw new IllegalArgumentException("'" + name + "': expected " + expected + ", found " + found);
        }
    }

    /** Types of all values of such samples. */
    ModelTypes types(Window.Part part) {
        return types.typed(part).values();
    }

    /** Looks for where a NaN or an infinity of the last forward began. */
    Inspection inspect() {
        return inspector.inspect(slot.held(), slot.program());
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
        inspector.close();
        slot.close();
        untilStep.close();
    }
}
