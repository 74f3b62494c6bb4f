package io.ketju.tensor.kernel.normalization;

import static io.ketju.tensor.simd.VectorMemory.address;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Affine;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.BatchNormOperands;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.ChannelStatistics;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Gradients;
import io.ketju.tensor.kernel.normalization.VectorPlanes.Line;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.TileRunner;
import org.jspecify.annotations.Nullable;

/**
 * The backward pass of batch normalization, by channels as the forward pass. With an epilogue the first pass over a
 * plane also writes g, where its last reader will look for it: to the gradient of the residual or to dx.
 */
final class VectorBatchNormGradient {
    private static final long BYTES = Float.BYTES;
    private static final long NOWHERE = 0;

    private final BatchNorm norm;
    private final Affine affine;
    private final ChannelStatistics given;
    private final Gradients gradients;
    private final long x;
    private final long y;
    private final long dy;
    private final long dx;
    /** Where g is kept for the second pass; nowhere if it need not be written or need not be kept. */
    private final long kept;

    VectorBatchNormGradient(
            BatchNorm norm, Affine affine, ChannelStatistics given, BatchNormOperands operands, Gradients gradients) {
        this.norm = norm;
        this.affine = affine;
        this.given = given;
        this.gradients = gradients;
        x = address(operands.x());
        y = addressOf(operands.y());
        dy = address(operands.dy());
        dx = addressOf(gradients.dx());
        kept = operands.dresidual() == null ? dx : address(operands.dresidual());
    }

    private static long addressOf(@Nullable Tensor tensor) {
        return tensor == null ? NOWHERE : address(tensor);
    }

    void run(TileRunner tiles, boolean training) {
        Ranges.rows(tiles, norm.channels(), norm.count(), (from, to) -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            try {
                long plane = address(scratch.allocate(norm.spatial() * BYTES));
                VectorPlaneSums planes = new VectorPlaneSums();
                for (int channel = from; channel < to; channel++) {
                    run(planes, plane, channel, training);
                }
            } finally {
                scratch.release(mark);
            }
        });
    }

    private void run(VectorPlaneSums planes, long plane, int channel, boolean training) {
        float mean = given.mean().getFloat(channel);
        float rstd = norm.rstd(given.variance().getFloat(channel));
        Line line = VectorBatchNorm.line(norm, affine, given, channel);
        int n = norm.spatial();
        double total = 0;
        double products = 0;
        for (int sample = 0; sample < norm.samples(); sample++) {
            long at = norm.plane(sample, channel) * BYTES;
            long g = masked(at, plane, line);
            planes.sums(g, x + at, n, mean);
            total += planes.total();
            products += planes.products();
        }
        Sums sums = new Sums(total, products);
        Sizes.add(gradients.dbeta(), channel, (float) sums.sum());
        Sizes.add(gradients.dgamma(), channel, (float) (sums.product() * rstd));
        if (dx == NOWHERE) {
            return;
        }
        long g = norm.epilogue() == BatchNorm.Epilogue.NONE ? dy : kept;
        float gamma = Sizes.get(affine.gamma(), channel, 1);
        Coefficients k = Coefficients.training(mean, rstd, gamma, norm.count(), sums);
        for (int sample = 0; sample < norm.samples(); sample++) {
            long at = norm.plane(sample, channel) * BYTES;
            if (training) {
                VectorPlanes.gradient(g + at, x + at, dx + at, n, k);
            } else {
                VectorPlanes.scaled(g + at, dx + at, n, k.scale());
            }
        }
    }

    /** Where g of a plane is, made if need be. */
    private long masked(long at, long plane, Line line) {
        long g = kept == NOWHERE ? plane : kept + at;
        return switch (norm.epilogue()) {
            case NONE -> dy + at;
            case RELU -> {
                VectorPlaneSums.maskByInput(dy + at, x + at, g, norm.spatial(), line);
                yield g;
            }
            case ADD_RELU -> {
                VectorPlaneSums.maskByOutput(dy + at, y + at, g, norm.spatial());
                yield g;
            }
        };
    }
}
