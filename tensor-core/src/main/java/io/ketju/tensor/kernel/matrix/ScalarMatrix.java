package io.ketju.tensor.kernel.matrix;

import io.ketju.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Matrix products as plain loops: the definition that the vector kernels are tested against. */
public final class ScalarMatrix implements MatrixKernels {
    @Override
    public void gemm(GemmShape shape, Tensor a, Tensor b, Tensor c) {
        product(shape, a, b, null, c);
    }

    @Override
    public void gemmBias(GemmShape shape, Tensor a, Tensor b, Tensor bias, Tensor c) {
        product(shape, a, b, bias, c);
    }

    @Override
    public void gemmAccumulate(GemmShape shape, Tensor a, Tensor b, Tensor c) {
        BlockedSum sum = new BlockedSum();
        for (int i = 0; i < shape.m(); i++) {
            for (int j = 0; j < shape.n(); j++) {
                int at = i * shape.n() + j;
                c.setFloat(at, element(shape, a, b, i, j, sum.startAt(c.getFloat(at))));
            }
        }
    }

    @Override
    public void sumRowsAccumulate(Tensor x, Tensor sums) {
        int columns = sums.elements();
        int rows = columns == 0 ? 0 : x.elements() / columns;
        for (int j = 0; j < columns; j++) {
            float sum = 0;
            for (int i = 0; i < rows; i++) {
                sum += x.getFloat(i * columns + j);
            }
            sums.setFloat(j, sums.getFloat(j) + sum);
        }
    }

    private static void product(GemmShape shape, Tensor a, Tensor b, @Nullable Tensor bias, Tensor c) {
        BlockedSum sum = new BlockedSum();
        for (int i = 0; i < shape.m(); i++) {
            for (int j = 0; j < shape.n(); j++) {
                float value = element(shape, a, b, i, j, sum.start());
                c.setFloat(i * shape.n() + j, bias == null ? value : value + bias.getFloat(j));
            }
        }
    }

    private static float element(GemmShape shape, Tensor a, Tensor b, int i, int j, BlockedSum sum) {
        boolean transposedA = shape.layout() == GemmShape.Layout.TN;
        boolean transposedB = shape.layout() == GemmShape.Layout.NT;
        for (int k = 0; k < shape.k(); k++) {
            float left = a.getFloat(transposedA ? k * shape.m() + i : i * shape.k() + k);
            float right = b.getFloat(transposedB ? j * shape.k() + k : k * shape.n() + j);
            sum.add(left, right);
        }
        return sum.result();
    }
}
