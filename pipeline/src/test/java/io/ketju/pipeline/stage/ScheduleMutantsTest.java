package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.catalogue.Table;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.partition.Partitioner;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.stage.Toy.Batch;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Plans of all schedules as text with one change, as a slip of the hand makes it: each is refused with a reason, or it trains
 * the bits of one stage.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScheduleMutantsTest {
    private static final int MUTANTS = Integer.getInteger("ketju.test.mutants", 12_000);
    private static final int MOST_MICROBATCHES = 4;
    private static final int SAMPLES = 5;

    private enum Change {
        SWAP,
        DROP,
        DUPLICATE,
        TO_ANOTHER_RANK
    }

    private final Toy toy = new Toy();
    private final Model model = Toy.mlp();
    private TensorCore core;
    private Batch batch;

    @BeforeAll
    void open() {
        core = TensorCore.open(new TensorCoreOptions(1, KernelChoice.SCALAR));
        batch = toy.batch(model, SAMPLES, 1);
    }

    @AfterAll
    void close() {
        core.close();
        toy.close();
    }

    @Test
    void eachIsRefusedWithAReasonOrTrainsTheSameBits() {
        List<String> oracle = new ArrayList<>();
        for (int m = 1; m <= MOST_MICROBATCHES; m++) {
            oracle.add(trained(Toy.spec(model, new SGD(0.05), Partition.single(model), SAMPLES, m)));
        }
        Map<Change, Integer> refused = new EnumMap<>(Change.class);
        Map<Change, Integer> legal = new EnumMap<>(Change.class);
        for (int seed = 0; seed < MUTANTS; seed++) {
            Random random = new Random(seed);
            int stages = 1 + random.nextInt(6);
            int microbatches = 1 + random.nextInt(MOST_MICROBATCHES);
            List<Schedule> schedules = Schedules.placing(stages);
            Schedule schedule = schedules.get(random.nextInt(schedules.size()));
            Change change = List.of(Change.values()).get(random.nextInt(Change.values().length));
            Set<Integer> recomputing = seed % 3 == 0 ? Set.of(random.nextInt(stages)) : Set.of();
            SchedulePlan plan = SchedulePlan.of(schedule, stages, microbatches).withRecomputation(recomputing);
            String text = mutant(plan, change, random);
            PipelineSpec healthy =
                    Toy.spec(model, new SGD(0.05), Partitioner.balanced(model, stages), SAMPLES, microbatches);
            try {
                PipelineSpec spec = Toy.with(healthy, new Table(SchedulePlan.parse(text)));
                assertThat(trained(spec))
                        .as("seed %d, %s of %s, %s:\n%s", seed, change, schedule, healthy.partition(), text)
                        .isEqualTo(oracle.get(microbatches - 1));
                legal.merge(change, 1, Integer::sum);
            } catch (IllegalArgumentException e) {
                assertThat(e).as("seed %d", seed).message().containsPattern("stages? |rank |micro-batch");
                refused.merge(change, 1, Integer::sum);
            }
        }
        assertThat(refused)
                .as("legal %s", legal)
                .allSatisfy((change, count) -> assertThat(count).isGreaterThan(MUTANTS / 16));
        assertThat(legal.get(Change.SWAP)).isGreaterThan(MUTANTS / 50);
    }

    private String trained(PipelineSpec spec) {
        try (InProcessRunner runner = new InProcessRunner(spec, core)) {
            runner.train(1, batch.inputs(), batch.targets());
            runner.train(2, batch.inputs(), batch.targets());
            return runner.stateHash();
        }
    }

    private static String mutant(SchedulePlan plan, Change change, Random random) {
        List<List<Action>> ranks = new ArrayList<>();
        plan.ranks().forEach(list -> ranks.add(new ArrayList<>(list)));
        List<Action> list = ranks.get(random.nextInt(ranks.size()));
        int place = random.nextInt(list.size());
        switch (change) {
            case SWAP -> {
                // Neighbours more often than others: those are the ones that may change places.
                int other = random.nextBoolean() ? Math.min(place + 1, list.size() - 1) : random.nextInt(list.size());
                list.set(place, list.set(other, list.get(place)));
            }
            case DROP -> list.remove(place);
            case DUPLICATE -> list.add(random.nextInt(list.size() + 1), list.get(place));
            case TO_ANOTHER_RANK -> {
                Action action = list.remove(place);
                List<Action> other = ranks.get(random.nextInt(ranks.size()));
                other.add(random.nextInt(other.size() + 1), action);
            }
        }
        return new SchedulePlan(plan.placement(), ranks).lists();
    }
}
