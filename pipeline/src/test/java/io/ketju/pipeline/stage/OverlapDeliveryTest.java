package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.Stretch;
import io.ketju.pipeline.schedule.Stretch.Turn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Machines whose windows overlap, under seeded random delivery: reordered, delayed, duplicated, stale, granted early and late.
 * Each runs the list of its stretches, whatever comes when, in the buffers that are planned.
 */
class OverlapDeliveryTest {
    private static final int SEEDS = 1800;
    private static final int MICROBATCHES = 4;
    private static final List<Schedule> SCHEDULES = Schedules.overlapping();

    @Test
    void everyOrderOfDeliveryRunsTheListsOfTheStretches() {
        int discarded = 0;
        int summed = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            try (ShuffledPipeline pipeline = pipeline(seed)) {
                pipeline.run();
                assertThat(pipeline.unfinished()).as("seed %d", seed).isEmpty();
                for (int rank = 0; rank < pipeline.executed().size(); rank++) {
                    List<Turn> expected = expected(pipeline, overlap(seed), rank);
                    assertThat(turns(pipeline, rank))
                            .as("seed %d, rank %d", seed, rank)
                            .isEqualTo(expected);
                }
                assertThat(pipeline.leasesOutstanding()).as("seed %d", seed).isZero();
                discarded += pipeline.discarded();
                summed += pipeline.summedWindows().size();
            } catch (IllegalStateException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(discarded).isGreaterThan(SEEDS);
        assertThat(summed).as("windows whose steps waited for sums").isGreaterThan(SEEDS);
    }

    @Test
    void anAbortAtAnyPointGivesAllLeasesBack() {
        for (int seed = 0; seed < SEEDS / 3; seed++) {
            try (ShuffledPipeline pipeline = pipeline(seed)) {
                pipeline.runThenAbort(new Random(seed).nextInt(200));
                assertThat(pipeline.leasesOutstanding()).as("seed %d", seed).isZero();
            } catch (IllegalStateException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static int stages(int seed) {
        return 1 + new Random(seed).nextInt(5);
    }

    private static Schedule schedule(int seed) {
        return SCHEDULES.get(seed % SCHEDULES.size());
    }

    private static Overlap overlap(int seed) {
        return schedule(seed).overlap(Placement.oneEach(stages(seed))).orElseThrow();
    }

    private static ShuffledPipeline pipeline(int seed) {
        Random random = new Random(seed);
        int stages = 1 + random.nextInt(5);
        boolean single = overlap(seed).ofMicrobatches();
        List<Window> windows = new ArrayList<>();
        for (int number = 0; number < 12; number++) {
            boolean drained = windows.isEmpty() || windows.getLast().drains();
            int microbatches = single ? 1 : 1 + random.nextInt(MICROBATCHES);
            if (drained && random.nextInt(4) == 0) {
                windows.add(new Window(number, Window.Phase.EVALUATE, number, 8, microbatches, 8));
            } else {
                boolean drains = number == 11 || random.nextInt(5) == 0;
                windows.add(new Window(number, Window.Phase.TRAIN, number, 8, microbatches, 8).draining(drains));
            }
        }
        Set<Integer> summing = new HashSet<>();
        for (int stage = 0; !single && stage < stages; stage++) {
            if (random.nextInt(4) > 0) {
                summing.add(stage);
            }
        }
        Placement placement = Placement.oneEach(stages);
        return new ShuffledPipeline(
                random,
                schedule(seed).plan(placement, single ? 1 : MICROBATCHES),
                Optional.of(overlap(seed)),
                summing,
                windows);
    }

    private static List<Turn> turns(ShuffledPipeline pipeline, int rank) {
        List<Action> actions = pipeline.executed().get(rank);
        List<Turn> turns = new ArrayList<>();
        for (int i = 0; i < actions.size(); i++) {
            if (actions.get(i).kind() != Action.Kind.N) {
                turns.add(new Turn(pipeline.windowsOf().get(rank).get(i).intValue(), actions.get(i)));
            }
        }
        return turns;
    }

    /** Stretch after stretch, and evaluations between them. */
    private static List<Turn> expected(ShuffledPipeline pipeline, Overlap overlap, int rank) {
        List<Turn> expected = new ArrayList<>();
        List<Window> windows = pipeline.windows();
        for (int first = 0; first < windows.size(); ) {
            Window window = windows.get(first);
            int number = first;
            if (window.phase() != Window.Phase.TRAIN) {
                IntStream.range(0, window.microbatches())
                        .mapToObj(m -> new Turn(number, new Action(rank, Action.Kind.F, m)))
                        .forEach(expected::add);
                first++;
                continue;
            }
            List<Integer> sizes = new ArrayList<>();
            do {
                sizes.add(windows.get(first).microbatches());
            } while (!windows.get(first++).drains());
            Stretch.of(overlap, sizes).ranks().get(rank).stream()
                    .map(turn -> new Turn(number + turn.window(), turn.action()))
                    .forEach(expected::add);
        }
        return expected;
    }
}
