package io.ketju.benchmarks.steps;

import io.ketju.benchmarks.steps.Parameters.Parameter;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.reduction.Reduction;

/** Adds a learned row for each position, the same in every sample; in place. */
final class PositionsStep implements Step {
    private final Kernels kernels;
    private final Value x;
    private final Parameter table;
    private final Tensor samples;
    private final Tensor sampleGradients;

    PositionsStep(Kit kit, Value x, int length, int width) {
        this.x = x;
        kernels = kit.kernels();
        table = kit.parameters().overwritten(length, width);
        Shape bySample = Shape.of(x.tensor().elements() / (length * width), length * width);
        samples = x.tensor().view(bySample);
        sampleGradients = x.gradient().view(bySample);
    }

    @Override
    public void forward() {
        kernels.elementwise().addRow(samples, table.w(), samples);
    }

    @Override
    public void backward() {
        kernels.reduction().columns(Reduction.SUM, sampleGradients, table.dw());
    }

    @Override
    public Value y() {
        return x;
    }
}
