package io.ketju.tensor.kernel.update;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.testing.InlineTiles;
import io.ketju.tensor.testing.Operand;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Vector updates against the scalar ones, bit for bit, over several steps, guards included. At every vector width. */
class UpdatesVectorTest {
    private static final int STEPS = 3;
    private static final int STATES = 3;
    private static final int[] SIZES = {0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33, 100, Ranges.TILE + 19};
    private static final List<GradientOptions> OPTIONS = List.of(
            GradientOptions.NONE, new GradientOptions(0.01, false, true), new GradientOptions(0.02, true, false));
    private static final TensorCore THREADS = TensorCore.open(3);
    private static final List<UpdateKernels> VECTOR =
            List.of(new VectorUpdates(new InlineTiles()), THREADS.kernels().update());

    private final UpdateKernels scalar = new ScalarUpdates();

    @AfterAll
    static void close() {
        THREADS.close();
    }

    /** One step of an optimizer. */
    private interface Update {
        void run(UpdateKernels kernels, int step, Tensor w, Tensor dw, Tensor[] state);
    }

    @Test
    void sgd() {
        for (GradientOptions o : OPTIONS) {
            same(
                    "sgd " + o,
                    (kernels, step, w, dw, state) -> kernels.sgd(
                            new SgdStep(0.1, 0, 0, o.weightDecay(), false, step == 1, o.maximize()), w, dw, null));
            for (boolean nesterov : new boolean[] {false, true}) {
                double dampening = nesterov ? 0 : 0.2;
                same(
                        "sgd nesterov " + nesterov + " " + o,
                        (kernels, step, w, dw, state) -> kernels.sgd(
                                new SgdStep(0.1, 0.9, dampening, o.weightDecay(), nesterov, step == 1, o.maximize()),
                                w,
                                dw,
                                state[0]));
            }
        }
    }

    @Test
    void adam() {
        for (GradientOptions o : OPTIONS) {
            for (double beta1 : new double[] {0.9, 0.3, 0}) {
                same(
                        "adam " + beta1 + " " + o,
                        (kernels, step, w, dw, state) -> kernels.adam(
                                new AdamStep(1e-3, beta1, 0.999, 1e-8, o, step), w, dw, state[0], state[1]));
            }
            same(
                    "amsgrad " + o,
                    (kernels, step, w, dw, state) -> kernels.adam(
                            new AdamStep(1e-3, 0.9, 0.5, 1e-8, o, step), w, dw, state[0], state[1], state[2]));
        }
    }

    @Test
    void relativesOfAdam() {
        for (GradientOptions o : OPTIONS) {
            same(
                    "adamax " + o,
                    (kernels, step, w, dw, state) -> kernels.adamax(
                            new AdamaxStep(2e-3, 0.9, 0.99, 1e-8, o.weightDecay(), step, o.maximize()),
                            w,
                            dw,
                            state[0],
                            state[1]));
            same(
                    "nadam " + o,
                    (kernels, step, w, dw, state) -> kernels.nadam(
                            new NadamStep(2e-3, 0.9, 0.999, 1e-8, 4e-3, 0.7, o, step), w, dw, state[0], state[1]));
            for (int skipped : new int[] {0, 10}) {
                same(
                        "radam after " + skipped + " " + o,
                        (kernels, step, w, dw, state) -> kernels.radam(
                                new RadamStep(2e-3, 0.9, 0.999, 1e-8, o, step + skipped), w, dw, state[0], state[1]));
            }
        }
    }

    @Test
    void sparseAdam() {
        for (boolean maximize : new boolean[] {false, true}) {
            same(
                    "sparse adam " + maximize,
                    (kernels, step, w, dw, state) -> kernels.sparseAdam(
                            new SparseAdamStep(2e-3, 0.9, 0.999, 1e-8, step, maximize), w, dw, state[0], state[1]));
        }
    }

    @Test
    void adaptiveRates() {
        for (GradientOptions o : OPTIONS) {
            same(
                    "adagrad " + o,
                    (kernels, step, w, dw, state) -> kernels.adagrad(
                            new AdagradStep(0.1, 0.1, o.weightDecay(), 1e-10, step, o.maximize()), w, dw, state[0]));
            same(
                    "adadelta " + o,
                    (kernels, step, w, dw, state) -> kernels.adadelta(
                            new AdadeltaStep(1, 0.9, 1e-6, o.weightDecay(), o.maximize()), w, dw, state[0], state[1]));
            for (int parts = 0; parts < 4; parts++) {
                boolean centered = (parts & 1) != 0;
                boolean momentum = (parts & 2) != 0;
                same(
                        "rmsprop " + parts + " " + o,
                        (kernels, step, w, dw, state) -> kernels.rmsprop(
                                new RmspropStep(0.01, 0.99, 1e-8, o.weightDecay(), 0.9, o.maximize()),
                                w,
                                dw,
                                state[0],
                                centered ? state[1] : null,
                                momentum ? state[2] : null));
            }
        }
    }

    @Test
    void othersAndClipping() {
        for (GradientOptions o : OPTIONS) {
            same(
                    "rprop " + o,
                    (kernels, step, w, dw, state) ->
                            kernels.rprop(new RpropStep(0.5, 1.2, 0.01, 0.5, o.maximize()), w, dw, state[0], state[1]));
            for (double t0 : new double[] {0, 1e6}) {
                same(
                        "asgd " + t0 + " " + o,
                        (kernels, step, w, dw, state) -> kernels.asgd(
                                new AsgdStep(0.1, 1e-2, 0.75, t0, o.weightDecay(), step, o.maximize()),
                                w,
                                dw,
                                state[0]));
            }
        }
        for (boolean maximize : new boolean[] {false, true}) {
            same(
                    "displacement " + maximize,
                    (kernels, step, w, dw, state) ->
                            kernels.sgd(new DisplacementStep(0.1, 0.9, 1e-2, maximize), w, dw, state[0]));
            same(
                    "lion " + maximize,
                    (kernels, step, w, dw, state) ->
                            kernels.lion(new LionStep(1e-2, 0.9, 0.99, 0.1, maximize), w, dw, state[0]));
            same("lamb " + maximize, (kernels, step, w, dw, state) -> {
                state[2].copyFrom(dw);
                LambStep values = new LambStep(0.9, 0.999, 1e-6, 0.01, step, maximize);
                kernels.lambDirection(values, w, state[2], state[0], state[1]);
            });
        }
        for (double weight : new double[] {0.1, 0.5, 1}) {
            same("average " + weight, (kernels, step, w, dw, state) -> kernels.average(weight, w, state[0]));
        }
        same("scale", (kernels, step, w, dw, state) -> kernels.scaleGradient(0.3f, w));
        same("add weight", (kernels, step, w, dw, state) -> kernels.addWeight(0.3f, dw, w));
        same("add sign", (kernels, step, w, dw, state) -> kernels.addSign(0.3f, dw, w));
        same("clip", (kernels, step, w, dw, state) -> kernels.clipGradient(0.5f, w));
    }

    @Test
    void movedWeights() {
        same("moved", (kernels, step, w, dw, state) -> kernels.moved(-0.3, w, dw, state[0]));
        same("drift", (kernels, step, w, dw, state) -> kernels.drift(0.7, w, dw, state[0]));
        same("course of Adam", (kernels, step, w, dw, state) -> {
            AdamCourse course = new AdamCourse(0.03, 0.99, 0.9, 0.999, 1e-8, step);
            kernels.adamCourse(course, w, dw, state[0], state[1]);
        });
    }

    /** Three steps, the last with special values in the gradient and in the weights. */
    private void same(String what, Update update) {
        for (int size : SIZES) {
            Shape shape = Shape.of(size);
            Operand[] start = IntStream.rangeClosed(0, STATES)
                    .mapToObj(i -> Operand.uniform(size, "state " + i, shape))
                    .toArray(Operand[]::new);
            // Averages of squares are not negative.
            for (int i = 1; i <= STATES; i++) {
                for (int k = 0; k < size; k++) {
                    start[i].tensor.setFloat(k, Math.abs(start[i].tensor.getFloat(k)));
                }
            }
            Operand[] expected = steps(scalar, update, start, size);
            for (UpdateKernels kernels : VECTOR) {
                Operand[] actual = steps(kernels, update, start, size);
                for (int i = 0; i <= STATES; i++) {
                    actual[i].assertSameBits(what + ", size " + size + ", operand " + i, expected[i]);
                }
            }
        }
    }

    private static Operand[] steps(UpdateKernels kernels, Update update, Operand[] start, int size) {
        Operand[] all =
                IntStream.range(0, start.length).mapToObj(i -> start[i].copy()).toArray(Operand[]::new);
        Tensor[] state =
                IntStream.range(1, all.length).mapToObj(i -> all[i].tensor).toArray(Tensor[]::new);
        for (int step = 1; step <= STEPS; step++) {
            Shape shape = Shape.of(size);
            Operand dw = step == STEPS ? Operand.special(step, "dw", shape) : Operand.uniform(step, "dw", shape);
            Operand before = dw.copy();
            if (step == STEPS) {
                Operand special = Operand.special(7, "w", shape);
                for (int i = 0; i < size; i += 3) {
                    all[0].tensor.setFloat(i, special.tensor.getFloat(i));
                }
            }
            update.run(kernels, step, all[0].tensor, dw.tensor, state);
            dw.assertSameBits("gradient", before);
        }
        return all;
    }
}
