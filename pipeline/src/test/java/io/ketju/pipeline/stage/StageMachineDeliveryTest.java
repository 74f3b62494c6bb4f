package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.ForwardOnly;
import io.ketju.pipeline.schedule.RandomOrder;
import io.ketju.pipeline.schedule.SchedulePlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Machines of whole pipelines under seeded random delivery: reordered, delayed, duplicated, stale, granted ahead. */
class StageMachineDeliveryTest {
    private static final int SEEDS = 2000;

    @Test
    void everyOrderOfDeliveryRunsTheListsAndGivesAllLeasesBack() {
        int discarded = 0;
        int summed = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            try (ShuffledPipeline pipeline = pipeline(seed)) {
                pipeline.run();
                assertThat(pipeline.unfinished()).as("seed %d", seed).isEmpty();
                assertThat(pipeline.executed()).as("seed %d", seed).isEqualTo(expected(pipeline));
                assertThat(pipeline.predicted())
                        .as("seed %d", seed)
                        .containsExactlyInAnyOrderElementsOf(outputs(pipeline));
                assertThat(pipeline.leasesOutstanding()).as("seed %d", seed).isZero();
                summed += pipeline.summedWindows().size();
                discarded += pipeline.discarded();
            } catch (IllegalStateException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(discarded).isGreaterThan(SEEDS);
        assertThat(summed).as("windows whose steps waited for sums").isGreaterThan(SEEDS);
    }

    @Test
    void anAbortAtAnyPointGivesAllLeasesBack() {
        for (int seed = 0; seed < SEEDS / 4; seed++) {
            try (ShuffledPipeline pipeline = pipeline(seed)) {
                pipeline.runThenAbort(new Random(seed).nextInt(120));
                assertThat(pipeline.leasesOutstanding()).as("seed %d", seed).isZero();
            } catch (IllegalStateException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static ShuffledPipeline pipeline(int seed) {
        Random random = new Random(seed);
        int stages = 1 + random.nextInt(5);
        SchedulePlan plan = SchedulePlan.of(RandomOrder.orListed(random, stages), stages, 4);
        List<Window> windows = new ArrayList<>();
        for (int number = 0; number < 5; number++) {
            Window.Phase phase = random.nextInt(3) == 0 ? Window.Phase.EVALUATE : Window.Phase.TRAIN;
            int microbatches = 1 + random.nextInt(4);
            windows.add(
                    random.nextInt(4) == 0
                            ? Window.predicting(number, number, 8, microbatches)
                            : new Window(number, phase, number, 8, microbatches, 8));
        }
        Set<Integer> summing = new HashSet<>();
        for (int stage = 0; seed % 2 == 1 && stage < stages; stage++) {
            if (random.nextInt(4) > 0) {
                summing.add(stage);
            }
        }
        Set<Integer> recomputing = new HashSet<>();
        for (int stage = 0; seed % 3 == 2 && stage < stages; stage++) {
            if (random.nextBoolean()) {
                recomputing.add(stage);
            }
        }
        return new ShuffledPipeline(random, plan.withRecomputation(recomputing), summing, windows);
    }

    /** One output of every micro-batch of the windows that predict. */
    private static List<TensorKey> outputs(ShuffledPipeline pipeline) {
        List<TensorKey> keys = new ArrayList<>();
        for (Window window : pipeline.windows()) {
            for (int m = 0; window.phase() == Window.Phase.PREDICT && m < window.microbatches(); m++) {
                keys.add(new TensorKey(ShuffledPipeline.INCARNATION, window.number(), TensorKey.Kind.OUTPUT, m, 0));
            }
        }
        return keys;
    }

    /** What every rank must have run: the plan's lists, window after window. */
    private static List<List<Action>> expected(ShuffledPipeline pipeline) {
        SchedulePlan plan = pipeline.plan();
        SchedulePlan forwards = new ForwardOnly().plan(plan.placement(), 4);
        List<List<Action>> expected = new ArrayList<>();
        for (int rank = 0; rank < plan.ranks().size(); rank++) {
            List<Action> actions = new ArrayList<>();
            for (Window window : pipeline.windows()) {
                (window.phase() == Window.Phase.TRAIN ? plan : forwards)
                        .ranks().get(rank).stream()
                                .filter(action -> action.microbatch() < window.microbatches())
                                .forEach(actions::add);
            }
            expected.add(actions);
        }
        return expected;
    }
}
