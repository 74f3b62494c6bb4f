package io.ketju.benchmarks.steps;

import io.ketju.tensor.kernel.elementwise.Binary;
import io.ketju.tensor.kernel.elementwise.ElementwiseKernels;

/**
 * Two convolutions of 3 x 3 beside a shortcut, as He and others, "Deep residual learning", figure 2; with a stride the
 * shortcut is a convolution of 1 x 1 (their option B).
 */
final class BasicBlock implements Step {
    private final ElementwiseKernels elementwise;
    private final Value x;
    private final Chain main = new Chain();
    private final Chain projection = new Chain();
    /** x once more, with a gradient of its own: what comes through the shortcut. */
    private final Value aside;

    private final BatchNormStep last;

    BasicBlock(Kit kit, Value x, int out, int stride) {
        this.x = x;
        elementwise = kit.kernels().elementwise();
        aside = new Value(x.tensor(), kit.floats(x.tensor().shape().toArray()));
        Value first = main.add(new ConvolutionStep(kit, x, out, 3, stride));
        Value second = main.add(new ConvolutionStep(kit, main.add(BatchNormStep.thenRelu(kit, first)), out, 3, 1));
        Value shortcut = aside;
        if (stride != 1) {
            Value projected = projection.add(new ConvolutionStep(kit, aside, out, 1, stride));
            shortcut = projection.add(BatchNormStep.of(kit, projected));
        }
        last = BatchNormStep.thenAddAndRelu(kit, second, shortcut);
    }

    @Override
    public void forward() {
        main.forward();
        projection.forward();
        last.forward();
    }

    @Override
    public void backward() {
        last.backward();
        projection.backward();
        main.backward();
        elementwise.binary(Binary.ADD, x.gradient(), aside.gradient(), x.gradient());
    }

    @Override
    public Value y() {
        return last.y();
    }

    @Override
    public double flops() {
        return main.flops() + projection.flops();
    }
}
