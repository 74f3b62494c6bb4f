package io.ketju.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A layer gets what it has declared, and nothing else. */
class PassTest {
    private static final List<TensorType> TYPES = List.of(TensorType.floats(1, 2), TensorType.floats(1, 3));
    private static final List<float[]> VALUES = List.of(new float[] {1, 2}, new float[] {3, 4, 5});
    private static final List<float[]> GRADIENT = List.of(new float[] {6, 7});

    /** Does in each pass what a test says. */
    private record Probe(Footprint declared, Consumer<Pass> input, Consumer<Pass> weight) implements Layer {
        @Override
        public Spec spec() {
            return Spec.of("Probe");
        }

        @Override
        public List<Parameter> parameters() {
            return List.of(new Parameter("weight", TYPES.getFirst().shape(), Initializers.zeros()));
        }

        @Override
        public List<TensorType> outputs(List<TensorType> inputs) {
            return List.of(inputs.getFirst());
        }

        @Override
        public Footprint footprint(List<TensorType> inputs) {
            return declared;
        }

        @Override
        public long forwardFlops(List<TensorType> inputs) {
            return 0;
        }

        @Override
        public void forward(Pass pass) {
            pass.output(0).copyFrom(pass.input(0));
            assertThat(pass.input(1).toFloats()).containsExactly(VALUES.get(1));
            assertThatThrownBy(() -> pass.gradOutput(0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("layer layer: forward asks for gradOutput, which it has not declared");
        }

        @Override
        public void backwardInput(Pass pass) {
            pass.gradInput(0).copyFrom(pass.gradOutput(0));
            input.accept(pass);
        }

        @Override
        public void backwardWeight(Pass pass) {
            weight.accept(pass);
        }
    }

    private static void backward(Footprint declared, Consumer<Pass> input, Consumer<Pass> weight) {
        LayerRun.Options options = new LayerRun.Options(false, Set.of(), Set.of(1));
        try (LayerRun run =
                new LayerRun(new Probe(declared, input, weight), TYPES, Kernels.scalar(), options).withWeights(1)) {
            run.forward(VALUES);
            run.backwardInput(GRADIENT);
            run.backwardWeight(GRADIENT);
        }
    }

    private static void refused(Consumer<Pass> input, Consumer<Pass> weight, String message) {
        assertThatThrownBy(() -> backward(Footprint.NOTHING, input, weight))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
    }

    private static void nothing(Pass pass) {}

    @Test
    void refusesWhatIsNotDeclared() {
        refused(
                pass -> pass.input(1),
                PassTest::nothing,
                "layer layer: backwardInput asks for input 1, which it has not declared");
        refused(
                pass -> pass.output(0),
                PassTest::nothing,
                "layer layer: backwardInput asks for output 0, which it has not declared");
        refused(
                PassTest::nothing,
                pass -> pass.input(0),
                "layer layer: backwardWeight asks for input 0, which it has not declared");
        refused(
                pass -> pass.gradient(0),
                PassTest::nothing,
                "layer layer: backwardInput asks for gradient of parameter 0, which it has not declared");
        refused(
                PassTest::nothing,
                pass -> pass.gradInput(0),
                "layer layer: backwardWeight asks for gradient of input 0, which it has not declared");
        refused(pass -> pass.gradInput(1), PassTest::nothing, "layer layer: backwardInput has no gradient of input 1");
    }

    /** What one pass declares is not the other's. */
    @Test
    void eachPassReadsItsOwn() {
        Footprint forInput = Footprint.NOTHING.inputGradientReading(Port.input(1), Port.output(0));
        Footprint forWeight = Footprint.NOTHING.weightGradientReading(Port.input(0));
        Consumer<Pass> readsBoth = pass -> {
            assertThat(pass.input(1).toFloats()).containsExactly(VALUES.get(1));
            assertThat(pass.output(0).toFloats()).containsExactly(VALUES.get(0));
        };
        backward(forInput, readsBoth, PassTest::nothing);
        backward(
                forWeight,
                PassTest::nothing,
                pass -> assertThat(pass.input(0).toFloats()).containsExactly(VALUES.get(0)));
        assertThatThrownBy(() -> backward(forInput, readsBoth, readsBoth)).hasMessageContaining("backwardWeight");
        assertThatThrownBy(() -> backward(forWeight, pass -> pass.input(0), PassTest::nothing))
                .hasMessageContaining("backwardInput");
    }

    /** Both passes in one read what either may. */
    @Test
    void fullBackwardReadsWhatBothDeclare() {
        Footprint declared =
                Footprint.NOTHING.inputGradientReading(Port.input(1)).weightGradientReading(Port.output(0));
        try (TensorArena arena = new TensorArena(1 << 10)) {
            Tensor tensor = arena.allocate(Shape.of(1));
            PassBinding binding = new PassBinding(
                    "a",
                    Kernels.scalar(),
                    new PassBinding.Weights(List.of(tensor), List.of(tensor), Map.of()),
                    declared,
                    2,
                    1,
                    1);
            binding.input(0, tensor);
            binding.input(1, tensor);
            binding.output(0, tensor);
            binding.gradInput(0, tensor);
            Pass pass = binding.backward(PassBinding.Phase.FULL);
            assertThat(List.of(pass.input(1), pass.output(0), pass.gradInput(0), pass.gradient(0)))
                    .containsOnly(tensor);
            assertThatThrownBy(() -> pass.input(0))
                    .hasMessage("layer a: backward asks for input 0, which it has not declared");
        }
    }

    @Test
    void footprintsAddUp() {
        TensorType row = TensorType.floats(3);
        Footprint all = Footprint.NOTHING
                .keeping(row)
                .keeping(TensorType.ints(2), row)
                .keepingUntilStep(row)
                .workingIn(row, row)
                .inPlace(1)
                .inputGradientReading(Port.input(0))
                .inputGradientReading(Port.output(1))
                .weightGradientReading(Port.input(0));
        assertThat(all)
                .isEqualTo(new Footprint(
                        Set.of(Port.output(1), Port.input(0)),
                        Set.of(Port.input(0)),
                        List.of(row, TensorType.ints(2), row),
                        List.of(row),
                        List.of(row, row),
                        false,
                        OptionalInt.of(1)));
        assertThat(Port.output(1)).hasToString("output 1");
    }

    /** Whichever comes first makes what both need; after a forward again. */
    @Test
    void oneBackwardPassIsTheFirst() {
        PassBinding one = binding("a", 1);
        for (int microbatch = 0; microbatch < 2; microbatch++) {
            one.forward(true, 1, 0);
            assertThat(one.backward(PassBinding.Phase.WEIGHT_GRADIENT).firstBackward())
                    .isTrue();
            assertThat(one.backward(PassBinding.Phase.INPUT_GRADIENT).firstBackward())
                    .isFalse();
        }
        Pass forward = one.forward(true, 1, 0);
        assertThatThrownBy(forward::firstBackward).isInstanceOf(IllegalStateException.class);
    }

    /** A function of seed, name and step; the same in all passes of a step. */
    @Test
    void randomNumbersBelongToLayerAndStep() {
        PassBinding one = binding("a", 1);
        float first = uniform(one, 3);
        assertThat(one.backward(PassBinding.Phase.WEIGHT_GRADIENT).random().uniform(0))
                .isEqualTo(first);
        assertThat(uniform(one, 4)).isNotEqualTo(first);
        assertThat(uniform(one, 3)).isEqualTo(first);
        assertThat(uniform(binding("a", 1), 3)).isEqualTo(first);
        assertThat(uniform(binding("a", 2), 3)).isNotEqualTo(first);
        assertThat(uniform(binding("b", 1), 3)).isNotEqualTo(first);
    }

    private static PassBinding binding(String name, long seed) {
        return new PassBinding(
                name,
                Kernels.scalar(),
                new PassBinding.Weights(List.of(), List.of(), Map.of()),
                Footprint.NOTHING,
                1,
                1,
                seed);
    }

    private static float uniform(PassBinding binding, long step) {
        return binding.forward(true, step, 0).random().uniform(0);
    }

    @Test
    void saysWhetherItTrainsAndWhereItStands() {
        PassBinding binding = binding("a", 1);
        Pass pass = binding.forward(false, 1, 17);
        assertThat(pass.training()).isFalse();
        assertThat(pass.firstSample()).isEqualTo(17);
        assertThat(pass.hasGradOutput(0)).isFalse();
        assertThat(pass.wantsGradient(0)).isFalse();
        assertThat(binding.forward(true, 1, 0).training()).isTrue();
        assertThatThrownBy(() -> pass.input(0)).hasMessage("layer a: forward has no input 0");
    }
}
