package io.ketju.pipeline.catalogue;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import java.util.List;

/**
 * V-Min of Qi et al., "Pipeline Parallelism with Controllable Memory" (NeurIPS 2024): two stages on each rank, there and
 * back, every backward in two parts, about a third of the activations of 1F1B. See {@link StablePattern}.
 */
public record VMin() implements Listed {
    static final Entry<Schedule> ENTRY = Description.of(
                    "VMin", "Two stages on each rank, there and back, with a third of the activations of 1F1B")
            .formula("in flight = ⌈(p + 2) / 3⌉")
            .use(
                    "Where memory is shortest: a larger bubble than V-Half, that of 1F1B in the end, at a third of its activations")
            .source("V-Min in Qi et al., Pipeline Parallelism with Controllable Memory, NeurIPS 2024")
            .always(new VMin());

    @Override
    public Spec listed() {
        return Spec.of("VMin");
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
        return 2 * ((placement.ranks() + 4) / 3);
    }

    /** Of the first micro-batch; the shift keeps later ones out of taken slots. */
    private static List<Integer> slots(int rank, int ranks) {
        int shift = ranks % 3 == 0 ? 2 : 0;
        return List.of(rank, 2 * ranks - rank - 1, 2 * ranks + shift + rank, 4 * ranks + shift - rank - 1);
    }
}
