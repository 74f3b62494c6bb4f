package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.ClipGradNorm;
import io.ketju.layers.regularization.Dropout;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.catalogue.Table;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.partition.Partitioner;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.tensor.Shape;
import io.ketju.tensor.core.TensorCore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stages that run every forward again: the same bits in less memory. */
class RecomputeTest {
    private static final int BATCH = 11;

    /** What depends on the step, on the sample and on the whole micro-batch, in the middle of stages and at their ends. */
    private static final Model MODEL = Model.of(
            Shape.of(7),
            Sequential.of(
                    new Linear(7, 9),
                    new BatchNorm1d(9),
                    Activations.relu(),
                    new Dropout(0.4),
                    new Linear(9, 8),
                    Activations.tanh(),
                    new Dropout(0.2),
                    new BatchNorm1d(8),
                    new Linear(8, Toy.CLASSES)));

    private static final Model TIED = ModelText.parse(
            Shape.of(7),
            List.of(
                    "first = Linear(7, 7)",
                    "Tanh()",
                    "second = Linear(7, 7) with weight = first.weight",
                    "third = Linear(7, 7) with weight = first.weight",
                    "Linear(7, 3)"));

    /** Of the first of three stages: with 2 samples in a micro-batch, two tensors of 2 x 9 floats, each in whole lines of 64 bytes. */
    private static final long SLOT_BYTES = 256;

    private final Toy toy = new Toy();
    private final TensorCore core = TensorCore.open(1);

    @AfterEach
    void close() {
        core.close();
        toy.close();
    }

    private static PipelineSpec spec(Model model, int stages, int microbatches, Schedule schedule) {
        return Toy.with(
                Toy.spec(model, new Adam(0.01), Partitioner.balanced(model, stages), BATCH, microbatches), schedule);
    }

    private String trained(PipelineSpec spec) {
        try (InProcessRunner runner = new InProcessRunner(spec, core)) {
            for (int step = 1; step <= 3; step++) {
                // The last one has fewer micro-batches.
                Toy.Batch batch = toy.batch(spec.model(), step == 3 ? 6 : BATCH, step);
                runner.train(step, batch.inputs(), batch.targets());
                runner.evaluate(step, batch.inputs(), batch.targets());
            }
            return runner.stateHash();
        }
    }

    @Test
    void everyScheduleTrainsTheSameBits() {
        for (int microbatches : new int[] {1, 3}) {
            String expected = trained(spec(MODEL, 1, microbatches, new GPipe()));
            for (int stages : new int[] {1, 2, 4}) {
                List<Schedule> schedules = new ArrayList<>(Schedules.placing(stages));
                schedules.add(new SplitBackward(true));
                for (Schedule schedule : schedules) {
                    PipelineSpec spec = spec(MODEL, stages, microbatches, schedule);
                    Random random = new Random(stages);
                    Set<Integer> some = new TreeSet<>(List.of(random.nextInt(stages), random.nextInt(stages)));
                    for (Set<Integer> recomputing : List.of(new Recompute.All().stages(spec), some)) {
                        assertThat(trained(spec.withRecomputing(recomputing)))
                                .as("%s, %d stages, %d micro-batches, %s", schedule, stages, microbatches, recomputing)
                                .isEqualTo(expected);
                    }
                }
            }
        }
    }

    @Test
    void sharedParametersAndNormsOfAllGradientsStay() {
        PipelineSpec whole = spec(TIED, 1, 3, new GPipe());
        PipelineSpec clipped = new PipelineSpec(
                whole.recipe().withClipGradNorm(new ClipGradNorm(0.3)), whole.partition(), whole.schedule());
        String expected = trained(clipped);
        for (List<Integer> bounds : List.of(List.of(0, 2, 5), List.of(0, 1, 3, 4, 5))) {
            PipelineSpec cut = new PipelineSpec(clipped.recipe(), new Partition(bounds), new GPipe());
            assertThat(trained(cut.withRecomputing(new Recompute.All().stages(cut))))
                    .isEqualTo(expected);
        }
    }

    @Test
    void aPlanOfOnesOwnSaysWhereForwardsRunAgain() {
        // The second forward of stage 0 does not wait for the gradient: it may stand long before it.
        Schedule early = new Table(SchedulePlan.parse("""
                rank 0  0F0 0F1 0R1 0R0 0B0 0B1 0F2 0R2 0B2 0S
                rank 1  1F0 1B0 1F1 1B1 1F2 1B2 1S
                """));
        PipelineSpec spec = spec(MODEL, 2, 3, early);
        assertThat(StagePlan.of(spec, 0).recomputes()).isTrue();
        assertThat(StagePlan.of(spec, 0).slots()).isEqualTo(2);
        assertThat(StagePlan.of(spec, 1).recomputes()).isFalse();
        assertThat(trained(spec)).isEqualTo(trained(spec(MODEL, 1, 3, new GPipe())));
    }

    @Test
    void oneSlotTakesThePlaceOfMany() {
        PipelineSpec plain = spec(MODEL, 3, 8, new GPipe());
        PipelineSpec again = plain.withRecomputing(Set.of(0, 1));
        List<StagePlan> before = StagePlan.all(plain);
        List<StagePlan> after = StagePlan.all(again);
        assertThat(before).extracting(StagePlan::slots).containsExactly(8, 8, 8);
        assertThat(after).extracting(StagePlan::slots).containsExactly(1, 1, 8);
        assertThat(after).extracting(StagePlan::inFlight).containsExactly(8, 8, 8);
        for (int stage = 0; stage < 3; stage++) {
            assertThat(after.get(stage).slotBytes()).isEqualTo(before.get(stage).slotBytes());
            assertThat(before.get(stage).bytes() - after.get(stage).bytes())
                    .as("bytes that stage %d saves", stage)
                    .isEqualTo(stage == 2 ? 0 : 7 * before.get(stage).slotBytes());
        }
        assertThat(after.getFirst().slotBytes()).isEqualTo(SLOT_BYTES);
        try (InProcessRunner runner = new InProcessRunner(again, core)) {
            assertThat(runner.computes().getFirst().slotBytes()).isEqualTo(SLOT_BYTES);
        }
    }

    @Test
    void backwardsOfOneMicrobatchAfterTheOtherNeedOneSlotWhateverTheSchedule() {
        for (String schedule : List.of("GPipe", "1F1B", "Eager1F1B(2)", "Interleaved1F1B(2)", "LoopedBFS(2)")) {
            PipelineSpec plain = spec(MODEL, 4, 8, Schedules.parse(schedule));
            PipelineSpec again = plain.withRecomputing(new Recompute.All().stages(plain));
            assertThat(StagePlan.all(again))
                    .as(schedule)
                    .extracting(StagePlan::slots)
                    .containsOnly(1);
        }
    }

    @Test
    void asManyStagesAsItTakesAreChosenToFit() {
        PipelineSpec plain = spec(MODEL, 3, 8, new GPipe());
        List<Long> before = StagePlan.all(plain).stream().map(StagePlan::bytes).toList();
        List<Long> after = StagePlan.all(plain.withRecomputing(Set.of(0, 1, 2))).stream()
                .map(StagePlan::bytes)
                .toList();
        long largest = before.stream().mapToLong(Long::longValue).max().orElseThrow();
        long least = after.stream().mapToLong(Long::longValue).max().orElseThrow();
        assertThat(new Recompute.Fit(largest).stages(plain)).isEmpty();
        for (long bytes = least; bytes <= largest; bytes += 64) {
            Set<Integer> chosen = new Recompute.Fit(bytes).stages(plain);
            for (int stage = 0; stage < 3; stage++) {
                assertThat(chosen.contains(stage)).isEqualTo(before.get(stage) > bytes);
            }
            long most = bytes;
            assertThat(StagePlan.all(plain.withRecomputing(chosen)))
                    .allSatisfy(plan -> assertThat(plan.bytes()).isLessThanOrEqualTo(most));
        }
        assertThatThrownBy(() -> new Recompute.Fit(least - 1).stages(plain))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("expected a size that every rank fits when its stages recompute, at least " + least
                        + "B for rank \\d, found " + (least - 1) + "B");
    }

    @Test
    void ofSeveralStagesOnARankOnlyThoseThatAreNeeded() {
        PipelineSpec plain = spec(MODEL, 4, 8, Schedules.parse("LoopedBFS(2)"));
        List<StagePlan> before = StagePlan.all(plain);
        long rank0 = before.get(0).bytes() + before.get(2).bytes();
        Set<Integer> chosen = new Recompute.Fit(rank0 - 1).stages(plain);
        assertThat(chosen).containsAnyOf(0, 2).isNotEqualTo(Set.of(0, 1, 2, 3));
    }

    @Test
    void unknownStagesAreRefused() {
        PipelineSpec plain = spec(MODEL, 3, 8, new GPipe());
        assertThatThrownBy(() -> plain.withRecomputing(Set.of(1, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected stages from 0 to 2 to recompute, found 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "none", "[0, 2]", "fit 512MiB", "fit 1001B"})
    void textReadsBack(String text) {
        assertThat(Recompute.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "some", "0;2", "fit", "fit 0MiB", "fit 3 apples", "-1", "[0, 2"})
    void otherTextIsQuoted(String text) {
        assertThatThrownBy(() -> Recompute.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("expected ")
                .hasMessageContaining("found \"");
    }
}
