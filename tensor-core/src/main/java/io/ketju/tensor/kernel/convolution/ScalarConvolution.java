package io.ketju.tensor.kernel.convolution;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.activation.ScalarActivations;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import io.ketju.tensor.kernel.matrix.BlockedSum;
import io.ketju.tensor.kernel.normalization.BatchNorm;
import io.ketju.tensor.kernel.normalization.ScalarNormalization;
import io.ketju.tensor.simd.LaneSum;
import org.jspecify.annotations.Nullable;

/** Convolution as plain loops: the definition that the vector kernels are tested against. */
public final class ScalarConvolution implements ConvolutionKernels {
    /** Kernels that run on the calling thread alone; they keep nothing between calls. */
    public ScalarConvolution() {}

    @Override
    public void conv2dForwardFused(Conv2dShape shape, Tensor x, Tensor w, ConvolutionEpilogue epilogue, Tensor y) {
        ConvolutionChecks.input(shape, "x", x);
        ConvolutionChecks.weight(shape, "w", w);
        ConvolutionChecks.output(shape, "y", y);
        ConvolutionChecks.epilogue(shape, epilogue);
        Tensor bias = epilogue.bias();
        BlockedSum sum = new BlockedSum();
        int at = 0;
        for (int n = 0; n < shape.batch(); n++) {
            for (int oc = 0; oc < shape.outChannels(); oc++) {
                for (int oh = 0; oh < shape.outHeight(); oh++) {
                    for (int ow = 0; ow < shape.outWidth(); ow++) {
                        float value = output(shape, x, w, new Output(n, oc, oh, ow), sum.start());
                        y.setFloat(at++, bias == null ? value : value + bias.getFloat(oc));
                    }
                }
            }
        }
        if (epilogue.activation() != null) {
            new ScalarActivations().forward(epilogue.activation(), y, y);
        }
        if (epilogue.statistics() != null) {
            BatchNorm norm = new BatchNorm(shape.batch(), shape.outChannels(), shape.positions(), 0);
            new ScalarNormalization().batchNormStatistics(norm, y, epilogue.statistics());
        }
    }

    @Override
    public void conv2dBackwardInput(Conv2dShape shape, Tensor dy, Tensor w, Tensor dx) {
        ConvolutionChecks.output(shape, "dy", dy);
        ConvolutionChecks.weight(shape, "w", w);
        ConvolutionChecks.input(shape, "dx", dx);
        backwardInput(shape, dy, w, null, dx);
    }

    @Override
    public void convTranspose2dForward(
            ConvTranspose2dShape shape, Tensor x, Tensor w, @Nullable Tensor bias, Tensor y) {
        Conv2dShape adjoint = shape.adjoint();
        ConvolutionChecks.output(adjoint, "x", x);
        ConvolutionChecks.weight(adjoint, "w", w);
        ConvolutionChecks.bias(adjoint, shape.outChannels(), bias);
        ConvolutionChecks.input(adjoint, "y", y);
        backwardInput(adjoint, x, w, bias, y);
    }

    private static void backwardInput(Conv2dShape shape, Tensor dy, Tensor w, @Nullable Tensor bias, Tensor dx) {
        BlockedSum sum = new BlockedSum();
        int at = 0;
        for (int n = 0; n < shape.batch(); n++) {
            for (int ic = 0; ic < shape.inChannels(); ic++) {
                for (int h = 0; h < shape.height(); h++) {
                    for (int col = 0; col < shape.width(); col++) {
                        float value = input(shape, dy, w, new Input(n, ic, h, col), sum.start());
                        dx.setFloat(at++, bias == null ? value : value + bias.getFloat(ic));
                    }
                }
            }
        }
    }

    @Override
    public void conv2dBackwardWeight(Conv2dShape shape, Tensor x, Tensor dy, Tensor dw) {
        ConvolutionChecks.input(shape, "x", x);
        ConvolutionChecks.output(shape, "dy", dy);
        ConvolutionChecks.weight(shape, "dw", dw);
        BlockedSum sum = new BlockedSum();
        Window window = shape.window();
        int channels = shape.groupInChannels();
        int at = 0;
        for (int oc = 0; oc < shape.outChannels(); oc++) {
            int first = oc / shape.groupOutChannels() * channels;
            for (int ic = first; ic < first + channels; ic++) {
                for (int kh = 0; kh < window.kernelHeight(); kh++) {
                    for (int kw = 0; kw < window.kernelWidth(); kw++) {
                        Weight weight = new Weight(oc, ic, kh, kw);
                        dw.setFloat(at, weight(shape, x, dy, weight, sum.startAt(dw.getFloat(at))));
                        at++;
                    }
                }
            }
        }
    }

    @Override
    public void conv2dBackwardBias(Conv2dShape shape, Tensor dy, Tensor db) {
        ConvolutionChecks.output(shape, "dy", dy);
        ConvolutionChecks.bias(shape, shape.outChannels(), db);
        LaneSum sum = new LaneSum();
        int positions = shape.positions();
        for (int oc = 0; oc < shape.outChannels(); oc++) {
            float total = db.getFloat(oc);
            for (int n = 0; n < shape.batch(); n++) {
                sum.start();
                int at = (n * shape.outChannels() + oc) * positions;
                for (int i = 0; i < positions; i++) {
                    sum.add(i, dy.getFloat(at + i));
                }
                total += sum.result();
            }
            db.setFloat(oc, total);
        }
    }

    private record Output(int n, int oc, int oh, int ow) {}

    private record Input(int n, int ic, int h, int w) {}

    private record Weight(int oc, int ic, int kh, int kw) {}

    private static float output(Conv2dShape shape, Tensor x, Tensor w, Output at, BlockedSum sum) {
        Window window = shape.window();
        int channels = shape.groupInChannels();
        int first = at.oc / shape.groupOutChannels() * channels;
        int tap = at.oc * shape.taps();
        for (int ic = first; ic < first + channels; ic++) {
            for (int kh = 0; kh < window.kernelHeight(); kh++) {
                for (int kw = 0; kw < window.kernelWidth(); kw++) {
                    int h = at.oh * window.strideY() - window.padY() + kh * window.dilationY();
                    int col = at.ow * window.strideX() - window.padX() + kw * window.dilationX();
                    sum.add(padded(shape, x, new Input(at.n, ic, h, col)), w.getFloat(tap++));
                }
            }
        }
        return sum.result();
    }

    private static float input(Conv2dShape shape, Tensor dy, Tensor w, Input at, BlockedSum sum) {
        Window window = shape.window();
        int channels = shape.groupOutChannels();
        int group = at.ic / shape.groupInChannels();
        for (int oc = group * channels; oc < (group + 1) * channels; oc++) {
            for (int kh = 0; kh < window.kernelHeight(); kh++) {
                for (int kw = 0; kw < window.kernelWidth(); kw++) {
                    // The output that this tap reads the element for, times the stride.
                    int row = at.h + window.padY() - kh * window.dilationY();
                    int col = at.w + window.padX() - kw * window.dilationX();
                    if (row % window.strideY() == 0 && col % window.strideX() == 0) {
                        Output out = new Output(at.n, oc, row / window.strideY(), col / window.strideX());
                        int ic = oc * shape.groupInChannels() + at.ic % shape.groupInChannels();
                        int tap = (ic * window.kernelHeight() + kh) * window.kernelWidth() + kw;
                        sum.add(gradient(shape, dy, out), w.getFloat(tap));
                    }
                }
            }
        }
        return sum.result();
    }

    private static float weight(Conv2dShape shape, Tensor x, Tensor dy, Weight at, BlockedSum sum) {
        Window window = shape.window();
        for (int n = 0; n < shape.batch(); n++) {
            for (int oh = 0; oh < shape.outHeight(); oh++) {
                for (int ow = 0; ow < shape.outWidth(); ow++) {
                    int h = oh * window.strideY() - window.padY() + at.kh * window.dilationY();
                    int col = ow * window.strideX() - window.padX() + at.kw * window.dilationX();
                    sum.add(
                            gradient(shape, dy, new Output(n, at.oc, oh, ow)),
                            padded(shape, x, new Input(n, at.ic, h, col)));
                }
            }
            sum.endChain();
        }
        return sum.result();
    }

    /** An element of x, 0 in the padding. */
    private static float padded(Conv2dShape shape, Tensor x, Input at) {
        boolean inside = at.h >= 0 && at.h < shape.height() && at.w >= 0 && at.w < shape.width();
        return inside
                ? x.getFloat(((at.n * shape.inChannels() + at.ic) * shape.height() + at.h) * shape.width() + at.w)
                : 0;
    }

    /** An element of dy, 0 beyond its edge. */
    private static float gradient(Conv2dShape shape, Tensor dy, Output at) {
        boolean inside = at.oh >= 0 && at.oh < shape.outHeight() && at.ow >= 0 && at.ow < shape.outWidth();
        return inside
                ? dy.getFloat(
                        ((at.n * shape.outChannels() + at.oc) * shape.outHeight() + at.oh) * shape.outWidth() + at.ow)
                : 0;
    }
}
