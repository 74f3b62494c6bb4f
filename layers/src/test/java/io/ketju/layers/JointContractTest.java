package io.ketju.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.LayerRun.Options;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.catalogue.Layers;
import io.ketju.layers.join.Joined;
import io.ketju.layers.join.Joints;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every joint on odd sizes: outputs, gradients and what is kept have the bits of the layers one by one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JointContractTest {
    private static final long SEED = 17;
    private static final int MICROBATCHES = 3;

    private TensorCore core;

    @BeforeAll
    void open() {
        core = TensorCore.open(new TensorCoreOptions(2, KernelChoice.VECTOR));
    }

    @AfterAll
    void close() {
        core.close();
    }

    /**
     * Layers in a chain.
     *
     * @param input of the first of them, samples outermost
     */
    record Case(List<String> layers, Shape input) {
        static Case of(String layers, int... input) {
            return new Case(List.of(layers.split(" \\+ ")), Shape.of(input));
        }

        /** The layers as a joint does them. */
        Joined joined() {
            ModelBuilder builder = new ModelBuilder();
            Value value = builder.input(Input.samples("x", DType.FLOAT32, input.sample()));
            TensorType type = TensorType.floats(input);
            for (int i = 0; i < layers.size(); i++) {
                Layer layer = Layers.parse(layers.get(i));
                if (layer instanceof Add) {
                    Value skip = builder.input(
                            Input.samples("skip", DType.FLOAT32, type.shape().sample()));
                    value = builder.add("n" + i, layer, skip, value);
                } else {
                    value = builder.add("n" + i, layer, value);
                    type = layer.outputs(List.of(type)).getFirst();
                }
            }
            Model model = builder.output(value).build();
            return Joints.ALL.at(model, model.types(input.dimension(0)), 0, layers.size(), name -> true);
        }

        @Override
        public String toString() {
            return String.join(" + ", layers) + " on " + input;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                Case.of("Linear(7, 5) + ReLU()", 3, 7),
                Case.of("Linear(1, 1) + Tanh()", 1, 1),
                Case.of("Linear(33, 17, bias=false) + Sigmoid()", 5, 33),
                Case.of("Linear(6, 19) + ReLU()", 2, 3, 6),
                Case.of("Linear(7, 5) + Add()", 3, 7),
                Case.of("Linear(18, 35, bias=false) + Add()", 2, 5, 18),
                Case.of("BatchNorm1d(5) + ReLU()", 7, 5),
                Case.of("BatchNorm2d(3) + ReLU()", 3, 3, 4, 5),
                Case.of("BatchNorm2d(2, affine=false, eps=0.01) + ReLU()", 2, 2, 3, 1),
                Case.of("BatchNorm2d(3, track_running_stats=false) + ReLU()", 2, 3, 2, 2),
                Case.of("BatchNorm1d(3, momentum=0.3) + Add() + ReLU()", 2, 3, 5),
                Case.of("BatchNorm2d(3) + Add() + ReLU()", 3, 3, 4, 5),
                Case.of("BatchNorm2d(2, affine=false) + Add() + ReLU()", 2, 2, 3, 3),
                Case.of("Conv2d(3, 5, 3, padding=1, bias=false) + BatchNorm2d(5) + ReLU()", 2, 3, 4, 7),
                Case.of("Conv2d(2, 3, 1, stride=2) + BatchNorm2d(3, affine=false) + ReLU()", 3, 2, 5, 4),
                Case.of("Conv2d(2, 18, 3) + BatchNorm2d(18, track_running_stats=false) + ReLU()", 2, 2, 5, 6));
    }

    private List<Kernels> kernels() {
        return List.of(Kernels.scalar(), core.kernels());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void oneJointDoesAll(Case test) {
        assertThat(test.joined().parts()).hasSameSizeAs(test.layers());
    }

    /** Whatever learns and whoever wants a gradient; in one backward pass, and in two in both orders. */
    @ParameterizedTest
    @MethodSource("cases")
    void trainingGivesTheBitsOfTheParts(Case test) {
        for (Kernels kernels : kernels()) {
            for (Options options : options(test.joined())) {
                for (Order order : Order.values()) {
                    List<int[]> expected = new ArrayList<>();
                    List<int[]> actual = new ArrayList<>();
                    try (Apart apart = new Apart(test, kernels, options);
                            LayerRun joined = joined(test, kernels, options)) {
                        for (int m = 0; m < MICROBATCHES; m++) {
                            expected.addAll(apart.train(SEED + m, order));
                            actual.addAll(train(test, joined, SEED + m, order));
                        }
                        expected.addAll(apart.state());
                        joined.commit();
                        actual.addAll(joined.gradientBits());
                        actual.addAll(Floats.bits(joined.parameters));
                    }
                    Floats.assertSame(test + ", " + options + ", " + order, actual, expected);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void evaluationGivesTheBitsOfTheParts(Case test) {
        for (Kernels kernels : kernels()) {
            try (Apart apart = new Apart(test, kernels, Options.USUAL);
                    LayerRun joined = joined(test, kernels, Options.USUAL)) {
                List<float[]> inputs = inputs(test, SEED);
                inputs.getFirst()[0] = Float.POSITIVE_INFINITY;
                inputs.getLast()[inputs.getLast().length - 1] = -0f;
                Floats.assertSame(
                        test.toString(),
                        Floats.bits(joined.forward(inputs, false)),
                        List.of(Floats.bits(apart.forward(inputs, false))));
            }
        }
    }

    enum Order {
        FULL,
        INPUT_FIRST,
        WEIGHT_FIRST
    }

    /** All that learns, the weights of one part or none of them, with packed weights and without; each input wanted or not. */
    private static List<Options> options(Joined joined) {
        List<Options> all = new ArrayList<>();
        List<Set<Integer>> unwanted = new ArrayList<>(List.of(Set.of(), Set.of(0)));
        if (joined.node().inputs().size() > 1) {
            unwanted.add(Set.of(1));
        }
        List<Set<Integer>> frozen = new ArrayList<>(List.of(Set.of()));
        Set<Integer> together = new HashSet<>();
        int before = 0;
        for (var part : joined.parts()) {
            Set<Integer> ofPart = new HashSet<>();
            for (int i = 0; i < part.parameters().size(); i++) {
                ofPart.add(before++);
            }
            together.addAll(ofPart);
            frozen.add(ofPart);
        }
        frozen.add(together);
        for (Set<Integer> some : unwanted) {
            for (Set<Integer> of : new HashSet<>(frozen)) {
                all.add(new Options(all.size() % 2 == 1, of, some));
            }
        }
        return all;
    }

    private static List<TensorType> types(Case test) {
        TensorType first = TensorType.floats(test.input());
        TensorType second =
                Layers.parse(test.layers().getFirst()).outputs(List.of(first)).getFirst();
        return test.joined().node().inputs().size() == 1 ? List.of(first) : List.of(first, second);
    }

    private static List<float[]> inputs(Case test, long seed) {
        List<float[]> values = new ArrayList<>();
        List<TensorType> types = types(test);
        for (int i = 0; i < types.size(); i++) {
            values.add(Floats.normal(seed, "input" + i, types.get(i).shape().elements()));
        }
        return values;
    }

    private static float[] gradOutput(Case test, long seed) {
        TensorType type = test.joined().node().layer().outputs(types(test)).getFirst();
        return Floats.normal(seed, "gradOutput", type.shape().elements());
    }

    private static LayerRun joined(Case test, Kernels kernels, Options options) {
        return new LayerRun(test.joined().node().layer(), types(test), kernels, options).withWeights(SEED);
    }

    /** Output, then gradients of the inputs. */
    private static List<int[]> train(Case test, LayerRun run, long seed, Order order) {
        List<int[]> bits = new ArrayList<>(Floats.bits(run.forward(inputs(test, seed), true)));
        bits.addAll(backward(run, test.joined().node().layer(), gradOutput(test, seed), order));
        return bits;
    }

    /** As stages run it: both passes in one only where both have something to do. */
    private static List<int[]> backward(LayerRun run, Layer layer, float[] gradOutput, Order order) {
        boolean learns = run.gradients.stream().anyMatch(gradient -> gradient != null);
        List<float[]> given = List.of(gradOutput);
        if (order == Order.FULL && layer instanceof FullBackward && learns && run.wantsAnyGradient()) {
            return Floats.bits(run.backward(given));
        }
        if (order == Order.WEIGHT_FIRST && learns) {
            run.backwardWeight(given);
        }
        List<int[]> bits = Floats.bits(run.backwardInput(given));
        if (order != Order.WEIGHT_FIRST && learns) {
            run.backwardWeight(given);
        }
        return bits;
    }

    /** The layers one by one. */
    private static final class Apart implements AutoCloseable {
        private final Case test;
        private final List<Layer> layers;
        private final List<LayerRun> runs = new ArrayList<>();

        Apart(Case test, Kernels kernels, Options options) {
            this.test = test;
            layers = test.layers().stream().map(Layers::parse).toList();
            TensorType type = TensorType.floats(test.input());
            int before = 0;
            boolean learns = !options.unwanted().contains(0);
            try (LayerRun joined = joined(test, kernels, options)) {
                for (Layer layer : layers) {
                    List<TensorType> types = layer instanceof Add ? List.of(type, type) : List.of(type);
                    Set<Integer> frozen = new HashSet<>();
                    for (int i = 0; i < layer.parameters().size(); i++) {
                        if (options.frozen().contains(before + i)) {
                            frozen.add(i);
                        }
                    }
                    Set<Integer> unwanted = new HashSet<>(learns ? Set.of() : Set.of(0));
                    if (layer instanceof Add && options.unwanted().contains(1)) {
                        unwanted.add(1);
                    }
                    LayerRun run =
                            new LayerRun(layer, types, kernels, new Options(options.packing(), frozen, unwanted));
                    for (int i = 0; i < layer.parameters().size(); i++) {
                        run.parameters.get(i).copyFrom(joined.parameters.get(before + i));
                    }
                    runs.add(run);
                    before += layer.parameters().size();
                    learns |= frozen.size() < layer.parameters().size();
                    learns |= layer instanceof Add && !options.unwanted().contains(1);
                    type = layer.outputs(types).getFirst();
                }
            }
        }

        Tensor forward(List<float[]> inputs, boolean training) {
            float[] value = inputs.getFirst();
            @Nullable Tensor last = null;
            for (int i = 0; i < layers.size(); i++) {
                List<float[]> given = layers.get(i) instanceof Add ? List.of(value, inputs.get(1)) : List.of(value);
                last = runs.get(i).forward(given, training).getFirst();
                value = last.toFloats();
            }
            return Objects.requireNonNull(last);
        }

        List<int[]> train(long seed, Order order) {
            List<int[]> bits = new ArrayList<>();
            bits.add(Floats.bits(forward(inputs(test, seed), true)));
            float[] gradient = gradOutput(test, seed);
            List<int[]> ofInputs = new ArrayList<>();
            for (int i = layers.size() - 1; i >= 0; i--) {
                List<int[]> made = backward(runs.get(i), layers.get(i), gradient, order);
                if (layers.get(i) instanceof Add) {
                    ofInputs.add(made.get(1));
                }
                if (i == 0) {
                    ofInputs.addFirst(made.getFirst());
                } else if (made.getFirst().length > 0) {
                    gradient = floats(made.getFirst());
                }
            }
            bits.addAll(ofInputs);
            return bits;
        }

        private static float[] floats(int[] bits) {
            float[] values = new float[bits.length];
            for (int i = 0; i < bits.length; i++) {
                values[i] = Float.intBitsToFloat(bits[i]);
            }
            return values;
        }

        /** Gradients, then parameters after the step's commit. */
        List<int[]> state() {
            List<int[]> bits = new ArrayList<>();
            runs.forEach(run -> bits.addAll(run.gradientBits()));
            runs.forEach(LayerRun::commit);
            runs.forEach(run -> bits.addAll(Floats.bits(run.parameters)));
            return bits;
        }

        @Override
        public void close() {
            runs.forEach(LayerRun::close);
        }
    }
}
