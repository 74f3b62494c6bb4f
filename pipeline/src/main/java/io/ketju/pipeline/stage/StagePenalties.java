package io.ketju.pipeline.stage;

import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.layers.model.TableRows;
import io.ketju.layers.optimizer.Penalty;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A stage's part in the penalties of a step: of the parameters that it owns, each once, in their order. */
final class StagePenalties {
    /** A parameter with one of its penalties. */
    private record Term(String parameter, Penalty penalty, Tensor weight, TableRows gradient) {}

    private final Kernels kernels;
    private final List<Term> terms = new ArrayList<>();
    /** What the terms of the window cost. */
    private List<Double> values = List.of();
    /** The same by parameter. */
    private final Map<String, Double> costs = new HashMap<>();
    /** Steps that the window has ended: 1 or 0. */
    private int steps;

    StagePenalties(List<Penalty> penalties, ParameterBlock parameters, Kernels kernels) {
        this.kernels = kernels;
        Set<String> learning = Set.copyOf(
                parameters.gradients().stream().map(NamedTensor::name).toList());
        for (NamedTensor weight : parameters.values()) {
            for (Penalty penalty : penalties) {
                if (learning.contains(weight.name()) && penalty.matches(weight.name())) {
                    terms.add(new Term(weight.name(), penalty, weight.tensor(), parameters.sum(weight.name())));
                }
            }
        }
    }

    /** Whether there is anything to tell. */
    boolean any() {
        return !terms.isEmpty();
    }

    /** Adds the gradients to those of the mini-batch, once in a window, and notes what the weights cost before the step. */
    void add(Window window, Set<String> trained) {
        if (terms.isEmpty()) {
            return;
        }
        steps = window.endsStep() ? 1 : 0;
        costs.clear();
        List<Double> found = new ArrayList<>();
        for (Term term : terms) {
            if (trained.contains(term.parameter())) {
                double cost = term.penalty().value(kernels, term.weight());
                found.add(cost);
                costs.merge(term.parameter(), cost, Double::sum);
                term.penalty()
                        .addGradient(kernels, term.weight(), term.gradient().tensor());
                term.gradient().touchAll();
            }
        }
        values = found;
    }

    /** What a parameter cost in the window whose gradients were added last. */
    double cost(String parameter) {
        return costs.getOrDefault(parameter, 0.0);
    }

    /** The window is skipped: what was noted does not count. */
    void forget() {
        values = List.of();
        steps = 0;
    }

    /** What the window measured, with what was noted; begins the next window. */
    WindowMetrics with(WindowMetrics measured) {
        WindowMetrics all = new WindowMetrics(measured.heads(), values, steps);
        forget();
        return all;
    }
}
