package io.ketju.tensor.kernel.indexing;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.ColumnSum;
import io.ketju.tensor.simd.Operands;
import java.util.List;

/** Indexing as plain loops: the definition that the vector kernels are tested against. */
public final class ScalarIndexing implements IndexingKernels {
    /** Kernels without state: one object serves all threads. */
    public ScalarIndexing() {}

    @Override
    public void embeddingForward(Tensor w, Tensor indices, Tensor y) {
        int columns = Indexes.embedding(w, indices, y);
        for (int i = 0; i < indices.elements(); i++) {
            int row = Indexes.require(indices.getInt(i), i, Operands.rows(w));
            for (int c = 0; c < columns; c++) {
                y.setFloat(i * columns + c, w.getFloat(row * columns + c));
            }
        }
    }

    @Override
    public void embeddingBackward(int padding, Tensor dy, Tensor indices, Tensor dw) {
        int columns = Indexes.embedding(dw, indices, dy);
        int[] counts = new int[Operands.rows(dw)];
        for (int i = 0; i < indices.elements(); i++) {
            counts[Indexes.require(indices.getInt(i), i, counts.length)]++;
        }
        for (int i = 0; i < indices.elements(); i++) {
            int row = indices.getInt(i);
            for (int c = 0; c < columns && row != padding && counts[row] <= ColumnSum.BLOCK; c++) {
                int at = row * columns + c;
                dw.setFloat(at, dw.getFloat(at) + dy.getFloat(i * columns + c));
            }
        }
        for (int row = 0; row < counts.length; row++) {
            for (int c = 0; c < columns && row != padding && counts[row] > ColumnSum.BLOCK; c++) {
                int at = row * columns + c;
                dw.setFloat(at, dw.getFloat(at) + columnOf(row, c, dy, indices));
            }
        }
    }

    @Override
    public void putRows(Tensor y, Tensor indices, Tensor w) {
        int columns = Indexes.embedding(w, indices, y);
        for (int i = 0; i < indices.elements(); i++) {
            int row = Indexes.require(indices.getInt(i), i, Operands.rows(w));
            for (int c = 0; c < columns; c++) {
                w.setFloat(row * columns + c, y.getFloat(i * columns + c));
            }
        }
    }

    @Override
    public void slice(SliceShape shape, Tensor x, Tensor y) {
        shape.require(x, y);
        for (int i = 0; i < y.elements(); i++) {
            y.setFloat(i, x.getFloat(inWhole(shape, i)));
        }
    }

    @Override
    public void spread(SliceShape shape, Tensor y, Tensor x) {
        shape.require(x, y);
        x.clear();
        for (int i = 0; i < y.elements(); i++) {
            x.setFloat(inWhole(shape, i), y.getFloat(i));
        }
    }

    private static int inWhole(SliceShape shape, int i) {
        int block = shape.count() * shape.inner();
        int position = shape.first() + i % block / shape.inner() * shape.step();
        return (i / block * shape.size() + position) * shape.inner() + i % shape.inner();
    }

    private static float columnOf(int row, int column, Tensor dy, Tensor indices) {
        ColumnSum sum = new ColumnSum();
        int columns = dy.elements() / indices.elements();
        for (int i = 0; i < indices.elements(); i++) {
            if (indices.getInt(i) == row) {
                sum.add(dy.getFloat(i * columns + column));
            }
        }
        return sum.result();
    }

    @Override
    public void gather(GatherShape shape, Tensor x, Tensor indices, Tensor y) {
        shape.require(x, indices, y);
        Indexes.requireIntegers(indices);
        for (int at = 0; at < y.elements(); at++) {
            y.setFloat(at, x.getFloat(source(shape, indices, at)));
        }
    }

    @Override
    public void scatterAdd(GatherShape shape, Tensor y, Tensor indices, Tensor x) {
        shape.require(x, indices, y);
        Indexes.requireIntegers(indices);
        for (int at = 0; at < y.elements(); at++) {
            int to = source(shape, indices, at);
            x.setFloat(to, x.getFloat(to) + y.getFloat(at));
        }
    }

    @Override
    public void concat(int outer, List<Tensor> parts, Tensor y) {
        Indexes.parts(outer, parts, y);
        int at = 0;
        for (int row = 0; row < outer; row++) {
            for (Tensor part : parts) {
                int size = part.elements() / outer;
                for (int i = 0; i < size; i++) {
                    y.setInt(at++, part.getInt(row * size + i));
                }
            }
        }
    }

    @Override
    public void split(int outer, Tensor x, List<Tensor> parts) {
        Indexes.parts(outer, parts, x);
        int at = 0;
        for (int row = 0; row < outer; row++) {
            for (Tensor part : parts) {
                int size = part.elements() / outer;
                for (int i = 0; i < size; i++) {
                    part.setInt(row * size + i, x.getInt(at++));
                }
            }
        }
    }

    @Override
    public void permute(Tensor x, Tensor y, int... order) {
        Permutation permutation = new Permutation(x, y, order);
        for (int i = 0; i < y.elements(); i++) {
            y.setInt(i, x.getInt((int) permutation.offset(i, permutation.xStrides, 0)));
        }
    }

    @Override
    public void topK(int k, Tensor x, Tensor values, Tensor indices) {
        int columns = Indexes.topK(k, x, values, indices);
        for (int row = 0; row < Operands.rows(x); row++) {
            boolean[] taken = new boolean[columns];
            for (int i = 0; i < k; i++) {
                int best = -1;
                for (int c = 0; c < columns; c++) {
                    boolean better =
                            best < 0 || isGreater(x.getFloat(row * columns + c), x.getFloat(row * columns + best));
                    best = !taken[c] && better ? c : best;
                }
                taken[best] = true;
                values.setFloat(row * k + i, x.getFloat(row * columns + best));
                indices.setInt(row * k + i, best);
            }
        }
    }

    @Override
    public void argmax(Tensor x, Tensor indices) {
        int columns = Operands.columns(x);
        Indexes.requireIntegers(indices);
        Indexes.require("indices", indices, Operands.rows(x));
        for (int row = 0; row < Operands.rows(x); row++) {
            int best = 0;
            for (int c = 1; c < columns; c++) {
                best = isGreater(x.getFloat(row * columns + c), x.getFloat(row * columns + best)) ? c : best;
            }
            indices.setInt(row, best);
        }
    }

    @Override
    public void oneHot(Tensor indices, Tensor y) {
        int classes = Operands.columns(y);
        Indexes.requireIntegers(indices);
        Indexes.require("y", y, indices.elements(), classes);
        y.clear();
        for (int i = 0; i < indices.elements(); i++) {
            y.setFloat(i * classes + Indexes.require(indices.getInt(i), i, classes), 1);
        }
    }

    /** The order of top-k: NaN is larger than all, both zeros are equal. */
    static boolean isGreater(float a, float b) {
        return a > b || (Float.isNaN(a) && !Float.isNaN(b));
    }

    private static int source(GatherShape shape, Tensor indices, int at) {
        int inner = at % shape.inner();
        int outer = at / shape.inner() / shape.picked();
        return (outer * shape.size() + Indexes.require(indices.getInt(at), at, shape.size())) * shape.inner() + inner;
    }
}
