package io.ketju.pipeline.stage;

import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.pipeline.StepRules;
import io.ketju.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a stage does to the gradients of a step between the last backward and the update: its part in their norm, whether the
 * window is skipped, how they are bounded. All stages decide alike, by the same sums. Not thread-safe.
 */
final class StageGradients {
    private final StepRules rules;
    private final Kernels kernels;
    /** Those of parameters that the stage owns, in their order. */
    private final List<NamedTensor> gradients;
    /** Of the step that has just ended. */
    private StepMetrics told = StepMetrics.NONE;

    StageGradients(StepRules rules, ParameterBlock parameters, Kernels kernels) {
        this.rules = rules;
        this.kernels = kernels;
        Set<String> owned = parameters.values().stream().map(NamedTensor::name).collect(Collectors.toSet());
        gradients = parameters.gradients().stream()
                .filter(gradient -> owned.contains(gradient.name()))
                .toList();
    }

    /**
     * The sum of the squares of each gradient, in double: finite if and only if all of the gradient is, as squares of floats
     * are far from the end of double's range.
     *
     * @param finite whether the losses that stand here are; if not, a NaN says so to all
     */
    List<Double> squares(Set<String> trained, boolean finite) {
        List<Double> squares = new ArrayList<>();
        for (NamedTensor gradient : gradients) {
            if (trained.contains(gradient.name())) {
                squares.add(kernels.reduction().squaredNorm(gradient.tensor()));
            }
        }
        if (!finite) {
            squares.add(Double.NaN);
        }
        return squares;
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
                norm ? Math.sqrt(sums.getFirst()) : 0, norm ? 1 : 0, skipped ? 1 : 0, rules.skips() ? 1 : 0);
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
        for (NamedTensor gradient : gradients) {
            if (!trained.contains(gradient.name())) {
                continue;
            }
            if (coefficient < 1) {
                kernels.update().scaleGradient(coefficient, gradient.tensor());
            }
            rules.clipGradValue().ifPresent(bound -> bound.apply(kernels, gradient.tensor()));
        }
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
