package io.ketju.benchmarks.kernels;

import io.ketju.benchmarks.kernels.KernelCall.Made;
import io.ketju.benchmarks.kernels.KernelCall.Maker;
import io.ketju.benchmarks.peers.WorkSpec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.attention.Attention;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Affine;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Gradients;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.RowStatistics;
import io.ketju.tensor.kernel.normalization.RowNorm;
import java.util.Map;

/** Kernels over rows with parameters or states of their own: layer normalization; attention: heads, length, width. */
final class RowCalls {
    static final Map<String, Maker> MAKERS =
            Map.of("layer_norm", layerNorm(), "layer_norm_backward", layerNormBackward(), "attention", attention());

    private RowCalls() {}

    private static RowNorm norm(WorkSpec spec) {
        return new RowNorm(spec.number("rows"), spec.number("columns"), 1e-5);
    }

    private static RowStatistics statistics(Operands operands, RowNorm norm) {
        return new RowStatistics(operands.zeros(norm.rows()), operands.zeros(norm.rows()));
    }

    private static Maker layerNorm() {
        return (core, operands, spec) -> {
            RowNorm norm = norm(spec);
            Tensor x = operands.uniform(1, 1, norm.rows(), norm.columns());
            Affine affine = new Affine(operands.uniform(2, 1, norm.columns()), operands.uniform(3, 1, norm.columns()));
            RowStatistics saved = statistics(operands, norm);
            Tensor y = operands.zeros(norm.rows(), norm.columns());
            return Made.of(() -> core.kernels().normalization().layerNormForward(norm, affine, x, saved, y), y);
        };
    }

    private static Maker layerNormBackward() {
        return (core, operands, spec) -> {
            RowNorm norm = norm(spec);
            Tensor x = operands.uniform(1, 1, norm.rows(), norm.columns());
            Tensor gamma = operands.uniform(2, 1, norm.columns());
            Tensor dy = operands.uniform(4, 1, norm.rows(), norm.columns());
            RowStatistics saved = statistics(operands, norm);
            Tensor dx = operands.zeros(norm.rows(), norm.columns());
            // Of the forward pass only the statistics stay.
            core.kernels().normalization().layerNormForward(norm, new Affine(gamma, null), x, saved, dx);
            Tensor dgamma = operands.zeros(norm.columns());
            Tensor dbeta = operands.zeros(norm.columns());
            Gradients gradients = new Gradients(dx, dgamma, dbeta);
            return Made.of(
                    () -> core.kernels().normalization().layerNormBackward(norm, gamma, saved, x, dy, gradients),
                    dx,
                    dgamma,
                    dbeta);
        };
    }

    /** Forward and backward. */
    private static Maker attention() {
        return (core, operands, spec) -> {
            int length = spec.number("length");
            Attention.Sizes sizes = new Attention.Sizes(
                    spec.number("batch"), spec.number("heads"), length, length, spec.number("width"));
            Attention all = Attention.of(sizes);
            Attention shape = spec.number("causal") == 1 ? all.causal() : all;
            int[] each = sizes.queryShape().toArray();
            Attention.Operands inputs = new Attention.Operands(
                    operands.uniform(1, 1, each), operands.uniform(2, 1, each), operands.uniform(3, 1, each));
            Tensor dy = operands.uniform(4, 1, each);
            Attention.Result result = new Attention.Result(
                    operands.zeros(each), operands.zeros(sizes.rowShape().toArray()));
            Attention.Operands gradients =
                    new Attention.Operands(operands.zeros(each), operands.zeros(each), operands.zeros(each));
            return Made.of(
                    () -> {
                        core.kernels().attention().forward(shape, inputs, result);
                        core.kernels()
                                .attention()
                                .backward(shape, inputs, result, dy, Attention.Gradients.of(gradients));
                    },
                    result.y(),
                    gradients.q(),
                    gradients.k(),
                    gradients.v());
        };
    }
}
