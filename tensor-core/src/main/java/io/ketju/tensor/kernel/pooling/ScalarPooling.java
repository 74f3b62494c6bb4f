package io.ketju.tensor.kernel.pooling;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.LaneSum;

/** Pooling as plain loops: the definition that the vector kernels are tested against. */
public final class ScalarPooling implements PoolingKernels {
    /** Kernels without state: one object serves all threads. */
    public ScalarPooling() {}

    @Override
    public void maxPool2dForward(PoolWindow window, Tensor x, Tensor y, Tensor argmax) {
        maxima(PoolShape.of(window, AverageDivisor.WINDOW, x, y), x, y, argmax);
    }

    @Override
    public void adaptiveMaxPool2dForward(Tensor x, Tensor y, Tensor argmax) {
        maxima(PoolShape.adaptive(x, y), x, y, argmax);
    }

    @Override
    public void maxPool2dBackward(Tensor dy, Tensor argmax, Tensor dx) {
        PoolShape.requireGradients(dy, argmax, dx);
        int windows = dy.shape().dimension(2) * dy.shape().dimension(3);
        int plane = dx.shape().dimension(2) * dx.shape().dimension(3);
        dx.clear();
        for (int i = 0; i < dy.elements(); i++) {
            int at = i / windows * plane + argmax.getInt(i);
            dx.setFloat(at, dx.getFloat(at) + dy.getFloat(i));
        }
    }

    @Override
    public void averagePool2dForward(PoolWindow window, AverageDivisor average, Tensor x, Tensor y) {
        averages(PoolShape.of(window, average, x, y), x, y);
    }

    @Override
    public void averagePool2dBackward(PoolWindow window, AverageDivisor average, Tensor dy, Tensor dx) {
        spread(PoolShape.of(window, average, dx, dy), dy, dx);
    }

    @Override
    public void adaptiveAveragePool2dForward(Tensor x, Tensor y) {
        PoolShape shape = PoolShape.adaptive(x, y);
        if (shape.global()) {
            LaneSum sum = new LaneSum();
            for (int plane = 0; plane < shape.planes(); plane++) {
                sum.start();
                for (int i = 0; i < shape.plane(); i++) {
                    sum.add(i, x.getFloat(plane * shape.plane() + i));
                }
                y.setFloat(plane, sum.result() / shape.plane());
            }
        } else {
            averages(shape, x, y);
        }
    }

    @Override
    public void adaptiveAveragePool2dBackward(Tensor dy, Tensor dx) {
        spread(PoolShape.adaptive(dx, dy), dy, dx);
    }

    private static void maxima(PoolShape shape, Tensor x, Tensor y, Tensor argmax) {
        PoolShape.requirePositions(y, argmax);
        int at = 0;
        for (int plane = 0; plane < shape.planes(); plane++) {
            int base = plane * shape.plane();
            for (int oh = 0; oh < shape.outHeight(); oh++) {
                for (int ow = 0; ow < shape.outWidth(); ow++) {
                    int position = maximum(shape, x, base, oh, ow);
                    y.setFloat(at, x.getFloat(base + position));
                    argmax.setInt(at++, position);
                }
            }
        }
    }

    /** Position in its plane of the maximum of a window. */
    private static int maximum(PoolShape shape, Tensor x, int base, int oh, int ow) {
        PoolBins rows = shape.rows();
        PoolBins columns = shape.columns();
        int best = rows.begin(oh) * shape.width() + columns.begin(ow);
        for (int h = rows.begin(oh); h < rows.end(oh); h += rows.step()) {
            for (int w = columns.begin(ow); w < columns.end(ow); w += columns.step()) {
                int position = h * shape.width() + w;
                if (beats(x.getFloat(base + position), x.getFloat(base + best))) {
                    best = position;
                }
            }
        }
        return best;
    }

    private static boolean beats(float value, float best) {
        return value > best || (Float.isNaN(value) && !Float.isNaN(best));
    }

    private static void averages(PoolShape shape, Tensor x, Tensor y) {
        int at = 0;
        for (int plane = 0; plane < shape.planes(); plane++) {
            for (int oh = 0; oh < shape.outHeight(); oh++) {
                for (int ow = 0; ow < shape.outWidth(); ow++) {
                    y.setFloat(at++, sum(shape, x, plane * shape.plane(), oh, ow) / divisor(shape, oh, ow));
                }
            }
        }
    }

    private static float sum(PoolShape shape, Tensor x, int base, int oh, int ow) {
        PoolBins rows = shape.rows();
        PoolBins columns = shape.columns();
        float sum = 0;
        for (int h = rows.begin(oh); h < rows.end(oh); h += rows.step()) {
            for (int w = columns.begin(ow); w < columns.end(ow); w += columns.step()) {
                sum += x.getFloat(base + h * shape.width() + w);
            }
        }
        return sum;
    }

    private static void spread(PoolShape shape, Tensor dy, Tensor dx) {
        dx.clear();
        int at = 0;
        for (int plane = 0; plane < shape.planes(); plane++) {
            for (int oh = 0; oh < shape.outHeight(); oh++) {
                for (int ow = 0; ow < shape.outWidth(); ow++) {
                    add(shape, dx, plane * shape.plane(), oh, ow, dy.getFloat(at++) / divisor(shape, oh, ow));
                }
            }
        }
    }

    private static void add(PoolShape shape, Tensor dx, int base, int oh, int ow, float value) {
        PoolBins rows = shape.rows();
        PoolBins columns = shape.columns();
        for (int h = rows.begin(oh); h < rows.end(oh); h += rows.step()) {
            for (int w = columns.begin(ow); w < columns.end(ow); w += columns.step()) {
                int position = base + h * shape.width() + w;
                dx.setFloat(position, dx.getFloat(position) + value);
            }
        }
    }

    private static float divisor(PoolShape shape, int oh, int ow) {
        return (float) shape.rows().divisor(oh) * shape.columns().divisor(ow);
    }
}
