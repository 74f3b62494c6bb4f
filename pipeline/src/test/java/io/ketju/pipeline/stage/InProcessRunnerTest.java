package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.Optimizers;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.partition.Partitioner;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.stage.Toy.Batch;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InProcessRunnerTest {
    private final Toy toy = new Toy();
    private final TensorCore core = TensorCore.open(1);

    /** What a run is known by: the hash of its state and everything it measured. */
    private record Outcome(String hash, List<WindowMetrics> metrics) {}

    @AfterEach
    void close() {
        core.close();
        toy.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 9})
    void everyPartitionAndScheduleGivesTheSameBits(int microbatches) {
        for (Model model : List.of(Toy.mlp(), Toy.convolutional())) {
            for (Optimizer optimizer : List.of(new Adam(0.01), new SGD(0.05).withMomentum(0.9))) {
                // full batches, a ragged last one, and one with fewer samples than micro-batches
                List<Batch> batches = toy.batches(model, 10, 10, 7, 2);
                PipelineSpec single = Toy.spec(model, optimizer, Partition.single(model), 10, microbatches);
                Outcome expected = outcome(single, core, batches);
                for (int stages = 1; stages <= 6; stages++) {
                    for (Schedule schedule : Schedules.placing(stages)) {
                        PipelineSpec spec = Toy.with(
                                Toy.spec(model, optimizer, Partitioner.balanced(model, stages), 10, microbatches),
                                schedule);
                        assertThat(outcome(spec, core, batches))
                                .as("%s, %d stages, %s, m=%d", schedule, stages, optimizer, microbatches)
                                .isEqualTo(expected);
                    }
                }
            }
        }
    }

    /** Optimizers whose state starts as another number, that look at norms of whole parameters, or count steps, among them. */
    @Test
    void everyOptimizerGivesTheSameBitsOverCuts() {
        Model model = Toy.mlp();
        List<Batch> batches = toy.batches(model, 10, 7, 10);
        Set<String> states = new HashSet<>();
        // It takes sparse gradients alone; the tests of sparse tables cut it.
        List<String> names = Optimizers.names().stream()
                .filter(name -> !name.equals("SparseAdam"))
                .toList();
        for (String name : names) {
            Optimizer optimizer = Optimizers.parse(name + "(lr=0.01)");
            Outcome expected = outcome(Toy.spec(model, optimizer, Partition.single(model), 10, 3), core, batches);
            PipelineSpec cut = Toy.spec(model, optimizer, Partitioner.balanced(model, 3), 10, 3);
            assertThat(outcome(cut, core, batches)).as(name).isEqualTo(expected);
            states.add(expected.hash());
        }
        assertThat(states).hasSameSizeAs(names);
    }

    /** Initial values that a model gives its weights reach them over every cut. */
    @Test
    void initialValuesOfTheModelReachEveryStage() {
        Model usual = Toy.mlp();
        Model model = usual.apply("*.weight", Initializers.orthogonal(1));
        List<Batch> batches = toy.batches(model, 10);
        Outcome expected = outcome(Toy.spec(model, new Adam(), Partition.single(model), 10, 2), core, batches);
        assertThat(outcome(Toy.spec(model, new Adam(), Partitioner.balanced(model, 3), 10, 2), core, batches))
                .isEqualTo(expected)
                .isNotEqualTo(outcome(Toy.spec(usual, new Adam(), Partition.single(usual), 10, 2), core, batches));
    }

    @Test
    void inputThenWeightGradientEqualsFullBackward() {
        for (Model model : List.of(Toy.mlp(), Toy.convolutional())) {
            List<Batch> batches = toy.batches(model, 9, 5);
            for (int stages : new int[] {1, 3, 6}) {
                PipelineSpec spec = Toy.spec(model, stages, 9, 4);
                Outcome expected = outcome(spec, core, batches);
                assertThat(outcome(Toy.with(spec, new SplitBackward(false)), core, batches))
                        .isEqualTo(expected);
                assertThat(outcome(Toy.with(spec, new SplitBackward(true)), core, batches))
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void scalarAndVectorKernelsAndThreadsGiveTheSameBits() {
        Model model = Toy.convolutional();
        List<Batch> batches = toy.batches(model, 9, 9, 5);
        PipelineSpec spec = Toy.spec(model, 2, 9, 3);
        Outcome expected = outcome(spec, core, batches);
        for (KernelChoice kernels : KernelChoice.values()) {
            for (int threads = 1; threads <= 3; threads++) {
                try (TensorCore other = TensorCore.open(new TensorCoreOptions(threads, kernels))) {
                    assertThat(outcome(spec, other, batches))
                            .as("%s, %d threads", kernels, threads)
                            .isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void theNumberOfMicrobatchesIsPartOfTheResult() {
        Model model = Toy.mlp();
        List<Batch> batches = toy.batches(model, 9, 9);
        assertThat(outcome(Toy.spec(model, 1, 9, 3), core, batches).hash())
                .isNotEqualTo(outcome(Toy.spec(model, 1, 9, 1), core, batches).hash());
    }

    @Test
    void lossGoesDown() {
        Model model = Toy.mlp();
        Batch batch = toy.batch(model, 24, 5);
        try (InProcessRunner runner = new InProcessRunner(Toy.spec(model, 3, 24, 5), core)) {
            WindowMetrics before = runner.evaluate(0, batch.inputs(), batch.targets());
            for (int step = 1; step <= 60; step++) {
                runner.train(step, batch.inputs(), batch.targets());
            }
            WindowMetrics after = runner.evaluate(60, batch.inputs(), batch.targets());
            assertThat(before.first().weight()).isEqualTo(24);
            assertThat(after.lossSum()).isLessThan(0.2 * before.lossSum());
            List<Double> accuracy =
                    Objects.requireNonNull(after.first().metrics().get("accuracy"));
            assertThat(accuracy.get(0)).isGreaterThan(22);
            assertThat(accuracy.get(1)).isEqualTo(24);
        }
    }

    @Test
    void evaluationChangesNothing() {
        Model model = Toy.convolutional();
        Batch batch = toy.batch(model, 9, 5);
        try (InProcessRunner runner = new InProcessRunner(Toy.spec(model, 4, 9, 4), core)) {
            runner.train(1, batch.inputs(), batch.targets());
            String hash = runner.stateHash();
            WindowMetrics first = runner.evaluate(1, batch.inputs(), batch.targets());
            assertThat(runner.evaluate(1, batch.inputs(), batch.targets())).isEqualTo(first);
            assertThat(runner.stateHash()).isEqualTo(hash);
        }
    }

    /** Packed copies of weights never outlive a change, whoever makes it. */
    @Test
    void whatIsWrittenIntoLiveWeightsCounts() {
        Model model = Toy.mlp();
        Batch batch = toy.batch(model, 9, 5);
        try (InProcessRunner runner = new InProcessRunner(Toy.spec(model, 2, 9, 8), core);
                InProcessRunner other = new InProcessRunner(Toy.spec(model, 3, 9, 8), core)) {
            train(runner, batch, 1);
            WindowMetrics trained = runner.evaluate(1, batch.inputs(), batch.targets());
            other.evaluate(0, batch.inputs(), batch.targets());
            other.load(runner.tensors());
            assertThat(other.evaluate(1, batch.inputs(), batch.targets())).isEqualTo(trained);

            runner.tensors().values().forEach(Tensor::clear);
            assertThat(runner.evaluate(1, batch.inputs(), batch.targets()).lossSum())
                    .as("nine samples of %d classes, all equally likely", Toy.CLASSES)
                    .isCloseTo(9 * Math.log(Toy.CLASSES), within(1e-5));
        }
    }

    @Test
    void memoryIsWhatThePlanSays() {
        for (Model model : List.of(Toy.mlp(), Toy.convolutional())) {
            for (Schedule schedule : Schedules.placing(4)) {
                PipelineSpec spec = Toy.with(Toy.spec(model, 4, 10, 4), schedule);
                Batch batch = toy.batch(model, 10, 1);
                try (InProcessRunner runner = new InProcessRunner(spec, core)) {
                    runner.train(1, batch.inputs(), batch.targets());
                    for (StageCompute compute : runner.computes()) {
                        assertThat(compute.slotBytes())
                                .as("stage %d", compute.ports().stage())
                                .isEqualTo(compute.plan().slotBytes())
                                .isLessThanOrEqualTo(compute.plan().unsharedSlotBytes());
                    }
                }
            }
        }
    }

    @Test
    void predictionsAreTheSameForEveryPartition() {
        Model model = Toy.convolutional();
        Batch batch = toy.batch(model, 11, 3);
        List<float[]> outputs = new ArrayList<>();
        for (int stages : new int[] {1, 3, 5}) {
            try (InProcessRunner runner = new InProcessRunner(Toy.spec(model, stages, 8, 2), core)) {
                Tensor output = toy.tensor(model.outputShape().batched(11));
                runner.predict(batch.inputs(), output);
                outputs.add(output.toFloats());
                assertThat(runner.leasesOutstanding()).isZero();
                runner.train(1, batch.inputs().samples(0, 8), batch.targets().samples(0, 8));
            }
        }
        assertThat(outputs.get(1)).isEqualTo(outputs.get(0));
        assertThat(outputs.get(2)).isEqualTo(outputs.get(0));
    }

    @Test
    void aRunContinuesWithAnotherNumberOfStages() {
        Model model = Toy.mlp();
        List<Batch> batches = toy.batches(model, 9, 9, 9);
        try (InProcessRunner whole = new InProcessRunner(Toy.spec(model, 2, 9, 3), core);
                InProcessRunner resumed = new InProcessRunner(Toy.spec(model, 5, 9, 3), core)) {
            train(whole, batches.get(0), 1);
            train(whole, batches.get(1), 2);
            resumed.load(whole.tensors());
            assertThat(resumed.stateHash()).isEqualTo(whole.stateHash());
            train(whole, batches.get(2), 3);
            train(resumed, batches.get(2), 3);
            assertThat(resumed.stateHash()).isEqualTo(whole.stateHash());
        }
    }

    @Test
    void stateHasTheNamesOfCheckpoints() {
        try (InProcessRunner runner = new InProcessRunner(Toy.spec(Toy.mlp(), 2, 9, 3), core)) {
            assertThat(runner.tensors().keySet())
                    .contains("0.weight", "0.bias", "optimizer/0.weight/exp_avg", "optimizer/5.bias/exp_avg_sq")
                    .hasSize(3 * 8);
        }
    }

    @Test
    void weightsThatDoNotFitAreNamed() {
        try (InProcessRunner runner = new InProcessRunner(Toy.spec(Toy.mlp(), 2, 9, 3), core)) {
            String hash = runner.stateHash();
            Map<String, Tensor> loaded = new HashMap<>(runner.tensors());
            loaded.put("9.weight", toy.tensor(Shape.of(1)));
            assertThatThrownBy(() -> runner.load(loaded)).hasMessageContaining("the model has no '9.weight'");
            loaded.remove("9.weight");
            loaded.put("2.weight", toy.tensor(Shape.of(13, 18)));
            assertThatThrownBy(() -> runner.load(loaded))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("weights: '2.weight': expected float32[13, 19] of the model, found float32[13, 18]");
            loaded.remove("2.weight");
            assertThatThrownBy(() -> runner.load(loaded)).hasMessage("weights: '2.weight' [13, 19] is missing");
            assertThat(runner.stateHash()).isEqualTo(hash);
        }
    }

    @Test
    void weightsWithoutOptimizerStateStartFresh() {
        Batch batch = toy.batch(Toy.mlp(), 9, 1);
        try (InProcessRunner runner = new InProcessRunner(Toy.spec(Toy.mlp(), 2, 9, 3), core)) {
            train(runner, batch, 1);
            Map<String, Tensor> weights = new HashMap<>(runner.tensors());
            weights.keySet().removeIf(name -> name.startsWith(StageState.OPTIMIZER));
            runner.load(weights);
            assertThat(tensor(runner, "optimizer/0.weight/exp_avg").toFloats()).containsOnly(0f);
        }
    }

    @Test
    void wrongBatchesAreRefused() {
        Model model = Toy.mlp();
        try (InProcessRunner runner = new InProcessRunner(Toy.spec(model, 2, 9, 3), core)) {
            Batch batch = toy.batch(model, 9, 1);
            Window window = new Window(1, Window.Phase.TRAIN, 1, 9, 3, 9);
            assertThatThrownBy(() -> runner.run(window, batch.inputs(), batch.targets()))
                    .hasMessageContaining("expected window 0 of 3 micro-batches");
            Tensor wrong = batch.inputs().view(Shape.of(9, 7, 1));
            assertThatThrownBy(() -> runner.train(1, wrong, batch.targets()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("stage 0, window 0, action 0F0: expected float32[3, 7], got float32[3, 7, 1]");
        }
    }

    private static WindowMetrics train(InProcessRunner runner, Batch batch, long step) {
        return runner.train(step, batch.inputs(), batch.targets());
    }

    private static Tensor tensor(InProcessRunner runner, String name) {
        return Objects.requireNonNull(runner.tensors().get(name), name);
    }

    /** Trains on every batch and evaluates in between. */
    private static Outcome outcome(PipelineSpec spec, TensorCore core, List<Batch> batches) {
        try (InProcessRunner runner = new InProcessRunner(spec, core)) {
            List<WindowMetrics> metrics = new ArrayList<>();
            for (int step = 1; step <= batches.size(); step++) {
                Batch batch = batches.get(step - 1);
                metrics.add(train(runner, batch, step));
                metrics.add(runner.evaluate(step, batch.inputs(), batch.targets()));
            }
            assertThat(runner.leasesOutstanding()).isZero();
            return new Outcome(runner.stateHash(), metrics);
        }
    }
}
