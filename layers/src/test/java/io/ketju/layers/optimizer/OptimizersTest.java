package io.ketju.layers.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.Floats;
import io.ketju.layers.Goldens;
import io.ketju.layers.Goldens.Golden;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizersTest {
    private static final int STEPS = 10;
    /** Five steps of a few roundings of single precision each, relative to the largest value. */
    private static final double TOLERANCE = 5e-7;

    private final TensorArena arena = new TensorArena(1 << 17);

    @AfterEach
    void close() {
        arena.close();
    }

    static List<String> cases() {
        return Goldens.casesWith("gradients");
    }

    @Test
    void everyOptimizerHasValuesOfPyTorch() {
        List<String> one = new ArrayList<>(Optimizers.names());
        one.remove("LBFGS"); // updates all parameters together: see LBFGSSearchTest
        assertThat(cases().stream().map(spec -> Spec.parse(spec).name()).distinct())
                .containsExactlyInAnyOrderElementsOf(one);
    }

    private Tensor tensor(Shape shape, float[] values) {
        Tensor tensor = arena.allocate(shape);
        tensor.copyFrom(values);
        return tensor;
    }

    /** One of the tensors that a golden one holds for each step. */
    private static float[] ofStep(String golden, int step) {
        float[] all = Goldens.get(golden).values();
        int size = all.length / STEPS;
        return Arrays.copyOfRange(all, (step - 1) * size, step * size);
    }

    /** The value after every step, then the states. */
    private List<Tensor> run(String spec, Kernels kernels) {
        Optimizer optimizer = Optimizers.parse(spec);
        Golden start = Goldens.get(spec + "/start");
        Shape shape = start.shape();
        Tensor value = tensor(shape, start.values());
        List<Tensor> states = new ArrayList<>();
        for (Optimizer.State state : optimizer.states()) {
            float[] initial = new float[shape.elements()];
            Arrays.fill(initial, state.initial());
            states.add(tensor(shape, initial));
        }
        List<Tensor> results = new ArrayList<>();
        for (int step = 1; step <= STEPS; step++) {
            Tensor gradient = tensor(shape, ofStep(spec + "/gradients", step));
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
            float[] expected = ofStep(spec + "/values", step);
            Floats.assertClose(
                    "after step " + step,
                    actual.get(step - 1).toFloats(),
                    expected,
                    TOLERANCE * Math.max(1, step / 5.0));
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

    /** What a name alone stands for is what its constructor gives. */
    @Test
    void defaultsAreWrittenOnce() {
        Map<String, Optimizer> all = Map.ofEntries(
                Map.entry("Adadelta", new Adadelta(1)),
                Map.entry("Adagrad", new Adagrad(0.01)),
                Map.entry("Adam", new Adam()),
                Map.entry("AdamW", new AdamW(0.001)),
                Map.entry("Adamax", new Adamax(0.002)),
                Map.entry("ASGD", new ASGD(0.01)),
                Map.entry("LAMB", new LAMB(0.001)),
                Map.entry("LBFGS", new LBFGS(1)),
                Map.entry("Lion", new Lion(0.0001)),
                Map.entry("NAdam", new NAdam(0.002)),
                Map.entry("RAdam", new RAdam(0.001)),
                Map.entry("RMSprop", new RMSprop(0.01)),
                Map.entry("Rprop", new Rprop(0.01)),
                Map.entry("SGD(lr=0.1)", new SGD(0.1)),
                Map.entry("SparseAdam", new SparseAdam(0.001)));
        assertThat(all).hasSameSizeAs(Optimizers.names());
        all.forEach((text, optimizer) -> assertThat(Optimizers.parse(text)).isEqualTo(optimizer));
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

    /** Every argument reaches the text, so that a parameter group's own values travel. */
    @ParameterizedTest
    @MethodSource("cases")
    void aGroupKeepsItsOwnValues(String spec) {
        ParameterGroup group = ParameterGroup.parse("*.bias: " + spec);
        assertThat(group.optimizer()).contains(Optimizers.parse(spec));
        assertThat(group).hasToString("*.bias: " + spec);
    }

    /** PyTorch's form loses half of the way when the rate is halved; the other goes it again. */
    @Test
    void momentumKeepsTheDisplacementWhereItIsAskedTo() {
        assertThat(secondWay(new SGD(0.1).withMomentum(1).with(SGD.Form.DISPLACEMENT)))
                .isEqualTo(-0.1f);
        assertThat(secondWay(new SGD(0.1).withMomentum(1))).isEqualTo(-0.05f);
    }

    /** How far a weight goes in a second step without a gradient at half the rate, after one of gradient 1. */
    private float secondWay(Optimizer optimizer) {
        Shape shape = Shape.of(1);
        List<Tensor> states = List.of(tensor(shape, new float[1]));
        Tensor weight = tensor(shape, new float[1]);
        optimizer.update(Kernels.scalar(), 0.1, 1, weight, tensor(shape, new float[] {1}), states);
        weight.clear();
        optimizer.update(Kernels.scalar(), 0.05, 2, weight, tensor(shape, new float[1]), states);
        return weight.getFloat(0);
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

    /** Whatever a weight and its state are, a gradient of +0 changes no bit of those that say so. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Adagrad(0.1)|true",
                "Adagrad(0.1, lr_decay=0.5, initial_accumulator_value=1e-30)|true",
                "Adagrad(0.1, maximize=true)|false",
                "Adagrad(0.1, weight_decay=0.1)|false",
                "SGD(0.1)|true",
                "SGD(0.1, 0.9)|false",
                "SGD(0.1, maximize=true)|false",
                "SparseAdam(0.1)|false"
            })
    void staysWithoutGradient(String spec, boolean stays) {
        Optimizer optimizer = Optimizers.parse(spec);
        assertThat(optimizer.staysWithoutGradient()).isEqualTo(stays);
        float[] values = {0f, -0f, 1, -1, Float.MIN_VALUE, -Float.MIN_NORMAL, 1e-20f, Float.MAX_VALUE};
        float[] sums = {0f, Float.MIN_VALUE, 1, 1e-30f, 0f, 7, Float.MAX_VALUE, Float.POSITIVE_INFINITY};
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(1, KernelChoice.VECTOR))) {
            for (Kernels kernels : stays ? List.of(Kernels.scalar(), core.kernels()) : List.<Kernels>of()) {
                Tensor value = tensor(Shape.of(8), values);
                List<Tensor> states = optimizer.states().stream()
                        .map(state -> tensor(Shape.of(8), sums))
                        .toList();
                optimizer.update(kernels, 0.1, 3, value, tensor(Shape.of(8), new float[8]), states);
                assertThat(Arrays.equals(value.toFloats(), values)).isTrue();
                states.forEach(state ->
                        assertThat(Arrays.equals(state.toFloats(), sums)).isTrue());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sgd(lr=0.1)|unknown optimizer 'Sgd'; did you mean 'SGD'?",
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
                "Adam(amsgrd=true)|Adam(amsgrd=true): unknown argument 'amsgrd'; did you mean 'amsgrad'? it takes lr, betas, eps, weight_decay, amsgrad, maximize, decoupled_weight_decay",
                "Adam(amsgrad=2)|Adam(amsgrad=2): argument 'amsgrad': expected true or false, found '2'",
                "AdamW(weight_decay=-1)|AdamW: argument 'weight_decay': expected a number >= 0, found -1.0",
                "Adagrad(lr_decay=-1)|Adagrad: argument 'lr_decay': expected a number >= 0, found -1.0",
                "Adagrad(initial_accumulator_value=-1)|Adagrad: argument 'initial_accumulator_value': expected a number >= 0, found -1.0",
                "Adadelta(rho=1)|Adadelta: argument 'rho': expected 0 <= number < 1, found 1.0",
                "Adadelta(eps=0)|Adadelta: argument 'eps': expected a number > 0, found 0.0",
                "RMSprop(alpha=1.5)|RMSprop: argument 'alpha': expected 0 <= number < 1, found 1.5",
                "RMSprop(momentum=-0.5)|RMSprop: argument 'momentum': expected a number >= 0, found -0.5",
                "RMSprop(centred=true)|RMSprop(centred=true): unknown argument 'centred'; did you mean 'centered'? it takes lr, alpha, eps, weight_decay, momentum, centered, maximize",
                "Adamax(betas=(1, 0))|Adamax: argument 'betas': expected 0 <= number < 1, found 1.0",
                "NAdam(momentum_decay=-1)|NAdam: argument 'momentum_decay': expected a number >= 0, found -1.0",
                "RAdam(lr=0)|RAdam: argument 'lr': expected a number > 0, found 0.0",
                "Rprop(etas=(1.5, 2))|Rprop: argument 'etas': expected 0 < first < 1 < second, found (1.5, 2)",
                "Rprop(etas=(0.5, 1))|Rprop: argument 'etas': expected 0 < first < 1 < second, found (0.5, 1)",
                "Rprop(step_sizes=(2, 1))|Rprop: argument 'step_sizes': expected the smaller first, found (2, 1)",
                "Rprop(weight_decay=0.1)|Rprop(weight_decay=0.1): unknown argument 'weight_decay'; it takes lr, etas, step_sizes, maximize",
                "ASGD(lambd=-1)|ASGD: argument 'lambd': expected a number >= 0, found -1.0",
                "ASGD(t0=-1)|ASGD: argument 't0': expected a number >= 0, found -1.0",
                "Lion(betas=(0.9, 0.99, 0.999))|Lion(betas=(0.9, 0.99, 0.999)): argument 'betas': expected 2 numbers in parentheses, found '(0.9, 0.99, 0.999)'",
                "Lion(eps=1e-8)|Lion(eps=1e-8): unknown argument 'eps'; it takes lr, betas, weight_decay, maximize",
                "LAMB(eps=0)|LAMB: argument 'eps': expected a number > 0, found 0.0",
                "SGD(0.1, keep_displacement=true)|SGD: argument 'keep_displacement': expected momentum > 0 and dampening = 0 with it, found momentum = 0.0 and dampening = 0.0",
                "SGD(0.1, 0.9, nesterov=true, keep_displacement=true)|SGD: argument 'keep_displacement': expected nesterov = false with it, found nesterov = true",
                "RMSProp()|unknown optimizer 'RMSProp'; did you mean 'RMSprop'?",
            })
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> Optimizers.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
