package io.ketju.benchmarks.steps;

import io.ketju.benchmarks.steps.Parameters.Parameter;
import io.ketju.tensor.kernel.normalization.NormalizationKernels;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Affine;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Gradients;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.RowStatistics;
import io.ketju.tensor.kernel.normalization.RowNorm;

/** Layer normalization of rows. */
final class LayerNormStep implements Step {
    private final NormalizationKernels normalization;
    private final RowNorm norm;
    private final Affine affine;
    private final RowStatistics statistics;
    private final Gradients gradients;
    private final Value x;
    private final Value y;

    LayerNormStep(Kit kit, Value x, int columns) {
        this.x = x;
        normalization = kit.kernels().normalization();
        int rows = x.tensor().elements() / columns;
        norm = new RowNorm(rows, columns, 1e-5);
        Parameter gain = kit.parameters().gain(columns);
        Parameter bias = kit.parameters().bias(columns);
        affine = new Affine(gain.w(), bias.w());
        statistics = new RowStatistics(kit.floats(rows), kit.floats(rows));
        gradients = new Gradients(x.gradient(), gain.dw(), bias.dw());
        y = kit.value(rows, columns);
    }

    @Override
    public void forward() {
        normalization.layerNormForward(norm, affine, x.tensor(), statistics, y.tensor());
    }

    @Override
    public void backward() {
        normalization.layerNormBackward(norm, affine.gamma(), statistics, x.tensor(), y.gradient(), gradients);
    }

    @Override
    public Value y() {
        return y;
    }
}
