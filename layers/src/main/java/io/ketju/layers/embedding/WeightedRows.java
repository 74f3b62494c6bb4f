package io.ketju.layers.embedding;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.MatrixBatch;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import io.ketju.tensor.kernel.matrix.MatrixView;

/** The sums of the rows of each sample, each times a factor: factors [samples, n], rows [samples · n, d], sums [samples, d]. */
final class WeightedRows {
    private WeightedRows() {}

    /** Overwrites the sums. */
    static void forward(MatrixKernels matrix, Tensor factors, Tensor rows, Tensor sums) {
        GemmShape product = GemmShape.nn(1, columns(sums), columns(factors));
        matrix.gemmBatched(product, bySample(factors, 1), bySample(rows, columns(factors)), bySample(sums, 1), false);
    }

    /** Overwrites the gradient of the rows: of each its factor times that of its sum. */
    static void gradientOfRows(MatrixKernels matrix, Tensor factors, Tensor gradSums, Tensor gradRows) {
        int n = columns(factors);
        GemmShape product = GemmShape.tn(n, columns(gradSums), 1);
        matrix.gemmBatched(product, bySample(factors, 1), bySample(gradSums, 1), bySample(gradRows, n), false);
    }

    /** Overwrites the gradient of the factors: of each its row times the gradient of the sum. */
    static void gradientOfFactors(MatrixKernels matrix, Tensor gradSums, Tensor rows, Tensor gradFactors) {
        int n = columns(gradFactors);
        GemmShape product = GemmShape.nt(1, n, columns(gradSums));
        matrix.gemmBatched(product, bySample(gradSums, 1), bySample(rows, n), bySample(gradFactors, 1), false);
    }

    private static MatrixBatch bySample(Tensor tensor, int rows) {
        int one = rows * columns(tensor);
        return MatrixBatch.strided(MatrixView.of(tensor, columns(tensor)), tensor.elements() / one, one);
    }

    private static int columns(Tensor tensor) {
        return tensor.shape().dimension(-1);
    }
}
