package io.ketju.tensor.kernel;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;

/** Max pooling as plain loops: the definition that the vector kernels are tested against. */
final class ScalarPooling implements PoolingKernels {
    @Override
    public void maxPool2dForward(Conv2dShape.Window window, Tensor x, Tensor y, Tensor argmax) {
        Shape in = x.shape();
        Shape out = y.shape();
        int planes = in.dimension(0) * in.dimension(1);
        int at = 0;
        for (int plane = 0; plane < planes; plane++) {
            for (int oh = 0; oh < out.dimension(2); oh++) {
                for (int ow = 0; ow < out.dimension(3); ow++) {
                    int base = plane * in.dimension(2) * in.dimension(3);
                    int position = maximum(window, x, base, oh * window.strideY(), ow * window.strideX());
                    y.setFloat(at, x.getFloat(base + position));
                    argmax.setInt(at++, position);
                }
            }
        }
    }

    @Override
    public void maxPool2dBackward(Tensor dy, Tensor argmax, Tensor dx) {
        Shape out = dy.shape();
        Shape in = dx.shape();
        int windows = out.dimension(2) * out.dimension(3);
        int plane = in.dimension(2) * in.dimension(3);
        dx.clear();
        for (int i = 0; i < dy.elements(); i++) {
            int at = i / windows * plane + argmax.getInt(i);
            dx.setFloat(at, dx.getFloat(at) + dy.getFloat(i));
        }
    }

    /** Position in its plane of the maximum of the window whose first row and column, padding included, are given. */
    private static int maximum(Conv2dShape.Window window, Tensor x, int base, int row, int column) {
        int height = x.shape().dimension(2);
        int width = x.shape().dimension(3);
        int best = -1;
        for (int kh = 0; kh < window.kernelHeight(); kh++) {
            for (int kw = 0; kw < window.kernelWidth(); kw++) {
                int h = row - window.padY() + kh;
                int w = column - window.padX() + kw;
                if (h < 0 || h >= height || w < 0 || w >= width) {
                    continue;
                }
                int position = h * width + w;
                if (best < 0 || beats(x.getFloat(base + position), x.getFloat(base + best))) {
                    best = position;
                }
            }
        }
        if (best < 0) {
            throw new IllegalArgumentException(
                    window + " lies wholly in the padding at row " + row + ": pad at most half the kernel");
        }
        return best;
    }

    private static boolean beats(float value, float best) {
        return value > best || (Float.isNaN(value) && !Float.isNaN(best));
    }
}
