package io.ketju.pipeline.stage;

import io.ketju.layers.model.Head;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.layers.optimizer.LBFGS;
import io.ketju.layers.optimizer.LBFGSSearch;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.SearchSums;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A stage's part in steps of {@link LBFGS}, which are several windows of the same mini-batch. Every stage decides alike, by the
 * same sums, and moves the parameters that it owns. What the next step goes on from is of the whole model; each stage has it,
 * and the owner of the first parameter keeps it in checkpoints. Nothing where the optimizer is another. Not thread-safe.
 */
final class StageSearch implements StageHoldings.Owner {
    /** What a double takes of the kept tensor: its bits, 16 of them in each float, since all state is float32. */
    private static final int FLOATS = 4;

    private static final int BITS = 16;

    /** Where the optimizer is L-BFGS. */
    private record Parts(
            LBFGS options, SearchSums sums, LBFGSSearch search, List<SearchedParameter> parameters, Tensor memory) {}

    private final @Nullable Parts parts;
    private final TensorArena arena;
    private final List<Head> heads;
    private final String name;
    private final boolean owner;
    private boolean goesOn;

    StageSearch(PipelineSpec spec, ParameterBlock parameters, Kernels kernels) {
        Recipe recipe = spec.recipe();
        heads = recipe.model().heads();
        name = memoryName(recipe);
        arena = new TensorArena(bytes(recipe));
        owner = parameters.values().stream()
                .anyMatch(value -> name.equals(StageState.optimizerState(value.name(), StageState.MEMORY)));
        parts = recipe.search()
                .map(options -> new Parts(
                        options,
                        recipe.searchSums().orElseThrow(),
                        new LBFGSSearch(options),
                        SearchedParameter.of(parameters, options, kernels),
                        arena.allocate(memoryShape(options))))
                .orElse(null);
    }

    private static String memoryName(Recipe recipe) {
        return recipe.model().weights().stream()
                .filter(recipe.optimizers()::learns)
                .findFirst()
                .map(first -> StageState.optimizerState(first, StageState.MEMORY))
                .orElse("");
    }

    private static Shape memoryShape(LBFGS options) {
        return Shape.of(LBFGSSearch.memorySize(options.historySize()) * FLOATS);
    }

    /** Bytes that every stage takes for it. */
    static long bytes(Recipe recipe) {
        return recipe.search()
                .map(options -> TensorArena.bytesFor(memoryShape(options)))
                .orElse(0L);
    }

    /** The name and shape of what a checkpoint has of it; empty where the optimizer is another. */
    static Optional<StageState.Kept> kept(Recipe recipe) {
        return recipe.search().map(options -> new StageState.Kept(memoryName(recipe), memoryShape(options)));
    }

    /** Whether the optimizer is L-BFGS. */
    boolean any() {
        return parts != null;
    }

    /** Whether the step goes on with another window of the same mini-batch. */
    boolean goesOn() {
        return goesOn;
    }

    /** What the next step goes on from, if a checkpoint has it from this stage. */
    List<NamedTensor> owned() {
        return owner ? loadable() : List.of();
    }

    /** The same, whoever owns it. */
    List<NamedTensor> loadable() {
        Parts kept = parts;
        return kept == null ? List.of() : List.of(new NamedTensor(name, kept.memory()));
    }

    /** Begins anew, after weights have come without state. */
    void forget() {
        Parts kept = parts;
        if (kept != null) {
            kept.memory().clear();
        }
    }

    /**
     * What the stage gives to the sums of a window, whose gradients are whole.
     *
     * @param losses that stand here, by the position of their head
     */
    List<Double> sums(WindowMetrics losses, StagePenalties penalties) {
        Parts all = required();
        if (!goesOn) {
            all.search().remember(read(all.memory()));
        }
        List<Double> sums = new ArrayList<>();
        for (SearchedParameter parameter : all.parameters()) {
            double[] made = new double[all.sums().size()];
            parameter.measure(all.sums(), all.search().pairs(), made);
            made[SearchSums.PENALTY] = penalties.cost(parameter.name());
            Arrays.stream(made).forEach(sums::add);
        }
        losses.heads().forEach((head, measured) -> {
            double loss =
                    heads.get(head).weight() * measured.told(heads.get(head).loss());
            sums.addAll(List.of(all.sums().ofHead(head, loss)));
        });
        return sums;
    }

    /** Moves the parameters as the sums of all stages say. */
    void update(List<Double> sums, double learningRate) {
        Parts all = required();
        LBFGSSearch.Decision decision = all.search().on(all.sums().evaluation(sums), learningRate);
        all.parameters().forEach(parameter -> decision.moves().forEach(parameter::perform));
        goesOn = !decision.ends();
        if (decision.ends()) {
            write(all.search().memory(), all.memory());
        }
    }

    /** What the window measured, and whether its step goes on. */
    WindowMetrics with(WindowMetrics measured) {
        return goesOn ? measured.with(measured.steps().goingOn()) : measured;
    }

    private Parts required() {
        Parts all = parts;
        if (all == null) {
            throw new IllegalStateException("the optimizer needs no sums");
        }
        return all;
    }

    private static List<Double> read(Tensor memory) {
        List<Double> numbers = new ArrayList<>();
        for (int at = 0; at < memory.elements(); at += FLOATS) {
            long bits = 0;
            for (int part = 0; part < FLOATS; part++) {
                bits |= (long) memory.getFloat(at + part) << (part * BITS);
            }
            numbers.add(Double.longBitsToDouble(bits));
        }
        return numbers;
    }

    private static void write(List<Double> numbers, Tensor memory) {
        int at = 0;
        for (double number : numbers) {
            long bits = Double.doubleToRawLongBits(number);
            for (int part = 0; part < FLOATS; part++) {
                memory.setFloat(at++, (float) ((bits >>> (part * BITS)) & 0xFFFF));
            }
        }
    }

    @Override
    public long heldBytes() {
        return arena.capacityBytes();
    }

    @Override
    public void close() {
        arena.close();
    }
}
