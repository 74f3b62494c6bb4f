package io.ketju.layers.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.Floats;
import io.ketju.layers.Goldens;
import io.ketju.layers.Goldens.Golden;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizersTest {
    private static final int STEPS = 5;
    /** A few roundings of single precision per step, relative to the largest value. */
    private static final double TOLERANCE = 5e-7;

    private final TensorArena arena = new TensorArena(1 << 16);

    @AfterEach
    void close() {
        arena.close();
    }

    static List<String> cases() {
        return Goldens.casesWith("gradient1");
    }

    @Test
    void everyOptimizerHasValuesOfPyTorch() {
        assertThat(cases().stream().map(spec -> Spec.parse(spec).name()).distinct())
                .containsExactlyInAnyOrderElementsOf(Optimizers.names());
    }

    private Tensor tensor(Golden golden) {
        Tensor tensor = arena.allocate(golden.shape());
        tensor.copyFrom(golden.values());
        return tensor;
    }

    /** The value after every step, then the states. */
    private List<Tensor> run(String spec, Kernels kernels) {
        Optimizer optimizer = Optimizers.parse(spec);
        Tensor value = tensor(Goldens.get(spec + "/start"));
        List<Tensor> states = new ArrayList<>();
        for (int i = 0; i < optimizer.stateNames().size(); i++) {
            Tensor state = arena.allocate(value.shape());
            state.clear();
            states.add(state);
        }
        List<Tensor> results = new ArrayList<>();
        for (int step = 1; step <= STEPS; step++) {
            Tensor gradient = tensor(Goldens.get(spec + "/gradient" + step));
            optimizer.update(kernels, optimizer.learningRate(), step, value, gradient, states);
            Tensor copy = arena.allocate(value.shape());
            copy.copyFrom(value);
            results.add(copy);
        }
        results.addAll(states);
        return results;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsPyTorch(String spec) {
        Optimizer optimizer = Optimizers.parse(spec);
        List<Tensor> actual = run(spec, Kernels.scalar());
        for (int step = 1; step <= STEPS; step++) {
            float[] expected = Goldens.get(spec + "/value" + step).values();
            Floats.assertClose("after step " + step, actual.get(step - 1).toFloats(), expected, TOLERANCE);
        }
        for (int i = 0; i < optimizer.stateNames().size(); i++) {
            String state = optimizer.stateNames().get(i);
            float[] expected = Goldens.get(spec + "/" + state).values();
            Floats.assertClose(state, actual.get(STEPS + i).toFloats(), expected, TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void vectorEqualsScalarBitForBit(String spec) {
        List<Tensor> scalar = run(spec, Kernels.scalar());
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(2, KernelChoice.VECTOR))) {
            List<Tensor> vector = run(spec, core.kernels());
            for (int i = 0; i < scalar.size(); i++) {
                assertThat(Floats.bits(vector.get(i)))
                        .as("%s, tensor %d", spec, i)
                        .isEqualTo(Floats.bits(scalar.get(i)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void printsWhatItParses(String spec) {
        assertThat(Optimizers.parse(spec)).hasToString(spec);
    }

    @Test
    void constructorsSayTheSame() {
        assertThat(new SGD(0.1).withMomentum(0.9).withWeightDecay(0.01).withNesterov())
                .isEqualTo(Optimizers.parse("SGD(0.1, 0.9, 0, 0.01, true)"));
        assertThat(new SGD(0.1).withMomentum(0.9).withDampening(0.5))
                .isEqualTo(Optimizers.parse("SGD(0.1, momentum=0.9, dampening=0.5)"));
        assertThat(new Adam()).isEqualTo(Optimizers.parse("Adam")).hasToString("Adam(lr=0.001)");
        assertThat(new Adam(0.01).withBetas(0.8, 0.9).withEpsilon(1e-6).withWeightDecay(0.1))
                .isEqualTo(Optimizers.parse("Adam(0.01, (0.8, 0.9), 1e-6, 0.1)"));
    }

    @Test
    void namesItsStateAsPyTorch() {
        assertThat(new SGD(0.1).stateNames()).isEmpty();
        assertThat(new SGD(0.1).withMomentum(0.9).stateNames()).containsExactly("momentum_buffer");
        assertThat(new Adam().stateNames()).containsExactly("exp_avg", "exp_avg_sq");
    }

    @Test
    void codeIsHeldToTheSameNumbers() {
        assertThatThrownBy(() -> new SGD(0)).hasMessage("SGD: argument 'lr': expected a number > 0, found 0.0");
        assertThatThrownBy(() -> new SGD(-0.0)).hasMessageStartingWith("SGD: argument 'lr': expected a number > 0");
        assertThatThrownBy(() -> new SGD(1e-60)).hasMessageStartingWith("SGD: argument 'lr'");
        assertThatThrownBy(() -> new SGD(0.1).withMomentum(-0.0)).hasMessageContaining("'momentum'");
        assertThatThrownBy(() -> new Adam().withWeightDecay(-0.0)).hasMessageContaining("'weight_decay'");
        assertThatThrownBy(() -> new Adam().withBetas(-0.0, 0.9)).hasMessageContaining("'betas'");
        assertThatThrownBy(() -> new Adam().withEpsilon(0)).hasMessageContaining("'eps'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sgd(lr=0.1)|unknown optimizer 'Sgd'; did you mean 'SGD'?",
                "SGD()|SGD(): missing argument 'lr'; it takes lr, momentum, dampening, weight_decay, nesterov",
                "SGD(lr=-1)|SGD: argument 'lr': expected a number > 0, found -1.0",
                "SGD(lr=0)|SGD: argument 'lr': expected a number > 0, found 0.0",
                "SGD(lr=-0.0)|SGD(lr=-0.0): argument 'lr': expected 0 or a number from 1.2e-38 to 3.4e38 of either sign, as float32 holds them, found '-0.0'",
                "SGD(lr=1e300)|SGD(lr=1e300): argument 'lr': expected 0 or a number from 1.2e-38 to 3.4e38 of either sign, as float32 holds them, found '1e300'",
                "SGD(lr=1e-400)|SGD(lr=1e-400): argument 'lr': expected 0 or a number from 1.2e-38 to 3.4e38 of either sign, as float32 holds them, found '1e-400'",
                "SGD(0.1, momentum=1e-400)|SGD(0.1, momentum=1e-400): argument 'momentum': expected 0 or a number from 1.2e-38 to 3.4e38 of either sign, as float32 holds them, found '1e-400'",
                "SGD(0.1, weight_decay=-0)|SGD(0.1, weight_decay=-0): argument 'weight_decay': expected 0 or a number from 1.2e-38 to 3.4e38 of either sign, as float32 holds them, found '-0'",
                "Adam(lr=0e5)|Adam: argument 'lr': expected a number > 0, found 0.0",
                "Adam(eps=0)|Adam: argument 'eps': expected a number > 0, found 0.0",
                "Adam(eps=1e-45)|Adam(eps=1e-45): argument 'eps': expected 0 or a number from 1.2e-38 to 3.4e38 of either sign, as float32 holds them, found '1e-45'",
                "Adam(lr=1e999)|Adam(lr=1e999): argument 'lr': expected a finite number, found '1e999'",
                "SGD(0.1, momentum=-0.1)|SGD: argument 'momentum': expected a number >= 0, found -0.1",
                "SGD(0.1, weight_decay=-0.1)|SGD: argument 'weight_decay': expected a number >= 0, found -0.1",
                "SGD(0.1, nesterov=true)|SGD: argument 'nesterov': expected momentum > 0 and dampening = 0 with it, found momentum = 0.0 and dampening = 0.0",
                "SGD(0.1, 0.9, 0.1, nesterov=true)|SGD: argument 'nesterov': expected momentum > 0 and dampening = 0 with it, found momentum = 0.9 and dampening = 0.1",
                "Adam(lr=-0.1)|Adam: argument 'lr': expected a number > 0, found -0.1",
                "Adam(betas=(0.9, 1))|Adam: argument 'betas': expected 0 <= number < 1, found 1.0",
                "Adam(betas=0.9)|Adam(betas=0.9): argument 'betas': expected 2 numbers in parentheses, found '0.9'",
                "Adam(eps=-1)|Adam: argument 'eps': expected a number > 0, found -1.0",
                "Adam(amsgrad=true)|Adam(amsgrad=true): unknown argument 'amsgrad'; it takes lr, betas, eps, weight_decay",
            })
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> Optimizers.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
