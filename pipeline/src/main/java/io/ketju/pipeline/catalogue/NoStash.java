package io.ketju.pipeline.catalogue;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.schedule.Overlap.Weights;
import io.ketju.pipeline.schedule.Schedule;

/**
 * {@link PipeDream} without stashed weights: a backward runs on whatever version is the newest, so that its gradients are
 * those of no function. For seeing why stashing exists. In flight on rank r of p: {@code p - r}; one version.
 */
public record NoStash() implements Overlapping {
    static final Entry<Schedule> ENTRY = Description.of(
                    "NoStash", "PipeDream without stashed weights: backwards run on other weights than their forwards")
            .formula("idle = 0 between drains; in flight on rank r = p - r; 1 version of the weights;"
                    + " delay = p - 1 - r updates")
            .use("Only to see why weights are stashed")
            .source("Narayanan et al., PipeDream, SOSP 2019 (what weight stashing is compared with)")
            .always(new NoStash());

    @Override
    public Spec listed() {
        return Spec.of("NoStash");
    }

    @Override
    public Overlap overlap(int ranks) {
        return Overlapping.ofMicrobatches(ranks, rank -> ranks - 1 - rank, Weights.NEWEST);
    }
}
