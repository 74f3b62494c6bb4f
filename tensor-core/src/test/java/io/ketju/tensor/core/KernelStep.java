package io.ketju.tensor.core;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.activation.Activation;
import io.ketju.tensor.kernel.attention.Attention;
import io.ketju.tensor.kernel.convolution.Conv2dShape;
import io.ketju.tensor.kernel.indexing.IndexingKernels;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.normalization.BatchNorm;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Affine;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.BatchNormOperands;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.ChannelStatistics;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Gradients;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.RowStatistics;
import io.ketju.tensor.kernel.normalization.RowNorm;
import io.ketju.tensor.kernel.pooling.PoolWindow;
import io.ketju.tensor.kernel.update.AdamStep;
import io.ketju.tensor.kernel.update.SgdStep;
import io.ketju.tensor.memory.TensorArena;
import java.util.List;

/**
 * What training steps are made of, each once, forward and backward. All operands and all descriptions of sizes are made
 * before the first step: what a step allocates is the kernels' own doing.
 */
final class KernelStep implements AutoCloseable {
    private final TensorArena arena = new TensorArena(8 << 20);
    private final Kernels kernels;
    private final List<Runnable> parts;

    /** Twice the size is twice as many rows, columns and channels. */
    KernelStep(TensorCore core, int size) {
        kernels = core.kernels();
        parts = List.of(
                linear(4 * size, 17 * size, 9 * size),
                rows(4 * size, 17 * size),
                convolution(2, 3 * size, 8, 5 * size),
                batchNorm(2, 5 * size, 64),
                attention(size),
                lstm(3, 5 * size),
                updates(100 * size));
    }

    void run() {
        for (int i = 0; i < parts.size(); i++) {
            parts.get(i).run();
        }
    }

    @Override
    public void close() {
        arena.close();
    }

    private Runnable linear(int rows, int in, int out) {
        Tensor x = floats(rows, in);
        Tensor dx = floats(rows, in);
        Tensor w = floats(out, in);
        Tensor dw = floats(out, in);
        Tensor bias = floats(out);
        Tensor dbias = floats(out);
        Tensor y = floats(rows, out);
        Tensor dy = floats(rows, out);
        GemmShape forward = GemmShape.nt(rows, out, in);
        GemmShape input = GemmShape.nn(rows, in, out);
        GemmShape weight = GemmShape.tn(out, in, rows);
        return () -> {
            kernels.matrix().gemmBias(forward, x, w, bias, y);
            kernels.activation().forward(Activation.GELU, y, y);
            kernels.activation().backward(Activation.GELU, y, dy, dy);
            kernels.matrix().gemmAccumulate(weight, dy, x, dw);
            kernels.matrix().sumRowsAccumulate(dy, dbias);
            kernels.matrix().gemm(input, dy, w, dx);
        };
    }

    private Runnable rows(int rows, int columns) {
        Tensor x = floats(rows, columns);
        Tensor y = floats(rows, columns);
        Tensor dy = floats(rows, columns);
        Tensor dx = floats(rows, columns);
        Tensor gamma = floats(columns);
        Tensor table = floats(columns, columns);
        Tensor tokens = arena.allocate(DType.INT32, Shape.of(rows));
        Tensor losses = floats(rows);
        RowNorm norm = new RowNorm(rows, columns, 1e-5);
        Affine affine = new Affine(gamma, gamma);
        RowStatistics saved = new RowStatistics(floats(rows), floats(rows));
        Gradients gradients = new Gradients(dx, floats(columns), floats(columns));
        return () -> {
            kernels.indexing().embeddingForward(table, tokens, x);
            kernels.normalization().layerNormForward(norm, affine, x, saved, y);
            kernels.softmax().softmaxForward(y, y);
            kernels.loss().crossEntropy(y, tokens, 1, losses, dy);
            kernels.normalization().layerNormBackward(norm, gamma, saved, x, dy, gradients);
            kernels.indexing().embeddingBackward(IndexingKernels.NO_PADDING, dx, tokens, table);
        };
    }

    private Runnable convolution(int batch, int channels, int side, int out) {
        Conv2dShape shape = new Conv2dShape(batch, channels, side, side, out, Conv2dShape.Window.square(3, 1, 1));
        Tensor x = floats(batch, channels, side, side);
        Tensor dx = floats(batch, channels, side, side);
        Tensor w = floats(out, channels, 3, 3);
        Tensor dw = floats(out, channels, 3, 3);
        Tensor bias = floats(out);
        Tensor dbias = floats(out);
        Tensor y = floats(batch, out, side, side);
        Tensor dy = floats(batch, out, side, side);
        Tensor pooled = floats(batch, out, side / 2, side / 2);
        Tensor argmax = arena.allocate(DType.INT32, pooled.shape());
        PoolWindow window = PoolWindow.square(2, 2, 0);
        return () -> {
            kernels.convolution().conv2dForward(shape, x, w, bias, y);
            kernels.pooling().maxPool2dForward(window, y, pooled, argmax);
            kernels.pooling().maxPool2dBackward(pooled, argmax, dy);
            kernels.convolution().conv2dBackwardWeight(shape, x, dy, dw);
            kernels.convolution().conv2dBackwardBias(shape, dy, dbias);
            kernels.convolution().conv2dBackwardInput(shape, dy, w, dx);
        };
    }

    private Runnable batchNorm(int batch, int channels, int plane) {
        BatchNorm norm = new BatchNorm(batch, channels, plane, 1e-5, BatchNorm.Epilogue.RELU);
        Tensor x = floats(batch, channels, plane);
        Tensor y = floats(batch, channels, plane);
        Tensor dy = floats(batch, channels, plane);
        Affine affine = new Affine(floats(channels), floats(channels));
        ChannelStatistics saved = new ChannelStatistics(floats(channels), floats(channels));
        ChannelStatistics running = new ChannelStatistics(floats(channels), floats(channels));
        BatchNormOperands operands = new BatchNormOperands(x, dy);
        Gradients gradients = new Gradients(dy, floats(channels), floats(channels));
        return () -> {
            kernels.normalization().batchNormForward(norm, affine, x, null, saved, y);
            kernels.normalization().batchNormCommit(norm, 0.1, saved, running);
            kernels.normalization().batchNormBackward(norm, affine, saved, operands, gradients);
        };
    }

    private Runnable attention(int heads) {
        Attention.Sizes sizes = new Attention.Sizes(1, heads, 70, 70, 8);
        Attention causal = Attention.of(sizes).causal();
        int[] each = sizes.queryShape().toArray();
        Attention.Operands inputs = new Attention.Operands(floats(each), floats(each), floats(each));
        Attention.Operands gradients = new Attention.Operands(floats(each), floats(each), floats(each));
        Attention.Result result =
                new Attention.Result(floats(each), floats(sizes.rowShape().toArray()));
        Tensor dy = floats(each);
        return () -> {
            kernels.attention().forward(causal, inputs, result);
            kernels.attention().backward(causal, inputs, result, dy, Attention.Gradients.of(gradients));
        };
    }

    private Runnable lstm(int batch, int width) {
        Tensor xg = floats(batch, 4 * width);
        Tensor hg = floats(batch, 4 * width);
        Tensor before = floats(batch, width);
        Tensor c = floats(batch, width);
        Tensor h = floats(batch, width);
        Tensor dc = floats(batch, width);
        return () -> {
            kernels.recurrent().lstmForward(xg, hg, before, c, h, xg);
            kernels.recurrent().lstmBackward(h, xg, before, c, dc, hg);
        };
    }

    private Runnable updates(int n) {
        AdamStep adam = new AdamStep(1e-3, 0.9, 0.999, 1e-8, 0.01, 10);
        SgdStep sgd = new SgdStep(1e-3, 0.9, 0, 1e-4, true, false);
        Tensor w = floats(n);
        Tensor dw = floats(n);
        Tensor m = floats(n);
        Tensor v = floats(n);
        return () -> {
            kernels.update().adam(adam, w, dw, m, v);
            kernels.update().sgd(sgd, w, dw, m);
        };
    }

    private Tensor floats(int... dimensions) {
        return arena.allocate(Shape.of(dimensions));
    }
}
