package io.ketju.benchmarks.steps;

import java.util.ArrayList;
import java.util.List;

/** Steps one after the other. */
final class Chain implements Step {
    private final List<Step> steps = new ArrayList<>();

    /** Appends a step; returns its result. */
    Value add(Step step) {
        steps.add(step);
        return step.y();
    }

    @Override
    public void forward() {
        for (int i = 0; i < steps.size(); i++) {
            steps.get(i).forward();
        }
    }

    @Override
    public void backward() {
        for (int i = steps.size() - 1; i >= 0; i--) {
            steps.get(i).backward();
        }
    }

    @Override
    public Value y() {
        return steps.getLast().y();
    }

    @Override
    public double flops() {
        return steps.stream().mapToDouble(Step::flops).sum();
    }
}
