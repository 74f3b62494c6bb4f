package io.ketju.actors.examples;

import io.ketju.layers.optimizer.LearningRateSchedule;
import io.ketju.layers.spec.Spec;

// region rate
/** Up for so many steps, then down with the root of the step (Vaswani et al. 2017). */
record InverseSquareRoot(int warmup) implements LearningRateSchedule {
    @Override
    public Spec spec() {
        return Spec.of("InverseSquareRoot").with("warmup", warmup);
    }

    @Override
    public double learningRate(double base, long step, long totalSteps) {
        return base * Math.min((double) step / warmup, Math.sqrt((double) warmup / step));
    }

    /** A run of more steps has the same rates, so it may go on from where a shorter one ended. */
    @Override
    public boolean dependsOnTotal() {
        return false;
    }
}
// end region
