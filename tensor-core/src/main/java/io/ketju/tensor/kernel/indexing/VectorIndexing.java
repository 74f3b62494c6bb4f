package io.ketju.tensor.kernel.indexing;

import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.getInt;
import static io.ketju.tensor.simd.VectorMemory.set;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.Operands;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.Ranges.RangeTask;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import java.util.List;

/** Indexing by address: whole rows are copied, blocks transposed in registers. */
public final class VectorIndexing implements IndexingKernels {
    /** Columns of a table that one tile adds gradients to. */
    private static final int COLUMN_TILE = 64;

    private final TileRunner tiles;

    private final ThreadLocal<Lookup> lookups = ThreadLocal.withInitial(Lookup::new);

    /** Rows of a table that are looked up, or put back: one call after the other of a thread. */
    private static final class Lookup implements RangeTask {
        boolean back;
        int columns;
        int rows;
        long table;
        long wanted;
        long out;

        @Override
        public void run(int from, int to) {
            for (int i = from; i < to; i++) {
                long row = Indexes.require(getInt(wanted + 4L * i), i, rows);
                long inTable = table + 4 * row * columns;
                long listed = out + 4L * i * columns;
                RowLoops.copy(back ? listed : inTable, back ? inTable : listed, columns);
            }
        }
    }

    /**
     * Kernels whose tiles run on a pool.
     *
     * @param tiles the pool, open as long as the kernels are used
     */
    public VectorIndexing(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void embeddingForward(Tensor w, Tensor indices, Tensor y) {
        copyRows(false, w, indices, y);
    }

    @Override
    public void putRows(Tensor y, Tensor indices, Tensor w) {
        copyRows(true, w, indices, y);
    }

    private void copyRows(boolean back, Tensor w, Tensor indices, Tensor y) {
        Lookup call = lookups.get();
        call.back = back;
        call.columns = Indexes.embedding(w, indices, y);
        call.rows = Operands.rows(w);
        call.table = VectorMemory.address(w);
        call.wanted = VectorMemory.address(indices);
        call.out = VectorMemory.address(y);
        Ranges.rows(tiles, indices.elements(), call.columns, call);
    }

    @Override
    public void embeddingBackward(int padding, Tensor dy, Tensor indices, Tensor dw) {
        int columns = Indexes.embedding(dw, indices, dy);
        int rows = Operands.rows(dw);
        long in = VectorMemory.address(dy);
        long wanted = VectorMemory.address(indices);
        long table = VectorMemory.address(dw);
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        FrequentRows frequent = FrequentRows.among(scratch, wanted, indices.elements(), rows, padding);
        EmbeddingGradient gradient = new EmbeddingGradient(wanted, indices.elements(), columns, padding, frequent);
        // Threads share the columns, so that each element has one writer, who goes through the positions in order.
        tiles.parallel(Math.ceilDiv(columns, COLUMN_TILE), tile -> {
            int first = tile * COLUMN_TILE;
            int width = Math.min(COLUMN_TILE, columns - first);
            gradient.add(in + 4L * first, table + 4L * first, width, tiles.scratch());
        });
        scratch.release(mark);
    }

    @Override
    public void gather(GatherShape shape, Tensor x, Tensor indices, Tensor y) {
        shape.require(x, indices, y);
        Indexes.requireIntegers(indices);
        long in = VectorMemory.address(x);
        long wanted = VectorMemory.address(indices);
        long out = VectorMemory.address(y);
        int block = shape.picked() * shape.inner();
        Ranges.rows(tiles, shape.outer(), block, (from, to) -> {
            for (int o = from; o < to; o++) {
                long skip = 4L * o * block;
                gather(shape, in + 4L * o * shape.size() * shape.inner(), wanted + skip, out + skip, o * block);
            }
        });
    }

    @Override
    public void scatterAdd(GatherShape shape, Tensor y, Tensor indices, Tensor x) {
        shape.require(x, indices, y);
        Indexes.requireIntegers(indices);
        long in = VectorMemory.address(y);
        long wanted = VectorMemory.address(indices);
        long out = VectorMemory.address(x);
        int block = shape.picked() * shape.inner();
        Ranges.rows(tiles, shape.outer(), block, (from, to) -> {
            for (int o = from; o < to; o++) {
                long skip = 4L * o * block;
                scatter(shape, in + skip, wanted + skip, out + 4L * o * shape.size() * shape.inner(), o * block);
            }
        });
    }

    @Override
    public void slice(SliceShape shape, Tensor x, Tensor y) {
        shape.require(x, y);
        long in = VectorMemory.address(x) + 4L * shape.first() * shape.inner();
        long out = VectorMemory.address(y);
        int block = shape.count() * shape.inner();
        long whole = 4L * shape.size() * shape.inner();
        long stride = 4L * shape.step() * shape.inner();
        Ranges.rows(tiles, shape.outer(), block, (from, to) -> {
            for (int o = from; o < to; o++) {
                if (shape.inner() == 1) {
                    copyNumbers(in + o * whole, stride, out + 4L * o * block, Float.BYTES, block);
                } else {
                    new RowLoops.Rows(shape.count(), shape.inner(), stride, 4L * shape.inner())
                            .copy(in + o * whole, out + 4L * o * block);
                }
            }
        });
    }

    @Override
    public void spread(SliceShape shape, Tensor y, Tensor x) {
        shape.require(x, y);
        long in = VectorMemory.address(y);
        long out = VectorMemory.address(x);
        int block = shape.count() * shape.inner();
        long whole = 4L * shape.size() * shape.inner();
        long stride = 4L * shape.step() * shape.inner();
        long first = 4L * shape.first() * shape.inner();
        Ranges.rows(tiles, shape.outer(), shape.size() * shape.inner(), (from, to) -> {
            for (int o = from; o < to; o++) {
                VectorMemory.clear(out + o * whole, whole);
                if (shape.inner() == 1) {
                    copyNumbers(in + 4L * o * block, Float.BYTES, out + o * whole + first, stride, block);
                } else {
                    new RowLoops.Rows(shape.count(), shape.inner(), 4L * shape.inner(), stride)
                            .copy(in + 4L * o * block, out + o * whole + first);
                }
            }
        });
    }

    private static void copyNumbers(long x, long xStride, long y, long yStride, int count) {
        for (int i = 0; i < count; i++) {
            set(y + i * yStride, get(x + i * xStride));
        }
    }

    @Override
    public void concat(int outer, List<Tensor> parts, Tensor y) {
        Indexes.parts(outer, parts, y);
        copyParts(outer, parts, y, true);
    }

    @Override
    public void split(int outer, Tensor x, List<Tensor> parts) {
        Indexes.parts(outer, parts, x);
        copyParts(outer, parts, x, false);
    }

    @Override
    public void permute(Tensor x, Tensor y, int... order) {
        Permutation p = new Permutation(x, y, order);
        if (y.elements() > 0) {
            new PermutedBlocks(tiles, p.merged()).run(VectorMemory.address(x), VectorMemory.address(y));
        }
    }

    @Override
    public void topK(int k, Tensor x, Tensor values, Tensor indices) {
        int columns = Indexes.topK(k, x, values, indices);
        long in = VectorMemory.address(x);
        long best = VectorMemory.address(values);
        long places = VectorMemory.address(indices);
        Ranges.rows(tiles, Operands.rows(x), columns, (from, to) -> {
            for (int row = from; row < to; row++) {
                long skip = 4L * row * k;
                RowSearch.topK(k, in + 4L * row * columns, columns, best + skip, places + skip);
            }
        });
    }

    @Override
    public void argmax(Tensor x, Tensor indices) {
        int columns = Operands.columns(x);
        Indexes.requireIntegers(indices);
        Indexes.require("indices", indices, Operands.rows(x));
        long in = VectorMemory.address(x);
        Ranges.rows(tiles, Operands.rows(x), columns, (from, to) -> {
            for (int row = from; row < to; row++) {
                indices.setInt(row, RowSearch.argmax(in + 4L * row * columns, columns));
            }
        });
    }

    @Override
    public void oneHot(Tensor indices, Tensor y) {
        int classes = Operands.columns(y);
        Indexes.requireIntegers(indices);
        Indexes.require("y", y, indices.elements(), classes);
        long wanted = VectorMemory.address(indices);
        long out = VectorMemory.address(y);
        Ranges.rows(tiles, indices.elements(), classes, (from, to) -> {
            VectorMemory.clear(out + 4L * from * classes, 4L * (to - from) * classes);
            for (int i = from; i < to; i++) {
                int index = Indexes.require(getInt(wanted + 4L * i), i, classes);
                set(out + 4 * ((long) i * classes + index), 1);
            }
        });
    }

    private void copyParts(int outer, List<Tensor> parts, Tensor whole, boolean join) {
        long all = VectorMemory.address(whole);
        int stride = whole.elements() / outer;
        long offset = 0;
        for (Tensor part : parts) {
            int size = part.elements() / outer;
            long one = VectorMemory.address(part);
            long start = all + offset;
            Ranges.rows(tiles, outer, size, (from, to) -> {
                long inWhole = start + 4L * from * stride;
                long inPart = one + 4L * from * size;
                if (join) {
                    new RowLoops.Rows(to - from, size, 4L * size, 4L * stride).copy(inPart, inWhole);
                } else {
                    new RowLoops.Rows(to - from, size, 4L * stride, 4L * size).copy(inWhole, inPart);
                }
            });
            offset += 4L * size;
        }
    }

    private static void gather(GatherShape shape, long x, long indices, long y, int position) {
        int count = shape.picked() * shape.inner();
        if (shape.inner() == 1) {
            gatherNumbers(shape.size(), x, indices, y, position, count);
        } else {
            for (int from = 0; from < count; from += shape.inner()) {
                gatherRow(shape, x, indices + 4L * from, y + 4L * from, position + from);
            }
        }
    }

    private static void gatherNumbers(int size, long x, long indices, long y, int position, int count) {
        for (int i = 0; i < count; i++) {
            int index = getInt(indices + 4L * i);
            if (Integer.compareUnsigned(index, size) >= 0) {
                throw Indexes.outside(index, position + i, size);
            }
            set(y + 4L * i, get(x + 4L * index));
        }
    }

    private static void gatherRow(GatherShape shape, long x, long indices, long y, int position) {
        int size = shape.size();
        int inner = shape.inner();
        for (int i = 0; i < inner; i++) {
            int index = getInt(indices + 4L * i);
            if (Integer.compareUnsigned(index, size) >= 0) {
                throw Indexes.outside(index, position + i, size);
            }
            set(y + 4L * i, get(x + 4 * ((long) index * inner + i)));
        }
    }

    private static void scatter(GatherShape shape, long y, long indices, long x, int position) {
        int count = shape.picked() * shape.inner();
        if (shape.inner() == 1) {
            scatterNumbers(shape.size(), y, indices, x, position, count);
        } else {
            for (int from = 0; from < count; from += shape.inner()) {
                scatterRow(shape, y + 4L * from, indices + 4L * from, x, position + from);
            }
        }
    }

    private static void scatterNumbers(int size, long y, long indices, long x, int position, int count) {
        for (int i = 0; i < count; i++) {
            int index = getInt(indices + 4L * i);
            if (Integer.compareUnsigned(index, size) >= 0) {
                throw Indexes.outside(index, position + i, size);
            }
            long to = x + 4L * index;
            set(to, get(to) + get(y + 4L * i));
        }
    }

    private static void scatterRow(GatherShape shape, long y, long indices, long x, int position) {
        int size = shape.size();
        int inner = shape.inner();
        for (int i = 0; i < inner; i++) {
            int index = getInt(indices + 4L * i);
            if (Integer.compareUnsigned(index, size) >= 0) {
                throw Indexes.outside(index, position + i, size);
            }
            long to = x + 4 * ((long) index * inner + i);
            set(to, get(to) + get(y + 4L * i));
        }
    }
}
