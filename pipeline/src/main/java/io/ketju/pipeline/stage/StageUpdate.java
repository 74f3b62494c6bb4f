package io.ketju.pipeline.stage;

import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.tensor.kernel.Kernels;
import java.util.List;
import java.util.Set;

/** The updates of a stage's weights in a step, once the gradients are those that the optimizers take. Not thread-safe. */
final class StageUpdate {
    private final Recipe recipe;
    private final ParameterBlock parameters;
    private final StageSearch search;
    private final StageTensors tensors;
    private final StageVersions versions;
    private final Kernels kernels;

    StageUpdate(
            PipelineSpec spec,
            ParameterBlock parameters,
            StageSearch search,
            StageTensors tensors,
            StageVersions versions,
            Kernels kernels) {
        this.recipe = spec.recipe();
        this.parameters = parameters;
        this.search = search;
        this.tensors = tensors;
        this.versions = versions;
        this.kernels = kernels;
    }

    /**
     * @param trained names of the parameters that the window updates
     * @param sums over the whole model; none where nothing asks for them
     */
    void run(Window window, Set<String> trained, List<Double> sums) {
        if (search.any()) {
            search.update(sums, learningRate(recipe.optimizer(), window));
            parameters.valuesChanged();
            return;
        }
        long step = Math.addExact(recipe.optimizerSteps(), window.step());
        tensors.beforeUpdate(step);
        double factor = versions.rateFactor(window);
        parameters.update(kernels, trained::contains, optimizer -> factor * learningRate(optimizer, window), step);
        versions.afterUpdate(window);
    }

    private double learningRate(Optimizer optimizer, Window window) {
        return recipe.learningRate(optimizer, window.objective(), window.step(), window.reductions());
    }
}
