package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.ClipGradNorm;
import io.ketju.layers.optimizer.ClipGradValue;
import io.ketju.layers.optimizer.EMA;
import io.ketju.layers.optimizer.ParameterGroup;
import io.ketju.layers.optimizer.Penalty;
import io.ketju.pipeline.Averaging;
import io.ketju.pipeline.NonFiniteGradients;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.StepRules;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.partition.Partition;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Windows whose gradients or losses are no finite numbers, in runs that skip them; and the norm of the others. */
class SkippedStepsTest {
    private static final int BATCH = 9;
    private static final StepRules SKIPPING = StepRules.NONE.with(NonFiniteGradients.SKIP);
    private static final List<List<Integer>> BOUNDS =
            List.of(List.of(0, 6), List.of(0, 2, 6), List.of(0, 1, 2, 4, 6), List.of(0, 1, 2, 3, 4, 5, 6));

    private final Toy toy = new Toy();
    private final TensorCore core = TensorCore.open(1);

    @AfterEach
    void close() {
        core.close();
        toy.close();
    }

    /** With running statistics, two layers apart from the loss. */
    private static Model model() {
        return Model.of(
                Shape.of(7),
                Sequential.of(
                        new Linear(7, 6),
                        new BatchNorm1d(6),
                        Activations.relu(),
                        new Linear(6, 5),
                        Activations.relu(),
                        new Linear(5, Toy.CLASSES)));
    }

    private static PipelineSpec spec(List<Integer> bounds, StepRules rules) {
        PipelineSpec spec = Toy.spec(model(), new Adam(0.01), new Partition(bounds), BATCH, 3);
        return new PipelineSpec(spec.recipe().with(rules), spec.partition(), spec.schedule());
    }

    private Toy.Batch good(int step) {
        return toy.batch(model(), BATCH, step);
    }

    /** Its last sample, in the last micro-batch, overflows in the first layer. */
    private Toy.Batch bad(int step) {
        Toy.Batch batch = good(step);
        for (int i = 1; i <= 7; i++) {
            batch.inputs().setFloat(batch.inputs().elements() - i, 3e38f);
        }
        return batch;
    }

    @Test
    void aSkippedWindowLeavesEverythingAsItWas() {
        StepRules rules = SKIPPING.with(new Averaging(new EMA(0.7), 3))
                .with(List.of(new Penalty(Penalty.Norm.L2, 0.01)))
                .with(new ClipGradNorm(0.5))
                .with(new ClipGradValue(0.1))
                .tellingGradNorm();
        List<String> hashes = new ArrayList<>();
        List<WindowMetrics> told = new ArrayList<>();
        for (List<Integer> bounds : BOUNDS) {
            try (InProcessRunner disturbed = new InProcessRunner(spec(bounds, rules), core);
                    InProcessRunner sound = new InProcessRunner(spec(bounds, rules), core)) {
                WindowMetrics all = WindowMetrics.NONE;
                for (int step = 1; step <= 6; step++) {
                    boolean skipped = step == 1 || step == 4;
                    Toy.Batch batch = skipped ? bad(step) : good(step);
                    WindowMetrics one = disturbed.train(step, batch.inputs(), batch.targets());
                    assertThat(one.steps().skipped()).as("step %d", step).isEqualTo(skipped ? 1 : 0);
                    all = all.plus(one);
                    if (!skipped) {
                        assertThat(sound.train(step, batch.inputs(), batch.targets()))
                                .isEqualTo(one);
                    } else {
                        assertThat(one.heads()).isEmpty();
                        assertThat(one.values(model().withHead(
                                                spec(bounds, rules).recipe().loss())
                                        .heads()))
                                .containsOnlyKeys("skipped_steps");
                    }
                }
                assertThat(disturbed.stateHash()).as("%s", bounds).isEqualTo(sound.stateHash());
                hashes.add(disturbed.stateHash());
                told.add(all);
            }
        }
        assertThat(hashes.stream().distinct()).hasSize(1);
        assertThat(told.stream().distinct()).hasSize(1);
        assertThat(told.getFirst().steps().skipped()).isEqualTo(2);
        assertThat(told.getFirst().steps().norms()).isEqualTo(4);
    }

    /** The stage of the loss has nothing that learns: it must be heard all the same. */
    @Test
    void aLossBehindFrozenLayersSkipsToo() {
        List<String> hashes = new ArrayList<>();
        for (List<Integer> bounds : BOUNDS) {
            PipelineSpec spec = spec(bounds, SKIPPING);
            PipelineSpec frozen = new PipelineSpec(
                    spec.recipe().withGroups(List.of(ParameterGroup.frozen("3.*"), ParameterGroup.frozen("5.*"))),
                    spec.partition(),
                    new GPipe());
            try (InProcessRunner runner = new InProcessRunner(frozen, core)) {
                runner.train(1, good(1).inputs(), good(1).targets());
                String before = runner.stateHash();
                // Logits so far apart that the loss of some class is infinite, in float, and no gradient is.
                Tensor bias = Objects.requireNonNull(runner.tensors().get("5.bias"));
                bias.setFloat(0, 3e38f);
                bias.setFloat(1, -3e38f);
                bias.setFloat(2, -3e38f);
                String broken = runner.stateHash();
                assertThat(broken).isNotEqualTo(before);
                Toy.Batch batch = good(2);
                WindowMetrics metrics = runner.train(2, batch.inputs(), batch.targets());
                assertThat(metrics.steps()).isEqualTo(new StepMetrics(0, 0, 1, 1, 0));
                assertThat(runner.stateHash()).isEqualTo(broken);
                hashes.add(broken);
            }
        }
        assertThat(hashes.stream().distinct()).hasSize(1);
    }

    @Test
    void evaluationStillStops() {
        try (InProcessRunner runner = new InProcessRunner(spec(BOUNDS.get(1), SKIPPING), core)) {
            Toy.Batch batch = bad(1);
            assertThatThrownBy(() -> runner.evaluate(0, batch.inputs(), batch.targets()))
                    .isInstanceOf(NonFiniteException.class);
        }
    }

    @Test
    void theNormIsToldAsItWasBeforeItWasBounded() {
        List<Double> norms = new ArrayList<>();
        for (List<Integer> bounds : BOUNDS) {
            for (StepRules rules : List.of(
                    StepRules.NONE.tellingGradNorm(),
                    StepRules.NONE
                            .tellingGradNorm()
                            .with(new ClipGradNorm(1e-3))
                            .with(new ClipGradValue(1e-5)))) {
                try (InProcessRunner runner = new InProcessRunner(spec(bounds, rules), core)) {
                    Toy.Batch batch = good(1);
                    WindowMetrics metrics = runner.train(1, batch.inputs(), batch.targets());
                    norms.add(metrics.steps().normSum());
                    assertThat(runner.evaluate(1, batch.inputs(), batch.targets())
                                    .steps())
                            .isEqualTo(StepMetrics.NONE);
                }
            }
        }
        assertThat(norms.stream().distinct()).hasSize(1);
        assertThat(norms.getFirst()).isPositive();
    }
}
