package io.ketju.tensor.kernel.normalization;

import io.ketju.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Normalization as plain loops: the definition that the vector kernels are tested against. */
public final class ScalarNormalization implements NormalizationKernels {
    /** Kernels without state: one object serves all threads. */
    public ScalarNormalization() {}

    @Override
    public void batchNormStatistics(BatchNorm norm, Tensor x, ChannelStatistics statistics) {
        Sizes.require("x", x, norm.elements());
        Sizes.require(norm, statistics);
        ScalarBatchNorm.statistics(norm, x, statistics);
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
        ScalarBatchNorm.statistics(norm, x, saved);
        ScalarBatchNorm.normalize(norm, affine, x, residual, saved, y);
    }

    @Override
    public void batchNormNormalize(
            BatchNorm norm, Affine affine, Tensor x, @Nullable Tensor residual, ChannelStatistics given, Tensor y) {
        Sizes.require(norm, affine, given);
        Sizes.require(norm, x, residual, y);
        ScalarBatchNorm.normalize(norm, affine, x, residual, given, y);
    }

    @Override
    public void batchNormBackward(
            BatchNorm norm, Affine affine, ChannelStatistics saved, BatchNormOperands operands, Gradients gradients) {
        Sizes.require(norm, affine, saved);
        Sizes.require(norm, operands, gradients);
        new ScalarBatchNormGradient(norm, affine, saved, operands).run(gradients, true);
    }

    @Override
    public void batchNormEvaluationBackward(
            BatchNorm norm, Affine affine, ChannelStatistics given, BatchNormOperands operands, Gradients gradients) {
        Sizes.require(norm, affine, given);
        Sizes.require(norm, operands, gradients);
        new ScalarBatchNormGradient(norm, affine, given, operands).run(gradients, false);
    }

    @Override
    public void groupNormForward(GroupNorm norm, Affine affine, Tensor x, RowStatistics saved, Tensor y) {
        Sizes.require(affine, norm.channels());
        Sizes.require(saved, norm.rows());
        Sizes.require(x, y, norm.elements(), "y");
        new ScalarGroupNorm(norm, saved, x).forward(affine, y);
    }

    @Override
    public void groupNormBackward(
            GroupNorm norm, @Nullable Tensor gamma, RowStatistics saved, Tensor x, Tensor dy, Gradients gradients) {
        Sizes.require("gamma", gamma, norm.channels());
        Sizes.require(saved, norm.rows());
        Sizes.require(x, dy, norm.elements(), "dy");
        Sizes.require(gradients, norm.elements(), norm.channels());
        new ScalarGroupNorm(norm, saved, x).backward(gamma, dy, gradients);
    }

    @Override
    public void layerNormForward(RowNorm norm, Affine affine, Tensor x, RowStatistics saved, Tensor y) {
        Sizes.require(affine, norm.columns());
        Sizes.require(saved, norm.rows());
        Sizes.require(x, y, norm.elements(), "y");
        ScalarRowNorm.layer(norm, saved, x).forward(affine, y);
    }

    @Override
    public void layerNormBackward(
            RowNorm norm, @Nullable Tensor gamma, RowStatistics saved, Tensor x, Tensor dy, Gradients gradients) {
        Sizes.require("gamma", gamma, norm.columns());
        Sizes.require(saved, norm.rows());
        Sizes.require(x, dy, norm.elements(), "dy");
        Sizes.require(gradients, norm.elements(), norm.columns());
        ScalarRowNorm.layer(norm, saved, x).backward(gamma, dy, gradients);
    }

    @Override
    public void rmsNormForward(RowNorm norm, @Nullable Tensor gamma, Tensor x, Tensor rstd, Tensor y) {
        Sizes.require("gamma", gamma, norm.columns());
        Sizes.require("rstd", rstd, norm.rows());
        Sizes.require(x, y, norm.elements(), "y");
        new ScalarRowNorm(norm, null, rstd, x).forward(new Affine(gamma, null), y);
    }

    @Override
    public void rmsNormBackward(
            RowNorm norm, @Nullable Tensor gamma, Tensor rstd, Tensor x, Tensor dy, Gradients gradients) {
        Sizes.require("gamma", gamma, norm.columns());
        Sizes.require("rstd", rstd, norm.rows());
        Sizes.require(x, dy, norm.elements(), "dy");
        Sizes.require(gradients, norm.elements(), norm.columns());
        new ScalarRowNorm(norm, null, rstd, x).backward(gamma, dy, gradients);
    }
}
