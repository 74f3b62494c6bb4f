package io.ketju.tensor.kernel.convolution;

import static io.ketju.tensor.simd.VectorMemory.load;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.matrix.GemmRun;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.LaneSum;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorRows;
import io.ketju.tensor.simd.VectorWidth;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.jspecify.annotations.Nullable;

/**
 * Convolution in SIMD: matrix products whose columns are read from one padded sample at a time, or from the sample itself
 * where the window is a single element.
 */
public final class VectorConvolution implements ConvolutionKernels {
    private static final long BYTES = Float.BYTES;

    private final TileRunner tiles;
    /** By shape with a batch of one. A model has few of them. */
    private final Map<Conv2dShape, TapImage> inputs = new ConcurrentHashMap<>();

    private final Map<Conv2dShape, TapImage> gradients = new ConcurrentHashMap<>();

    public VectorConvolution(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void conv2dForward(Conv2dShape shape, Tensor x, Tensor w, @Nullable Tensor bias, Tensor y) {
        long biases = bias == null ? 0 : VectorMemory.address(bias);
        int positions = shape.outHeight() * shape.outWidth();
        if (isPointwise(shape)) {
            GemmShape product = GemmShape.nn(shape.outChannels(), positions, shape.inChannels());
            GemmRun.Operands first = new GemmRun.Operands(
                    VectorMemory.address(w),
                    shape.inChannels() * BYTES,
                    VectorMemory.address(x),
                    positions * BYTES,
                    VectorMemory.address(y),
                    positions * BYTES);
            samples(
                    shape,
                    product,
                    first,
                    biases == 0
                            ? null
                            : (c, row, column, m, n) -> {
                                for (int i = 0; i < m; i++) {
                                    add(
                                            VectorMemory.get(biases + (row + i) * BYTES),
                                            c + (long) i * positions * BYTES,
                                            n);
                                }
                            });
            return;
        }
        new ColumnProduct(input(shape), VectorMemory.address(w), shape.outChannels(), positions)
                .run(tiles, shape.batch(), VectorMemory.address(x), biases, VectorMemory.address(y));
    }

    @Override
    public void conv2dBackwardInput(Conv2dShape shape, Tensor dy, Tensor w, Tensor dx) {
        int positions = shape.height() * shape.width();
        if (isPointwise(shape)) {
            GemmShape product = GemmShape.tn(shape.inChannels(), positions, shape.outChannels());
            GemmRun.Operands first = new GemmRun.Operands(
                    VectorMemory.address(w),
                    shape.inChannels() * BYTES,
                    VectorMemory.address(dy),
                    positions * BYTES,
                    VectorMemory.address(dx),
                    positions * BYTES);
            samples(shape, product, first, null);
            return;
        }
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        TapImage layout = gradients.computeIfAbsent(single(shape), TapImage::ofGradient);
        long weights = byInput(shape, VectorMemory.address(w), scratch);
        new ColumnProduct(layout, weights, shape.inChannels(), positions)
                .run(tiles, shape.batch(), VectorMemory.address(dy), 0, VectorMemory.address(dx));
        scratch.release(mark);
    }

    @Override
    public void conv2dBackwardWeight(Conv2dShape shape, Tensor x, Tensor dy, Tensor dw) {
        WeightGradient.Operands operands = new WeightGradient.Operands(
                VectorMemory.address(x), VectorMemory.address(dy), VectorMemory.address(dw));
        new WeightGradient(shape, input(shape), operands).run(tiles);
    }

    @Override
    public void conv2dBackwardBias(Conv2dShape shape, Tensor dy, Tensor db) {
        int positions = shape.outHeight() * shape.outWidth();
        int channels = shape.outChannels();
        long planes = VectorMemory.address(dy);
        long sums = VectorMemory.address(db);
        int piece = Math.max(1, LaneSum.LANES * 1024 / Math.max(1, positions * shape.batch()));
        tiles.parallel(Math.ceilDiv(channels, piece), part -> {
            for (int channel = part * piece; channel < Math.min(channels, (part + 1) * piece); channel++) {
                float total = VectorMemory.get(sums + channel * BYTES);
                for (int sample = 0; sample < shape.batch(); sample++) {
                    total += VectorRows.sum(
                            planes + ((long) sample * channels + channel) * positions * BYTES, positions);
                }
                VectorMemory.set(sums + channel * BYTES, total);
            }
        });
    }

    /** A window of one element at every position: the columns are the sample itself. */
    private static boolean isPointwise(Conv2dShape shape) {
        Conv2dShape.Window window = shape.window();
        return window.equals(Conv2dShape.Window.square(1, 1, 0));
    }

    /** One product per sample; the weights are the same. */
    private void samples(
            Conv2dShape shape, GemmShape product, GemmRun.Operands first, GemmRun.@Nullable Epilogue epilogue) {
        if (product.m() == 0 || product.n() == 0) {
            return;
        }
        for (int i = 0; i < shape.batch(); i++) {
            GemmRun.Operands operands = new GemmRun.Operands(
                    first.a(),
                    first.lda(),
                    first.b() + (long) i * product.k() * first.ldb(),
                    first.ldb(),
                    first.c() + (long) i * product.m() * first.ldc(),
                    first.ldc());
            new GemmRun(tiles, product, operands, false, epilogue).run();
        }
    }

    private TapImage input(Conv2dShape shape) {
        return inputs.computeIfAbsent(single(shape), TapImage::ofInput);
    }

    private static Conv2dShape single(Conv2dShape shape) {
        return new Conv2dShape(
                1, shape.inChannels(), shape.height(), shape.width(), shape.outChannels(), shape.window());
    }

    /** Weights [ic, (oc, kh, kw)]: what one input channel gives to all outputs, in one row. */
    private static long byInput(Conv2dShape shape, long w, Scratch scratch) {
        long window = (long) shape.window().kernelHeight() * shape.window().kernelWidth() * BYTES;
        long rows = scratch.address((long) shape.outChannels() * shape.inChannels() * window);
        for (int ic = 0; ic < shape.inChannels(); ic++) {
            for (int oc = 0; oc < shape.outChannels(); oc++) {
                long from = w + ((long) oc * shape.inChannels() + ic) * window;
                VectorMemory.copy(from, rows + ((long) ic * shape.outChannels() + oc) * window, window);
            }
        }
        return rows;
    }

    private static void add(float value, long y, int n) {
        FloatVector all = FloatVector.broadcast(VectorWidth.SPECIES, value);
        int i = 0;
        for (; i <= n - VectorWidth.LANES; i += VectorWidth.LANES) {
            VectorMemory.store(load(y + i * BYTES).add(all), y + i * BYTES);
        }
        if (i < n) {
            VectorMask<Float> mask = VectorMemory.first(n - i);
            VectorMemory.store(load(y + i * BYTES, mask).add(all), y + i * BYTES, mask);
        }
    }
}
