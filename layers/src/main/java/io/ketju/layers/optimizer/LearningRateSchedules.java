package io.ketju.layers.optimizer;

import static java.util.Map.entry;

import io.ketju.layers.Spec;
import io.ketju.layers.SpecRegistry;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.Function;

/** All learning-rate schedules by name: the inverse of {@link LearningRateSchedule#spec}. One line each. */
public final class LearningRateSchedules {
    private static final SpecRegistry<LearningRateSchedule> REGISTRY = new SpecRegistry<>(
            "learning-rate schedule",
            Map.<String, Function<Spec, LearningRateSchedule>>ofEntries(
                    entry("ConstantLR", ConstantLR::of),
                    entry("CosineAnnealingLR", CosineAnnealingLR::of),
                    entry("StepLR", StepLR::of)));

    private LearningRateSchedules() {}

    /** Reads {@code CosineAnnealingLR(eta_min=0)}; throws {@link IllegalArgumentException} saying what is wrong. */
    public static LearningRateSchedule parse(String text) {
        return REGISTRY.parse(text);
    }

    /** Names of all schedules, sorted. */
    public static SortedSet<String> names() {
        return REGISTRY.names();
    }
}
