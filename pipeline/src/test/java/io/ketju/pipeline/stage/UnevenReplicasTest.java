package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.loss.Metrics;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.ClipGradNorm;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.EMA;
import io.ketju.layers.optimizer.Penalty;
import io.ketju.pipeline.Averaging;
import io.ketju.pipeline.NonFiniteGradients;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.StepRules;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.catalogue.ZB1P;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.ReplicaCounts;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.schedule.ScheduleSet;
import io.ketju.pipeline.schedule.ScheduleSimulation;
import io.ketju.pipeline.schedule.ScheduleSimulator;
import io.ketju.pipeline.schedule.SimulationCosts;
import io.ketju.pipeline.schedule.SimulationCosts.StageCosts;
import io.ketju.pipeline.stage.Toy.Batch;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Stages with replicas of their own number have the bits and the measures of one pipeline. */
class UnevenReplicasTest {
    private static final int BATCH = 12;
    private static final int GROUPS = 4;
    private static final int MICROBATCHES = 6;
    private static final List<Integer> CUT = List.of(0, 2, 4, 7);

    private final Toy toy = new Toy();
    private final TensorCore core = TensorCore.open(1);

    @AfterEach
    void close() {
        core.close();
        toy.close();
    }

    /** With running statistics, a weight of the first stage that the last shares, and a loss that collects numbers of every sample. */
    private static Model model() {
        CrossEntropyLoss loss = new CrossEntropyLoss();
        Sequential layers = Sequential.of(
                new Linear(7, 7),
                new BatchNorm1d(7),
                Activations.tanh(),
                new Linear(7, 7),
                new BatchNorm1d(7),
                new Linear(7, 7),
                new Linear(7, Toy.CLASSES));
        ModelBuilder model = new ModelBuilder().tie("5.weight", "0.weight");
        return model.output(model.add(layers, model.input(Input.samples(Model.INPUT, DType.FLOAT32, Shape.of(7)))))
                .build()
                .withHead(loss, Metrics.named(loss, List.of("accuracy", "macro_auc")));
    }

    private static PipelineSpec spec(StepRules rules, Schedule schedule) {
        Recipe recipe = new Recipe(
                        model(), new CrossEntropyLoss(), new Adam(0.01), new ConstantLR(), BATCH, MICROBATCHES, 100, 7)
                .with(rules.gradientGroups() == 1 ? rules.inGroups(GROUPS) : rules);
        return new PipelineSpec(recipe, new Partition(CUT), schedule);
    }

    private static PipelineSpec spec(Schedule schedule, Integer... counts) {
        return spec(StepRules.NONE, schedule).withReplicas(new ReplicaCounts(List.of(counts)));
    }

    private RunnerOutcome outcome(PipelineSpec spec) {
        return RunnerOutcome.of(spec, core, toy, 12, 12, 12);
    }

    @Test
    void everyNumberOfReplicasOfEveryStageGivesTheSameBitsAndMeasures() {
        RunnerOutcome expected =
                outcome(spec(StepRules.NONE, new OneForwardOneBackward()).onOneStage());
        for (int first : new int[] {1, 2, 4}) {
            for (int second : new int[] {1, 2, 4}) {
                for (int third : new int[] {1, 2, 4}) {
                    assertThat(outcome(spec(new OneForwardOneBackward(), first, second, third)))
                            .as("%d, %d and %d replicas", first, second, third)
                            .isEqualTo(expected);
                }
            }
        }
        for (Schedule schedule : Schedules.placing(3)) {
            if (schedule.placement(3).isOneEach()) {
                assertThat(outcome(spec(schedule, 1, 2, 1))).as("%s", schedule).isEqualTo(expected);
                assertThat(outcome(spec(schedule, 4, 1, 2))).as("%s", schedule).isEqualTo(expected);
            }
        }
    }

    @Test
    void whatBelongsToAStepCountsOnce() {
        StepRules all = StepRules.NONE
                .with(new ClipGradNorm(0.05))
                .with(List.of(new Penalty("*.weight", Penalty.Norm.L2, 0.01)))
                .with(new Averaging(new EMA(0.9), 10))
                .with(NonFiniteGradients.SKIP)
                .tellingGradNorm();
        RunnerOutcome expected = outcome(spec(all, new OneForwardOneBackward()).onOneStage());
        for (List<Integer> counts : List.of(List.of(1, 2, 1), List.of(2, 1, 4), List.of(1, 4, 2))) {
            PipelineSpec spec = spec(all, new OneForwardOneBackward()).withReplicas(new ReplicaCounts(counts));
            assertThat(outcome(spec)).as("%s", counts).isEqualTo(expected);
            assertThat(outcome(spec.withRecomputing(Set.of(0, 1))))
                    .as("%s that recompute", counts)
                    .isEqualTo(expected);
            assertThat(outcome(spec.withSharedState(true)))
                    .as("%s that share the state", counts)
                    .isEqualTo(expected);
        }
    }

    /** The last steps of a data epoch may leave replicas without anything to learn from. */
    @Test
    void stepsOfFewerMicrobatchesAreShared() {
        PipelineSpec toySpec =
                Toy.spec(Toy.mlp(), new Adam(0.01), new Partition(List.of(0, 2, 4, 6)), BATCH, MICROBATCHES);
        PipelineSpec one = new PipelineSpec(
                toySpec.recipe().with(StepRules.NONE.inGroups(GROUPS)),
                toySpec.partition(),
                new OneForwardOneBackward());
        List<String> hashes = new ArrayList<>();
        for (List<Integer> counts :
                List.of(List.of(1, 1, 1), List.of(1, 2, 1), List.of(4, 2, 1), List.of(1, 1, 4), List.of(2, 4, 4))) {
            try (InProcessRunner runner = new InProcessRunner(one.withReplicas(new ReplicaCounts(counts)), core)) {
                int step = 1;
                for (Batch batch : toy.batches(one.model(), 5, 1, 12, 2, 3)) {
                    runner.train(step++, batch.inputs(), batch.targets());
                    assertThat(runner.leasesOutstanding()).isZero();
                }
                hashes.add(runner.stateHash());
            }
        }
        assertThat(hashes).hasSize(5).containsOnly(hashes.getFirst());
    }

    @Test
    void schedulesMayBeSwitched() {
        ScheduleSet all = ScheduleSet.of(new OneForwardOneBackward(), new GPipe(), new ZB1P());
        List<String> hashes = new ArrayList<>();
        for (PipelineSpec spec : List.of(spec(new GPipe(), 1, 1, 1), spec(all, 1, 2, 1), spec(all, 2, 1, 4))) {
            try (InProcessRunner runner = new InProcessRunner(spec, core)) {
                for (int step = 1; step <= 4; step++) {
                    runner.schedule(step % spec.plans().size());
                    Batch batch = toy.batches(spec.model(), BATCH).getFirst();
                    runner.train(step, batch.inputs(), batch.targets());
                }
                hashes.add(runner.stateHash());
            }
        }
        assertThat(hashes).hasSize(3).containsOnly(hashes.getFirst());
    }

    @Test
    void asManyOfEachStageIsTheSamePlan() {
        PipelineSpec spec = spec(StepRules.NONE, new GPipe());
        assertThat(spec.withReplicas(new ReplicaCounts(List.of(2, 2, 2))).plan())
                .isEqualTo(spec.withReplicas(2).plan());
    }

    /** The heavy stage twice and the others once is nearly twice as fast, which is what it is for. */
    @Test
    void theHeavyStageTwiceHalvesItsTime() {
        PipelineSpec one = spec(StepRules.NONE.inGroups(2), new OneForwardOneBackward());
        SchedulePlan once = one.plan();
        SchedulePlan twice =
                one.withReplicas(new ReplicaCounts(List.of(1, 2, 1))).plan();
        assertThat(twice.lists()).isEqualTo("""
                        0F0 0F3 0F1 0F4 0B0 0F2 0B3 0F5 0B1 0B4 0B2 0B5 0S
                        1F3 1F4 1B3 1F5 1B4 1B5 1G 1S
                        2F0 2B0 2F3 2B3 2F1 2B1 2F4 2B4 2F2 2B2 2F5 2B5 2S
                        3F0 3F1 3B0 3F2 3B1 3B2 3G 3S
                        """);
        StageCosts light = new StageCosts(1, 2, 1, 1, 0);
        SimulationCosts costs = new SimulationCosts(List.of(light, light.times(2), light), 0);
        double before = ScheduleSimulator.simulate(once, costs).makespan();
        double after = ScheduleSimulator.simulate(twice, costs).makespan();
        assertThat(after).isLessThan(0.75 * before);
    }

    /** Whatever the counts: the lists end, every replica does its own micro-batches alone, and no rank holds more than is planned. */
    @Test
    void listsOfAnyCountsAndSchedulesEnd() {
        Random random = new Random(18);
        for (int round = 0; round < 60; round++) {
            List<Integer> counts = random.ints(3, 0, 3).mapToObj(i -> 1 << i).toList();
            Schedule schedule = Schedules.placing(3).stream()
                    .filter(one -> one.placement(3).isOneEach())
                    .skip(random.nextInt(3))
                    .findFirst()
                    .orElseThrow();
            PipelineSpec spec = spec(StepRules.NONE, schedule).withReplicas(new ReplicaCounts(counts));
            SchedulePlan whole = spec.plan();
            for (int microbatches = 1; microbatches <= MICROBATCHES; microbatches++) {
                SchedulePlan plan = whole.restrictedTo(microbatches);
                ScheduleSimulation ran = ScheduleSimulator.simulate(plan, SimulationCosts.UNIT);
                assertThat(ran.timeline()).hasSize(spec.allStages());
                for (int stage = 0; stage < spec.allStages(); stage++) {
                    int own = stage;
                    assertThat(plan.ofStage(stage).stream()
                                    .filter(action -> action.kind() == Action.Kind.F)
                                    .map(Action::microbatch))
                            .as("stage %d of %s, %s", stage, counts, schedule)
                            .hasSize(spec.replicas().present(stage, microbatches))
                            .allMatch(m -> spec.runs(own, true, m));
                }
            }
        }
    }

    @Test
    void aStageTakesWhatItsPlanSays() {
        PipelineSpec spec = spec(new OneForwardOneBackward(), 1, 4, 2).withSharedState(true);
        List<StagePlan> plans = StagePlan.all(spec);
        for (int stage = 0; stage < spec.allStages(); stage++) {
            long before = TensorMemory.openBytes();
            try (StageCompute compute = new StageCompute(spec, stage, core)) {
                assertThat(compute.plan()).isEqualTo(plans.get(stage));
                long planned = plans.get(stage).bytes();
                assertThat(TensorMemory.openBytes() - before)
                        .as("stage %d", stage)
                        .isBetween(planned, planned + 4096); // arenas of nothing take a line each
            }
            assertThat(TensorMemory.openBytes()).isEqualTo(before);
        }
    }

    @Test
    void aBadLossOfAnyReplicaIsFollowedToItsBeginning() {
        for (List<Integer> counts : List.of(List.of(1, 2, 1), List.of(4, 1, 2))) {
            PipelineSpec spec =
                    spec(StepRules.NONE, new OneForwardOneBackward()).withReplicas(new ReplicaCounts(counts));
            Batch batch = toy.batches(spec.model(), BATCH).getFirst();
            for (int sample = 0; sample < BATCH; sample += 5) {
                batch.inputs().setFloat(7 * sample, Float.NaN);
                try (InProcessRunner runner = new InProcessRunner(spec, core)) {
                    assertThatThrownBy(() -> runner.train(1, batch.inputs(), batch.targets()))
                            .as("sample %d", sample)
                            .isInstanceOf(NonFiniteException.class)
                            .hasMessageContaining("step 1, micro-batch " + sample / 2 + ": the loss is NaN")
                            .hasMessageContaining("the model's input is not finite");
                }
                batch.inputs().setFloat(7 * sample, 1);
            }
        }
    }

    @Test
    void whatCannotBeIsRefused() {
        for (Schedule schedule : List.of(Schedules.parse("ZBV"), Schedules.parse("Interleaved1F1B(chunks=2)"))) {
            PipelineSpec looped = new PipelineSpec(
                    spec(new GPipe(), 1, 1, 1).recipe(), new Partition(List.of(0, 1, 2, 3, 7)), schedule);
            assertThatThrownBy(() -> looped.withReplicas(new ReplicaCounts(List.of(1, 2, 2, 1))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("expected a rank for each stage where stages have different numbers of replicas, as"
                            + " 1F1B, GPipe and ZB1P have, found stages on ranks "
                            + looped.placement().rankOfStage() + "; others take as many of every stage");
        }
        PipelineSpec together = new PipelineSpec(
                spec(new GPipe(), 1, 1, 1).recipe(), new Partition(CUT), new Placement(List.of(0, 0, 1)), new GPipe());
        assertThatThrownBy(() -> together.withReplicas(new ReplicaCounts(List.of(1, 2, 1))))
                .hasMessageContaining("a rank for each stage");
        PipelineSpec spec = spec(StepRules.NONE, new GPipe());
        Schedule written = Schedules.parse(Schedules.text(
                new Schedule() {
                    @Override
                    public String name() {
                        return "own";
                    }

                    @Override
                    public SchedulePlan plan(Placement placement, int microbatches) {
                        return new GPipe().plan(placement, microbatches);
                    }
                },
                spec.plan()));
        assertThatThrownBy(() -> new PipelineSpec(spec.recipe(), spec.partition(), written)
                        .withReplicas(new ReplicaCounts(List.of(1, 2, 1))))
                .hasMessage(
                        "expected a schedule for any number of ranks, such as 1F1B, GPipe or ZB1P, where stages have"
                                + " different numbers of replicas, found table; others take as many of every stage");
        assertThatThrownBy(() -> spec.withReplicas(new ReplicaCounts(List.of(1, 3, 1))))
                .hasMessage("expected replicas of stage 1 that share the gradient groups evenly, of which there are 4,"
                        + " found 3");
    }
}
