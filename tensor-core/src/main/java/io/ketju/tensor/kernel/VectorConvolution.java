package io.ketju.tensor.kernel;

import static io.ketju.tensor.kernel.Tile.FLOAT;
import static io.ketju.tensor.kernel.Tile.ORDER;
import static io.ketju.tensor.kernel.VectorWidth.LANES;
import static io.ketju.tensor.kernel.VectorWidth.SPECIES;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.PanelProduct.Rows;
import io.ketju.tensor.memory.Scratch;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/** Convolution in SIMD, as matrix products whose columns are packed from one padded sample at a time. */
final class VectorConvolution implements ConvolutionKernels {
    private static final long BYTES = Float.BYTES;

    private final TileRunner tiles;

    VectorConvolution(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void conv2dForward(Conv2dShape shape, Tensor x, Tensor w, @Nullable Tensor bias, Tensor y) {
        Rows weights = new Rows(w.segment(), 0, shape.taps() * BYTES);
        int positions = shape.outHeight() * shape.outWidth();
        new ColumnProduct(TapImage.ofInput(shape), weights, shape.outChannels(), positions)
                .run(tiles, shape.batch(), x.segment(), bias == null ? null : bias.segment(), y.segment());
    }

    @Override
    public void conv2dBackwardInput(Conv2dShape shape, Tensor dy, Tensor w, Tensor dx) {
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        TapImage layout = TapImage.ofGradient(shape);
        Rows weights = byInput(shape, w.segment(), scratch);
        int positions = shape.height() * shape.width();
        new ColumnProduct(layout, weights, shape.inChannels(), positions)
                .run(tiles, shape.batch(), dy.segment(), null, dx.segment());
        scratch.release(mark);
    }

    @Override
    public void conv2dBackwardWeight(Conv2dShape shape, Tensor x, Tensor dy, Tensor dw) {
        new WeightGradient(shape, new WeightGradient.Operands(x.segment(), dy.segment(), dw.segment())).run(tiles);
    }

    @Override
    public void conv2dBackwardBias(Conv2dShape shape, Tensor dy, Tensor db) {
        int positions = shape.outHeight() * shape.outWidth();
        int channels = shape.outChannels();
        tiles.parallel(channels, channel -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            MemorySegment lanes = scratch.allocate(LaneSum.LANES * BYTES);
            float[] folded = new float[LaneSum.LANES];
            float total = db.getFloat(channel);
            for (int sample = 0; sample < shape.batch(); sample++) {
                long plane = ((long) sample * channels + channel) * positions * BYTES;
                lanes(dy.segment(), plane, positions, lanes);
                for (int lane = 0; lane < folded.length; lane++) {
                    folded[lane] = lanes.get(FLOAT, lane * BYTES);
                }
                total += LaneSum.fold(folded);
            }
            db.setFloat(channel, total);
            scratch.release(mark);
        });
    }

    /** Weights [ic, (oc, kh, kw)]: what one input channel gives to all outputs, in one row. */
    private static Rows byInput(Conv2dShape shape, MemorySegment w, Scratch scratch) {
        long window = (long) shape.window().kernelHeight() * shape.window().kernelWidth() * BYTES;
        MemorySegment rows = scratch.allocate(w.byteSize());
        for (int ic = 0; ic < shape.inChannels(); ic++) {
            for (int oc = 0; oc < shape.outChannels(); oc++) {
                long from = ((long) oc * shape.inChannels() + ic) * window;
                long to = ((long) ic * shape.outChannels() + oc) * window;
                PanelProduct.copyRow(w, from, rows, to, (int) (window / BYTES));
            }
        }
        return new Rows(rows, 0, shape.outChannels() * window);
    }

    /** Element i goes to lane i mod 16, as {@link LaneSum} says; registers of fewer lanes make several passes. */
    private static void lanes(MemorySegment x, long at, int n, MemorySegment lanes) {
        for (int lane = 0; lane < LaneSum.LANES; lane += LANES) {
            FloatVector sum = FloatVector.zero(SPECIES);
            int i = lane;
            for (; i <= n - LANES; i += LaneSum.LANES) {
                sum = sum.add(FloatVector.fromMemorySegment(SPECIES, x, at + i * BYTES, ORDER));
            }
            sum.intoMemorySegment(lanes, lane * BYTES, ORDER);
            for (int last = 0; i + last < n && last < LANES; last++) {
                long to = (lane + last) * BYTES;
                lanes.set(FLOAT, to, lanes.get(FLOAT, to) + x.get(FLOAT, at + (i + last) * BYTES));
            }
        }
    }
}
