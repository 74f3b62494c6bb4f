package io.ketju.pipeline.stage;

import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.layers.optimizer.ClipGradNorm;
import io.ketju.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A stage's part in the norm of all gradients of a step: the squares of those that it owns, and what follows for them. */
final class GradientNorm {
    private final Optional<ClipGradNorm> bound;
    private final Kernels kernels;
    /** Those of parameters that the stage owns, in their order. */
    private final List<NamedTensor> gradients;

    GradientNorm(Optional<ClipGradNorm> bound, ParameterBlock parameters, Kernels kernels) {
        this.bound = bound;
        this.kernels = kernels;
        Set<String> owned = parameters.values().stream().map(NamedTensor::name).collect(Collectors.toSet());
        gradients = parameters.gradients().stream()
                .filter(gradient -> owned.contains(gradient.name()))
                .toList();
    }

    /** The sum of the squares of each gradient, in double. */
    List<Double> squares(Set<String> trained) {
        List<Double> squares = new ArrayList<>();
        for (NamedTensor gradient : gradients) {
            if (trained.contains(gradient.name())) {
                squares.add(kernels.reduction().squaredNorm(gradient.tensor()));
            }
        }
        return squares;
    }

    /**
     * Scales the gradients where they are too large.
     *
     * @param sums of the squares of the whole model
     */
    void clip(Set<String> trained, List<Double> sums) {
        float coefficient = bound.orElseThrow().coefficient(sums.getFirst());
        for (NamedTensor gradient : gradients) {
            if (coefficient < 1 && trained.contains(gradient.name())) {
                kernels.update().scaleGradient(coefficient, gradient.tensor());
            }
        }
    }
}
