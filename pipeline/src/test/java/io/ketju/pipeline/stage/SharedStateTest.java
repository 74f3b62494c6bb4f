package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.CrossEntropyLoss;
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
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.stage.Toy.Batch;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorMemory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Replicas that keep the optimizer's state of a share each have the bits and the measures of one pipeline, in less memory. */
class SharedStateTest {
    private static final int BATCH = 12;
    private static final List<Integer> CUT = List.of(0, 2, 4, 6);
    private static final List<Integer> WHOLE = List.of(0, 6);
    private static final StepRules GROUPED = StepRules.NONE.inGroups(4);

    private final Toy toy = new Toy();
    private final TensorCore core = TensorCore.open(1);

    @AfterEach
    void close() {
        core.close();
        toy.close();
    }

    private static Model model() {
        return Model.of(
                Shape.of(7),
                Sequential.of(
                        new Linear(7, 9),
                        new BatchNorm1d(9),
                        Activations.tanh(),
                        new Linear(9, 8),
                        new BatchNorm1d(8),
                        new Linear(8, Toy.CLASSES)));
    }

    private static PipelineSpec spec(Optimizer optimizer, StepRules rules, Schedule schedule, List<Integer> bounds) {
        Recipe recipe = new Recipe(model(), new CrossEntropyLoss(), optimizer, new ConstantLR(), BATCH, 4, 100, 7);
        return new PipelineSpec(recipe.with(rules), new Partition(bounds), schedule);
    }

    private static PipelineSpec shared(PipelineSpec spec, int replicas) {
        return spec.withReplicas(replicas).withSharedState(true);
    }

    /** The last step has uneven micro-batches. */
    private RunnerOutcome outcome(PipelineSpec spec) {
        return RunnerOutcome.of(spec, core, toy, 12, 12, 12, 9);
    }

    @Test
    void everyOptimizerHasTheBitsOfOnePipeline() {
        Set<String> hashes = new TreeSet<>();
        List<String> optimizers = List.of(
                "SGD(lr=0.1)",
                "SGD(lr=0.1, momentum=0.9, weight_decay=0.01)",
                "Adam(lr=0.01, weight_decay=0.01)",
                "AdamW(lr=0.01)",
                "LAMB(lr=0.01)",
                "NAdam(lr=0.01)",
                "Rprop(lr=0.01)");
        for (String text : optimizers) {
            PipelineSpec spec = spec(Optimizers.parse(text), GROUPED.with(new ClipGradNorm(0.05)), new GPipe(), CUT);
            RunnerOutcome expected = outcome(spec);
            hashes.add(expected.hash());
            for (int replicas : new int[] {2, 4}) {
                assertThat(outcome(shared(spec, replicas)))
                        .as("%s, %d replicas", text, replicas)
                        .isEqualTo(expected);
            }
        }
        assertThat(hashes).hasSameSizeAs(optimizers);
    }

    @Test
    void everyScheduleHasTheBitsOfOnePipeline() {
        RunnerOutcome expected = outcome(spec(new Adam(0.01), GROUPED, new GPipe(), WHOLE));
        for (int replicas : new int[] {2, 4}) {
            assertThat(outcome(shared(spec(new Adam(0.01), GROUPED, new GPipe(), WHOLE), replicas)))
                    .as("%d replicas of one stage", replicas)
                    .isEqualTo(expected);
            for (Schedule schedule : Schedules.placing(3)) {
                assertThat(outcome(shared(spec(new Adam(0.01), GROUPED, schedule, CUT), replicas)))
                        .as("%d replicas, %s", replicas, schedule)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void whatBelongsToAStepCountsOnce() {
        StepRules all = GROUPED.with(new ClipGradNorm(0.05))
                .with(List.of(new Penalty("*.weight", Penalty.Norm.L2, 0.01)))
                .with(new Averaging(new EMA(0.9), 10))
                .with(NonFiniteGradients.SKIP)
                .tellingGradNorm();
        RunnerOutcome expected = outcome(spec(new Adam(0.01), all, new GPipe(), WHOLE));
        for (int replicas : new int[] {2, 4}) {
            assertThat(outcome(shared(spec(new Adam(0.01), all, new GPipe(), CUT), replicas)))
                    .as("%d replicas", replicas)
                    .isEqualTo(expected);
        }
    }

    /** What is skipped is skipped by all of them, and counts nowhere as an update. */
    @Test
    void aSkippedStepIsSkippedByAll() {
        StepRules skips = GROUPED.with(NonFiniteGradients.SKIP);
        PipelineSpec one = spec(new Adam(0.01), skips, new GPipe(), CUT);
        Set<String> hashes = new TreeSet<>();
        for (PipelineSpec spec : List.of(one, one.withReplicas(2), shared(one, 2), shared(one, 4))) {
            try (InProcessRunner runner = new InProcessRunner(spec, core)) {
                int step = 1;
                for (Batch batch : toy.batches(spec.model(), 12, 12, 12)) {
                    if (step == 2) {
                        batch.inputs().setFloat(17, Float.NaN);
                    }
                    WindowMetrics metrics = runner.train(step, batch.inputs(), batch.targets());
                    assertThat(metrics.steps().skipped()).isEqualTo(step == 2 ? 1 : 0);
                    step++;
                }
                hashes.add(runner.stateHash());
            }
        }
        assertThat(hashes).hasSize(1);
    }

    /** The state is there once, of each replica its share; what a stage takes is what its plan says. */
    @Test
    void aReplicaTakesItsShareOfTheState() {
        for (int replicas : new int[] {2, 4}) {
            PipelineSpec all = spec(new Adam(0.01), GROUPED, new GPipe(), WHOLE).withReplicas(replicas);
            long whole = StagePlan.of(all, 0).stateBytes();
            long together = 0;
            Set<String> names = new TreeSet<>();
            for (int stage = 0; stage < replicas; stage++) {
                PipelineSpec spec = all.withSharedState(true);
                StagePlan plan = StagePlan.of(spec, stage);
                long before = TensorMemory.openBytes();
                try (StageCompute compute = new StageCompute(spec, stage, core)) {
                    assertThat(TensorMemory.openBytes() - before)
                            .as("stage %d of %d", stage, replicas)
                            .isBetween(plan.bytes(), plan.bytes() + 4096); // arenas of nothing take a line each
                    compute.tensors()
                            .keySet()
                            .forEach(
                                    name -> assertThat(names.add(name)).as(name).isTrue());
                }
                assertThat(plan.stateBytes()).isLessThanOrEqualTo(whole / replicas + whole / 4);
                together += plan.stateBytes();
            }
            assertThat(together).isEqualTo(whole);
            try (StageCompute one = new StageCompute(spec(new Adam(0.01), GROUPED, new GPipe(), WHOLE), 0, core)) {
                assertThat(names).isEqualTo(one.tensors().keySet());
            }
        }
    }

    /** State goes on in other hands: what stages of one run have learnt, loaded by those of another. */
    @Test
    void whatSomeHaveLearntOthersLoad() {
        PipelineSpec one = spec(new Adam(0.01), GROUPED, new GPipe(), CUT);
        List<PipelineSpec> specs = List.of(one, one.withReplicas(2), shared(one, 2), shared(one, 4));
        RunnerOutcome expected = outcome(one);
        for (PipelineSpec first : specs) {
            for (PipelineSpec second : specs) {
                assertThat(handedOn(first, second))
                        .as("%s then %s", first.placement(), second.placement())
                        .isEqualTo(expected.hash());
            }
        }
    }

    private String handedOn(PipelineSpec first, PipelineSpec second) {
        List<Batch> batches = toy.batches(first.model(), 12, 12, 12, 9);
        try (InProcessRunner from = new InProcessRunner(first, core);
                InProcessRunner to = new InProcessRunner(second, core)) {
            for (int step = 1; step <= 2; step++) {
                Batch batch = batches.get(step - 1);
                from.train(step, batch.inputs(), batch.targets());
            }
            Map<String, Tensor> state = new LinkedHashMap<>(from.tensors());
            to.load(state);
            for (int step = 3; step <= 4; step++) {
                Batch batch = batches.get(step - 1);
                to.train(step, batch.inputs(), batch.targets());
            }
            return to.stateHash();
        }
    }

    @Test
    void theNewValuesHaveAPlaceBehindTheSteps() {
        PipelineSpec spec = shared(spec(new Adam(0.01), GROUPED, new GPipe(), CUT), 2);
        for (List<Action> list : spec.plan().ranks()) {
            assertThat(list.getLast().kind()).isEqualTo(Action.Kind.V);
            assertThat(list.get(list.size() - 2).kind()).isEqualTo(Action.Kind.S);
        }
    }

    @Test
    void oneReplicaHasNothingToShare() {
        PipelineSpec one = spec(new Adam(0.01), GROUPED, new GPipe(), CUT);
        assertThatThrownBy(() -> one.withSharedState(true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected several replicas to share the optimizer's state, found 1");
    }
}
