package io.ketju.layers.activation;

import io.ketju.layers.Axis;
import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.elementwise.Unary;
import io.ketju.tensor.kernel.softmax.SoftmaxKernels;

/**
 * Softmax and its like along one dimension, as torch.nn.Softmax, LogSoftmax and Softmin. Backward reads the output.
 *
 * @param kind which one
 * @param dim not that of the samples; from the end where it is negative
 */
public record SoftmaxAlong(Kind kind, int dim) implements OneToOne {
    /** Which one. */
    public enum Kind {
        /** Shares of 1, the larger the more: {@code eˣ / Σ eˣ}. */
        SOFTMAX("Softmax", "Numbers to shares of 1, the larger the more", "eˣ / Σ eˣ"),
        /** The logarithms of the shares: {@code x - log Σ eˣ}. */
        LOG_SOFTMAX("LogSoftmax", "The logarithms of the shares", "x - log Σ eˣ"),
        /** Shares of 1, the smaller the more: {@code e⁻ˣ / Σ e⁻ˣ}. */
        SOFTMIN("Softmin", "Numbers to shares of 1, the smaller the more", "e⁻ˣ / Σ e⁻ˣ");

        private final String text;
        private final String summary;
        private final String formula;

        Kind(String text, String summary, String formula) {
            this.text = text;
            this.summary = summary;
            this.formula = formula;
        }
    }

    private static final int FLOPS = 25;

    public static final Entry<Layer> SOFTMAX = entry(Kind.SOFTMAX);
    public static final Entry<Layer> LOG_SOFTMAX = entry(Kind.LOG_SOFTMAX);
    public static final Entry<Layer> SOFTMIN = entry(Kind.SOFTMIN);

    private static Entry<Layer> entry(Kind kind) {
        return Description.of(kind.text, kind.summary)
                .required("dim", "the dimension that is summed over, not the first; from the end where it is negative")
                .formula(kind.formula)
                .shapes("[samples, ...] to the same")
                .source("torch.nn." + kind.text)
                .readBy(arguments -> new SoftmaxAlong(kind, arguments.integer("dim")));
    }

    @Override
    public Spec spec() {
        return Spec.of(kind.text).with("dim", dim);
    }

    @Override
    public TensorType output(TensorType input) {
        Axis.of(input.shape(), dim);
        return input;
    }

    /** Room for the input or the gradient, and for the output, with the dimension innermost. */
    @Override
    public Footprint footprint(TensorType input) {
        TensorType room = Axis.of(input.shape(), dim).room();
        return Footprint.NOTHING.inputGradientReading(Port.output(0)).workingIn(room, room);
    }

    @Override
    public long forwardFlops(TensorType input) {
        return (long) input.shape().elements() * FLOPS;
    }

    @Override
    public void forward(Pass pass) {
        Kernels kernels = pass.kernels();
        Axis axis = Axis.of(pass.input(0).shape(), dim);
        Tensor input = axis.toLast(kernels, pass.input(0), pass.workspace(0));
        Tensor output = (axis.last() ? pass.output(0) : pass.workspace(1)).view(input.shape());
        SoftmaxKernels softmax = kernels.softmax();
        switch (kind) {
            case SOFTMAX -> softmax.softmaxForward(input, output);
            case LOG_SOFTMAX -> softmax.logSoftmaxForward(input, output);
            case SOFTMIN -> {
                kernels.elementwise().unary(Unary.NEG, input, output);
                softmax.softmaxForward(output, output);
            }
        }
        axis.fromLast(kernels, output, pass.output(0));
    }

    @Override
    public void backwardInput(Pass pass) {
        Kernels kernels = pass.kernels();
        Axis axis = Axis.of(pass.output(0).shape(), dim);
        Tensor output = axis.toLast(kernels, pass.output(0), pass.workspace(1));
        Tensor gradOutput = axis.toLast(kernels, pass.gradOutput(0), pass.workspace(0));
        Tensor gradInput = (axis.last() ? pass.gradInput(0) : pass.workspace(0)).view(output.shape());
        if (kind == Kind.LOG_SOFTMAX) {
            kernels.softmax().logSoftmaxBackward(output, gradOutput, gradInput);
        } else {
            kernels.softmax().softmaxBackward(output, gradOutput, gradInput);
        }
        if (kind == Kind.SOFTMIN) {
            kernels.elementwise().unary(Unary.NEG, gradInput, gradInput);
        }
        axis.fromLast(kernels, gradInput, pass.gradInput(0));
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
