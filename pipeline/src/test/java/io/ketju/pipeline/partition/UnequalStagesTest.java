package io.ketju.pipeline.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Cuts for stages of different speeds that may not hold everything, against all cuts that there are. */
class UnequalStagesTest {
    private record Case(
            List<Long> costs, List<Long> crossing, List<Double> speeds, List<Integer> sizes, List<Integer> most) {
        /** What a stage holds is not what it costs. */
        boolean holds(int stage, int from, int to) {
            return sizes.subList(from, to).stream().mapToInt(Integer::intValue).sum() <= most.get(stage);
        }

        long time(int stage, int from, int to) {
            long cost =
                    costs.subList(from, to).stream().mapToLong(Long::longValue).sum()
                            + crossing.get(from)
                            + crossing.get(to);
            return (long) Math.ceil(cost / speeds.get(stage));
        }
    }

    private static Case random(int seed) {
        Random random = new Random(seed);
        int nodes = 1 + random.nextInt(9);
        int stages = 1 + random.nextInt(nodes);
        List<Long> costs = new ArrayList<>();
        List<Long> crossing = new ArrayList<>(List.of(0L));
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            costs.add((long) random.nextInt(30));
            crossing.add(i == nodes - 1 ? 0L : (long) random.nextInt(6));
            sizes.add(random.nextInt(10));
        }
        List<Double> speeds = new ArrayList<>();
        List<Integer> most = new ArrayList<>();
        for (int stage = 0; stage < stages; stage++) {
            speeds.add(List.of(0.25, 0.5, 1.0, 1.0, 3.0).get(random.nextInt(5)));
            most.add(random.nextInt(3) == 0 ? Integer.MAX_VALUE : random.nextInt(40));
        }
        return new Case(costs, crossing, speeds, sizes, most);
    }

    @Test
    void theSlowestStageIsAsQuickAsCanBeAndNoneHoldsTooMuch() {
        int cut = 0;
        for (int seed = 0; seed < 3000; seed++) {
            Case given = random(seed);
            Optional<Partition> found =
                    Partitioner.balanced(given.costs(), given.crossing(), given.speeds(), given::holds);
            Optional<List<Integer>> best = best(given);
            assertThat(found.map(Partition::bounds))
                    .as("seed %d: %s", seed, given)
                    .isEqualTo(best);
            cut += found.isPresent() ? 1 : 0;
        }
        // Some cases can be cut, and some cannot.
        assertThat(cut).isBetween(1000, 2900);
    }

    /** The first of the most even ones among those whose slowest stage is quickest. */
    private static Optional<List<Integer>> best(Case given) {
        long least = Long.MAX_VALUE;
        double evenest = Double.POSITIVE_INFINITY;
        Optional<List<Integer>> best = Optional.empty();
        for (List<Integer> bounds : cuts(given.costs().size(), given.speeds().size(), List.of(0))) {
            long most = 0;
            // From the last stage on, as the sums are folded there.
            double squares = 0;
            boolean holds = true;
            for (int stage = bounds.size() - 2; stage >= 0; stage--) {
                long time = given.time(stage, bounds.get(stage), bounds.get(stage + 1));
                holds &= given.holds(stage, bounds.get(stage), bounds.get(stage + 1));
                most = Math.max(most, time);
                squares = (double) time * time + squares;
            }
            if (holds && (most < least || (most == least && squares < evenest))) {
                least = most;
                evenest = squares;
                best = Optional.of(bounds);
            }
        }
        return best;
    }

    private static List<List<Integer>> cuts(int nodes, int stages, List<Integer> begun) {
        List<List<Integer>> all = new ArrayList<>();
        for (int end = stages == 1 ? nodes : begun.getLast() + 1; end <= nodes - stages + 1; end++) {
            List<Integer> longer = new ArrayList<>(begun);
            longer.add(end);
            if (stages == 1) {
                all.add(longer);
            } else {
                all.addAll(cuts(nodes, stages - 1, longer));
            }
        }
        return all;
    }

    @Test
    void aWorkerOfHalfTheSpeedGetsHalfTheLayers() {
        List<Long> costs = List.of(4L, 4L, 4L, 4L, 4L, 4L);
        List<Long> nothing = List.of(0L, 0L, 0L, 0L, 0L, 0L, 0L);
        assertThat(Partitioner.balanced(costs, nothing, List.of(1.0, 0.5), StageLimit.NONE))
                .contains(new Partition(List.of(0, 4, 6)));
        assertThat(Partitioner.balanced(costs, nothing, List.of(1.0, 1.0), (stage, from, to) -> to - from <= 3))
                .contains(new Partition(List.of(0, 3, 6)));
        assertThat(Partitioner.balanced(costs, nothing, List.of(1.0, 1.0), (stage, from, to) -> to - from <= 2))
                .isEmpty();
    }
}
