package io.ketju.benchmarks.steps;

import io.ketju.benchmarks.steps.Parameters.Parameter;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.normalization.BatchNorm;
import io.ketju.tensor.kernel.normalization.BatchNorm.Epilogue;
import io.ketju.tensor.kernel.normalization.NormalizationKernels;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Affine;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.BatchNormOperands;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.ChannelStatistics;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Gradients;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalization of a convolution's result and what follows it: nothing, ReLU, or the sum with a shortcut and ReLU.
 * The shortcut's gradient is that before the sum.
 */
final class BatchNormStep implements Step {
    private static final double EPSILON = 1e-5;
    private static final double MOMENTUM = 0.1;

    private final NormalizationKernels normalization;
    private final BatchNorm norm;
    private final Affine affine;
    private final ChannelStatistics batch;
    private final ChannelStatistics running;
    private final @Nullable Value shortcut;
    private final Value x;
    private final Value y;
    private final BatchNormOperands operands;
    private final Gradients gradients;

    private BatchNormStep(Kit kit, Value x, Epilogue epilogue, @Nullable Value shortcut) {
        this.x = x;
        this.shortcut = shortcut;
        normalization = kit.kernels().normalization();
        Shape shape = x.tensor().shape();
        int channels = shape.dimension(1);
        norm = new BatchNorm(shape.dimension(0), channels, shape.dimension(2) * shape.dimension(3), EPSILON, epilogue);
        Parameter gain = kit.parameters().gain(channels);
        Parameter bias = kit.parameters().bias(channels);
        affine = new Affine(gain.w(), bias.w());
        batch = new ChannelStatistics(kit.floats(channels), kit.floats(channels));
        running = new ChannelStatistics(kit.floats(channels), kit.floats(channels));
        // In place: the gradient of y is not needed any more.
        Tensor dy = x.gradient();
        y = new Value(kit.floats(shape.toArray()), dy);
        operands = shortcut == null
                ? new BatchNormOperands(x.tensor(), dy)
                : new BatchNormOperands(x.tensor(), dy, y.tensor(), shortcut.gradient());
        gradients = new Gradients(dy, gain.dw(), bias.dw());
    }

    /** Alone. */
    static BatchNormStep of(Kit kit, Value x) {
        return new BatchNormStep(kit, x, Epilogue.NONE, null);
    }

    static BatchNormStep thenRelu(Kit kit, Value x) {
        return new BatchNormStep(kit, x, Epilogue.RELU, null);
    }

    static BatchNormStep thenAddAndRelu(Kit kit, Value x, Value shortcut) {
        return new BatchNormStep(kit, x, Epilogue.ADD_RELU, shortcut);
    }

    @Override
    public void forward() {
        Tensor residual = shortcut == null ? null : shortcut.tensor();
        normalization.batchNormForward(norm, affine, x.tensor(), residual, batch, y.tensor());
        normalization.batchNormCommit(norm, MOMENTUM, batch, running);
    }

    @Override
    public void backward() {
        normalization.batchNormBackward(norm, affine, batch, operands, gradients);
    }

    @Override
    public Value y() {
        return y;
    }
}
