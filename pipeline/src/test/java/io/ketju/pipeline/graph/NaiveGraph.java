package io.ketju.pipeline.graph;

import io.ketju.layers.Commit;
import io.ketju.layers.PassBinding;
import io.ketju.layers.PassBinding.Phase;
import io.ketju.layers.PassBinding.Weights;
import io.ketju.layers.loss.LossPass;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.Value;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.ParameterGroups;
import io.ketju.pipeline.stage.StateHash;
import io.ketju.tensor.MicrobatchSplit;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.elementwise.Binary;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Trains a graph in the plainest way there is: every tensor has a place of its own, every consumer makes a gradient for
 * each of its inputs, and these are added up when the producer's turn comes, last consumer and last port first.
 */
final class NaiveGraph implements AutoCloseable {
    private static final int ARENA_BYTES = 1 << 22;

    private record Use(int node, int head, int port) {}

    /** The learning rate of a parameter in a step, by its optimizer. */
    @FunctionalInterface
    interface RateOf {
        double in(String parameter, Optimizer optimizer, long step);
    }

    private final Model model;
    private final Kernels kernels = Kernels.scalar();
    private final ParameterBlock block;
    private final long seed;
    private final Optional<Double> maxNorm;
    private RateOf rates = (parameter, optimizer, step) -> optimizer.learningRate();
    private final List<Map<Integer, List<Tensor>>> left = new ArrayList<>();
    private final List<List<ModelTypes>> types = new ArrayList<>();
    private final TensorArena arena = new TensorArena(ARENA_BYTES);
    private NaiveGroups gradientGroups;
    /** What forwards and backwards run on. */
    private Function<Node, Weights> forwardWeights;

    private Function<Node, Weights> backwardWeights;

    NaiveGraph(Model model, ParameterGroups groups, long seed, Optional<Double> maxNorm) {
        this.model = model;
        this.seed = seed;
        this.maxNorm = maxNorm;
        block = ParameterBlock.forTraining(model.nodes(), groups, Set.of());
        block.initialize(seed);
        gradientGroups = new NaiveGroups(model, block, 1, 1);
        forwardWeights = block::weights;
        backwardWeights = block::weights;
    }

    /** Has the next steps run on other values of the weights than those that they update. */
    void runOn(Function<Node, Weights> ofForwards, Function<Node, Weights> ofBackwards) {
        forwardWeights = ofForwards;
        backwardWeights = ofBackwards;
    }

    /** Has the next steps go at these rates. */
    void learnAt(RateOf others) {
        rates = others;
    }

    /** Has the next steps add up the gradients of so many groups of micro-batches by themselves. */
    void inGroups(int groups, int most) {
        gradientGroups = new NaiveGroups(model, block, groups, most);
    }

    ParameterBlock block() {
        return block;
    }

    void step(long step, Map<String, Tensor> batch, int microbatches) {
        arena.reset();
        left.clear();
        types.clear();
        int samples = batch.get("x").shape().dimension(0);
        MicrobatchSplit split = MicrobatchSplit.atMost(samples, microbatches);
        for (int m = 0; m < split.microbatches(); m++) {
            int first = split.firstSample(m);
            int size = split.size(m);
            Map<String, Tensor> part = new HashMap<>();
            batch.forEach((name, tensor) -> part.put(name, tensor.samples(first, size)));
            new Microbatch(part, step, first, samples).run();
            gradientGroups.ran(m, m + 1 == split.microbatches());
        }
        block.foldTies(kernels);
        maxNorm.ifPresent(this::clip);
        for (int i = 0; i < model.nodes().size(); i++) {
            model.nodes().get(i).layer().commit(commit(i));
        }
        for (ParameterBlock.NamedTensor value : block.values()) {
            block.update(kernels, value.name()::equals, optimizer -> rates.in(value.name(), optimizer, step), step);
        }
        block.clearGradients();
    }

    private void clip(double most) {
        double squares = 0;
        for (ParameterBlock.NamedTensor gradient : block.gradients()) {
            squares += kernels.reduction().squaredNorm(gradient.tensor());
        }
        float coefficient = (float) Math.min(1, most / (Math.sqrt(squares) + 1e-6));
        for (ParameterBlock.NamedTensor gradient : block.gradients()) {
            for (int i = 0; i < gradient.tensor().elements(); i++) {
                gradient.tensor().setFloat(i, gradient.tensor().getFloat(i) * coefficient);
            }
        }
    }

    String stateHash() {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        block.values().forEach(value -> tensors.put(value.name(), value.tensor()));
        block.states()
                .forEach(state -> tensors.put(
                        "optimizer/" + state.parameter() + "/" + state.state().name(), state.tensor()));
        return StateHash.of(tensors);
    }

    private Commit commit(int node) {
        return new Commit() {
            @Override
            public Kernels kernels() {
                return kernels;
            }

            @Override
            public Tensor parameter(int index) {
                return block.values(model.nodes().get(node)).get(index);
            }

            @Override
            public int microbatches() {
                return left.size();
            }

            @Override
            public List<TensorType> inputs(int microbatch) {
                return types.get(microbatch).getFirst().inputs(model.nodes().get(node));
            }

            @Override
            public Tensor left(int microbatch, int index) {
                return left.get(microbatch).get(node).get(index);
            }
        };
    }

    /** One micro-batch, forward and backward. */
    private final class Microbatch {
        private final Map<String, Tensor> batch;
        private final long step;
        private final int firstSample;
        private final int samples;
        private final ModelTypes ofMicrobatch;
        private final Map<Value, Tensor> values = new HashMap<>();
        private final Map<Use, Tensor> parts = new HashMap<>();
        private final List<PassBinding> bindings = new ArrayList<>();
        private final Map<Integer, List<Tensor>> leaving = new HashMap<>();

        Microbatch(Map<String, Tensor> batch, long step, int firstSample, int samples) {
            this.batch = batch;
            this.step = step;
            this.firstSample = firstSample;
            this.samples = samples;
            ofMicrobatch = model.types(batch.get("x").shape().dimension(0));
        }

        void run() {
            for (int i = 0; i < model.inputs().size(); i++) {
                values.put(Value.ofInput(i), batch.get(model.inputs().get(i).name()));
            }
            for (int i = 0; i < model.nodes().size(); i++) {
                forward(i);
            }
            for (int h = 0; h < model.heads().size(); h++) {
                loss(h);
            }
            for (int i = model.nodes().size() - 1; i >= 0; i--) {
                backward(i);
            }
            left.add(leaving);
            types.add(List.of(ofMicrobatch));
        }

        private void forward(int i) {
            Node node = model.nodes().get(i);
            List<TensorType> outputs = ofMicrobatch.outputs().get(i);
            PassBinding binding = new PassBinding(
                    node.name(),
                    kernels,
                    forwardWeights.apply(node),
                    node.layer().footprint(ofMicrobatch.inputs(node)),
                    node.inputs().size(),
                    outputs.size(),
                    seed);
            bindings.add(binding);
            for (int port = 0; port < node.inputs().size(); port++) {
                binding.input(port, values.get(node.inputs().get(port)));
            }
            for (int port = 0; port < outputs.size(); port++) {
                Tensor output = arena.allocate(outputs.get(port));
                values.put(new Value(i, port), output);
                binding.output(port, output);
            }
            var footprint = node.layer().footprint(ofMicrobatch.inputs(node));
            for (int k = 0; k < footprint.kept().size(); k++) {
                binding.kept(k, arena.allocate(footprint.kept().get(k)));
            }
            for (int k = 0; k < footprint.workspace().size(); k++) {
                binding.workspace(k, arena.allocate(footprint.workspace().get(k)));
            }
            for (int k = 0; k < footprint.untilStep().size(); k++) {
                Tensor tensor = arena.allocate(footprint.untilStep().get(k));
                leaving.computeIfAbsent(i, absent -> new ArrayList<>()).add(tensor);
                binding.untilStep(k, tensor);
            }
            if (footprint.view()) {
                values.get(new Value(i, 0)).copyFrom(values.get(node.inputs().getFirst()));
            } else {
                node.layer().forward(binding.forward(true, step, firstSample));
            }
        }

        private void loss(int h) {
            Head head = model.heads().get(h);
            Tensor input = values.get(head.inputs().getFirst());
            Tensor gradient = arena.allocate(TensorType.of(input));
            List<Tensor> room = head.loss().room(ofMicrobatch.of(head.inputs())).stream()
                    .map(arena::allocate)
                    .toList();
            head.loss()
                    .compute(new LossPass(
                            kernels,
                            List.of(input),
                            List.of(batch.get(head.targets().getFirst())),
                            List.of(gradient),
                            room,
                            head.weight() / samples));
            parts.put(new Use(head.node(), h, 0), gradient);
        }

        /** The sum of what all consumers gave, heads behind a node before the node itself. */
        private @Nullable Tensor gradient(Value value) {
            Tensor sum = null;
            for (int i = model.nodes().size() - 1; i >= 0; i--) {
                for (int h = model.heads().size() - 1; h >= 0; h--) {
                    if (model.heads().get(h).node() == i
                            && model.heads().get(h).inputs().getFirst().equals(value)) {
                        sum = add(sum, parts.get(new Use(i, h, 0)));
                    }
                }
                for (int port = model.nodes().get(i).inputs().size() - 1; port >= 0; port--) {
                    if (model.nodes().get(i).inputs().get(port).equals(value)) {
                        sum = add(sum, parts.get(new Use(i, -1, port)));
                    }
                }
            }
            return sum;
        }

        private @Nullable Tensor add(@Nullable Tensor sum, @Nullable Tensor part) {
            if (sum == null || part == null) {
                return sum == null ? part : sum;
            }
            Tensor result = arena.allocate(TensorType.of(sum));
            kernels.elementwise().binary(Binary.ADD, sum, part, result);
            return result;
        }

        private void backward(int i) {
            Node node = model.nodes().get(i);
            PassBinding binding = bindings.get(i);
            binding.values(backwardWeights.apply(node));
            boolean any = false;
            for (int port = 0; port < ofMicrobatch.outputs().get(i).size(); port++) {
                Tensor gradient = gradient(new Value(i, port));
                binding.gradOutput(port, gradient);
                any |= gradient != null;
            }
            if (!any) {
                return;
            }
            boolean flows = false;
            for (int port = 0; port < node.inputs().size(); port++) {
                Value input = node.inputs().get(port);
                if (!input.isInput()) {
                    Tensor part = arena.allocate(ofMicrobatch.of(input));
                    binding.gradInput(port, part);
                    parts.put(new Use(i, -1, port), part);
                    flows = true;
                }
            }
            if (flows && node.layer().footprint(ofMicrobatch.inputs(node)).view()) {
                parts.get(new Use(i, -1, 0)).copyFrom(gradient(new Value(i, 0)));
            } else if (flows) {
                node.layer().backwardInput(binding.backward(Phase.INPUT_GRADIENT));
            }
            if (block.weights(node).gradients().stream().anyMatch(Objects::nonNull)) {
                node.layer().backwardWeight(binding.backward(Phase.WEIGHT_GRADIENT));
            }
        }
    }

    @Override
    public void close() {
        block.close();
        arena.close();
    }
}
