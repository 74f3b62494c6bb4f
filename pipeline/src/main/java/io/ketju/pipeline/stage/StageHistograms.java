package io.ketju.pipeline.stage;

import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.layers.model.TableRows;
import io.ketju.pipeline.StepRules;
import io.ketju.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Counts how gradients and weights of a stage lie, in the steps that the job asks for. Not thread-safe. */
final class StageHistograms {
    private final long everySteps;
    private final ParameterBlock parameters;
    private final Kernels kernels;
    private final Set<String> learning;
    private final ValueHistogram.Counter counter = new ValueHistogram.Counter();
    private final Map<String, ValueHistogram> gradients = new HashMap<>();
    private List<ParameterHistograms> counted = List.of();

    StageHistograms(StepRules rules, ParameterBlock parameters, Kernels kernels) {
        everySteps = rules.histogramSteps();
        this.parameters = parameters;
        this.kernels = kernels;
        learning = parameters.gradients().stream().map(NamedTensor::name).collect(Collectors.toSet());
    }

    private boolean due(Window window) {
        return everySteps > 0 && window.step() % everySteps == 0;
    }

    /** The gradients of a window are as the optimizers take them. Several objectives have a window each. */
    void gradients(Window window, Set<String> trained) {
        if (!due(window)) {
            return;
        }
        for (NamedTensor value : parameters.values()) {
            if (learning.contains(value.name()) && trained.contains(value.name())) {
                TableRows gradient = parameters.sum(value.name());
                parameters.rows().read(kernels, gradient, counter::add);
                gradients.put(value.name(), counter.take(gradient.tensor().elements()));
            }
        }
    }

    /** The weights of a window are updated. */
    void weights(Window window) {
        if (!due(window) || !window.endsStep()) {
            return;
        }
        List<ParameterHistograms> all = new ArrayList<>();
        for (NamedTensor value : parameters.values()) {
            counter.add(value.tensor());
            all.add(new ParameterHistograms(
                    value.name(),
                    counter.take(value.tensor().elements()),
                    Optional.ofNullable(gradients.get(value.name()))));
        }
        counted = all;
        gradients.clear();
    }

    /** What was counted since the last call, in parameter order. */
    List<ParameterHistograms> take() {
        List<ParameterHistograms> taken = counted;
        counted = List.of();
        return taken;
    }
}
