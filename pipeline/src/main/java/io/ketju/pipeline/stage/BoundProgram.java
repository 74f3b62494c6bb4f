package io.ketju.pipeline.stage;

import io.ketju.layers.PassBinding;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.Value;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.program.SlotLayout;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.pipeline.program.Step;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A stage's program on the memory of one slot, for micro-batches of some types: made once, run many times. */
final class BoundProgram {
    /**
     * What all slots of a stage share.
     *
     * @param variant tells the programs of a stage from each other
     * @param weights a node's parameters
     * @param constants what never changes and comes with no micro-batch
     */
    record Shared(
            int variant,
            StageProgram program,
            SlotLayout layout,
            Function<Node, PassBinding.Weights> weights,
            StepTensors untilStep,
            Map<Value, Tensor> constants,
            Kernels kernels,
            long seed) {}

    private final SlotTensors tensors;
    private final List<BoundStep> steps = new ArrayList<>();
    private final List<BoundLoss> losses = new ArrayList<>();
    /** By step, whether it must run again before a backward that finds nothing of the forward. */
    private final boolean[] again;
    /** The step that runs or ran last. */
    private int running;

    /** Which version of the weights it runs on, and where that is. */
    private WeightPlace place = WeightPlace.LIVE;
    /** Where its weight gradients go. */
    private int gradientPlace;

    BoundProgram(Shared shared, ModelTypes types, TensorArena arena) {
        StageProgram program = shared.program();
        BatchPorts ports = BatchPorts.of(program.model());
        tensors = new SlotTensors(program, shared.layout(), types, arena);
        shared.constants().forEach(tensors::constant);
        for (int i = 0; i < program.steps().size(); i++) {
            switch (program.steps().get(i)) {
                case Step.LayerStep layer -> steps.add(bind(shared, layer, i, types));
                case Step.LossStep loss -> {
                    BoundLoss bound = new BoundLoss(loss, i, ports, tensors, shared.kernels());
                    steps.add(bound);
                    losses.add(bound);
                }
            }
        }
        for (int i = steps.size() - 1; i >= 0; i--) {
            steps.get(i).placeGradients();
        }
        again = shared.program().recomputed();
    }

    private BoundStep bind(Shared shared, Step.LayerStep step, int index, ModelTypes types) {
        if (step.view()) {
            return new BoundView(step, tensors, shared.kernels());
        }
        Node node = step.node();
        PassBinding binding = new PassBinding(
                node.name(),
                shared.kernels(),
                PassBinding.Weights.together(
                        step.joined().parts().stream().map(shared.weights()).toList()),
                node.layer().footprint(types.inputs(node)),
                node.inputs().size(),
                step.outputs().size(),
                shared.seed());
        return new BoundLayer(step, index, tensors, binding, shared.kernels(), shared.untilStep());
    }

    /** From now on runs on these values of the weights; at first on the live ones. */
    void use(WeightPlace other) {
        if (place.index() != other.index()) {
            steps.forEach(step -> step.use(other.index(), other.weights()));
        }
        place = other;
    }

    /** From now on adds weight gradients to those of this place; at first to the sum. */
    void addTo(int other, Function<Node, PassBinding.Weights> weights) {
        if (gradientPlace != other) {
            steps.forEach(step -> step.addTo(other, weights));
        }
        gradientPlace = other;
    }

    /** Runs on the same values of the weights as another. */
    void useAs(BoundProgram other) {
        use(other.place);
    }

    void arrived(Value value, Tensor tensor) {
        tensors.value(tensors.cell(value), tensor);
    }

    void gradientArrived(Value value, Tensor tensor) {
        tensors.gradient(tensors.cell(value), tensor);
    }

    /** A target arrived. */
    void fed(int port, Tensor tensor) {
        losses.forEach(loss -> loss.fed(port, tensor));
    }

    Tensor value(Value value) {
        return tensors.value(tensors.cell(value));
    }

    Tensor gradient(Value value) {
        return tensors.gradient(tensors.cell(value));
    }

    List<BoundLoss> losses() {
        return losses;
    }

    /** All steps; without the losses where there are no targets. */
    void forward(Microbatch microbatch, boolean withLosses) {
        for (int i = 0; i < steps.size(); i++) {
            running = i;
            BoundStep step = steps.get(i);
            if (withLosses || !(step instanceof BoundLoss)) {
                step.forward(microbatch);
            }
        }
    }

    /** What backward reads of a forward that ran before, in a slot that holds nothing of it but what it began with. */
    void recompute(Microbatch microbatch) {
        for (int i = 0; i < steps.size(); i++) {
            running = i;
            if (again[i]) {
                steps.get(i).recompute(microbatch);
            } else {
                steps.get(i).resume(microbatch);
            }
        }
    }

    void inputGradients() {
        for (int i = steps.size() - 1; i >= 0; i--) {
            running = i;
            steps.get(i).inputGradients();
        }
    }

    /** Adds into the gradients of all weights, last step first. */
    void weightGradients() {
        for (int i = steps.size() - 1; i >= 0; i--) {
            running = i;
            steps.get(i).weightGradients();
        }
    }

    /** Both, step by step, while a step's tensors are still in the cache; the same bits as one after the other. */
    void backward() {
        for (int i = steps.size() - 1; i >= 0; i--) {
            running = i;
            steps.get(i).backward();
        }
    }

    List<BoundStep> steps() {
        return steps;
    }

    /** The layer or loss that runs or ran last, for messages. */
    String running() {
        return steps.get(running).name();
    }

    /** The micro-batch is gone. */
    void forget() {
        tensors.forget();
    }
}
