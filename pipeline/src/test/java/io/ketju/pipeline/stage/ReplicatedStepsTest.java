package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.loss.Metrics;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.ClipGradNorm;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.EMA;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.Optimizers;
import io.ketju.layers.optimizer.Penalty;
import io.ketju.pipeline.Averaging;
import io.ketju.pipeline.NonFiniteGradients;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.StepRules;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.catalogue.PipeDream2BW;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.stage.Toy.Batch;
import io.ketju.tensor.Shape;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Replicas that share the micro-batches of a step have the bits and the measures of one pipeline. */
class ReplicatedStepsTest {
    private static final int BATCH = 12;
    private static final List<Integer> CUT = List.of(0, 2, 4, 6);
    private static final List<Integer> WHOLE = List.of(0, 6);

    private final Toy toy = new Toy();
    private final TensorCore core = TensorCore.open(1);

    @AfterEach
    void close() {
        core.close();
        toy.close();
    }

    /** With running statistics, and a loss that collects numbers of every sample beside others. */
    private static Model model() {
        CrossEntropyLoss loss = new CrossEntropyLoss();
        return Model.of(
                        Shape.of(7),
                        Sequential.of(
                                new Linear(7, 9),
                                new BatchNorm1d(9),
                                Activations.tanh(),
                                new Linear(9, 8),
                                new BatchNorm1d(8),
                                new Linear(8, Toy.CLASSES)))
                .withHead(loss, Metrics.named(loss, List.of("accuracy", "macro_auc")));
    }

    private static Recipe recipe(Optimizer optimizer, int microbatches, StepRules rules) {
        return new Recipe(model(), new CrossEntropyLoss(), optimizer, new ConstantLR(), BATCH, microbatches, 100, 7)
                .with(rules);
    }

    private static PipelineSpec spec(int groups, Schedule schedule, List<Integer> bounds) {
        return spec(groups, StepRules.NONE.inGroups(groups), schedule, bounds);
    }

    private static PipelineSpec spec(int groups, StepRules rules, Schedule schedule, List<Integer> bounds) {
        Recipe recipe = recipe(new Adam(0.01), 6, rules.inGroups(groups));
        return new PipelineSpec(recipe, new Partition(bounds), schedule);
    }

    /** Steps of six micro-batches. */
    private RunnerOutcome outcome(PipelineSpec spec) {
        return RunnerOutcome.of(spec, core, toy, 12, 12, 12);
    }

    @Test
    void everyNumberOfReplicasThatDividesTheGroupsGivesTheSameBitsAndMeasures() {
        Set<String> results = new TreeSet<>();
        for (int groups : new int[] {2, 3, 4, 6}) {
            RunnerOutcome expected = outcome(spec(groups, new OneForwardOneBackward(), WHOLE));
            results.add(expected.hash());
            for (int replicas = 2; replicas <= groups; replicas++) {
                if (groups % replicas == 0) {
                    assertThat(outcome(spec(groups, new GPipe(), WHOLE).withReplicas(replicas)))
                            .as("%d replicas of one stage, %d groups", replicas, groups)
                            .isEqualTo(expected);
                    for (Schedule schedule : Schedules.placing(3)) {
                        assertThat(outcome(spec(groups, schedule, CUT).withReplicas(replicas)))
                                .as("%d replicas, %d groups, %s", replicas, groups, schedule)
                                .isEqualTo(expected);
                    }
                }
            }
        }
        assertThat(results).hasSizeGreaterThan(1);
    }

    @Test
    void whatBelongsToAStepCountsOnce() {
        StepRules all = StepRules.NONE
                .with(new ClipGradNorm(0.05))
                .with(List.of(new Penalty("*.weight", Penalty.Norm.L2, 0.01)))
                .with(new Averaging(new EMA(0.9), 10))
                .with(NonFiniteGradients.SKIP)
                .tellingGradNorm();
        RunnerOutcome expected = outcome(spec(4, all, new OneForwardOneBackward(), WHOLE));
        for (int replicas : new int[] {2, 4}) {
            assertThat(outcome(spec(4, all, new OneForwardOneBackward(), CUT).withReplicas(replicas)))
                    .as("%d replicas", replicas)
                    .isEqualTo(expected);
            assertThat(outcome(spec(4, all, new GPipe(), CUT)
                            .withRecomputing(Set.of(0, 1, 2))
                            .withReplicas(replicas)))
                    .as("%d replicas that recompute", replicas)
                    .isEqualTo(expected);
        }
    }

    /** The last steps of a data epoch may leave replicas without anything to learn from. */
    @Test
    void stepsOfFewerMicrobatchesAreShared() {
        List<String> hashes = new ArrayList<>();
        for (int replicas : new int[] {1, 2, 3, 6}) {
            PipelineSpec given = Toy.spec(Toy.mlp(), new Adam(0.01), new Partition(CUT), BATCH, 6);
            PipelineSpec spec = new PipelineSpec(
                            given.recipe().with(StepRules.NONE.inGroups(6)), given.partition(), given.schedule())
                    .withReplicas(replicas);
            try (InProcessRunner runner = new InProcessRunner(spec, core)) {
                int step = 1;
                for (Batch batch : toy.batches(spec.model(), 5, 1, 12, 2, 3)) {
                    runner.train(step++, batch.inputs(), batch.targets());
                    assertThat(runner.leasesOutstanding()).isZero();
                }
                hashes.add(runner.stateHash());
            }
        }
        assertThat(hashes).hasSize(4).containsOnly(hashes.getFirst());
    }

    @Test
    void aReplicaTakesWhatItsPlanSaysAndNoOptimizerState() {
        PipelineSpec spec = spec(6, new OneForwardOneBackward(), CUT).withReplicas(3);
        assertThat(spec.allStages()).isEqualTo(9);
        List<StagePlan> plans = StagePlan.all(spec);
        for (int stage = 0; stage < spec.allStages(); stage++) {
            assertThat(plans.get(stage).stateBytes() == 0).isEqualTo(stage >= 3);
            long before = TensorMemory.openBytes();
            try (StageCompute compute = new StageCompute(spec, stage, core)) {
                long planned = plans.get(stage).bytes();
                assertThat(TensorMemory.openBytes() - before)
                        .as("stage %d", stage)
                        .isBetween(planned, planned + 4096) // arenas of nothing take a line each
                        .isEqualTo(compute.memory().bytes());
                assertThat(compute.tensors().isEmpty()).isEqualTo(stage >= 3);
            }
            assertThat(TensorMemory.openBytes()).isEqualTo(before);
        }
    }

    @Test
    void aBadLossOfAnyReplicaEndsTheRun() {
        PipelineSpec spec = spec(6, new OneForwardOneBackward(), CUT).withReplicas(3);
        Batch batch = toy.batches(spec.model(), BATCH).getFirst();
        for (int sample = 0; sample < BATCH; sample += 5) {
            batch.inputs().setFloat(7 * sample, Float.NaN);
            try (InProcessRunner runner = new InProcessRunner(spec, core)) {
                assertThatThrownBy(() -> runner.train(1, batch.inputs(), batch.targets()))
                        .as("sample %d", sample)
                        .isInstanceOf(NonFiniteException.class)
                        .hasMessageContaining("the loss is NaN")
                        .hasMessageContaining("the model's input is not finite");
            }
            batch.inputs().setFloat(7 * sample, 1);
        }
    }

    @Test
    void whatReplicasRuleOutIsRefused() {
        PipelineSpec spec = spec(4, new OneForwardOneBackward(), CUT);
        assertThatThrownBy(() -> spec.withReplicas(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected replicas that share the gradient groups evenly, of which there are 4, found 3");
        assertThatThrownBy(() -> spec(4, new PipeDream2BW(), CUT).withReplicas(2))
                .hasMessageContaining("expected a schedule with a flush beside replicas")
                .hasMessageContaining("PipeDream2BW");
        Recipe searched = recipe(Optimizers.parse("LBFGS(max_iter=2)"), 6, StepRules.NONE.inGroups(2));
        assertThatThrownBy(() -> new PipelineSpec(searched, new Partition(CUT), new GPipe()).withReplicas(2))
                .hasMessageContaining("expected an optimizer whose step is one window beside replicas");
    }
}
