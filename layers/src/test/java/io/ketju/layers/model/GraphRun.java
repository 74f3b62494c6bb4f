package io.ketju.layers.model;

import io.ketju.layers.Footprint;
import io.ketju.layers.PassBinding;
import io.ketju.layers.PassBinding.Phase;
import io.ketju.layers.optimizer.SGD;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.elementwise.Binary;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One forward and one backward of a graph on the calling thread, every tensor in a place of its own. */
final class GraphRun implements AutoCloseable {
    private final Model model;
    private final boolean training;
    private final Kernels kernels;
    private final ParameterBlock block;
    private final TensorArena arena;
    private final Set<Integer> views = new HashSet<>();
    private final List<PassBinding> bindings = new ArrayList<>();
    private final Map<Value, Tensor> values = new HashMap<>();
    private final Map<Value, Tensor> gradients = new HashMap<>();

    /** As in training. */
    GraphRun(Model model) {
        this(model, 1 << 20);
    }

    /** As in training, in an arena of so many bytes. */
    GraphRun(Model model, long bytes) {
        this(model, true, ParameterBlock.forTraining(model.nodes(), new SGD(1)), Kernels.scalar(), bytes);
    }

    private GraphRun(Model model, boolean training, ParameterBlock block, Kernels kernels, long bytes) {
        this.model = model;
        this.kernels = kernels;
        this.training = training;
        this.block = block;
        arena = new TensorArena(bytes);
    }

    /** As in evaluation, forward alone, in an arena of so many bytes. */
    static GraphRun evaluating(Model model, long bytes) {
        return evaluating(model, Kernels.scalar(), bytes);
    }

    /** The same with other kernels, which give the same bits. */
    static GraphRun evaluating(Model model, Kernels kernels, long bytes) {
        return new GraphRun(model, false, ParameterBlock.forInference(model.nodes()), kernels, bytes);
    }

    ParameterBlock block() {
        return block;
    }

    /** The first output of the model. */
    Tensor forward(List<Tensor> inputs) {
        for (int i = 0; i < inputs.size(); i++) {
            values.put(Value.ofInput(i), inputs.get(i));
        }
        ModelTypes types = model.types(inputs.stream().map(TensorType::of).toList());
        for (int i = 0; i < model.nodes().size(); i++) {
            forward(i, model.nodes().get(i), types);
        }
        return value(model.outputs().getFirst());
    }

    private void forward(int index, Node node, ModelTypes types) {
        List<TensorType> outputs = types.outputs().get(index);
        Footprint footprint = node.layer().footprint(types.inputs(node));
        int inputs = node.inputs().size();
        PassBinding binding =
                new PassBinding(node.name(), kernels, block.weights(node), footprint, inputs, outputs.size(), 1);
        bindings.add(binding);
        for (int i = 0; i < inputs; i++) {
            binding.input(i, values.get(node.inputs().get(i)));
        }
        if (footprint.view()) {
            Tensor input = Objects.requireNonNull(values.get(node.inputs().getFirst()));
            values.put(new Value(index, 0), input.view(outputs.getFirst().shape()));
            views.add(index);
            return;
        }
        for (int i = 0; i < outputs.size(); i++) {
            values.put(new Value(index, i), allocate(outputs.get(i)));
            binding.output(i, values.get(new Value(index, i)));
        }
        for (int i = 0; i < footprint.kept().size(); i++) {
            binding.kept(i, allocate(footprint.kept().get(i)));
        }
        for (int i = 0; i < footprint.untilStep().size(); i++) {
            binding.untilStep(i, allocate(footprint.untilStep().get(i)));
        }
        for (int i = 0; i < footprint.workspace().size(); i++) {
            binding.workspace(i, allocate(footprint.workspace().get(i)));
        }
        node.layer().forward(binding.forward(training, 1, 0));
    }

    /** An output of the model. */
    Tensor output(int index) {
        return value(model.outputs().get(index));
    }

    /** From the gradients of the first outputs. */
    void backward(Tensor... given) {
        for (int i = 0; i < given.length; i++) {
            gradients.put(model.outputs().get(i), given[i]);
        }
        for (int index = model.nodes().size() - 1; index >= 0; index--) {
            Node node = model.nodes().get(index);
            PassBinding binding = bindings.get(index);
            if (views.contains(index)) {
                Tensor gradOutput = Objects.requireNonNull(gradients.get(new Value(index, 0)));
                add(
                        node.inputs().getFirst(),
                        gradOutput.view(value(node.inputs().getFirst()).shape()));
                continue;
            }
            for (int i = 0; i < outputs(index); i++) {
                binding.gradOutput(i, gradients.get(new Value(index, i)));
            }
            List<@Nullable Tensor> parts = new ArrayList<>();
            for (int i = 0; i < node.inputs().size(); i++) {
                TensorType type = TensorType.of(value(node.inputs().get(i)));
                parts.add(type.differentiable() ? allocate(type) : null);
                binding.gradInput(i, parts.get(i));
            }
            node.layer().backwardInput(binding.backward(Phase.INPUT_GRADIENT));
            node.layer().backwardWeight(binding.backward(Phase.WEIGHT_GRADIENT));
            for (int i = parts.size() - 1; i >= 0; i--) {
                add(node.inputs().get(i), parts.get(i));
            }
        }
    }

    private int outputs(int index) {
        return (int)
                values.keySet().stream().filter(value -> value.node() == index).count();
    }

    private void add(Value value, @Nullable Tensor part) {
        if (part == null) {
            return;
        }
        Tensor sum = gradients.putIfAbsent(value, part);
        if (sum != null) {
            kernels.elementwise().binary(Binary.ADD, sum, part, sum);
        }
    }

    /** The gradient of an input of the model. */
    Tensor gradInput(int index) {
        return Objects.requireNonNull(gradients.get(Value.ofInput(index)));
    }

    private Tensor value(Value value) {
        return Objects.requireNonNull(values.get(value));
    }

    Tensor allocate(TensorType type) {
        return arena.allocate(type.dtype(), type.shape());
    }

    @Override
    public void close() {
        block.close();
        arena.close();
    }
}
