package io.ketju.pipeline.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.embedding.Positions;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Block;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.model.Value;
import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.layers.normalization.BatchNorm2d;
import io.ketju.layers.normalization.LayerNorm;
import io.ketju.layers.optimizer.ParameterGroups;
import io.ketju.layers.optimizer.SGD;
import io.ketju.layers.pooling.AdaptiveAvgPool2d;
import io.ketju.layers.regularization.Dropout;
import io.ketju.layers.shape.Flatten;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Residual blocks with normalizations, embeddings, dropout and a tied table, cut at every place: whether both gradients of
 * a normalization come from one call or two, and whether its statistics have to wait for the step.
 */
class ResidualGraphTest {
    private static final int STEPS = 2;
    private static final int SAMPLES = 7;
    private static final int MICROBATCHES = 3;
    private static final int WIDTH = 4;
    private static final int TOKENS = 5;
    private static final int LENGTH = 3;
    private static final long SEED = 11;
    private static final SGD OPTIMIZER = new SGD(0.1).withMomentum(0.9);

    /** {@code x + f(x)}. */
    private record Residual(Block inner) implements Block {
        @Override
        public Value in(ModelBuilder model, Value input) {
            return model.add("sum", new Add(), input, model.add("inner", inner, input));
        }
    }

    static Stream<Model> models() {
        return Stream.of(images(), residualNetwork(), tokens());
    }

    private static Model images() {
        ModelBuilder builder = new ModelBuilder();
        Value y = builder.input(Input.samples("x", DType.FLOAT32, Shape.of(2, 4, 4)));
        y = builder.add(
                "stem", Sequential.of(new Conv2d(2, WIDTH, 3).withPadding(1).withoutBias()), y);
        y = builder.add("bn", new BatchNorm2d(WIDTH), y);
        y = builder.add(
                "block",
                new Residual(Sequential.of(
                        new Conv2d(WIDTH, WIDTH, 3).withPadding(1),
                        new BatchNorm2d(WIDTH).withoutAffine(),
                        Activations.relu(),
                        new BatchNorm2d(WIDTH).withoutRunningStats())),
                y);
        y = builder.add("pool", Sequential.of(new AdaptiveAvgPool2d(), new Flatten()), y);
        y = builder.add("head", Sequential.of(new BatchNorm1d(WIDTH), new Linear(WIDTH, TOKENS)), y);
        return builder.head("loss", new CrossEntropyLoss(), List.of(y), "target")
                .output(y)
                .build();
    }

    /** Two blocks as He and others have them, the second over itself; what is joined depends on the cut. */
    private static Model residualNetwork() {
        ModelBuilder builder = new ModelBuilder();
        Value x = builder.input(Input.samples("x", DType.FLOAT32, Shape.of(2, 4, 4)));
        x = builder.add("conv", new Conv2d(2, WIDTH, 3).withPadding(1).withoutBias(), x);
        x = builder.add("relu", Activations.relu(), builder.add("bn", new BatchNorm2d(WIDTH), x));
        Value y = builder.add("conv1", new Conv2d(WIDTH, WIDTH, 3).withPadding(1), x);
        y = builder.add("relu1", Activations.relu(), builder.add("bn1", new BatchNorm2d(WIDTH), y));
        y = builder.add("bn2", new BatchNorm2d(WIDTH), builder.add("conv2", new Conv2d(WIDTH, WIDTH, 1), y));
        x = builder.add("relu2", Activations.relu(), builder.add("sum", new Add(), x, y));
        y = builder.add("bn3", new BatchNorm2d(WIDTH), x);
        x = builder.add("relu3", Activations.relu(), builder.add("sum3", new Add(), y, x));
        y = builder.add("flat", new Flatten(), builder.add("pool", new AdaptiveAvgPool2d(), x));
        y = builder.add("gelu", Activations.gelu(), builder.add("fc1", new Linear(WIDTH, WIDTH), y));
        y = builder.add("fc2", new Linear(WIDTH, TOKENS), y);
        return builder.head("loss", new CrossEntropyLoss(), List.of(y), "target")
                .output(y)
                .build();
    }

    private static Model tokens() {
        ModelBuilder builder = new ModelBuilder();
        Value y = builder.input(Input.samples("x", DType.INT32, Shape.of(LENGTH)));
        y = builder.add("wte", new Embedding(TOKENS, WIDTH), y);
        y = builder.add("wpe", new Positions(LENGTH, WIDTH), y);
        y = builder.add("drop", new Dropout(0.3), y);
        y = builder.add(
                "block",
                new Residual(Sequential.of(
                        new LayerNorm(WIDTH),
                        new Linear(WIDTH, 3),
                        Activations.gelu(),
                        new Linear(3, WIDTH),
                        new Dropout(0.3))),
                y);
        y = builder.add("ln", new LayerNorm(WIDTH), y);
        y = builder.add("mix", Sequential.of(new Flatten(), new Linear(LENGTH * WIDTH, WIDTH)), y);
        y = builder.tie("lm_head.weight", "wte.weight").add("lm_head", new Linear(WIDTH, TOKENS).withoutBias(), y);
        return builder.head("loss", new CrossEntropyLoss(), List.of(y), "target")
                .output(y)
                .build();
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyCutTrainsTheSameBits(Model model) {
        try (TensorArena arena = new TensorArena(1 << 16);
                TensorCore core = TensorCore.open(new TensorCoreOptions(1, KernelChoice.SCALAR))) {
            List<Map<String, Tensor>> batches = batches(model, arena);
            for (ParameterGroups groups : GraphTraining.groups(model, OPTIMIZER)) {
                GraphTraining training = new GraphTraining(model, groups, batches, SAMPLES, MICROBATCHES, SEED);
                String expected = training.naive();
                for (Partition partition : GraphTraining.oneCut(model)) {
                    for (Schedule schedule : GraphTraining.schedules(partition.stages())) {
                        assertThat(training.staged(partition, schedule, core))
                                .as("%s, %s, %s", partition, schedule, groups)
                                .isEqualTo(expected);
                    }
                }
            }
        }
    }

    private static List<Map<String, Tensor>> batches(Model model, TensorArena arena) {
        Random random = new Random(SEED);
        List<Map<String, Tensor>> batches = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            Tensor x = arena.allocate(model.inputs().getFirst().type(SAMPLES));
            Tensor target = arena.allocate(DType.INT32, Shape.of(SAMPLES));
            for (Tensor tensor : List.of(x, target)) {
                for (int i = 0; i < tensor.elements(); i++) {
                    if (tensor.dtype() == DType.INT32) {
                        tensor.setInt(i, random.nextInt(TOKENS));
                    } else {
                        tensor.setFloat(i, (float) random.nextGaussian());
                    }
                }
            }
            batches.add(Map.of("x", x, "target", target));
        }
        return batches;
    }
}
