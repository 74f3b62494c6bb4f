package io.ketju.tensor.kernel.normalization;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Affine;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.BatchNormOperands;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.ChannelStatistics;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Gradients;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.PlaneSums;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.RowStatistics;
import org.jspecify.annotations.Nullable;

/** Checks of the operands, and the numbers that the scalar and the vector form share. */
final class Sizes {
    /** Elements of a block, the longest run of a 16-lane sum. In the fastest cache a block is read twice for one. */
    static final int BLOCK = 4096;
    /** Rows of a block of the column sums. */
    static final int ROWS = 32;

    /** Samples of a block of sums over channels whose planes are one element. */
    static final int SAMPLES = 256;

    private Sizes() {}

    static void requireEpsilon(double epsilon) {
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException("epsilon must be 0 or greater, got " + epsilon);
        }
    }

    static void require(String name, @Nullable Tensor tensor, int elements) {
        if (tensor != null && tensor.elements() != elements) {
            throw new IllegalArgumentException("expected " + elements + " elements in " + name + ", found " + tensor);
        }
    }

    static void require(BatchNorm norm, Affine affine, ChannelStatistics statistics) {
        require(affine, norm.channels());
        require(norm, statistics);
    }

    static void require(BatchNorm norm, ChannelStatistics statistics) {
        require("mean", statistics.mean(), norm.channels());
        require("variance", statistics.variance(), norm.channels());
    }

    static void require(BatchNorm norm, PlaneSums sums) {
        require("sums", sums.sums(), norm.samples() * norm.channels());
        require("squares", sums.squares(), norm.samples() * norm.channels());
        require("shift", sums.shift(), norm.channels());
    }

    static void require(BatchNorm norm, Tensor x, @Nullable Tensor residual, Tensor y) {
        require("x", x, norm.elements());
        require("y", y, norm.elements());
        requirePresence("residual", residual, norm.epilogue() == BatchNorm.Epilogue.ADD_RELU);
        require("residual", residual, norm.elements());
    }

    static void require(BatchNorm norm, BatchNormOperands operands, Gradients gradients) {
        require("x", operands.x(), norm.elements());
        require("dy", operands.dy(), norm.elements());
        boolean masked = norm.epilogue() == BatchNorm.Epilogue.ADD_RELU;
        requirePresence("y", operands.y(), masked);
        require("y", operands.y(), norm.elements());
        if (operands.dresidual() != null && !masked) {
            throw new IllegalArgumentException("a gradient of the residual needs the epilogue ADD_RELU");
        }
        require("dresidual", operands.dresidual(), norm.elements());
        require(gradients, norm.elements(), norm.channels());
    }

    static void require(Affine affine, int size) {
        require("gamma", affine.gamma(), size);
        require("beta", affine.beta(), size);
    }

    static void require(Gradients gradients, int elements, int size) {
        require("dx", gradients.dx(), elements);
        require("dgamma", gradients.dgamma(), size);
        require("dbeta", gradients.dbeta(), size);
    }

    static void require(RowStatistics statistics, int rows) {
        require("mean", statistics.mean(), rows);
        require("rstd", statistics.rstd(), rows);
    }

    static void require(Tensor x, Tensor y, int elements, String nameOfY) {
        require("x", x, elements);
        require(nameOfY, y, elements);
    }

    private static void requirePresence(String name, @Nullable Tensor tensor, boolean present) {
        if ((tensor != null) != present) {
            throw new IllegalArgumentException(
                    name + (present ? " is missing, the epilogue ADD_RELU needs it" : " needs the epilogue ADD_RELU"));
        }
    }

    /** {@code 1 / sqrt(variance + epsilon)}, each step rounded to float. */
    static float rstd(float variance, double epsilon) {
        return 1 / (float) Math.sqrt(variance + (float) epsilon);
    }

    /** One element of an optional tensor. */
    static float get(@Nullable Tensor tensor, int index, float absent) {
        return tensor == null ? absent : tensor.getFloat(index);
    }

    static void add(@Nullable Tensor tensor, int index, float value) {
        if (tensor != null) {
            tensor.setFloat(index, tensor.getFloat(index) + value);
        }
    }
}
