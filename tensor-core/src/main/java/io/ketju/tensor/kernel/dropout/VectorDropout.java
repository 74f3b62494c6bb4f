package io.ketju.tensor.kernel.dropout;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.address;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.Elements;
import io.ketju.tensor.simd.Operands;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import jdk.incubator.vector.FloatVector;

/** Dropout, cut into tiles; groups of 32 elements that are not whole go through spare memory. */
public final class VectorDropout implements DropoutKernels {
    private static final long GROUP_BYTES = DropoutGroups.GROUP * 4L;

    private final TileRunner tiles;

    /**
     * Kernels whose tiles run on a pool.
     *
     * @param tiles the pool, open as long as these are used
     */
    public VectorDropout(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void forward(DropoutMask mask, Tensor x, Tensor y) {
        int count = Operands.elements(x, y);
        long in = address(x);
        long out = address(y);
        DropoutGroups groups = DropoutGroups.of(mask);
        Ranges.elements(tiles, count, (from, to) -> range(groups, mask.first(), in, out, from, to));
    }

    @Override
    public void channels(DropoutMask mask, int inner, Tensor x, Tensor y) {
        int rows = ScalarDropout.rows(inner, x, y);
        long in = address(x);
        long out = address(y);
        Ranges.rows(tiles, rows, inner, (from, to) -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            long spare = address(scratch.allocate(Elements.SPARE_BYTES));
            Elements.Loop keep = (a, b, c, bytes) -> scaled(mask.scale(), a, c, bytes);
            Elements.Loop drop = (a, b, c, bytes) -> zeros(c, bytes);
            for (int row = from; row < to; row++) {
                long at = 4L * row * inner;
                Elements.run(mask.keeps(row) ? keep : drop, in + at, in + at, out + at, inner, spare);
            }
            scratch.release(mark);
        });
    }

    @Override
    public void uniform(DropoutMask mask, float low, float high, Tensor y) {
        long out = address(y);
        DropoutGroups groups = DropoutGroups.drawing(mask.random(), low, high);
        Ranges.elements(tiles, y.elements(), (from, to) -> range(groups, mask.first(), out, out, from, to));
    }

    /** The elements from..to-1: the end of a group, whole groups, the beginning of one. */
    private void range(DropoutGroups groups, long first, long x, long y, int from, int to) {
        long at = first + from;
        long end = first + to;
        long wholeFrom = Math.min(end, Math.ceilDiv(at, DropoutGroups.GROUP) * DropoutGroups.GROUP);
        long wholeTo = Math.max(wholeFrom, end - end % DropoutGroups.GROUP);
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        long spare = address(scratch.allocate(GROUP_BYTES));
        long in = x - first * 4;
        long out = y - first * 4;
        part(groups, in, out, at, wholeFrom, spare);
        groups.run(
                wholeFrom,
                (int) ((wholeTo - wholeFrom) / DropoutGroups.GROUP),
                in + wholeFrom * 4,
                out + wholeFrom * 4);
        part(groups, in, out, wholeTo, end, spare);
        scratch.release(mark);
    }

    /** Indices from..to-1 of one group; in and out are where index 0 would lie. */
    private static void part(DropoutGroups groups, long in, long out, long from, long to, long spare) {
        if (from < to) {
            long start = from - from % DropoutGroups.GROUP;
            long inside = spare + (from - start) * 4;
            VectorMemory.clear(spare, GROUP_BYTES);
            VectorMemory.copy(in + from * 4, inside, (to - from) * 4);
            groups.run(start, 1, spare, spare);
            VectorMemory.copy(inside, out + from * 4, (to - from) * 4);
        }
    }

    private static void scaled(float factor, long x, long y, long bytes) {
        FloatVector scale = FloatVector.broadcast(SPECIES, factor);
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(x + i).mul(scale), y + i);
        }
    }

    private static void zeros(long y, long bytes) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (long i = 0; i < bytes; i += VECTOR) {
            store(zero, y + i);
        }
    }
}
