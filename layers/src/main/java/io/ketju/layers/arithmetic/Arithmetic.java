package io.ketju.layers.arithmetic;

import io.ketju.layers.Footprint;
import io.ketju.layers.Inputs;
import io.ketju.layers.Layer;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.elementwise.Binary;
import io.ketju.tensor.kernel.elementwise.ElementwiseKernels;
import io.ketju.tensor.kernel.elementwise.Unary;
import java.util.List;
import java.util.Locale;

/**
 * Arithmetic of two tensors, element by element; the second may be repeated ({@link Broadcast}).
 *
 * @param kind which one
 */
public record Arithmetic(Kind kind) implements Layer {
    /** Which one; the kernel computes {@code y = f(a, b)}. */
    public enum Kind {
        SUB("Sub", "The difference of two tensors", "y = a - b", Binary.SUBTRACT),
        MUL("Mul", "The product of two tensors, element by element", "y = a · b", Binary.MULTIPLY),
        DIV("Div", "The quotient of two tensors, element by element", "y = a / b", Binary.DIVIDE);

        private final String text;
        private final String summary;
        private final String formula;
        private final Binary function;

        Kind(String text, String summary, String formula, Binary function) {
            this.text = text;
            this.summary = summary;
            this.formula = formula;
            this.function = function;
        }
    }

    public static final Entry<Layer> SUB = entry(Kind.SUB);
    public static final Entry<Layer> MUL = entry(Kind.MUL);
    public static final Entry<Layer> DIV = entry(Kind.DIV);

    private static Entry<Layer> entry(Kind kind) {
        return Description.of(kind.text, kind.summary)
                .formula(kind.formula)
                .shapes("a, and b of the same shape or of one that can be repeated along neighbouring dimensions, as"
                        + " [samples, 1], [channels, 1, 1] or [features], to that of a")
                .source("torch." + kind.text.toLowerCase(Locale.ROOT))
                .always(new Arithmetic(kind));
    }

    private static final int A = 0;
    private static final int B = 1;
    private static final int REPEATED = 0;
    private static final int GRADIENT = 1;
    private static final int MOVED = 2;

    @Override
    public Spec spec() {
        return Spec.of(kind.text);
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        Inputs.require(inputs, 2);
        Inputs.requireFloats(inputs, A);
        Inputs.requireFloats(inputs, B);
        broadcast(inputs);
        return List.of(inputs.get(A));
    }

    private static Broadcast broadcast(List<TensorType> inputs) {
        return Broadcast.of(inputs.get(A).shape(), inputs.get(B).shape());
    }

    /** Of a difference backward reads nothing; of the others both operands. */
    @Override
    public Footprint footprint(List<TensorType> inputs) {
        TensorType room = broadcast(inputs).room();
        Footprint footprint = Footprint.NOTHING.workingIn(room, kind == Kind.SUB ? room : inputs.get(A), room);
        return kind == Kind.SUB ? footprint : footprint.inputGradientReading(Port.input(A), Port.input(B));
    }

    @Override
    public long forwardFlops(List<TensorType> inputs) {
        return inputs.get(A).shape().elements();
    }

    @Override
    public void forward(Pass pass) {
        Broadcast broadcast = Broadcast.of(pass.input(A).shape(), pass.input(B).shape());
        Tensor b = broadcast.repeat(pass.kernels(), pass.input(B), pass.workspace(REPEATED));
        pass.kernels().elementwise().binary(kind.function, pass.input(A), b, pass.output(0));
    }

    /**
     * Of a difference {@code dy} and {@code -Σ dy}; of a product {@code dy · b} and {@code Σ dy · a}; of a quotient {@code dy / b}
     * and {@code -Σ (dy / b) · (a / b)}.
     */
    @Override
    public void backwardInput(Pass pass) {
        if (kind == Kind.SUB) {
            subtract(pass);
            return;
        }
        Kernels kernels = pass.kernels();
        ElementwiseKernels elementwise = kernels.elementwise();
        Tensor gradOutput = pass.gradOutput(0);
        Broadcast broadcast = Broadcast.of(gradOutput.shape(), pass.input(B).shape());
        Tensor b = broadcast.repeat(kernels, pass.input(B), pass.workspace(REPEATED));
        if (pass.wantsGradient(A)) {
            elementwise.binary(kind.function, gradOutput, b, pass.gradInput(A));
        }
        if (pass.wantsGradient(B)) {
            Tensor whole = pass.workspace(GRADIENT);
            if (kind == Kind.MUL) {
                elementwise.binary(Binary.MULTIPLY, gradOutput, pass.input(A), whole);
            } else {
                elementwise.binary(Binary.DIVIDE, pass.input(A), b, whole);
                elementwise.binary(Binary.MULTIPLY, gradOutput, whole, whole);
                elementwise.binary(Binary.DIVIDE, whole, b, whole);
                elementwise.unary(Unary.NEG, whole, whole);
            }
            put(pass, broadcast, whole);
        }
    }

    private static void subtract(Pass pass) {
        ElementwiseKernels elementwise = pass.kernels().elementwise();
        Tensor gradOutput = pass.gradOutput(0);
        if (pass.wantsGradient(A)) {
            elementwise.copy(gradOutput, pass.gradInput(A));
        }
        if (pass.wantsGradient(B)) {
            Broadcast broadcast =
                    Broadcast.of(gradOutput.shape(), pass.gradInput(B).shape());
            put(pass, broadcast, gradOutput);
            elementwise.unary(Unary.NEG, pass.gradInput(B), pass.gradInput(B));
        }
    }

    private static void put(Pass pass, Broadcast broadcast, Tensor whole) {
        if (broadcast.same()) {
            pass.kernels().elementwise().copy(whole, pass.gradInput(B));
        } else {
            broadcast.sum(pass.kernels(), whole, pass.workspace(MOVED), pass.gradInput(B));
        }
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
