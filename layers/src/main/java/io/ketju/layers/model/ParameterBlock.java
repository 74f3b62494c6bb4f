package io.ketju.layers.model;

import io.ketju.layers.PackedWeight;
import io.ketju.layers.Parameter;
import io.ketju.layers.PassBinding;
import io.ketju.layers.TouchedRows;
import io.ketju.layers.model.ParameterMemory.Use;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.Optimizer.State;
import io.ketju.layers.optimizer.ParameterGroups;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.random.CounterRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * All weights of some layers: one allocation for the values, one for the gradients, one for each kind of optimizer
 * state, every parameter aligned to 64 bytes. Owns them; {@link #close} frees them. Not thread-safe: one stage owns
 * it. "Parameter order" is the order of the nodes, and within a node that of its layer.
 */
public final class ParameterBlock implements AutoCloseable {
    /** A tensor of the block.
     * @param name global name of the parameter: {@code 0.weight}
     * @param tensor owned by the block */
    public record NamedTensor(String name, Tensor tensor) {}

    /** What an optimizer keeps of a parameter.
     * @param parameter global name
     * @param state which of the optimizer's
     * @param tensor in the parameter's shape, owned by the block */
    public record StateTensor(String parameter, State state, Tensor tensor) {
        /** {@return the parameter's name and the state's: {@code 0.weight.exp_avg}} */
        public String name() {
            return parameter + "." + state.name();
        }
    }

    private final Map<String, OwnedParameter> entries = new LinkedHashMap<>();
    /** Those of them that no other owner has. */
    private final List<OwnedParameter> owned;
    /** Gradients of a node's parameters, null where there is none; empty for inference. */
    private final Map<String, List<@Nullable TableRows>> gradientsByNode = new LinkedHashMap<>();

    private final Map<String, Map<Integer, PackedWeight>> packedByNode = new LinkedHashMap<>();
    private final ParameterMemory memory = new ParameterMemory();
    private final SparseSteps rows;
    /** Parameters of other owners, of which this holds copies. */
    private final Set<String> mirrored;
    /** Parameters of this owner that others update, who have their optimizer state. */
    private final Set<String> elsewhere;

    private final UpdateCounts counts = new UpdateCounts();

    private ParameterBlock(
            List<Node> nodes, Optional<ParameterGroups> groups, Set<String> mirrored, Set<String> elsewhere) {
        this.mirrored = Set.copyOf(mirrored);
        this.elsewhere = Set.copyOf(elsewhere);
        ParameterSizes sizes = groups.map(given -> ParameterSizes.of(nodes, given, mirrored, elsewhere))
                .orElseGet(() -> ParameterSizes.of(nodes));
        boolean training = groups.isPresent();
        TensorArena values = memory.open(Use.VALUES, sizes.valueBytes());
        TensorArena gradients = memory.open(Use.GRADIENTS, training ? sizes.gradientBytes() : 0);
        List<TensorArena> states =
                sizes.stateBytes().stream().map(this::openState).toList();
        TensorArena touched = memory.open(Use.GRADIENTS, sizes.rowBytes());
        rows = new SparseSteps(touched, sizes.mostTables(), sizes.widestTable());
        for (Node node : nodes) {
            List<@Nullable TableRows> ofNode = new ArrayList<>();
            List<Parameter> parameters = node.layer().parameters();
            for (int i = 0; i < parameters.size(); i++) {
                Parameter parameter = parameters.get(i);
                String name = node.parameters().get(i);
                OwnedParameter entry = entries.get(name);
                if (entry == null) {
                    Optional<Optimizer> optimizer =
                            parameter.learns() ? groups.flatMap(g -> g.of(name)) : Optional.empty();
                    Tensor value = values.allocate(parameter.shape());
                    entry = new OwnedParameter(name, parameter, value, optimizer, new ArrayList<>(), new ArrayList<>());
                    allocateStates(entry, states);
                    entries.put(name, entry);
                }
                if (entry.optimizer().isPresent()) {
                    TableRows gradient = TableRows.gradient(gradients, parameter);
                    entry.uses().add(gradient);
                    ofNode.add(gradient);
                } else if (training) {
                    ofNode.add(null);
                }
            }
            gradientsByNode.put(node.name(), ofNode);
        }
        owned = entries.values().stream()
                .filter(entry -> !mirrored.contains(entry.name()))
                .toList();
        initializeStates();
    }

    private boolean updatesHere(String name) {
        return !mirrored.contains(name) && !elsewhere.contains(name);
    }

    private void allocateStates(OwnedParameter entry, List<TensorArena> arenas) {
        if (entry.optimizer().isPresent() && updatesHere(entry.name())) {
            List<State> kept = entry.optimizer().get().states();
            for (int i = 0; i < kept.size(); i++) {
                Tensor tensor = arenas.get(i).allocate(entry.parameter().shape());
                entry.states().add(new StateTensor(entry.name(), kept.get(i), tensor));
            }
        }
    }

    /** One whose parameters all learn by one optimizer, none of them owned or updated elsewhere. */
    static ParameterBlock forTraining(List<Node> nodes, Optimizer optimizer) {
        return forTraining(nodes, ParameterGroups.all(optimizer), Set.of());
    }

    /** {@return a block of values and gradients, all zero, and the optimizers' initial state}
     * @param nodes in execution order
     * @param groups which optimizer each parameter has; what has none is frozen
     * @param mirrored parameters of other owners: copies and gradients of their uses, but no optimizer state and no {@link #update} */
    public static ParameterBlock forTraining(List<Node> nodes, ParameterGroups groups, Set<String> mirrored) {
        return forTraining(nodes, groups, mirrored, Set.of());
    }

    /** {@return a block as the one before, where others update some parameters that are owned here}
     * @param nodes in execution order
     * @param groups which optimizer each parameter has; what has none is frozen
     * @param mirrored parameters of other owners
     * @param elsewhere owned ones that others update: values and gradients, but no optimizer state and no {@link #update} */
    public static ParameterBlock forTraining(
            List<Node> nodes, ParameterGroups groups, Set<String> mirrored, Set<String> elsewhere) {
        return new ParameterBlock(nodes, Optional.of(groups), mirrored, elsewhere);
    }

    /** {@return a block of values only, all zero}
     * @param nodes in execution order */
    public static ParameterBlock forInference(List<Node> nodes) {
        return new ParameterBlock(nodes, Optional.empty(), Set.of(), Set.of());
    }

    /** {@return bytes of a node's packed weights: those that its layer names as {@link io.ketju.layers.Layer#transposedParameters}}
     * @param node of any block */
    public static long packedBytes(Node node) {
        List<Parameter> parameters = node.layer().parameters();
        return node.layer().transposedParameters().stream()
                .mapToLong(index -> TensorArena.bytesFor(
                        PackedWeight.shape(parameters.get(index).shape())))
                .sum();
    }

    /** Makes room for packed weights, for steps of many micro-batches. Call it once.
     * @param nodes of the block */
    public void allocatePacked(List<Node> nodes) {
        TensorArena arena = memory.open(
                Use.VALUES,
                nodes.stream().mapToLong(ParameterBlock::packedBytes).sum());
        for (Node node : nodes) {
            List<Tensor> values = values(node);
            Map<Integer, PackedWeight> packed = new LinkedHashMap<>();
            for (int index : node.layer().transposedParameters()) {
                Tensor value = values.get(index);
                packed.put(index, new PackedWeight(value, arena.allocate(PackedWeight.shape(value.shape()))));
            }
            packedByNode.put(node.name(), packed);
        }
    }

    /** To be called when values were changed by others than this: packed weights are packed again before their next use. */
    public void valuesChanged() {
        packedByNode.values().forEach(packed -> packed.values().forEach(PackedWeight::weightChanged));
    }

    /** {@return values of all parameters that are owned here, in parameter order} */
    public List<NamedTensor> values() {
        return entries.values().stream()
                .filter(entry -> !mirrored.contains(entry.name()))
                .map(entry -> new NamedTensor(entry.name(), entry.value()))
                .toList();
    }

    /** {@return values of the parameters that others own, in parameter order} */
    public List<NamedTensor> mirrors() {
        return entries.values().stream()
                .filter(entry -> mirrored.contains(entry.name()))
                .map(entry -> new NamedTensor(entry.name(), entry.value()))
                .toList();
    }

    /** {@return gradients of all parameters that learn, under the parameters' names, in parameter order; empty for inference} */
    public List<NamedTensor> gradients() {
        return entries.values().stream()
                .filter(entry -> !entry.uses().isEmpty())
                .map(entry -> new NamedTensor(entry.name(), entry.gradient()))
                .toList();
    }

    /** {@return optimizer state of all parameters, in parameter order, then in the order of each optimizer's states} */
    public List<StateTensor> states() {
        return entries.values().stream()
                .flatMap(entry -> entry.states().stream())
                .toList();
    }

    /** Begins to count the updates of every parameter by itself: from now on {@link #update} goes by that, and not by the
     * step. Optimizers that keep nothing do not ask how often.
     * @param from updates that their optimizer state has been through */
    public void countUpdates(long from) {
        List<String> kept = owned.stream()
                .filter(entry -> !entry.states().isEmpty())
                .map(OwnedParameter::name)
                .toList();
        counts.begin(kept, from, this::openState);
    }

    /** {@return how often each parameter was updated, int32 [], under its name; none unless they are {@link #countUpdates counted}} */
    public List<NamedTensor> counts() {
        return counts.all();
    }

    /** {@return value of a parameter}
     * @param name global; an {@link IllegalArgumentException} lists the names that there are */
    public Tensor value(String name) {
        return entry(name).value();
    }

    /** Gradient of a parameter by its global name; throws {@link IllegalStateException} where there is none. */
    Tensor gradient(String name) {
        OwnedParameter entry = entry(name);
        if (entry.uses().isEmpty()) {
            throw new IllegalStateException(
                    "no gradient of '" + name + "': the block is for inference only, or it does not learn");
        }
        return entry.gradient();
    }

    /** {@return a node's parameters as its layer gets them}
     * @param node of the block */
    public PassBinding.Weights weights(Node node) {
        return weights(node, gradients(node));
    }

    /** The same with gradients that go there. */
    PassBinding.Weights weights(Node node, List<@Nullable TableRows> uses) {
        List<@Nullable Tensor> gradients = new ArrayList<>();
        Map<Integer, TouchedRows> rows = new LinkedHashMap<>();
        for (TableRows gradient : uses) {
            if (gradient != null && gradient.rows() != null) {
                rows.put(gradients.size(), gradient.rows());
            }
            gradients.add(gradient == null ? null : gradient.tensor());
        }
        return new PassBinding.Weights(values(node), gradients, rows, packedByNode.getOrDefault(node.name(), Map.of()));
    }

    /** {@return a node's parameters for forward passes alone}
     * @param node perhaps of another graph, with parameters of these names */
    public PassBinding.Weights forwardWeights(Node node) {
        return new PassBinding.Weights(values(node), List.of(), Map.of());
    }

    /** {@return values of a node's parameters in the order of its layer}
     * @param node perhaps of another graph, with parameters of these names */
    public List<Tensor> values(Node node) {
        return node.parameters().stream().map(name -> entry(name).value()).toList();
    }

    /** The gradients of a node's uses of its parameters, null where there is none. */
    List<@Nullable TableRows> gradients(Node node) {
        List<@Nullable TableRows> gradients = gradientsByNode.get(node.name());
        if (gradients == null) {
            throw new IllegalArgumentException("no layer '" + node.name() + "'; there are " + gradientsByNode.keySet());
        }
        return gradients;
    }

    /** Gives every parameter its initial values, a function of the seed and its global name; clears all else.
     * @param seed of the job */
    public void initialize(long seed) {
        initialize(seed, name -> entry(name).parameter());
    }

    /** {@link #initialize(long)} for a part of a model.
     * @param seed of the job
     * @param declared a parameter by its global name, as the layer declares it that has it first in the whole model: tied ones start so */
    public void initialize(long seed, Function<String, Parameter> declared) {
        for (OwnedParameter entry : entries.values()) {
            CounterRandom random = CounterRandom.of(seed, "init/" + entry.name());
            declared.apply(entry.name()).initializer().fill(entry.value(), random);
        }
        valuesChanged();
        clearGradients();
        initializeStates();
    }

    /** Gives all optimizer state its initial values. */
    public void initializeStates() {
        for (StateTensor kept : states()) {
            float initial = kept.state().initial();
            kept.tensor().clear();
            for (int i = 0; initial != 0 && i < kept.tensor().elements(); i++) {
                kept.tensor().setFloat(i, initial);
            }
        }
    }

    /** Sets all gradients to zero. */
    public void clearGradients() {
        entries.values().forEach(entry -> entry.uses().forEach(TableRows::clear));
    }

    /** Adds the gradients of tied parameters' further uses to that of their first, in node order: once, before the step.
     * @param kernels what computes */
    public void foldTies(Kernels kernels) {
        for (OwnedParameter entry : owned) {
            for (int use = 1; use < entry.uses().size(); use++) {
                rows.add(kernels, entry.uses().get(use), entry.uses().getFirst());
            }
        }
    }

    /** {@return how a step goes through what it reads and changes: of sparse gradients, by the rows that are there, ascending} */
    public SparseSteps rows() {
        return rows;
    }

    /** {@return the gradient of a parameter, with its rows}
     * @param name global name of one that learns */
    public TableRows sum(String name) {
        return entry(name).uses().getFirst();
    }

    /** {@return a value with the rows that {@link #update} has changed, or could have, until gradients are cleared}
     * @param name global name of a parameter */
    public TableRows updated(String name) {
        return new TableRows(entry(name).value(), entry(name).updated());
    }

    /** One step of the optimizers of some parameters, in parameter order. Leaves the gradients as they are.
     * @param kernels what computes
     * @param trained which of those that learn, by global name
     * @param learningRate of this step, from the schedule
     * @param step updates of each of them with this one, from 1, where they are not counted one by one */
    public void update(
            Kernels kernels, Predicate<String> trained, ToDoubleFunction<Optimizer> learningRate, long step) {
        for (OwnedParameter entry : owned) {
            if (entry.optimizer().isPresent() && updatesHere(entry.name()) && trained.test(entry.name())) {
                double rate = learningRate.applyAsDouble(entry.optimizer().get());
                entry.update(kernels, rows, rate, counts.next(entry.name(), step));
            }
        }
        valuesChanged();
    }

    /** {@return the gradient of one use of a parameter that learns}
     * @param node that uses it
     * @param index position among its parameters, from 0 */
    public TableRows gradient(Node node, int index) {
        return Objects.requireNonNull(gradients(node).get(index), "no gradient");
    }

    /** {@return bytes allocated in all: values, gradients, optimizer state and packed weights, with alignment} */
    public long bytes() {
        return memory.usedBytes();
    }

    /** {@return what it holds, by what it is for} */
    public ParameterMemory memory() {
        return memory;
    }

    /** Frees everything; every tensor of the block throws from now on. */
    @Override
    public void close() {
        memory.close();
    }

    private TensorArena openState(long bytes) {
        return memory.open(Use.STATE, bytes);
    }

    private OwnedParameter entry(String name) {
        OwnedParameter entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("no parameter '" + name + "'; there are " + entries.keySet());
        }
        return entry;
    }
}
