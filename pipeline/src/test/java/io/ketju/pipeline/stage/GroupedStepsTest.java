package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.Adam;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.StepRules;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.catalogue.PipeDream;
import io.ketju.pipeline.catalogue.PipeDream2BW;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.catalogue.Table;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.stage.Toy.Batch;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorMemory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Steps whose micro-batches add their gradients up in groups. */
class GroupedStepsTest {
    private static final int BATCH = 10;
    private static final Model MODEL = Toy.mlp();
    private static final List<Integer> CUT = List.of(0, 2, 4, 6);

    /** Of three stages, groups {0 1}, {2 3}, {4 5} in another order on each; the second one splits its backwards. */
    private static final String OUT_OF_ORDER = """
            0F0 0F1 0F2 0F3 0F4 0F5 0B4 0B2 0B5 0B0 0B3 0B1 0S
            1F0 1F1 1F2 1F3 1F4 1F5 1I4 1I2 1I5 1I0 1W2 1I3 1I1 1W3 1W0 1W1 1W4 1W5 1S
            2F0 2F1 2F2 2F3 2F4 2F5 2B4 2B2 2B5 2B0 2B3 2B1 2S
            """;

    private final Toy toy = new Toy();
    private final TensorCore core = TensorCore.open(1);

    @AfterEach
    void close() {
        core.close();
        toy.close();
    }

    private static Recipe recipe(int microbatches, int groups) {
        return Toy.spec(MODEL, new Adam(0.01), Partition.single(MODEL), BATCH, microbatches)
                .recipe()
                .with(StepRules.NONE.inGroups(groups));
    }

    private static PipelineSpec spec(int microbatches, int groups, Schedule schedule, List<Integer> bounds) {
        return new PipelineSpec(recipe(microbatches, groups), new Partition(bounds), schedule);
    }

    /** The last batches have as many micro-batches as samples: fewer than others. */
    private String hash(PipelineSpec spec) {
        try (InProcessRunner runner = new InProcessRunner(spec, core)) {
            List<Batch> batches = toy.batches(MODEL, 10, 7, 4, 10, 1);
            for (int step = 1; step <= batches.size(); step++) {
                runner.train(
                        step,
                        batches.get(step - 1).inputs(),
                        batches.get(step - 1).targets());
                assertThat(runner.leasesOutstanding()).isZero();
            }
            return runner.stateHash();
        }
    }

    @Test
    void equalGroupsGiveEqualBitsOverCutsAndSchedulesAndOthersDoNot() {
        Set<String> results = new HashSet<>();
        for (int groups : new int[] {1, 2, 4}) {
            String expected = hash(spec(6, groups, new OneForwardOneBackward(), List.of(0, 6)));
            results.add(expected);
            for (Schedule schedule : Schedules.placing(3)) {
                PipelineSpec cut = spec(6, groups, schedule, CUT);
                assertThat(hash(cut)).as("%s, %d groups", schedule, groups).isEqualTo(expected);
                assertThat(hash(cut.withRecomputing(new TreeSet<>(Set.of(0, 2)))))
                        .as("%s, %d groups, recomputing", schedule, groups)
                        .isEqualTo(expected);
            }
        }
        assertThat(results).hasSize(3);
    }

    /** The bits are those of groups in order, because groups are added up by themselves and then in their order. */
    @Test
    void aPlanMayGoThroughGroupsInAnyOrder() {
        Table table = new Table(SchedulePlan.parse(OUT_OF_ORDER));
        assertThat(hash(spec(6, 3, table, CUT)))
                .isEqualTo(hash(spec(6, 3, new OneForwardOneBackward(), List.of(0, 6))));
        assertThatThrownBy(() -> spec(6, 2, table, CUT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("weight gradients of a group fold in micro-batch order");
        assertThatThrownBy(() -> spec(6, 1, table, CUT))
                .hasMessageContaining("weight gradients fold in micro-batch order");
    }

    @Test
    void aPlanCountsTheSumsThatAreOpenAtOnceAndNoMoreIsTaken() {
        List<StagePlan> one = StagePlan.all(spec(6, 1, new GPipe(), CUT));
        assertThat(one).extracting(StagePlan::gradientPlaces).containsExactly(1, 1, 1);
        List<StagePlan> inOrder = StagePlan.all(spec(6, 3, new GPipe(), CUT));
        assertThat(inOrder).extracting(StagePlan::gradientPlaces).containsExactly(2, 2, 2);
        Table table = new Table(SchedulePlan.parse(OUT_OF_ORDER));
        List<StagePlan> mixed = StagePlan.all(spec(6, 3, table, CUT));
        assertThat(mixed).extracting(StagePlan::gradientPlaces).containsExactly(3, 2, 3);
        for (int stage = 0; stage < 3; stage++) {
            long gradients = one.get(stage).gradientBytes();
            assertThat(inOrder.get(stage).gradientBytes()).isEqualTo(2 * gradients);
            assertThat(inOrder.get(stage).bytes()).isEqualTo(one.get(stage).bytes() + gradients);
        }
        List<Long> taken = new ArrayList<>();
        for (int groups : new int[] {1, 3}) {
            long before = TensorMemory.openBytes();
            try (StageCompute compute = new StageCompute(spec(6, groups, table(groups), CUT), 0, core)) {
                taken.add(TensorMemory.openBytes() - before);
                assertThat(compute.measures()).isFalse();
            }
            assertThat(TensorMemory.openBytes()).isEqualTo(before);
        }
        assertThat(taken.get(1) - taken.get(0))
                .isEqualTo(mixed.getFirst().bytes() - one.getFirst().bytes())
                .isGreaterThanOrEqualTo(2 * one.getFirst().gradientBytes());
    }

    private static Schedule table(int groups) {
        return groups == 1 ? new GPipe() : new Table(SchedulePlan.parse(OUT_OF_ORDER));
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> recipe(4, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected from 1 to 4 gradient groups, as many as a step has micro-batches, found 5");
        assertThatThrownBy(() -> recipe(4, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected at least 1 gradient group, found 0");
        assertThatThrownBy(() -> recipe(20, 11)).hasMessageContaining("from 1 to 10 gradient groups");
        assertThatThrownBy(() -> spec(4, 2, new PipeDream(false), CUT)).hasMessageContaining("one micro-batch");
        assertThat(StagePlan.of(spec(4, 2, new PipeDream2BW(), CUT), 0).gradientPlaces())
                .isEqualTo(2);
    }
}
