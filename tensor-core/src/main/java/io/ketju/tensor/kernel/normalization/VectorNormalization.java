package io.ketju.tensor.kernel.normalization;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.TileRunner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Normalization in SIMD, its tiles on a worker pool. */
public final class VectorNormalization implements NormalizationKernels {
    private final TileRunner tiles;

    /**
     * Kernels whose tiles run on a pool.
     *
     * @param tiles the pool, open as long as the kernels are used
     */
    public VectorNormalization(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void batchNormStatistics(BatchNorm norm, Tensor x, ChannelStatistics statistics) {
        Sizes.require("x", x, norm.elements());
        Sizes.require(norm, statistics);
        if (norm.spatial() == 1) {
            new VectorColumnNorm(norm, Affine.NONE, statistics, x).statistics(tiles);
        } else {
            new VectorBatchNorm(norm, Affine.NONE, statistics, x).statistics(tiles);
        }
    }

    @Override
    public void batchNormStatistics(BatchNorm norm, PlaneSums sums, ChannelStatistics statistics) {
        Sizes.require(norm, sums);
        Sizes.require(norm, statistics);
        ScalarBatchNorm.statistics(norm, sums, statistics);
    }

    @Override
    public void batchNormCommit(double momentum, List<BatchPart> parts, ChannelStatistics running) {
        ScalarBatchNorm.commit(momentum, parts, running);
    }

    @Override
    public void batchNormForward(
            BatchNorm norm, Affine affine, Tensor x, @Nullable Tensor residual, ChannelStatistics saved, Tensor y) {
        Sizes.require(norm, affine, saved);
        Sizes.require(norm, x, residual, y);
        if (norm.spatial() == 1) {
            new VectorColumnNorm(norm, affine, saved, x).forward(tiles, residual, y);
        } else {
            new VectorBatchNorm(norm, affine, saved, x).forward(tiles, residual, y);
        }
    }

    @Override
    public void batchNormNormalize(
            BatchNorm norm, Affine affine, Tensor x, @Nullable Tensor residual, ChannelStatistics given, Tensor y) {
        Sizes.require(norm, affine, given);
        Sizes.require(norm, x, residual, y);
        if (norm.spatial() == 1) {
            new VectorColumnNorm(norm, affine, given, x).normalize(tiles, residual, y);
        } else {
            new VectorBatchNorm(norm, affine, given, x).normalize(tiles, residual, y);
        }
    }

    @Override
    public void batchNormBackward(
            BatchNorm norm, Affine affine, ChannelStatistics saved, BatchNormOperands operands, Gradients gradients) {
        Sizes.require(norm, affine, saved);
        Sizes.require(norm, operands, gradients);
        gradients(norm, affine, saved, operands, gradients, true);
    }

    @Override
    public void batchNormEvaluationBackward(
            BatchNorm norm, Affine affine, ChannelStatistics given, BatchNormOperands operands, Gradients gradients) {
        Sizes.require(norm, affine, given);
        Sizes.require(norm, operands, gradients);
        gradients(norm, affine, given, operands, gradients, false);
    }

    @Override
    public void groupNormForward(GroupNorm norm, Affine affine, Tensor x, RowStatistics saved, Tensor y) {
        Sizes.require(affine, norm.channels());
        Sizes.require(saved, norm.rows());
        Sizes.require(x, y, norm.elements(), "y");
        new VectorGroupNorm(norm, saved, x).forward(tiles, affine, y);
    }

    @Override
    public void groupNormBackward(
            GroupNorm norm, @Nullable Tensor gamma, RowStatistics saved, Tensor x, Tensor dy, Gradients gradients) {
        Sizes.require("gamma", gamma, norm.channels());
        Sizes.require(saved, norm.rows());
        Sizes.require(x, dy, norm.elements(), "dy");
        Sizes.require(gradients, norm.elements(), norm.channels());
        new VectorGroupNorm(norm, saved, x).backward(tiles, gamma, dy, gradients);
    }

    @Override
    public void layerNormForward(RowNorm norm, Affine affine, Tensor x, RowStatistics saved, Tensor y) {
        Sizes.require(affine, norm.columns());
        Sizes.require(saved, norm.rows());
        Sizes.require(x, y, norm.elements(), "y");
        VectorRowNorm.layer(norm, saved, x).forward(tiles, affine, y);
    }

    @Override
    public void layerNormBackward(
            RowNorm norm, @Nullable Tensor gamma, RowStatistics saved, Tensor x, Tensor dy, Gradients gradients) {
        Sizes.require("gamma", gamma, norm.columns());
        Sizes.require(saved, norm.rows());
        Sizes.require(x, dy, norm.elements(), "dy");
        Sizes.require(gradients, norm.elements(), norm.columns());
        VectorRowNorm.layer(norm, saved, x).backward(tiles, gamma, dy, gradients);
    }

    @Override
    public void rmsNormForward(RowNorm norm, @Nullable Tensor gamma, Tensor x, Tensor rstd, Tensor y) {
        Sizes.require("gamma", gamma, norm.columns());
        Sizes.require("rstd", rstd, norm.rows());
        Sizes.require(x, y, norm.elements(), "y");
        new VectorRowNorm(norm, null, rstd, x).forward(tiles, new Affine(gamma, null), y);
    }

    @Override
    public void rmsNormBackward(
            RowNorm norm, @Nullable Tensor gamma, Tensor rstd, Tensor x, Tensor dy, Gradients gradients) {
        Sizes.require("gamma", gamma, norm.columns());
        Sizes.require("rstd", rstd, norm.rows());
        Sizes.require(x, dy, norm.elements(), "dy");
        Sizes.require(gradients, norm.elements(), norm.columns());
        new VectorRowNorm(norm, null, rstd, x).backward(tiles, gamma, dy, gradients);
    }

    private void gradients(
            BatchNorm norm,
            Affine affine,
            ChannelStatistics given,
            BatchNormOperands operands,
            Gradients gradients,
            boolean training) {
        if (norm.spatial() == 1) {
            new VectorColumnNormGradient(norm, affine, given, operands, gradients).run(tiles, training);
        } else {
            new VectorBatchNormGradient(norm, affine, given, operands, gradients).run(tiles, training);
        }
    }
}
