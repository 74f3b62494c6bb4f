package io.ketju.tensor.kernel.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.testing.Golden;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The definitions against PyTorch in double (src/test/golden/updates.py), and their special values. */
class ScalarUpdatesTest {
    private static final int SIZE = 19;
    private static final int STEPS = 5;
    /** Some rounding errors of five updates of weights of size 1. */
    private static final double TOLERANCE = 2e-6;

    private static final GradientOptions NONE = GradientOptions.NONE;
    private static final GradientOptions ASCENT = new GradientOptions(0.1, false, true);
    private static final Golden GOLDEN = Golden.read("updates.txt");

    private final UpdateKernels kernels = new ScalarUpdates();

    /** One step of an optimizer. */
    private interface Update {
        void run(int step, Tensor w, Tensor dw, Tensor[] state);
    }

    @Test
    void sgd() {
        steps("sgd", 0, (step, w, dw, state) -> kernels.sgd(new SgdStep(1e-3, 0, 0, 0, false, true), w, dw, null));
        steps(
                "sgd-options",
                -777,
                (step, w, dw, state) ->
                        kernels.sgd(new SgdStep(0.1, 0.9, 0.3, 0.01, false, step == 1, true), w, dw, state[0]));
    }

    @Test
    void adam() {
        steps(
                "adam",
                0,
                (step, w, dw, state) ->
                        kernels.adam(new AdamStep(1e-3, 0.9, 0.999, 1e-8, 0, step), w, dw, state[0], state[1]));
        steps(
                "adam-options",
                0,
                (step, w, dw, state) ->
                        kernels.adam(new AdamStep(0.01, 0.4, 0.99, 1e-3, ASCENT, step), w, dw, state[0], state[1]));
        steps(
                "amsgrad",
                0,
                (step, w, dw, state) -> kernels.adam(
                        new AdamStep(0.05, 0.9, 0.5, 1e-8, NONE, step), w, dw, state[0], state[1], state[2]));
        steps(
                "adamw",
                0,
                (step, w, dw, state) -> kernels.adam(
                        new AdamStep(1e-3, 0.9, 0.999, 1e-8, new GradientOptions(0.01, true, false), step),
                        w,
                        dw,
                        state[0],
                        state[1]));
        steps(
                "adamw-options",
                0,
                (step, w, dw, state) -> kernels.adam(
                        new AdamStep(0.05, 0.9, 0.999, 1e-8, new GradientOptions(0.2, true, true), step),
                        w,
                        dw,
                        state[0],
                        state[1]));
    }

    @Test
    void adagrad() {
        steps(
                "adagrad",
                0,
                (step, w, dw, state) ->
                        kernels.adagrad(new AdagradStep(0.01, 0, 0, 1e-10, step, false), w, dw, state[0]));
        steps(
                "adagrad-options",
                0,
                (step, w, dw, state) ->
                        kernels.adagrad(new AdagradStep(0.1, 0.3, 0.01, 1e-3, step, true), w, dw, state[0]));
    }

    @Test
    void adadelta() {
        steps(
                "adadelta",
                0,
                (step, w, dw, state) ->
                        kernels.adadelta(new AdadeltaStep(1, 0.9, 1e-6, 0, false), w, dw, state[0], state[1]));
        steps(
                "adadelta-options",
                0,
                (step, w, dw, state) ->
                        kernels.adadelta(new AdadeltaStep(0.5, 0.8, 1e-2, 0.1, true), w, dw, state[0], state[1]));
    }

    @Test
    void rmsprop() {
        var plain = new RmspropStep(0.01, 0.99, 1e-8, 0, 0, false);
        var options = new RmspropStep(0.05, 0.8, 1e-3, 0.1, 0.9, true);
        var momentum = new RmspropStep(0.01, 0.99, 1e-8, 0, 0.5, false);
        steps("rmsprop", 0, (step, w, dw, state) -> kernels.rmsprop(plain, w, dw, state[0], null, null));
        steps(
                "rmsprop-options",
                0,
                (step, w, dw, state) -> kernels.rmsprop(options, w, dw, state[0], state[1], state[2]));
        steps(
                "rmsprop-momentum",
                0,
                (step, w, dw, state) -> kernels.rmsprop(momentum, w, dw, state[0], null, state[1]));
        steps("rmsprop-centered", 0, (step, w, dw, state) -> kernels.rmsprop(plain, w, dw, state[0], state[1], null));
    }

    @Test
    void adamax() {
        steps(
                "adamax",
                0,
                (step, w, dw, state) -> kernels.adamax(
                        new AdamaxStep(2e-3, 0.9, 0.999, 1e-8, 0, step, false), w, dw, state[0], state[1]));
        steps(
                "adamax-options",
                0,
                (step, w, dw, state) -> kernels.adamax(
                        new AdamaxStep(0.05, 0.8, 0.7, 1e-2, 0.1, step, true), w, dw, state[0], state[1]));
    }

    @Test
    void nadam() {
        nadam("nadam", new NadamStep(2e-3, 0.9, 0.999, 1e-8, 4e-3, 1, NONE, 1));
        nadam("nadam-options", new NadamStep(0.05, 0.8, 0.9, 1e-3, 0.1, 1, ASCENT, 1));
        GradientOptions decoupled = new GradientOptions(0.3, true, false);
        nadam("nadam-decoupled", new NadamStep(2e-3, 0.9, 0.999, 1e-8, 4e-3, 1, decoupled, 1));
    }

    private void nadam(String name, NadamStep s) {
        double[] product = {1};
        steps(name, 0, (step, w, dw, state) -> {
            NadamStep now = new NadamStep(
                    s.learningRate(),
                    s.beta1(),
                    s.beta2(),
                    s.epsilon(),
                    s.momentumDecay(),
                    product[0],
                    s.options(),
                    step);
            kernels.nadam(now, w, dw, state[0], state[1]);
            product[0] *= now.mu();
        });
    }

    @Test
    void radam() {
        radam("radam", new RadamStep(1e-3, 0.9, 0.999, 1e-8, NONE, 1));
        radam("radam-options", new RadamStep(0.05, 0.8, 0.9, 1e-3, ASCENT, 1));
        GradientOptions decoupled = new GradientOptions(0.3, true, false);
        radam("radam-rectified", new RadamStep(0.1, 0.8, 0.99, 1e-8, decoupled, 1));
    }

    private void radam(String name, RadamStep s) {
        steps(
                name,
                0,
                (step, w, dw, state) -> kernels.radam(
                        new RadamStep(s.learningRate(), s.beta1(), s.beta2(), s.epsilon(), s.options(), step),
                        w,
                        dw,
                        state[0],
                        state[1]));
    }

    @Test
    void rprop() {
        rprop("rprop", 0.01f, new RpropStep(0.5, 1.2, 1e-6, 50, false));
        rprop("rprop-options", 0.1f, new RpropStep(0.4, 1.7, 0.05, 0.2, true));
    }

    /** The step sizes start from the learning rate. */
    private void rprop(String name, float learningRate, RpropStep values) {
        Tensor size = Golden.zeros(SIZE);
        fill(size, learningRate);
        steps(name, 0, (step, w, dw, state) -> kernels.rprop(values, w, dw, state[0], size));
    }

    @Test
    void asgd() {
        steps(
                "asgd",
                0,
                (step, w, dw, state) ->
                        kernels.asgd(new AsgdStep(0.01, 1e-4, 0.75, 1e6, 0, step, false), w, dw, state[0]));
        steps(
                "asgd-options",
                0,
                (step, w, dw, state) ->
                        kernels.asgd(new AsgdStep(0.1, 0.02, 0.5, 2, 0.1, step, true), w, dw, state[0]));
    }

    @Test
    void asgdAverages() {
        Tensor average = tensor(-777);
        Tensor w = tensor(8);
        for (int step = 1; step <= 4; step++) {
            kernels.asgd(new AsgdStep(1, 0, 1, 1, 0, step, false), w, tensor(step), average);
        }
        // w is 7, 5, 2, -2; mu is 1, 1, 1, 1/2.
        assertThat(w.getFloat(0)).isEqualTo(-2);
        assertThat(average.getFloat(0)).isEqualTo(0);
    }

    @Test
    void clipping() {
        Tensor dw = tensor(Float.NaN, 3, -3, 0.25f, Float.NEGATIVE_INFINITY);
        kernels.clipGradient(2, dw);
        assertThat(dw.toFloats()).containsExactly(Float.NaN, 2, -2, 0.25f, -2);
        kernels.scaleGradient(0.5f, dw);
        assertThat(dw.toFloats()).containsExactly(Float.NaN, 1, -1, 0.125f, -1);
    }

    @Test
    void penalties() {
        Tensor w = tensor(2, -3, 0, -0f, Float.NaN);
        Tensor dw = tensor(1, 1, 1, 1, 1);
        kernels.addSign(0.25f, w, dw);
        assertThat(dw.toFloats()).containsExactly(1.25f, 0.75f, 1, 1, 1);
        kernels.addWeight(0.5f, w, dw);
        assertThat(dw.toFloats()).containsExactly(2.25f, -0.75f, 1, 1, Float.NaN);
    }

    /** As PyTorch, which takes the sign of NaN as 0. */
    @Test
    void rpropStandsStillAtNaN() {
        Tensor w = tensor(5, 5);
        Tensor previous = tensor(1, Float.NaN);
        Tensor size = tensor(0.1f, 0.1f);
        RpropStep step = new RpropStep(0.5, 1.2, 1e-6, 50, false);
        kernels.rprop(step, w, tensor(Float.NaN, 1), previous, size);
        assertThat(w.toFloats()).containsExactly(5, 5 - 0.1f);
        assertThat(size.toFloats()).containsExactly(0.1f, 0.1f);
    }

    @Test
    void operandsOfDifferentSizesAreRefused() {
        assertThatThrownBy(() ->
                        kernels.adam(new AdamStep(1, 0, 0, 0, 0, 1), tensor(1), tensor(1), tensor(1), tensor(1, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("operands differ in size: float32[1] and float32[2]");
    }

    private static void steps(String name, float initial, Update update) {
        Tensor w = GOLDEN.tensor(name + ".w0");
        Tensor[] state = {Golden.zeros(SIZE), Golden.zeros(SIZE), Golden.zeros(SIZE)};
        Arrays.stream(state).forEach(tensor -> fill(tensor, initial));
        for (int step = 1; step <= STEPS; step++) {
            update.run(step, w, GOLDEN.tensor(name + ".dw" + step), state);
            GOLDEN.assertClose(name + ".w" + step, w, TOLERANCE);
        }
    }

    private static void fill(Tensor tensor, float value) {
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.setFloat(i, value);
        }
    }

    private static Tensor tensor(float... values) {
        Tensor tensor = Golden.zeros(values.length);
        tensor.copyFrom(values);
        return tensor;
    }
}
