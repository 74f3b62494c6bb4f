package io.ketju.tensor.kernel.convolution;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.matrix.BlockedSum;
import io.ketju.tensor.simd.LaneSum;
import org.jspecify.annotations.Nullable;

/** Convolution as plain loops: the definition that the vector kernels are tested against. */
public final class ScalarConvolution implements ConvolutionKernels {
    @Override
    public void conv2dForward(Conv2dShape shape, Tensor x, Tensor w, @Nullable Tensor bias, Tensor y) {
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
    }

    @Override
    public void conv2dBackwardInput(Conv2dShape shape, Tensor dy, Tensor w, Tensor dx) {
        BlockedSum sum = new BlockedSum();
        int at = 0;
        for (int n = 0; n < shape.batch(); n++) {
            for (int ic = 0; ic < shape.inChannels(); ic++) {
                for (int h = 0; h < shape.height(); h++) {
                    for (int col = 0; col < shape.width(); col++) {
                        dx.setFloat(at++, input(shape, dy, w, new Input(n, ic, h, col), sum.start()));
                    }
                }
            }
        }
    }

    @Override
    public void conv2dBackwardWeight(Conv2dShape shape, Tensor x, Tensor dy, Tensor dw) {
        BlockedSum sum = new BlockedSum();
        Conv2dShape.Window window = shape.window();
        int at = 0;
        for (int oc = 0; oc < shape.outChannels(); oc++) {
            for (int ic = 0; ic < shape.inChannels(); ic++) {
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
        LaneSum sum = new LaneSum();
        int positions = shape.outHeight() * shape.outWidth();
        for (int oc = 0; oc < shape.outChannels(); oc++) {
            float total = db.getFloat(oc);
            for (int n = 0; n < shape.batch(); n++) {
                sum.start();
                int plane = (n * shape.outChannels() + oc) * positions;
                for (int p = 0; p < positions; p++) {
                    sum.add(p, dy.getFloat(plane + p));
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
        Conv2dShape.Window window = shape.window();
        int tap = at.oc * shape.taps();
        for (int ic = 0; ic < shape.inChannels(); ic++) {
            for (int kh = 0; kh < window.kernelHeight(); kh++) {
                for (int kw = 0; kw < window.kernelWidth(); kw++) {
                    int h = at.oh * window.strideY() - window.padY() + kh;
                    int col = at.ow * window.strideX() - window.padX() + kw;
                    sum.add(padded(shape, x, new Input(at.n, ic, h, col)), w.getFloat(tap++));
                }
            }
        }
        return sum.result();
    }

    private static float input(Conv2dShape shape, Tensor dy, Tensor w, Input at, BlockedSum sum) {
        Conv2dShape.Window window = shape.window();
        for (int oc = 0; oc < shape.outChannels(); oc++) {
            for (int kh = 0; kh < window.kernelHeight(); kh++) {
                for (int kw = 0; kw < window.kernelWidth(); kw++) {
                    int tap = ((oc * shape.inChannels() + at.ic) * window.kernelHeight() + kh) * window.kernelWidth()
                            + kw;
                    // The output that this tap reads the element for, times the stride.
                    int row = at.h + window.padY() - kh;
                    int col = at.w + window.padX() - kw;
                    boolean met = row >= 0
                            && col >= 0
                            && row % window.strideY() == 0
                            && col % window.strideX() == 0
                            && row / window.strideY() < shape.outHeight()
                            && col / window.strideX() < shape.outWidth();
                    float gradient = met
                            ? gradient(shape, dy, new Output(at.n, oc, row / window.strideY(), col / window.strideX()))
                            : 0;
                    sum.add(gradient, w.getFloat(tap));
                }
            }
        }
        return sum.result();
    }

    private static float weight(Conv2dShape shape, Tensor x, Tensor dy, Weight at, BlockedSum sum) {
        Conv2dShape.Window window = shape.window();
        for (int n = 0; n < shape.batch(); n++) {
            for (int oh = 0; oh < shape.outHeight(); oh++) {
                for (int ow = 0; ow < shape.outWidth(); ow++) {
                    int h = oh * window.strideY() - window.padY() + at.kh;
                    int col = ow * window.strideX() - window.padX() + at.kw;
                    sum.add(
                            gradient(shape, dy, new Output(n, at.oc, oh, ow)),
                            padded(shape, x, new Input(n, at.ic, h, col)));
                }
            }
            sum.endChain();
        }
        return sum.result();
    }

    private static float padded(Conv2dShape shape, Tensor x, Input at) {
        boolean inside = at.h >= 0 && at.h < shape.height() && at.w >= 0 && at.w < shape.width();
        return inside
                ? x.getFloat(((at.n * shape.inChannels() + at.ic) * shape.height() + at.h) * shape.width() + at.w)
                : 0;
    }

    private static float gradient(Conv2dShape shape, Tensor dy, Output at) {
        return dy.getFloat(
                ((at.n * shape.outChannels() + at.oc) * shape.outHeight() + at.oh) * shape.outWidth() + at.ow);
    }
}
