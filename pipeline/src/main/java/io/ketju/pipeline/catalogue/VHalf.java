package io.ketju.pipeline.catalogue;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import java.util.List;

/**
 * V-Half of Qi et al., "Pipeline Parallelism with Controllable Memory" (NeurIPS 2024): two stages on each rank, there and
 * back, every backward in two parts, about half of the activations of 1F1B. See {@link StablePattern}.
 */
public record VHalf() implements Listed {
    static final Entry<Schedule> ENTRY = Description.of(
                    "VHalf", "Two stages on each rank, there and back, with half the activations of 1F1B")
            .formula("in flight = ⌊p / 2⌋ + 1")
            .use("Where memory is short: the bubble stays below that of 1F1B at half its activations")
            .source("V-Half in Qi et al., Pipeline Parallelism with Controllable Memory, NeurIPS 2024")
            .always(new VHalf());

    @Override
    public Spec listed() {
        return Spec.of("VHalf");
    }

    @Override
    public Placement placement(int stages) {
        return Placement.veeOver(stages);
    }

    @Override
    public SchedulePlan plan(Placement placement, int microbatches) {
        placement.requireBe(placement(placement.stages()));
        int ranks = placement.ranks();
        return StablePattern.plan(placement, microbatches, rank -> slots(rank, ranks));
    }

    @Override
    public int mostInFlight(Placement placement, int microbatches) {
        return 2 * (placement.ranks() / 2) + 2;
    }

    /** Of the first micro-batch; the shift keeps later ones out of taken slots. */
    private static List<Integer> slots(int rank, int ranks) {
        int shift = ranks % 2 == 0 ? 3 : 0;
        return List.of(2 * rank, 3 * ranks - rank - 2, 3 * ranks + shift + 2 * rank - 1, 6 * ranks + shift - rank - 2);
    }
}
