package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;

/**
 * Half a cosine from the optimizer's learning rate in step 1 down towards etaMin after the last step: {@code etaMin +
 * (base - etaMin) (1 + cos(π (step - 1) / totalSteps)) / 2} (Loshchilov and Hutter 2017; <a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html">
 * torch.optim.lr_scheduler.CosineAnnealingLR</a> with T_max = totalSteps, stepped after every optimizer step).
 */
public record CosineAnnealingLR(double etaMin) implements LearningRateSchedule {
    public static final Entry<LearningRateSchedule> ENTRY = Description.of("CosineAnnealingLR", "Half a cosine down to eta_min after the last step")
.optional("eta_min", 0, "rate at the end")
.formula("rate = eta_min + (base - eta_min) · (1 + cos(π · (step - 1) / steps)) / 2")
.source("torch.optim.lr_scheduler.CosineAnnealingLR; Loshchilov and Hutter 2017")
.readBy(arguments -> new CosineAnnealingLR(arguments.number("eta_min")));

    public CosineAnnealingLR {
        Hyperparameters.requireNonNegative("CosineAnnealingLR", "eta_min", etaMin);
    }

    /** Down to zero. */
    public CosineAnnealingLR() {
        this(0);
    }

    @Override
    public Spec spec() {
        return Spec.of("CosineAnnealingLR").withNumber("eta_min", etaMin);
    }

    @Override
    public double learningRate(double base, long step, long totalSteps) {
        double progress = Math.min(1, (step - 1) / (double) totalSteps);
        return etaMin + (base - etaMin) * (1 + StrictMath.cos(Math.PI * progress)) / 2;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
