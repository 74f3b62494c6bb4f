package io.ketju.pipeline.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.zoo.MLP;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.Wire;
import io.ketju.pipeline.catalogue.Auto;
import io.ketju.pipeline.catalogue.Eager1F1B;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.choice.ScheduleComparison.Row;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.schedule.SimulationCosts.StageCosts;
import io.ketju.pipeline.stage.StagePlan;
import io.ketju.tensor.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleComparisonTest {
    private static final int MICROBATCHES = 8;
    /** Where Linear and the ReLU behind it begin; the first is behind a view. */
    private static final List<Integer> BOUNDS = List.of(0, 3, 5, 7, 9, 11, 13, 15, 16);

    private static Recipe recipe() {
        Model model = Model.of(Shape.of(16), MLP.of(16, 16, 16, 16, 16, 16, 16, 16, 10));
        return new Recipe(model, new CrossEntropyLoss(), new SGD(0.1), new ConstantLR(), 32, MICROBATCHES, 10, 1);
    }

    private static PipelineSpec spec(int stages, Schedule schedule) {
        return new PipelineSpec(recipe(), equal().balanced(stages), schedule);
    }

    /** Eight layers of F = I = W = 1 and no hop, as the published makespans have it. */
    private static LayerTimes equal() {
        return LayerTimes.measured(BOUNDS, Collections.nCopies(8, new StageCosts(1, 2, 1, 1, 0)), Overhead.NONE);
    }

    @Test
    void whatRunsAsOneIsOneLayer() {
        assertThat(LayerTimes.bounds(spec(2, new GPipe()))).isEqualTo(BOUNDS);
    }

    @Test
    void equalLayersAreSharedEqually() {
        assertThat(equal().balanced(4)).isEqualTo(new Partition(List.of(0, 5, 9, 13, 16)));
        assertThat(equal().balanced(8)).isEqualTo(new Partition(BOUNDS));
    }

    /** 4 ranks of two layers each, so a published unit is two of these. */
    @Test
    void stepsTakeWhatIsPublished() {
        ScheduleComparison all = ScheduleComparison.of(spec(4, new OneForwardOneBackward()), equal());
        assertThat(step(all, "GPipe")).isEqualTo(2 * 33);
        assertThat(step(all, "1F1B")).isEqualTo(2 * 33);
        assertThat(step(all, "Interleaved1F1B(chunks=2)")).isEqualTo(2 * 28.5);
        assertThat(step(all, "ZB1P")).isEqualTo(2 * 27);
        assertThat(step(all, "ZBV")).isEqualTo(2 * 25.5);
        assertThat(step(all, "VMin")).isEqualTo(2 * 29.5);
    }

    @Test
    void aMeasuredStepSaysHowMuchLongerLayersTakeOrHowMuchLessHopsDo() {
        PipelineSpec spec = spec(4, new OneForwardOneBackward());
        Overhead beside = new Overhead(3, 0.5, 1);
        LayerTimes times = LayerTimes.measured(BOUNDS, equal().layers(), beside);
        double alone = makespan(equal(), spec);
        double foretold = makespan(times, spec);

        LayerTimes slower = times.fitted(spec, Workers.ALIKE, 2 * foretold);
        assertThat(slower.overhead()).isEqualTo(beside.slowed(slower.overhead().slowdown()));
        assertThat(slower.overhead().slowdown()).isGreaterThan(2);
        assertThat(makespan(slower, spec)).isCloseTo(2 * foretold, within(1e-6));

        double between = (alone + foretold) / 2;
        LayerTimes nearer = times.fitted(spec, Workers.ALIKE, between);
        assertThat(nearer.overhead().slowdown()).isEqualTo(1);
        assertThat(nearer.overhead().hop()).isBetween(0.5, 2.5);
        assertThat(makespan(nearer, spec)).isCloseTo(between, within(1e-6));

        assertThat(makespan(times.fitted(spec, Workers.ALIKE, alone / 2), spec)).isCloseTo(alone, within(1e-6));
    }

    private static double makespan(LayerTimes times, PipelineSpec spec) {
        return times.simulate(spec, spec.plan()).makespan();
    }

    private static double step(ScheduleComparison all, String name) {
        return all.rows().stream()
                .filter(row -> row.schedule().name().equals(name))
                .findFirst()
                .orElseThrow()
                .step();
    }

    @Test
    void everyPlanIsThereOnceOnAsManyRanksAndTheFastestFirst() {
        PipelineSpec job = spec(2, new Eager1F1B(3));
        List<Row> rows = ScheduleComparison.of(job, LayerTimes.modelled(job)).rows();
        assertThat(rows.stream().map(row -> row.spec().plan())).doesNotHaveDuplicates();
        assertThat(rows).allMatch(row -> row.spec().placement().ranks() == 2);
        assertThat(rows).extracting(Row::step).isSorted();
        assertThat(rows).extracting(Row::schedule).contains(new Eager1F1B(3));
        assertThat(rows.stream().mapToInt(row -> row.spec().stages()).distinct())
                .containsExactlyInAnyOrder(2, 4, 6, 8);
    }

    @Test
    void memoryAndTrafficAreThoseOfTheStages() {
        PipelineSpec job = spec(2, new GPipe());
        Row own = ScheduleComparison.of(job, equal()).rows().stream()
                .filter(row -> row.spec().equals(job))
                .findFirst()
                .orElseThrow();
        assertThat(own.rankBytes())
                .containsExactlyElementsOf(
                        StagePlan.all(job).stream().map(StagePlan::bytes).toList());
        // 16 floats of activations and as many of gradients, for each of 32 samples.
        assertThat(own.sentBytes()).isEqualTo(2 * 16 * 4 * 32);
    }

    /** Two bytes for each of them, and an odd number of elements in each micro-batch takes two more. */
    @Test
    void trafficIsThatOfTheWire() {
        Model model = Model.of(Shape.of(16), MLP.of(16, 15, 10));
        Recipe recipe = new Recipe(model, new CrossEntropyLoss(), new SGD(0.1), new ConstantLR(), 31, 8, 10, 1);
        PipelineSpec job = new PipelineSpec(recipe, new Partition(List.of(0, 3, 4)), new GPipe());
        long all = ScheduleComparison.ofSameStages(job, LayerTimes.modelled(job))
                .rows()
                .getFirst()
                .sentBytes();
        PipelineSpec rounded = job.withWire(Wire.BFLOAT16);
        long half = ScheduleComparison.ofSameStages(rounded, LayerTimes.modelled(rounded))
                .rows()
                .getFirst()
                .sentBytes();
        assertThat(all).isEqualTo(2 * 15 * 4 * 31);
        assertThat(half).isEqualTo(2 * (7 * 15 * 4 * 2 + (15 * 3 + 1) * 2));
    }

    @Test
    void whatRecomputesDoesSoUnderEverySchedule() {
        PipelineSpec job = spec(2, new OneForwardOneBackward());
        PipelineSpec some = job.withRecomputing(Set.of(1));
        assertThat(ScheduleComparison.of(some, equal()).rows())
                .filteredOn(row -> row.spec().stages() == 2)
                .hasSizeGreaterThan(3)
                .allMatch(row -> row.spec().recomputing().equals(Set.of(1)));
        assertThat(ScheduleComparison.of(some, equal()).rows())
                .filteredOn(row -> row.schedule().name().equals("ZBV"))
                .singleElement()
                .satisfies(row -> assertThat(row.spec().recomputing()).containsExactly(1, 2));
        PipelineSpec every = job.withRecomputing(Set.of(0, 1));
        ScheduleComparison all = ScheduleComparison.of(every, equal());
        assertThat(all.rows())
                .allMatch(row -> row.spec().recomputing().size() == row.spec().stages());
        assertThat(ScheduleChoice.fastest(all).recomputing())
                .isEqualTo(all.rows().getFirst().spec().recomputing());
    }

    @Test
    void pipelinesOfReplicasAreNotCompared() {
        Recipe grouped = recipe().with(recipe().rules().inGroups(2));
        PipelineSpec job = new PipelineSpec(grouped, equal().balanced(2), new GPipe()).withReplicas(2);
        assertThatThrownBy(() -> ScheduleComparison.of(job, equal()))
                .hasMessage("expected a job without replicas, whose pipelines are alike, found ranks [0, 1, 2, 3]");
        assertThatThrownBy(() -> ScheduleComparison.ofSameStages(job, equal()))
                .hasMessageStartingWith("expected a job without replicas");
    }

    @Test
    void cutsMadeByHandStay() {
        PipelineSpec job = new PipelineSpec(recipe(), new Partition(List.of(0, 3, 16)), new OneForwardOneBackward());
        assertThat(ScheduleComparison.ofSameStages(job, equal()).rows())
                .allMatch(row -> row.spec().partition().equals(job.partition()))
                .extracting(row -> row.schedule().name())
                .containsExactlyInAnyOrder("1F1B", "GPipe", "Eager1F1B(depth=2)", "ZB1P", "ZB2P");
    }

    @Test
    void theFastestIsChosenAndSaysSo() {
        PipelineSpec job = spec(4, new OneForwardOneBackward());
        PipelineSpec chosen = ScheduleChoice.fastest(ScheduleComparison.of(job, equal()));
        assertThat(chosen.schedule())
                .isInstanceOfSatisfying(
                        ScheduleChoice.class,
                        choice -> assertThat(choice.reason())
                                .matches(
                                        "schedule \\S+ was chosen of \\d+: its step is predicted to be the shortest, 0\\.77 of 1F1B's"));
        SchedulePlan plan = chosen.plan();
        assertThat(chosen.scheduleText()).isEqualTo(chosen.schedule().name());
        assertThat(plan.placement().ranks()).isEqualTo(4);
    }

    @Test
    void aModelPutsTheWorkWhereTheOperationsAre() {
        PipelineSpec job = spec(2, new GPipe());
        LayerTimes times = LayerTimes.modelled(job);
        assertThat(times.measured()).isFalse();
        assertThat(times.layers()).hasSize(8);
        // Linear at the start makes no gradient of its input, ReLU behind it does.
        assertThat(times.layers().getFirst().inputGradient())
                .isLessThan(times.layers().get(1).inputGradient() / 2);
        // Backward is two passes over Linear and one over ReLU.
        IntStream.range(1, 7)
                .forEach(i -> assertThat(times.layers().get(i).backward())
                        .isBetween(
                                times.layers().get(i).forward(),
                                2 * times.layers().get(i).forward()));
    }

    @Test
    void whatIsToBeChosenHasNoPlan() {
        assertThatThrownBy(() -> new Auto().plan(Placement.oneEach(2), 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("auto is chosen by a job and has no plan of its own: name a schedule");
    }

    /** A slower worker gets fewer layers; its rank then takes as long as the others. */
    @Test
    void stagesSuitTheSpeedsOfWorkers() {
        PipelineSpec job = spec(2, new OneForwardOneBackward());
        Workers workers = new Workers(List.of(1.0, 3.0), List.of());
        Partition cut = equal().balanced(job, workers).orElseThrow();
        assertThat(cut).isEqualTo(new Partition(List.of(0, 5, 16)));
        PipelineSpec balanced = new PipelineSpec(job.recipe(), cut, job.schedule());
        assertThat(equal().simulate(balanced, balanced.plan(), workers).busy())
                .containsExactly(2.0 * 3 * MICROBATCHES, 6.0 * 3 * MICROBATCHES / 3);
        assertThat(ScheduleComparison.of(balanced, equal(), workers).rows())
                .filteredOn(row -> row.spec().stages() == 2)
                .hasSizeGreaterThan(3)
                .allMatch(row -> row.spec().partition().equals(cut));
    }

    /** What is planned is what counts: with a byte less than the balanced cut takes there is another cut, or none. */
    @Test
    void noWorkerHoldsMoreThanItMay() {
        PipelineSpec job = spec(2, new OneForwardOneBackward());
        long first = ScheduleComparison.rankBytes(job).getFirst();
        Workers enough = new Workers(List.of(), List.of(first, Long.MAX_VALUE));
        assertThat(equal().balanced(job, enough)).contains(job.partition());
        Workers less = new Workers(List.of(), List.of(first - 1, Long.MAX_VALUE));
        Partition moved = equal().balanced(job, less).orElseThrow();
        assertThat(moved.bounds().get(1)).isLessThan(job.partition().bounds().get(1));
        PipelineSpec cut = new PipelineSpec(job.recipe(), moved, job.schedule());
        assertThat(ScheduleComparison.rankBytes(cut).getFirst()).isLessThan(first);
        assertThat(ScheduleComparison.of(cut, equal(), less).rows())
                .isNotEmpty()
                .allMatch(row -> row.rankBytes().getFirst() < first);
        Workers none = new Workers(List.of(), List.of(100L, 100L));
        assertThat(equal().balanced(job, none)).isEmpty();
        assertThatThrownBy(() -> ScheduleComparison.of(job, equal(), none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("expected memory that some schedule fits, found ranks that may hold 100B, 100B: of"
                        + " those that can be cut, \\S+ needs least, \\d+B, \\d+B");
    }

    @Test
    void somethingIsSaidOfEveryWorkerOrOfNone() {
        assertThatThrownBy(() -> equal().balanced(spec(2, new GPipe()), new Workers(List.of(1.0), List.of())))
                .hasMessage("expected a speed for each of 2 ranks, found 1");
        assertThatThrownBy(() -> new Workers(List.of(0.0), List.of())).hasMessageContaining("speeds above 0");
        assertThatThrownBy(() -> new Workers(List.of(), List.of(0L))).hasMessageContaining("at least a byte");
    }
}
