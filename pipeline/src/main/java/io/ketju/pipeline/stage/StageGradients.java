package io.ketju.pipeline.stage;

import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.layers.model.SparseSteps;
import io.ketju.layers.model.TableRows;
import io.ketju.pipeline.StepRules;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a stage does to the gradients of a step between the last backward and the update: its part in their norm, whether the
 * window is skipped, how they are bounded. All stages decide alike, by the same sums. Not thread-safe.
 */
final class StageGradients {
    private final StepRules rules;
    private final Kernels kernels;
    private final SparseSteps rows;
    /** Those of parameters that the stage owns, by name, in their order. */
    private final SequencedMap<String, TableRows> gradients = new LinkedHashMap<>();
    /** Of the step that has just ended. */
    private StepMetrics told = StepMetrics.NONE;

    StageGradients(StepRules rules, ParameterBlock parameters, Kernels kernels) {
        this.rules = rules;
        this.kernels = kernels;
        Set<String> owned = parameters.values().stream().map(NamedTensor::name).collect(Collectors.toSet());
        rows = parameters.rows();
        parameters.gradients().stream()
                .map(NamedTensor::name)
                .filter(owned::contains)
                .forEach(name -> gradients.put(name, parameters.sum(name)));
    }

    /**
     * The sum of the squares of each gradient, in double: finite if and only if all of the gradient is, as squares of floats
     * are far from the end of double's range.
     *
     * @param finite whether the losses that stand here are; if not, a NaN says so to all
     */
    List<Double> squares(Set<String> trained, boolean finite) {
        List<Double> squares = new ArrayList<>();
        gradients.forEach((name, gradient) -> {
            if (trained.contains(name)) {
                squares.add(squares(gradient));
            }
        });
        if (!finite) {
            squares.add(Double.NaN);
        }
        return squares;
    }

    private double squares(TableRows gradient) {
        double[] sum = {0};
        rows.read(kernels, gradient, part -> sum[0] += kernels.reduction().squaredNorm(part));
        return sum[0];
    }

    /**
     * Whether the window leaves everything as it was; notes what is told of the step.
     *
     * @param sums of the squares of the whole model; none if nothing asks for them
     */
    boolean skips(List<Double> sums) {
        boolean skipped = rules.skips() && !Double.isFinite(sums.getFirst());
        boolean norm = rules.tellsGradNorm() && !sums.isEmpty() && !skipped;
        told = new StepMetrics(
                norm ? Math.sqrt(sums.getFirst()) : 0, norm ? 1 : 0, skipped ? 1 : 0, rules.skips() ? 1 : 0, 0);
        return skipped;
    }

    /**
     * Bounds them: together by their norm, then every element.
     *
     * @param sums none where nothing asks for them, or the window updates nothing here
     */
    void clip(Set<String> trained, List<Double> sums) {
        if (rules.clipGradNorm().isEmpty() && rules.clipGradValue().isEmpty()) {
            return;
        }
        float coefficient = rules.clipGradNorm()
                .filter(bound -> !sums.isEmpty())
                .map(bound -> bound.coefficient(sums.getFirst()))
                .orElse(1f);
        gradients.forEach((name, gradient) -> {
            if (trained.contains(name)) {
                rows.change(kernels, gradient, part -> bound(part, coefficient));
            }
        });
    }

    private void bound(Tensor gradient, float coefficient) {
        if (coefficient < 1) {
            kernels.update().scaleGradient(coefficient, gradient);
        }
        rules.clipGradValue().ifPresent(limit -> limit.apply(kernels, gradient));
    }

    /** Whether there is ever anything to tell. */
    boolean tells() {
        return rules.tellsGradNorm() || rules.skips();
    }

    /** What the window measured, with what is told of its step; begins the next window. */
    WindowMetrics with(WindowMetrics measured) {
        StepMetrics step = told;
        told = StepMetrics.NONE;
        return step.equals(StepMetrics.NONE) ? measured : measured.with(step);
    }
}
