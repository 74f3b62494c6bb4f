package io.ketju.pipeline.catalogue;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.schedule.Overlap.Weights;
import io.ketju.pipeline.schedule.Schedule;

/**
 * 1F1B without a flush (Narayanan et al., "PipeDream", SOSP 2019): every micro-batch is an update, and its backward runs on
 * the version of the weights that its forward used. In flight and versions on rank r of p: {@code p - r}.
 *
 * @param verticalSync whether all ranks use for a micro-batch the version that the first one does; each then keeps p versions
 */
public record PipeDream(boolean verticalSync) implements Overlapping {
    static final Entry<Schedule> ENTRY = Description.of(
                    "PipeDream",
                    "1F1B without a flush: every micro-batch is an update, backwards run on stashed weights")
            .optional(
                    "vertical_sync",
                    false,
                    "whether all ranks use for a micro-batch the version of the weights that the first rank does")
            .formula("idle = 0 between drains; in flight and versions of the weights on rank r = p - r,"
                    + " with vertical_sync p versions; delay = p - 1 - r updates, with vertical_sync p - 1")
            .use(
                    "No idle time whatever the number of micro-batches, where memory has room for the versions of the weights"
                            + " and learning stands some staleness")
            .source("Narayanan et al., PipeDream: Generalized Pipeline Parallelism for DNN Training, SOSP 2019")
            .readBy(arguments -> new PipeDream(arguments.flag("vertical_sync")));

    @Override
    public Spec listed() {
        return verticalSync ? Spec.of("PipeDream").with("vertical_sync", true) : Spec.of("PipeDream");
    }

    @Override
    public Overlap overlap(int ranks) {
        return Overlapping.ofMicrobatches(ranks, rank -> verticalSync ? ranks - 1 : ranks - 1 - rank, Weights.STASHED);
    }
}
