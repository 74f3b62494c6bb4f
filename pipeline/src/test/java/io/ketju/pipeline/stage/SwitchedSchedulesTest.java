package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.Adam;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.Interleaved1F1B;
import io.ketju.pipeline.catalogue.InterleavedZB;
import io.ketju.pipeline.catalogue.LoopedBFS;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.catalogue.PipeDream2BW;
import io.ketju.pipeline.catalogue.ZB1P;
import io.ketju.pipeline.catalogue.ZBV;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.ScheduleSet;
import io.ketju.tensor.core.TensorCore;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs that take another schedule of the same placement between steps. */
class SwitchedSchedulesTest {
    private static final int STEPS = 6;

    private final Toy toy = new Toy();
    private final TensorCore core = TensorCore.open(1);
    private final Model model = Toy.mlp();

    @AfterEach
    void close() {
        core.close();
        toy.close();
    }

    private PipelineSpec spec(Schedule schedule, Partition partition) {
        PipelineSpec usual = Toy.spec(model, new Adam(0.01), partition, 9, 4);
        return Toy.with(usual, schedule);
    }

    /** Another schedule at every step; what it says of the actions that ran. */
    private String train(PipelineSpec spec, Set<String> ran) {
        int schedules = spec.plans().size();
        try (InProcessRunner runner = new InProcessRunner(spec, core)) {
            runner.watch((action, run) -> {
                ran.add(action.kind().name());
                return run.get();
            });
            for (int step = 1; step <= STEPS; step++) {
                runner.schedule(step % schedules);
                Toy.Batch batch = toy.batch(model, 9 - step % 3, step);
                runner.train(step, batch.inputs(), batch.targets());
                runner.evaluate(step, batch.inputs(), batch.targets());
            }
            assertThat(runner.leasesOutstanding()).isZero();
            return runner.stateHash();
        }
    }

    @Test
    void everySequenceOfSchedulesGivesTheSameBits() {
        String expected = train(spec(new GPipe(), Partition.single(model)), new TreeSet<>());
        Partition three = new Partition(List.of(0, 2, 4, 6));
        Set<String> ran = new TreeSet<>();
        ScheduleSet oneEach = ScheduleSet.of(new OneForwardOneBackward(), new GPipe(), new ZB1P());
        assertThat(train(spec(oneEach, three), ran)).isEqualTo(expected);
        assertThat(ran).containsExactly("B", "F", "I", "S", "W");
        Partition four = new Partition(List.of(0, 1, 2, 4, 6));
        ScheduleSet looped = ScheduleSet.of(new Interleaved1F1B(2), new LoopedBFS(2), new InterleavedZB(2));
        assertThat(train(spec(looped, four), ran)).isEqualTo(expected);
        PipelineSpec recomputing = spec(oneEach, three).withRecomputing(Set.of(0, 2));
        assertThat(recomputing.plans()).hasSize(3);
        assertThat(train(recomputing, ran)).isEqualTo(expected);
        assertThat(ran).contains("R");
    }

    /** Each stage has room for what any of them holds, and no more. */
    @Test
    void roomIsForTheLargest() {
        Partition three = new Partition(List.of(0, 2, 4, 6));
        List<Schedule> all = List.of(new OneForwardOneBackward(), new GPipe(), new ZB1P());
        List<StagePlan> together = StagePlan.all(spec(new ScheduleSet(all), three));
        List<List<StagePlan>> single =
                all.stream().map(one -> StagePlan.all(spec(one, three))).toList();
        for (int stage = 0; stage < 3; stage++) {
            int at = stage;
            Set<Integer> slots =
                    single.stream().map(plans -> plans.get(at).slots()).collect(Collectors.toSet());
            assertThat(together.get(stage).slots())
                    .isEqualTo(slots.stream().max(Integer::compare).orElseThrow());
            Set<Long> bytes =
                    single.stream().map(plans -> plans.get(at).slotBytes()).collect(Collectors.toSet());
            assertThat(together.get(stage).slotBytes())
                    .isEqualTo(bytes.stream().max(Long::compare).orElseThrow());
        }
        assertThat(together.getFirst().slots()).isEqualTo(4);
        assertThat(StagePlan.of(spec(all.getFirst(), three), 2).slots()).isEqualTo(1);
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        Partition four = new Partition(List.of(0, 1, 2, 4, 6));
        assertThatThrownBy(() -> ScheduleSet.of(new GPipe(), new GPipe()))
                .hasMessage("expected schedules of different names, found [GPipe, GPipe]");
        assertThatThrownBy(() -> new ScheduleSet(List.of())).hasMessageContaining("at least one schedule");
        assertThatThrownBy(() -> spec(ScheduleSet.of(new Interleaved1F1B(2), new ZBV()), four))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> spec(ScheduleSet.of(new OneForwardOneBackward(), new PipeDream2BW()), four))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected schedules with a flush where a run may take one or another")
                .hasMessageContaining("PipeDream2BW");
    }
}
