package io.ketju.layers.arithmetic;

import io.ketju.layers.Footprint;
import io.ketju.layers.Increment;
import io.ketju.layers.Inputs;
import io.ketju.layers.Layer;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.elementwise.Binary;
import io.ketju.tensor.kernel.elementwise.ElementwiseKernels;
import io.ketju.tensor.kernel.elementwise.Unary;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Arithmetic of two tensors, element by element, with PyTorch's broadcasting.
 *
 * @param kind which one
 */
public record Arithmetic(Kind kind) implements Layer {
    /** Which one; the kernel computes {@code y = f(a, b)}. */
    public enum Kind {
        /** {@code a - b}. */
        SUB("Sub", "The difference of two tensors", "y = a - b", Binary.SUBTRACT),
        /** {@code a · b}, element by element. */
        MUL("Mul", "The product of two tensors, element by element", "y = a · b", Binary.MULTIPLY),
        /** {@code a / b}, element by element. */
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
                .shapes(Operands.SHAPES)
                .source("torch." + kind.text.toLowerCase(Locale.ROOT))
                .always(new Arithmetic(kind));
    }

    private static final int A = 0;
    private static final int B = 1;
    private static final int GRADIENT = Operands.workspaces(2);

    @Override
    public Spec spec() {
        return Spec.of(kind.text);
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        Inputs.require(inputs, 2);
        Inputs.requireFloats(inputs, A);
        Inputs.requireFloats(inputs, B);
        return List.of(TensorType.floats(Broadcast.together(inputs)));
    }

    /** Of a difference backward reads nothing; of the others both operands. */
    @Override
    public Footprint footprint(List<TensorType> inputs) {
        Footprint footprint = Operands.working(Footprint.NOTHING, inputs)
                .workingIn(outputs(inputs).getFirst());
        return kind == Kind.SUB ? footprint : footprint.inputGradientReading(Port.input(A), Port.input(B));
    }

    @Override
    public long forwardFlops(List<TensorType> inputs) {
        return outputs(inputs).getFirst().shape().elements();
    }

    /** Of sequences alone, neither of which is repeated. */
    @Override
    public Optional<Increment> increment(List<Increment.Given> given, List<TensorType> inputs) {
        boolean alike = inputs.get(A).equals(inputs.get(B));
        return alike ? Increment.positionwise(this, given) : Optional.empty();
    }

    @Override
    public void forward(Pass pass) {
        Tensor output = pass.output(0);
        Tensor a = Operands.repeated(pass, A, output.shape());
        Tensor b = Operands.repeated(pass, B, output.shape());
        pass.kernels().elementwise().binary(kind.function, a, b, output);
    }

    /**
     * Of a difference {@code Σ dy} and {@code -Σ dy}; of a product {@code Σ dy · b} and {@code Σ dy · a}; of a quotient {@code Σ
     * dy / b} and {@code -Σ (dy / b) · (a / b)}.
     */
    @Override
    public void backwardInput(Pass pass) {
        if (kind == Kind.SUB) {
            subtract(pass);
            return;
        }
        ElementwiseKernels elementwise = pass.kernels().elementwise();
        Tensor gradOutput = pass.gradOutput(0);
        Tensor whole = pass.workspace(GRADIENT);
        Tensor a = Operands.repeated(pass, A, gradOutput.shape());
        Tensor b = Operands.repeated(pass, B, gradOutput.shape());
        if (pass.wantsGradient(A)) {
            boolean same = pass.gradInput(A).shape().equals(gradOutput.shape());
            elementwise.binary(kind.function, gradOutput, b, same ? pass.gradInput(A) : whole);
            if (!same) {
                Operands.putGradient(pass, A, whole);
            }
        }
        if (pass.wantsGradient(B)) {
            if (kind == Kind.MUL) {
                elementwise.binary(Binary.MULTIPLY, gradOutput, a, whole);
            } else {
                elementwise.binary(Binary.DIVIDE, a, b, whole);
                elementwise.binary(Binary.MULTIPLY, gradOutput, whole, whole);
                elementwise.binary(Binary.DIVIDE, whole, b, whole);
                elementwise.unary(Unary.NEG, whole, whole);
            }
            Operands.putGradient(pass, B, whole);
        }
    }

    private static void subtract(Pass pass) {
        if (pass.wantsGradient(A)) {
            Operands.putGradient(pass, A, pass.gradOutput(0));
        }
        if (pass.wantsGradient(B)) {
            Operands.putGradient(pass, B, pass.gradOutput(0));
            pass.kernels().elementwise().unary(Unary.NEG, pass.gradInput(B), pass.gradInput(B));
        }
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
