package io.ketju.pipeline.catalogue;

import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.schedule.Overlap.Weights;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.SchedulePlan;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * A schedule without a flush: 1F1B that goes on with the next window before the last one's step. In a window that no other
 * overlaps with it is 1F1B. Each rank has one stage.
 */
interface Overlapping extends Listed {
    /** How windows overlap on so many ranks. */
    Overlap overlap(int ranks);

    @Override
    default Optional<Overlap> overlap(Placement placement) {
        placement.requireBe(placement(placement.stages()));
        return Optional.of(overlap(placement.ranks()));
    }

    @Override
    default boolean updatesEveryMicrobatch() {
        return overlap(1).ofMicrobatches();
    }

    @Override
    default SchedulePlan plan(Placement placement, int microbatches) {
        return new OneForwardOneBackward().plan(placement, microbatches);
    }

    @Override
    default int mostInFlight(Placement placement, int microbatches) {
        return new OneForwardOneBackward().mostInFlight(placement, microbatches);
    }

    /**
     * One in which every micro-batch is a window, and so an update.
     *
     * @param delays by rank, how many updates old the weights of a forward may be
     */
    static Overlap ofMicrobatches(int ranks, IntUnaryOperator delays, Weights weights) {
        return new Overlap(
                ahead(ranks),
                ranks - 1,
                true,
                IntStream.range(0, ranks).map(delays).boxed().toList(),
                weights);
    }

    /** The forwards of 1F1B: until the first gradient can come. */
    static List<Integer> ahead(int ranks) {
        return IntStream.range(0, ranks).map(rank -> ranks - 1 - rank).boxed().toList();
    }
}
