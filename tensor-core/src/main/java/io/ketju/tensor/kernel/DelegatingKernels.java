package io.ketju.tensor.kernel;

import io.ketju.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Six families of kernels behind one interface. */
abstract sealed class DelegatingKernels implements Kernels permits ScalarKernels, VectorKernels {
    /** The families, each in one small class. */
    record Families(
            MatrixKernels matrix,
            ConvolutionKernels convolution,
            PoolingKernels pooling,
            ActivationKernels activations,
            LossKernels loss,
            UpdateKernels updates) {}

    private final MatrixKernels matrix;
    private final ConvolutionKernels convolution;
    private final PoolingKernels pooling;
    private final ActivationKernels activations;
    private final LossKernels loss;
    private final UpdateKernels updates;

    DelegatingKernels(Families families) {
        matrix = families.matrix;
        convolution = families.convolution;
        pooling = families.pooling;
        activations = families.activations;
        loss = families.loss;
        updates = families.updates;
    }

    @Override
    public void gemm(GemmShape shape, Tensor a, Tensor b, Tensor c) {
        matrix.gemm(shape, a, b, c);
    }

    @Override
    public void gemmAccumulate(GemmShape shape, Tensor a, Tensor b, Tensor c) {
        matrix.gemmAccumulate(shape, a, b, c);
    }

    @Override
    public void gemmBias(GemmShape shape, Tensor a, Tensor b, Tensor bias, Tensor c) {
        matrix.gemmBias(shape, a, b, bias, c);
    }

    @Override
    public void sumRowsAccumulate(Tensor x, Tensor sums) {
        matrix.sumRowsAccumulate(x, sums);
    }

    @Override
    public void conv2dForward(Conv2dShape shape, Tensor x, Tensor w, @Nullable Tensor bias, Tensor y) {
        convolution.conv2dForward(shape, x, w, bias, y);
    }

    @Override
    public void conv2dBackwardInput(Conv2dShape shape, Tensor dy, Tensor w, Tensor dx) {
        convolution.conv2dBackwardInput(shape, dy, w, dx);
    }

    @Override
    public void conv2dBackwardWeight(Conv2dShape shape, Tensor x, Tensor dy, Tensor dw) {
        convolution.conv2dBackwardWeight(shape, x, dy, dw);
    }

    @Override
    public void conv2dBackwardBias(Conv2dShape shape, Tensor dy, Tensor db) {
        convolution.conv2dBackwardBias(shape, dy, db);
    }

    @Override
    public void maxPool2dForward(Conv2dShape.Window window, Tensor x, Tensor y, Tensor argmax) {
        pooling.maxPool2dForward(window, x, y, argmax);
    }

    @Override
    public void maxPool2dBackward(Tensor dy, Tensor argmax, Tensor dx) {
        pooling.maxPool2dBackward(dy, argmax, dx);
    }

    @Override
    public void reluForward(Tensor x, Tensor y) {
        activations.reluForward(x, y);
    }

    @Override
    public void reluBackward(Tensor y, Tensor dy, Tensor dx) {
        activations.reluBackward(y, dy, dx);
    }

    @Override
    public void tanhForward(Tensor x, Tensor y) {
        activations.tanhForward(x, y);
    }

    @Override
    public void tanhBackward(Tensor y, Tensor dy, Tensor dx) {
        activations.tanhBackward(y, dy, dx);
    }

    @Override
    public void exp(Tensor x, Tensor y) {
        activations.exp(x, y);
    }

    @Override
    public void log(Tensor x, Tensor y) {
        activations.log(x, y);
    }

    @Override
    public void softmax(Tensor x, Tensor y) {
        activations.softmax(x, y);
    }

    @Override
    public void crossEntropy(Tensor logits, Tensor targets, float scale, Tensor losses, Tensor dlogits) {
        loss.crossEntropy(logits, targets, scale, losses, dlogits);
    }

    @Override
    public int countCorrect(Tensor logits, Tensor targets) {
        return loss.countCorrect(logits, targets);
    }

    @Override
    public boolean allFinite(Tensor x) {
        return loss.allFinite(x);
    }

    @Override
    public void sgd(SgdStep step, Tensor w, Tensor dw, @Nullable Tensor momentumBuffer) {
        updates.sgd(step, w, dw, momentumBuffer);
    }

    @Override
    public void adam(AdamStep step, Tensor w, Tensor dw, Tensor m, Tensor v) {
        updates.adam(step, w, dw, m, v);
    }
}
