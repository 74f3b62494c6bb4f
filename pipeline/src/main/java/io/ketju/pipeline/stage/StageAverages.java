package io.ketju.pipeline.stage;

import io.ketju.layers.PassBinding;
import io.ketju.layers.model.AveragedWeights;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.pipeline.Averaging;
import io.ketju.pipeline.Recipe;
import io.ketju.tensor.kernel.Kernels;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A stage's averages of its weights, in runs that keep some: moved at the end of every step, read by windows that learn nothing. */
final class StageAverages implements StageHoldings.Owner {
    private final ParameterBlock parameters;
    private final @Nullable Averaging rule;
    private final @Nullable AveragedWeights averages;

    StageAverages(Recipe recipe, List<Node> nodes, ParameterBlock parameters) {
        this.parameters = parameters;
        rule = recipe.rules().average().orElse(null);
        averages =
                rule == null ? null : new AveragedWeights(parameters, nodes, rule.rule(), recipe.optimizers()::learns);
        restart();
    }

    /** Bytes that a stage of these nodes takes for them. */
    static long bytes(Recipe recipe, List<Node> nodes) {
        return recipe.rules()
                .average()
                .map(kept -> AveragedWeights.bytes(nodes, kept.rule(), recipe.optimizers()::learns))
                .orElse(0L);
    }

    /** Whether there are any. */
    boolean kept() {
        return averages != null;
    }

    /** Of the parameters that the stage owns, under their names. */
    List<NamedTensor> owned() {
        return averages == null ? List.of() : averages.of(parameters.values());
    }

    /** Of the copies of parameters that other stages own, which are averaged alike. */
    List<NamedTensor> mirrors() {
        return averages == null ? List.of() : averages.of(parameters.mirrors());
    }

    /** What layers get in windows that learn nothing. */
    Function<Node, PassBinding.Weights> weights() {
        return averages == null ? parameters::weights : averages::weights;
    }

    /** Begins anew with the weights as they are. */
    void restart() {
        if (averages != null) {
            averages.restart();
        }
    }

    /** Other weights are in place, with their averages or to begin anew. */
    void loaded(boolean withAverages) {
        if (!withAverages) {
            restart();
        }
    }

    /** Takes in the weights that the window's step has left. */
    void update(Window window, Kernels kernels) {
        if (rule != null && averages != null && window.endsStep()) {
            averages.update(kernels, rule.share(window.step()));
        }
    }

    @Override
    public long heldBytes() {
        return averages == null ? 0 : averages.heldBytes();
    }

    @Override
    public void close() {
        if (averages != null) {
            averages.close();
        }
    }
}
