package io.ketju.pipeline.stage;

import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.layers.model.SparseSteps;
import io.ketju.layers.model.TableRows;
import io.ketju.layers.optimizer.ClipGradNorm;
import io.ketju.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/** A stage's part in the norm of all gradients of a step: the squares of those that it owns, and what follows for them. */
final class GradientNorm {
    private final Optional<ClipGradNorm> bound;
    private final Kernels kernels;
    private final SparseSteps rows;
    /** Those of parameters that the stage owns, by name, in their order. */
    private final SequencedMap<String, TableRows> gradients = new LinkedHashMap<>();

    GradientNorm(Optional<ClipGradNorm> bound, ParameterBlock parameters, Kernels kernels) {
        this.bound = bound;
        this.kernels = kernels;
        Set<String> owned = parameters.values().stream().map(NamedTensor::name).collect(Collectors.toSet());
        rows = parameters.rows();
        parameters.gradients().stream()
                .map(NamedTensor::name)
                .filter(owned::contains)
                .forEach(name -> gradients.put(name, parameters.sum(name)));
    }

    /** The sum of the squares of each gradient, in double. */
    List<Double> squares(Set<String> trained) {
        List<Double> squares = new ArrayList<>();
        gradients.forEach((name, gradient) -> {
            if (trained.contains(name)) {
                squares.add(squares(gradient));
            }
        });
        return squares;
    }

    private double squares(TableRows gradient) {
        double[] sum = {0};
        rows.read(kernels, gradient, part -> sum[0] += kernels.reduction().squaredNorm(part));
        return sum[0];
    }

    /**
     * Scales the gradients where they are too large.
     *
     * @param sums of the squares of the whole model
     */
    void clip(Set<String> trained, List<Double> sums) {
        float coefficient = bound.orElseThrow().coefficient(sums.getFirst());
        gradients.forEach((name, gradient) -> {
            if (coefficient < 1 && trained.contains(name)) {
                rows.change(kernels, gradient, part -> kernels.update().scaleGradient(coefficient, part));
            }
        });
    }
}
