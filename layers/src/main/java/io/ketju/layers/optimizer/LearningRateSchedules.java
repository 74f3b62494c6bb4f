package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Registry;
import java.util.List;
import java.util.SortedSet;

/** All learning-rate schedules by name: the inverse of {@link LearningRateSchedule#spec}. One line each. */
public final class LearningRateSchedules {
    /** All of them, in the order of pages. */
    public static final Registry<LearningRateSchedule> REGISTRY = new Registry<>(
            "learning-rate schedule",
            List.of(
                    ChainedScheduler.ENTRY,
                    ConstantLR.ENTRY,
                    CosineAnnealingLR.ENTRY,
                    CosineAnnealingWarmRestarts.ENTRY,
                    CyclicLR.ENTRY,
                    ExponentialLR.ENTRY,
                    LinearLR.ENTRY,
                    MultiStepLR.ENTRY,
                    OneCycleLR.ENTRY,
                    PolynomialLR.ENTRY,
                    ReduceLROnPlateau.ENTRY,
                    SWALR.ENTRY,
                    SequentialLR.ENTRY,
                    StepLR.ENTRY));

    private LearningRateSchedules() {}

    /**
     * {@return the schedule that a text names}
     *
     * @param text {@code CosineAnnealingLR(eta_min=0)}
     * @throws IllegalArgumentException saying what is wrong
     */
    public static LearningRateSchedule parse(String text) {
        return REGISTRY.parse(text);
    }

    /** The schedules that a tuple names. */
    static List<LearningRateSchedule> all(Arguments arguments, String argument) {
        return arguments.parts(argument).stream()
                .map(LearningRateSchedules::parse)
                .toList();
    }

    /** {@return names of all schedules, sorted} */
    public static SortedSet<String> names() {
        return REGISTRY.names();
    }
}
