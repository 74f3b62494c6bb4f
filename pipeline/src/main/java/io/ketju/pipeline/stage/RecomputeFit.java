package io.ketju.pipeline.stage;

import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.partition.LayerCost;
import io.ketju.tensor.ByteSize;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Chooses the stages that recompute so that every rank stays within a number of bytes: of a rank that does not fit, those
 * first that save most memory for the work that they repeat.
 */
final class RecomputeFit {
    /**
     * What one stage may save.
     *
     * @param saved bytes
     * @param cost of its layers, as the cut is balanced by
     */
    private record Candidate(int stage, long saved, long cost) {
        double costOfByte() {
            return (double) cost / saved;
        }
    }

    private final PipelineSpec spec;
    private final long most;
    private final List<Long> bytes;
    private final List<Candidate> candidates;

    RecomputeFit(PipelineSpec plain, long most) {
        this.spec = plain;
        this.most = most;
        bytes = StagePlan.all(plain).stream().map(StagePlan::bytes).toList();
        List<Long> costs = LayerCost.ofNodes(plain.model());
        List<StagePlan> recomputing = StagePlan.all(plain.withRecomputing(new Recompute.All().stages(plain)));
        candidates = IntStream.range(0, plain.stages())
                .mapToObj(stage -> new Candidate(
                        stage,
                        bytes.get(stage) - recomputing.get(stage).bytes(),
                        costs
                                .subList(
                                        plain.partition().bounds().get(stage),
                                        plain.partition().bounds().get(stage + 1))
                                .stream()
                                .mapToLong(Long::longValue)
                                .sum()))
                .filter(candidate -> candidate.saved() > 0)
                .sorted(Comparator.comparingDouble(Candidate::costOfByte).thenComparingInt(Candidate::stage))
                .toList();
    }

    /** Throws {@link IllegalArgumentException} saying what is the least that fits, if this does not. */
    Set<Integer> stages() {
        Set<Integer> chosen = new TreeSet<>();
        long least = 0;
        int largest = 0;
        for (int rank = 0; rank < spec.placement().ranks(); rank++) {
            long left = spec.placement().stagesOf(rank).stream()
                    .mapToLong(bytes::get)
                    .sum();
            for (Candidate candidate : candidates) {
                if (left > most && spec.placement().rankOf(candidate.stage()) == rank) {
                    chosen.add(candidate.stage());
                    left -= candidate.saved();
                }
            }
            largest = left > least ? rank : largest;
            least = Math.max(least, left);
        }
        if (least > most) {
            throw new IllegalArgumentException(
                    "expected a size that every rank fits when its stages recompute, at least " + ByteSize.text(least)
                            + " for rank " + largest + ", found " + ByteSize.text(most));
        }
        return chosen;
    }
}
