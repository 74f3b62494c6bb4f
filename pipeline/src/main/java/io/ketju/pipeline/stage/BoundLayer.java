package io.ketju.pipeline.stage;

import io.ketju.layers.FullBackward;
import io.ketju.layers.Layer;
import io.ketju.layers.Pass;
import io.ketju.layers.PassBinding;
import io.ketju.layers.PassBinding.Phase;
import io.ketju.layers.model.Node;
import io.ketju.pipeline.program.Room;
import io.ketju.pipeline.program.Step;
import io.ketju.pipeline.program.Step.Flow;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.elementwise.Binary;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A layer on the tensors of one slot. */
final class BoundLayer implements BoundStep {
    private final Step.LayerStep step;
    private final Layer layer;
    private final SlotTensors tensors;
    private final PassBinding binding;
    private final Kernels kernels;
    private final StepTensors untilStep;
    private final int[] inputs;
    private final int[] outputs;
    private final Flow[] flows;
    /** Where a part of a gradient goes that is to be added; null where there is none. */
    private final @Nullable Tensor[] parts;

    /** The weights' values, where there are several versions of them. */
    private final Map<Integer, PassBinding.Weights> versions = new HashMap<>();
    /** The weights' gradients, where groups of micro-batches add them up by themselves. */
    private final Map<Integer, PassBinding.Weights> gradientPlaces = new HashMap<>();

    private final boolean flowsBack;
    private final boolean learns;

    private final @Nullable Tensor[] forwardWorkspace;
    private final @Nullable Tensor[] backwardWorkspace;

    BoundLayer(
            Step.LayerStep step,
            int index,
            SlotTensors tensors,
            PassBinding binding,
            Kernels kernels,
            StepTensors untilStep) {
        this.step = step;
        this.tensors = tensors;
        this.binding = binding;
        this.kernels = kernels;
        this.untilStep = untilStep;
        layer = step.node().layer();
        inputs = step.inputs().stream().mapToInt(tensors::cell).toArray();
        outputs = step.outputs().stream().mapToInt(tensors::cell).toArray();
        flows = step.flows().toArray(Flow[]::new);
        flowsBack = step.flowsBack();
        learns = step.learns();
        parts = new Tensor[inputs.length];
        for (int port = 0; port < parts.length; port++) {
            parts[port] = tensors.room(Room.Purpose.PART, index, port);
        }
        for (int i = 0; i < step.footprint().kept().size(); i++) {
            binding.kept(i, tensors.room(Room.Purpose.KEPT, index, i));
        }
        forwardWorkspace = new Tensor[step.footprint().workspace().size()];
        backwardWorkspace = new Tensor[forwardWorkspace.length];
        for (int i = 0; i < forwardWorkspace.length; i++) {
            forwardWorkspace[i] = tensors.room(Room.Purpose.FORWARD_WORKSPACE, index, i);
            backwardWorkspace[i] = tensors.room(Room.Purpose.BACKWARD_WORKSPACE, index, i);
        }
    }

    @Override
    public void use(int version, Function<Node, PassBinding.Weights> weights) {
        if (binding.parameters() > 0) {
            binding.values(versions.computeIfAbsent(version, index -> together(weights)));
        }
    }

    @Override
    public void addTo(int gradientPlace, Function<Node, PassBinding.Weights> weights) {
        if (learns) {
            binding.gradients(gradientPlaces.computeIfAbsent(gradientPlace, index -> together(weights)));
        }
    }

    private PassBinding.Weights together(Function<Node, PassBinding.Weights> weights) {
        return PassBinding.Weights.together(
                step.joined().parts().stream().map(weights).toList());
    }

    @Override
    public void placeGradients() {
        for (int port = 0; port < inputs.length; port++) {
            if (flows[port] == Flow.FIRST && tensors.gradientOrNull(inputs[port]) == null) {
                tensors.gradient(inputs[port], tensors.gradient(outputs[0]));
            }
        }
    }

    @Override
    public void forward(Microbatch microbatch) {
        layer.forward(bind(microbatch));
    }

    @Override
    public void resume(Microbatch microbatch) {
        bind(microbatch);
    }

    private Pass bind(Microbatch microbatch) {
        for (int port = 0; port < inputs.length; port++) {
            binding.input(port, tensors.value(inputs[port]));
        }
        for (int port = 0; port < outputs.length; port++) {
            binding.output(port, tensors.value(outputs[port]));
        }
        bindWorkspace(forwardWorkspace);
        untilStep.bind(step, microbatch, tensors.types(), binding);
        return binding.forward(microbatch.training(), microbatch.step(), microbatch.firstSample());
    }

    @Override
    public void inputGradients() {
        if (!flowsBack) {
            return;
        }
        bindInputGradients();
        layer.backwardInput(binding.backward(Phase.INPUT_GRADIENT));
        addParts();
    }

    private void bindInputGradients() {
        bindGradients();
        for (int port = 0; port < inputs.length; port++) {
            binding.gradInput(port, target(port));
        }
    }

    private void addParts() {
        for (int port = inputs.length - 1; port >= 0; port--) {
            Tensor part = parts[port];
            if (part != null) {
                Tensor sum = tensors.gradient(inputs[port]);
                kernels.elementwise().binary(Binary.ADD, sum, part, sum);
            }
        }
    }

    private @Nullable Tensor target(int port) {
        return switch (flows[port]) {
            case NONE -> null;
            case FIRST -> tensors.gradient(inputs[port]);
            case ADD -> parts[port];
        };
    }

    @Override
    public void weightGradients() {
        if (learns) {
            bindGradients();
            layer.backwardWeight(binding.backward(Phase.WEIGHT_GRADIENT));
        }
    }

    @Override
    public void backward() {
        if (layer instanceof FullBackward full && flowsBack && learns) {
            bindInputGradients();
            full.backward(binding.backward(Phase.FULL));
            addParts();
        } else {
            BoundStep.super.backward();
        }
    }

    private void bindWorkspace(@Nullable Tensor[] workspace) {
        for (int i = 0; i < workspace.length; i++) {
            binding.workspace(i, workspace[i]);
        }
    }

    private void bindGradients() {
        bindWorkspace(backwardWorkspace);
        for (int port = 0; port < outputs.length; port++) {
            binding.gradOutput(port, tensors.gradientOrNull(outputs[port]));
        }
    }

    @Override
    public String name() {
        return step.node().toString();
    }

    @Override
    public int outputs() {
        return outputs.length;
    }

    @Override
    public Tensor output(int index) {
        return tensors.value(outputs[index]);
    }
}
