package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;

/**
 * Half a cosine from the optimizer's learning rate in step 1 down towards etaMin after the last step: {@code etaMin +
 * (base - etaMin) (1 + cos(π (step - 1) / totalSteps)) / 2} (Loshchilov and Hutter 2017; <a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html">
 * torch.optim.lr_scheduler.CosineAnnealingLR</a>, stepped after every optimizer step). With a T_max it goes up again after it, as in
 * PyTorch; else that is the number of steps of the job, beyond which it stays.
 *
 * @param etaMin rate at the end, 0 or more
 * @param length T_max; 0 stands for the steps of the job
 */
public record CosineAnnealingLR(double etaMin, int length) implements LearningRateSchedule {
    public static final Entry<LearningRateSchedule> ENTRY = Description.of(
                    "CosineAnnealingLR", "Half a cosine down to eta_min after the last step")
            .derived("T_max", "steps of the job", "steps of the way down, and of the way up again behind it")
            .optional("eta_min", 0, "rate at the end")
            .formula("rate = eta_min + (base - eta_min) · (1 + cos(π · (step - 1) / T_max)) / 2")
            .source("torch.optim.lr_scheduler.CosineAnnealingLR; Loshchilov and Hutter 2017")
            .readBy(arguments -> new CosineAnnealingLR(arguments.number("eta_min"), length(arguments)));

    /**
     * Checks both.
     *
     * @throws IllegalArgumentException naming the argument that is below 0
     */
    public CosineAnnealingLR {
        Hyperparameters.requireStepsOrJob("CosineAnnealingLR", "T_max", length);
        Hyperparameters.requireNonNegative("CosineAnnealingLR", "eta_min", etaMin);
    }

    /** Down to zero at the end of the job. */
    public CosineAnnealingLR() {
        this(0);
    }

    /**
     * Down to a rate at the end of the job.
     *
     * @param etaMin that rate, 0 or more
     */
    public CosineAnnealingLR(double etaMin) {
        this(etaMin, 0);
    }

    private static int length(Arguments arguments) {
        if (arguments.text("T_max").isEmpty()) {
            return 0;
        }
        Hyperparameters.requireSteps("CosineAnnealingLR", "T_max", arguments.integer("T_max"));
        return arguments.integer("T_max");
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of("CosineAnnealingLR").withNumber("eta_min", etaMin);
        return length == 0 ? spec : spec.with("T_max", length);
    }

    @Override
    public double learningRate(double base, long step, long totalSteps) {
        double progress = length == 0 ? Math.min(1, (step - 1) / (double) totalSteps) : (step - 1) / (double) length;
        return etaMin + (base - etaMin) * (1 + StrictMath.cos(Math.PI * progress)) / 2;
    }

    @Override
    public boolean dependsOnTotal() {
        return length == 0;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
