package io.ketju.benchmarks.kernels;

import static java.util.Map.entry;

import io.ketju.benchmarks.kernels.KernelCall.Made;
import io.ketju.benchmarks.kernels.KernelCall.Maker;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.activation.Activation;
import io.ketju.tensor.kernel.update.AdamStep;
import io.ketju.tensor.kernel.update.SgdStep;
import java.util.Map;

/** Kernels over n elements, or over rows and columns. A new one is one entry here and a function in {@code elements.py}. */
final class ElementCalls {
    private static final float SCALE = 4;

    static final Map<String, Maker> MAKERS = Map.ofEntries(
            entry("relu", forward((kernels, x, y) -> kernels.activation().reluForward(x, y))),
            entry(
                    "relu_backward",
                    backward(SCALE, (kernels, s, dy, dx) -> kernels.activation().reluBackward(s, dy, dx))),
            entry("tanh", forward((kernels, x, y) -> kernels.activation().tanhForward(x, y))),
            entry(
                    "tanh_backward",
                    backward(1, (kernels, s, dy, dx) -> kernels.activation().tanhBackward(s, dy, dx))),
            entry("sigmoid", activation(Activation.SIGMOID)),
            entry("silu", activation(Activation.SILU)),
            entry("gelu", activation(Activation.GELU)),
            entry("gelu_tanh", activation(Activation.GELU_TANH)),
            entry(
                    "gelu_backward",
                    backward(SCALE, (kernels, s, dy, dx) -> kernels.activation().backward(Activation.GELU, s, dy, dx))),
            entry("exp", forward((kernels, x, y) -> kernels.activation().exp(x, y))),
            entry("softmax", rows((kernels, x, y) -> kernels.softmax().softmaxForward(x, y))),
            entry("cross_entropy", ElementCalls.crossEntropy()),
            entry("adam", adam()),
            entry("sgd", sgd()),
            entry("triad", triad()));

    /** From x to y. */
    @FunctionalInterface
    interface Forward {
        void run(Kernels kernels, Tensor x, Tensor y);
    }

    /** From what forward saved and dy to dx. */
    @FunctionalInterface
    interface Backward {
        void run(Kernels kernels, Tensor saved, Tensor dy, Tensor dx);
    }

    private ElementCalls() {}

    private static Maker forward(Forward kernel) {
        return (core, operands, spec) -> {
            Tensor x = operands.uniform(1, SCALE, spec.number("n"));
            Tensor y = operands.zeros(spec.number("n"));
            return Made.of(() -> kernel.run(core.kernels(), x, y), y);
        };
    }

    private static Maker activation(Activation function) {
        return forward((kernels, x, y) -> kernels.activation().forward(function, x, y));
    }

    private static Maker backward(float scale, Backward kernel) {
        return (core, operands, spec) -> {
            Tensor saved = operands.uniform(1, scale, spec.number("n"));
            Tensor dy = operands.uniform(2, 1, spec.number("n"));
            Tensor dx = operands.zeros(spec.number("n"));
            return Made.of(() -> kernel.run(core.kernels(), saved, dy, dx), dx);
        };
    }

    private static Maker rows(Forward kernel) {
        return (core, operands, spec) -> {
            Tensor x = operands.uniform(1, SCALE, spec.number("rows"), spec.number("columns"));
            Tensor y = operands.zeros(spec.number("rows"), spec.number("columns"));
            return Made.of(() -> kernel.run(core.kernels(), x, y), y);
        };
    }

    private static Maker crossEntropy() {
        return (core, operands, spec) -> {
            int rows = spec.number("rows");
            int columns = spec.number("columns");
            Tensor logits = operands.uniform(1, SCALE, rows, columns);
            Tensor targets = operands.classes(columns, 2, rows);
            Tensor losses = operands.zeros(rows);
            Tensor dlogits = operands.zeros(rows, columns);
            return Made.of(
                    () -> core.kernels().loss().crossEntropy(logits, targets, 0.125f, losses, dlogits),
                    losses,
                    dlogits);
        };
    }

    private static Maker adam() {
        AdamStep step = new AdamStep(1e-3, 0.9, 0.999, 1e-8, 0, 1);
        return (core, operands, spec) -> {
            int n = spec.number("n");
            Tensor w = operands.uniform(1, 1, n);
            Tensor dw = operands.uniform(2, 1, n);
            Tensor m = operands.uniform(3, 1, n);
            Tensor v = operands.magnitudes(4, n);
            return Made.of(() -> core.kernels().update().adam(step, w, dw, m, v), w, m, v);
        };
    }

    private static Maker sgd() {
        SgdStep step = new SgdStep(1e-3, 0.9, 0, 0, false, false);
        return (core, operands, spec) -> {
            int n = spec.number("n");
            Tensor w = operands.uniform(1, 1, n);
            Tensor dw = operands.uniform(2, 1, n);
            Tensor buffer = operands.uniform(3, 1, n);
            return Made.of(() -> core.kernels().update().sgd(step, w, dw, buffer), w, buffer);
        };
    }

    private static Maker triad() {
        return (core, operands, spec) -> {
            int n = spec.number("n");
            Tensor a = operands.zeros(n);
            Triad triad = new Triad(a, operands.uniform(1, 1, n), operands.uniform(2, 1, n));
            return Made.of(() -> triad.run(core), a);
        };
    }
}
