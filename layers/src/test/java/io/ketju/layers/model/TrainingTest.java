package io.ketju.layers.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.Floats;
import io.ketju.layers.Goldens;
import io.ketju.layers.Goldens.Golden;
import io.ketju.layers.catalogue.Layers;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.layers.optimizer.Optimizers;
import io.ketju.layers.optimizer.SGD;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole trainings, layers to optimizer, against PyTorch's and against themselves. */
class TrainingTest {
    /** Rounding grows over 20 steps of training; losses are near 1. */
    private static final double TOLERANCE = 1e-5;

    /** The trainings of goldens.py. */
    enum Training {
        MLP_SGD("mlp SGD", "SGD(0.1, momentum=0.9)"),
        MLP_ADAM("mlp Adam", "Adam(0.01)"),
        CONVNET_SGD("convnet SGD", "SGD(0.05, momentum=0.9)");

        private final String golden;
        private final String optimizer;

        Training(String golden, String optimizer) {
            this.golden = golden;
            this.optimizer = optimizer;
        }

        private Stream<String> layers() {
            return this == CONVNET_SGD
                    ? Stream.of(
                            "Conv2d(1, 4, 3, padding=1)",
                            "ReLU",
                            "MaxPool2d(2)",
                            "Conv2d(4, 6, 3)",
                            "ReLU",
                            "Flatten",
                            "Linear(24, 3)")
                    : Stream.of("Flatten", "Linear(8, 16)", "Tanh", "Linear(16, 12)", "ReLU", "Linear(12, 3)");
        }

        Golden get(String tensor) {
            return Goldens.get(golden + "/" + tensor);
        }

        int steps() {
            return get("losses").values().length;
        }

        Model model() {
            Sequential layers = new Sequential(layers().map(Layers::parse).toList());
            return Model.of(get("input").shape().sample(), layers);
        }
    }

    /** Losses of the steps and the state at the end. */
    private record Result(List<Double> meanLosses, List<float[]> values, List<int[]> bits) {
        float[] losses() {
            float[] losses = new float[meanLosses.size()];
            for (int i = 0; i < losses.length; i++) {
                losses[i] = meanLosses.get(i).floatValue();
            }
            return losses;
        }
    }

    private static Result train(Training training, Kernels kernels, int microbatches) {
        return train(training, kernels, microbatches, false);
    }

    private static Result train(Training training, Kernels kernels, int microbatches, boolean packing) {
        Golden input = training.get("input");
        Golden target = training.get("target");
        try (TensorArena arena = new TensorArena(1 << 16);
                ModelRun run = new ModelRun(training.model(), Optimizers.parse(training.optimizer), kernels, packing)) {
            Tensor inputs = arena.allocate(input.shape());
            inputs.copyFrom(input.values());
            Tensor targets = arena.allocate(DType.INT32, target.shape());
            for (int i = 0; i < target.ints().length; i++) {
                targets.setInt(i, target.ints()[i]);
            }
            run.block()
                    .values()
                    .forEach(value ->
                            value.tensor().copyFrom(training.get(value.name()).values()));
            run.block().valuesChanged();
            List<Double> losses = new ArrayList<>();
            for (int step = 0; step < training.steps(); step++) {
                losses.add(run.step(inputs, targets, microbatches));
            }
            List<float[]> values = run.block().values().stream()
                    .map(value -> value.tensor().toFloats())
                    .toList();
            List<int[]> bits = Stream.concat(
                            run.block().values().stream().map(NamedTensor::tensor),
                            run.block().states().stream().map(ParameterBlock.StateTensor::tensor))
                    .map(Floats::bits)
                    .toList();
            return new Result(losses, values, bits);
        }
    }

    @ParameterizedTest
    @EnumSource
    void equalsPyTorch(Training training) {
        Result result = train(training, Kernels.scalar(), 1);
        Floats.assertClose("losses", result.losses(), training.get("losses").values(), TOLERANCE);
        List<String> names = parameterNames(training);
        for (int i = 0; i < names.size(); i++) {
            float[] expected = training.get(names.get(i) + ".end").values();
            Floats.assertClose(names.get(i), result.values().get(i), expected, 10 * TOLERANCE);
        }
        assertThat(result.losses()[training.steps() - 1]).isLessThan(0.9f * result.losses()[0]);
    }

    private static List<String> parameterNames(Training training) {
        return training.model().nodes().stream()
                .flatMap(node -> node.parameters().stream())
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void vectorEqualsScalarBitForBit(Training training) {
        Result scalar = train(training, Kernels.scalar(), 2);
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(2, KernelChoice.VECTOR))) {
            Result vector = train(training, core.kernels(), 2);
            for (int i = 0; i < scalar.bits().size(); i++) {
                assertThat(vector.bits().get(i))
                        .as("tensor %d", i)
                        .isEqualTo(scalar.bits().get(i));
            }
            assertThat(vector.meanLosses()).isEqualTo(scalar.meanLosses());
        }
    }

    /** Also over the updates, after which weights are packed anew. */
    @ParameterizedTest
    @EnumSource
    void packedWeightsTrainTheSameBits(Training training) {
        Result plain = train(training, Kernels.scalar(), 4);
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(1, KernelChoice.VECTOR))) {
            for (Kernels kernels : List.of(Kernels.scalar(), core.kernels())) {
                Result packed = train(training, kernels, 4, true);
                assertThat(packed.meanLosses()).isEqualTo(plain.meanLosses());
                for (int i = 0; i < plain.bits().size(); i++) {
                    assertThat(packed.bits().get(i))
                            .as("tensor %d", i)
                            .isEqualTo(plain.bits().get(i));
                }
            }
        }
    }

    /** The number of micro-batches changes the order of sums, and nothing else. */
    @ParameterizedTest
    @EnumSource
    void microbatchesTrainTheSame(Training training) {
        Result whole = train(training, Kernels.scalar(), 1);
        for (int microbatches : new int[] {2, 3, 12}) {
            Result cut = train(training, Kernels.scalar(), microbatches);
            Floats.assertClose(microbatches + " micro-batches", cut.losses(), whole.losses(), TOLERANCE);
        }
    }

    /** Convolutions add sample by sample, so that how samples are grouped does not show at all. */
    @Test
    void convolutionGradientsDoNotDependOnMicrobatches() {
        Model model = Model.of(
                Shape.of(1, 8, 8),
                Sequential.of(Layers.parse("Conv2d(1, 3, 8, init=xavier_uniform)"), Layers.parse("Flatten")));
        int samples = 6;
        try (TensorArena arena = new TensorArena(1 << 16);
                ModelRun run = new ModelRun(model, new SGD(0.1), Kernels.scalar())) {
            run.block().initialize(1);
            Tensor input = arena.allocate(Shape.of(samples, 1, 8, 8));
            input.copyFrom(Floats.normal(8, "input", input.elements()));
            Tensor target = arena.allocate(DType.INT32, Shape.of(samples));
            target.clear();
            run.microbatch(input, target, samples);
            int[] whole = Floats.bits(run.block().gradient("0.weight"));
            run.block().clearGradients();
            for (int sample = 0; sample < samples; sample++) {
                run.microbatch(input.samples(sample, 1), target.samples(sample, 1), samples);
            }
            assertThat(Floats.bits(run.block().gradient("0.weight"))).isEqualTo(whole);
        }
    }
}
