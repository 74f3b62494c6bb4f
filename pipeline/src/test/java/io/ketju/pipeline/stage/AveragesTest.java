package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.model.Value;
import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.EMA;
import io.ketju.layers.optimizer.ParameterGroup;
import io.ketju.layers.optimizer.SWA;
import io.ketju.layers.optimizer.WeightAverage;
import io.ketju.pipeline.Averaging;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.StepRules;
import io.ketju.pipeline.partition.Partition;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Averages of weights beside the weights: what they are, and who goes by them. */
class AveragesTest {
    private static final int BATCH = 8;
    private static final int STEPS = 7;
    private static final Averaging EVERY_STEP = new Averaging(new EMA(0.7), 3);
    private static final Averaging EVERY_EPOCH = new Averaging(new SWA(1), 2);

    private final Toy toy = new Toy();
    private final TensorCore core = TensorCore.open(1);
    private final TensorArena arena = new TensorArena(1 << 20);
    private final Model model = Toy.mlp();

    @AfterEach
    void close() {
        core.close();
        toy.close();
        arena.close();
    }

    private PipelineSpec spec(Averaging kept, int... cuts) {
        return spec(model, StepRules.NONE.with(kept), cuts);
    }

    private static PipelineSpec spec(Model model, StepRules rules, int... cuts) {
        List<Integer> bounds = new ArrayList<>(List.of(0));
        for (int cut : cuts) {
            bounds.add(cut);
        }
        bounds.add(model.nodes().size());
        Partition partition = new Partition(bounds);
        PipelineSpec spec = Toy.spec(model, new Adam(0.01), partition, BATCH, 4);
        return new PipelineSpec(spec.recipe().with(rules), partition, spec.schedule());
    }

    private void train(InProcessRunner runner, int from, int to) {
        for (int step = from; step <= to; step++) {
            Toy.Batch batch = toy.batch(model, BATCH, step);
            runner.train(step, batch.inputs(), batch.targets());
        }
    }

    private Map<String, Tensor> copies(Map<String, Tensor> tensors) {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            Tensor copy = arena.allocate(tensor.shape());
            copy.copyFrom(tensor);
            copies.put(name, copy);
        });
        return copies;
    }

    private static Map<String, Tensor> only(Map<String, Tensor> tensors, boolean averages) {
        Map<String, Tensor> some = new LinkedHashMap<>(tensors);
        some.keySet().removeIf(name -> StageState.isAverage(name) != averages);
        return some;
    }

    /** The training run itself does not notice, and the averages are those of its weights. */
    @Test
    void averagesFollowTheWeightsAndNothingElseChanges() {
        for (Averaging kept : List.of(EVERY_STEP, EVERY_EPOCH)) {
            try (InProcessRunner plain = new InProcessRunner(spec(model, StepRules.NONE), core);
                    InProcessRunner averaging = new InProcessRunner(spec(kept), core)) {
                Map<String, Tensor> expected = new LinkedHashMap<>();
                for (int step = 1; step <= STEPS; step++) {
                    train(plain, step, step);
                    train(averaging, step, step);
                    average(kept, step, plain.tensors(), expected);
                }
                assertThat(StateHash.of(only(averaging.tensors(), false))).isEqualTo(plain.stateHash());
                assertThat(StateHash.of(only(averaging.tensors(), true))).isEqualTo(StateHash.of(expected));
            }
        }
    }

    private static Tensor tensor(Map<String, Tensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    private void average(Averaging kept, int step, Map<String, Tensor> weights, Map<String, Tensor> averages) {
        for (String name : model.weights()) {
            Tensor weight = tensor(weights, name);
            Tensor average =
                    averages.computeIfAbsent(StageState.average(name), absent -> arena.allocate(weight.shape()));
            if (kept.share(step) == 1) {
                average.copyFrom(weight);
            } else if (kept.share(step) > 0) {
                core.kernels().update().average(kept.share(step), weight, average);
            }
        }
    }

    @Test
    void everyCutKeepsTheSame() {
        for (Averaging kept : List.of(EVERY_STEP, EVERY_EPOCH)) {
            String whole = hashOf(spec(kept));
            assertThat(hashOf(spec(kept, 2, 4))).isEqualTo(whole);
            assertThat(hashOf(spec(kept, 1, 3, 5))).isEqualTo(whole);
        }
    }

    private String hashOf(PipelineSpec spec) {
        try (InProcessRunner runner = new InProcessRunner(spec, core)) {
            train(runner, 1, 2);
            evaluate(runner);
            train(runner, 3, STEPS);
            return runner.stateHash();
        }
    }

    private WindowMetrics evaluate(InProcessRunner runner) {
        Toy.Batch batch = toy.batch(model, BATCH, 99);
        return runner.evaluate(STEPS, batch.inputs(), batch.targets());
    }

    /** Whoever has the averages as weights sees the same. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void evaluationAndPredictionGoByTheAverages(boolean cut) {
        PipelineSpec spec = cut ? spec(EVERY_STEP, 3) : spec(EVERY_STEP);
        try (InProcessRunner runner = new InProcessRunner(spec, core);
                Predictor averaged = new Predictor(spec.model(), BATCH, core);
                Predictor last = new Predictor(spec.model(), BATCH, core)) {
            train(runner, 1, STEPS);
            averaged.weights()
                    .forEach((name, tensor) -> tensor.copyFrom(tensor(runner.tensors(), StageState.average(name))));
            last.weights().forEach((name, tensor) -> tensor.copyFrom(tensor(runner.tensors(), name)));
            Toy.Batch batch = toy.batch(model, BATCH, 99);
            Map<String, Tensor> named = Map.of("input", batch.inputs(), "target", batch.targets());
            assertThat(evaluate(runner)).isEqualTo(averaged.evaluate(named, 4)).isNotEqualTo(last.evaluate(named, 4));
            Tensor predicted = arena.allocate(Shape.of(BATCH, Toy.CLASSES));
            Tensor expected = arena.allocate(Shape.of(BATCH, Toy.CLASSES));
            runner.predict(batch.inputs(), predicted);
            averaged.predict(List.of(batch.inputs()), List.of(expected));
            assertThat(predicted.toFloats()).containsExactly(expected.toFloats());
        }
    }

    @Test
    void aLoadedStateGoesOnToTheSameBits() {
        String whole = hashOf(spec(EVERY_EPOCH));
        Map<String, Tensor> state;
        try (InProcessRunner runner = new InProcessRunner(spec(EVERY_EPOCH, 2), core)) {
            train(runner, 1, 5);
            state = copies(runner.tensors());
        }
        try (InProcessRunner runner = new InProcessRunner(spec(EVERY_EPOCH, 3), core)) {
            runner.load(state);
            train(runner, 6, STEPS);
            assertThat(runner.stateHash()).isEqualTo(whole);
        }
    }

    @Test
    void weightsAloneAreTheirOwnAverage() {
        try (InProcessRunner source = new InProcessRunner(spec(model, StepRules.NONE), core);
                InProcessRunner runner = new InProcessRunner(spec(EVERY_STEP), core)) {
            train(source, 1, 3);
            runner.load(source.tensors());
            for (String name : model.weights()) {
                assertThat(tensor(runner.tensors(), StageState.average(name)).toFloats())
                        .containsExactly(tensor(source.tensors(), name).toFloats());
            }
        }
    }

    @Test
    void halfOfTheAveragesIsRefused() {
        try (InProcessRunner runner = new InProcessRunner(spec(EVERY_STEP), core)) {
            Map<String, Tensor> state = copies(runner.tensors());
            state.remove(StageState.average("2.bias"));
            assertThatThrownBy(() -> runner.load(state)).hasMessage("weights: 'average/2.bias' [13] is missing");
        }
    }

    @Test
    void whatIsFrozenHasNone() {
        PipelineSpec all = spec(EVERY_STEP);
        PipelineSpec some = new PipelineSpec(
                all.recipe().withGroups(List.of(ParameterGroup.frozen("0.*"))), all.partition(), all.schedule());
        try (InProcessRunner runner = new InProcessRunner(some, core)) {
            train(runner, 1, 2);
            assertThat(only(runner.tensors(), true).keySet())
                    .containsExactly(
                            "average/2.weight",
                            "average/2.bias",
                            "average/4.weight",
                            "average/4.bias",
                            "average/5.weight",
                            "average/5.bias");
        }
        long averages = 4 * (13 * 19 + 13 + 11 * 13 + 11 + 3 * 11 + 3);
        assertThat(StagePlan.of(some, 0).stateBytes())
                .isGreaterThanOrEqualTo(3 * averages)
                .isLessThan(3 * averages + 18 * 64);
    }

    /** As AveragedModel has it: the statistics of the training model stand beside averaged weights, unless it is told otherwise. */
    @Test
    void buffersAreAveragedWhereTheRuleSaysSo() {
        Model normalized = Model.of(
                Shape.of(7),
                Sequential.of(new Linear(7, 6), new BatchNorm1d(6), Activations.relu(), new Linear(6, Toy.CLASSES)));
        for (WeightAverage rule : List.of(new EMA(0.5), new EMA(0.5, true))) {
            StepRules rules = StepRules.NONE.with(new Averaging(rule, 1));
            String whole = "";
            for (int[] cuts : new int[][] {{}, {1}, {2, 3}}) {
                try (InProcessRunner runner = new InProcessRunner(spec(normalized, rules, cuts), core)) {
                    train(runner, 1, 3);
                    WindowMetrics measured = evaluate(runner);
                    assertThat(runner.tensors().containsKey("average/1.running_mean"))
                            .isEqualTo(rule.useBuffers());
                    String found = runner.stateHash() + measured;
                    assertThat(found).isEqualTo(whole.isEmpty() ? found : whole);
                    whole = found;
                }
            }
        }
    }

    /** A stage that has a copy of a parameter averages the copy: what it evaluates is the owner's average. */
    @Test
    void copiesOfWhatOthersOwnAreAveragedAlike() {
        Model tied = tied();
        StepRules rules = StepRules.NONE.with(EVERY_STEP);
        WindowMetrics whole;
        Map<String, Tensor> state;
        try (InProcessRunner runner = new InProcessRunner(spec(tied, rules), core)) {
            train(runner, 1, STEPS);
            whole = evaluate(runner);
            state = copies(runner.tensors());
        }
        for (int[] cuts : new int[][] {{2}, {1, 3}}) {
            try (InProcessRunner trained = new InProcessRunner(spec(tied, rules, cuts), core);
                    InProcessRunner loaded = new InProcessRunner(spec(tied, rules, cuts), core)) {
                train(trained, 1, STEPS);
                loaded.load(state);
                assertThat(trained.stateHash()).isEqualTo(StateHash.of(state)).isEqualTo(loaded.stateHash());
                assertThat(evaluate(trained)).isEqualTo(whole);
                assertThat(evaluate(loaded)).isEqualTo(whole);
            }
        }
    }

    private static Model tied() {
        ModelBuilder builder = new ModelBuilder();
        Value x = builder.input(Input.samples("input", DType.FLOAT32, Shape.of(7)));
        x = builder.add("first", new Linear(7, 7), x);
        x = builder.add("tanh", Activations.tanh(), x);
        x = builder.add("second", new Linear(7, 7), x);
        builder.tie("second.weight", "first.weight");
        return builder.output(builder.add("last", new Linear(7, Toy.CLASSES), x))
                .build();
    }
}
