package io.ketju.pipeline.catalogue;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.schedule.Overlap.Weights;
import io.ketju.pipeline.schedule.Schedule;
import java.util.Collections;

/**
 * 1F1B without a flush and with two versions of the weights (Narayanan et al., "Memory-Efficient Pipeline-Parallel DNN
 * Training", ICML 2021): a mini-batch's gradients are made on the version before the newest, on all ranks, and update the
 * newest: {@code w(t+1) = w(t) - lr · g(w(t-1))}. It is meant for mini-batches of at least as many micro-batches as ranks;
 * with fewer, ranks wait for an update. In flight on rank r of p: {@code p - r}.
 */
public record PipeDream2BW() implements Overlapping {
    static final Entry<Schedule> ENTRY = Description.of(
                    "PipeDream2BW",
                    "1F1B without a flush: an update for each mini-batch, from the weights before the newest")
            .formula("idle = 0 between drains with m >= p; in flight on rank r = p - r; 2 versions of the weights;"
                    + " delay = 1 update on every rank")
            .use(
                    "As PipeDream with two versions of the weights only and one update for each mini-batch, one update late")
            .source("Narayanan et al., Memory-Efficient Pipeline-Parallel DNN Training, ICML 2021")
            .always(new PipeDream2BW());

    @Override
    public Spec listed() {
        return Spec.of("PipeDream2BW");
    }

    @Override
    public Overlap overlap(int ranks) {
        return new Overlap(Overlapping.ahead(ranks), 1, false, Collections.nCopies(ranks, 1), Weights.STASHED);
    }
}
