package io.ketju.pipeline.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.pipeline.stage.Predictor;
import io.ketju.pipeline.stage.WindowMetrics;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.memory.TensorArena;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Whatever the graph and the cut: windows that predict give the bits of one stage, and so does a predictor. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PredictionGraphTest {
    private static final int GRAPHS = Integer.getInteger("ketju.test.graphs", 30);
    private static final int BATCH = 6;

    private final TensorArena arena = new TensorArena(1 << 18);
    private TensorCore core;

    @BeforeAll
    void open() {
        core = TensorCore.open(new TensorCoreOptions(1, KernelChoice.SCALAR));
    }

    @AfterAll
    void close() {
        core.close();
        arena.close();
    }

    /** What one way to run gave: outputs before and after two steps, what evaluation measured, the state in the end. */
    private record Run(List<float[]> before, List<float[]> after, WindowMetrics measured, String state) {}

    @Test
    void everyCutPredictsTheSameBits() {
        int several = 0;
        for (int seed = 0; seed < GRAPHS; seed++) {
            arena.reset();
            Random random = new Random(seed);
            int layers = 1 + random.nextInt(6);
            Model model = RandomGraph.of(seed, layers, random.nextBoolean(), true);
            several += model.outputs().size() > 1 ? 1 : 0;
            Map<String, Tensor> batch = batch(random, BATCH);
            Map<String, Tensor> many = batch(random, 1 + random.nextInt(3 * BATCH));
            Run expected = null;
            for (int cut = 0; cut < layers; cut++) {
                Partition partition = cut == 0 ? Partition.single(model) : Partition.startingAt(model, List.of(cut));
                try (InProcessRunner runner = new InProcessRunner(spec(model, partition), core)) {
                    Run run = run(runner, model, batch, many);
                    if (expected == null) {
                        expected = run;
                        likeAPredictor(model, runner, run, batch, many);
                    } else {
                        same(run, expected, "seed %d, cut %d".formatted(seed, cut));
                    }
                }
            }
        }
        assertThat(several).isGreaterThan(GRAPHS / 4);
    }

    /** Predictions between the steps leave no trace in the training. */
    private Run run(InProcessRunner runner, Model model, Map<String, Tensor> batch, Map<String, Tensor> many) {
        List<float[]> before = predicted(runner, model, many);
        runner.train(1, batch);
        predicted(runner, model, many);
        runner.train(2, batch);
        List<float[]> after = predicted(runner, model, many);
        assertThat(runner.leasesOutstanding()).isZero();
        WindowMetrics measured = runner.evaluate(2, batch);
        try (InProcessRunner undisturbed = new InProcessRunner(spec(model, Partition.single(model)), core)) {
            undisturbed.train(1, batch);
            undisturbed.train(2, batch);
            assertThat(runner.stateHash()).isEqualTo(undisturbed.stateHash());
        }
        return new Run(before, after, measured, runner.stateHash());
    }

    private void likeAPredictor(
            Model model, InProcessRunner runner, Run run, Map<String, Tensor> batch, Map<String, Tensor> many) {
        int samples = many.get("x").shape().dimension(0);
        for (int largest : new int[] {1, 3, 64}) {
            try (Predictor predictor = new Predictor(model, largest, core)) {
                predictor.initialize(7);
                same(predicted(predictor, inputs(many, 0, samples), samples), run.before());
                predictor
                        .weights()
                        .forEach((name, tensor) ->
                                tensor.copyFrom(runner.tensors().get(name)));
                same(predicted(predictor, inputs(many, 0, samples), samples), run.after());
                for (int i = 0; i < samples; i++) {
                    List<float[]> alone = predicted(predictor, inputs(many, i, 1), 1);
                    for (int output = 0; output < alone.size(); output++) {
                        float[] all = run.after().get(output);
                        int size = all.length / samples;
                        assertThat(alone.get(output)).isEqualTo(Arrays.copyOfRange(all, i * size, i * size + size));
                    }
                }
                if (largest > 1) {
                    assertThat(predictor.evaluate(batch, microbatches(model))).isEqualTo(run.measured());
                }
            }
        }
    }

    private List<float[]> predicted(InProcessRunner runner, Model model, Map<String, Tensor> many) {
        int samples = many.get("x").shape().dimension(0);
        List<Tensor> outputs = model.types(samples).of(model.outputs()).stream()
                .map(arena::allocate)
                .toList();
        runner.predict(inputs(many, 0, samples), outputs);
        return outputs.stream().map(Tensor::toFloats).toList();
    }

    private List<float[]> predicted(Predictor predictor, List<Tensor> inputs, int samples) {
        List<Tensor> outputs =
                predictor.outputTypes(samples).stream().map(arena::allocate).toList();
        predictor.predict(inputs, outputs);
        return outputs.stream().map(Tensor::toFloats).toList();
    }

    private static List<Tensor> inputs(Map<String, Tensor> batch, int first, int count) {
        return List.of(
                batch.get("x").samples(first, count),
                batch.get("token").samples(first, count),
                batch.get("length").samples(first, count));
    }

    private static void same(List<float[]> found, List<float[]> expected) {
        assertThat(found.toArray(float[][]::new)).isDeepEqualTo(expected.toArray(float[][]::new));
    }

    private static void same(Run found, Run expected, String where) {
        assertThat(found.before().toArray(float[][]::new))
                .as(where)
                .isDeepEqualTo(expected.before().toArray(float[][]::new));
        assertThat(found.after().toArray(float[][]::new))
                .as(where)
                .isDeepEqualTo(expected.after().toArray(float[][]::new));
        assertThat(found.measured()).as(where).isEqualTo(expected.measured());
        assertThat(found.state()).as(where).isEqualTo(expected.state());
    }

    /** Of unequal sizes where a sample may be alone. */
    private static int microbatches(Model model) {
        return RandomGraph.needsPairs(model) ? BATCH / 2 : 4;
    }

    private static PipelineSpec spec(Model model, Partition partition) {
        return new PipelineSpec(
                new Recipe(
                        model,
                        new CrossEntropyLoss(),
                        new SGD(0.05).withMomentum(0.9),
                        new ConstantLR(),
                        BATCH,
                        microbatches(model),
                        2,
                        7),
                partition,
                new OneForwardOneBackward());
    }

    private Map<String, Tensor> batch(Random random, int samples) {
        Tensor x = arena.allocate(Shape.of(samples, RandomGraph.WIDTH));
        for (int i = 0; i < x.elements(); i++) {
            x.setFloat(i, (float) random.nextGaussian());
        }
        return Map.of(
                "x", x,
                "token", ints(random, samples, RandomGraph.TOKENS),
                "length", ints(random, samples, RandomGraph.WIDTH + 1),
                "target", ints(random, samples, RandomGraph.WIDTH),
                "second", ints(random, samples, RandomGraph.WIDTH));
    }

    private Tensor ints(Random random, int samples, int bound) {
        Tensor tensor = arena.allocate(DType.INT32, Shape.of(samples));
        for (int i = 0; i < samples; i++) {
            tensor.setInt(i, random.nextInt(bound));
        }
        return tensor;
    }
}
