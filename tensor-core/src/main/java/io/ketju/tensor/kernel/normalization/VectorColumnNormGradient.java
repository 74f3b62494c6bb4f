package io.ketju.tensor.kernel.normalization;

import static io.ketju.tensor.simd.VectorMemory.address;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Affine;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.BatchNormOperands;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.ChannelStatistics;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Gradients;
import io.ketju.tensor.kernel.normalization.VectorColumns.Strip;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.TileRunner;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The backward pass of batch normalization of [samples, channels]: down strips of channels, one vector wide. */
final class VectorColumnNormGradient {
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

    VectorColumnNormGradient(
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
        boolean temporary = kept == NOWHERE && norm.epilogue() != BatchNorm.Epilogue.NONE;
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        try {
            long area = temporary ? address(scratch.allocate(norm.elements() * BYTES)) : kept;
            VectorColumnNorm.strips(tiles, norm, (channel, strip) -> run(channel, strip, area, training));
        } finally {
            scratch.release(mark);
        }
    }

    private void run(int channel, Strip strip, long area, boolean training) {
        long at = channel * BYTES;
        float[][] line = VectorColumnNorm.line(norm, affine, given, channel, strip.columns());
        long g = masked(at, area, strip, line);
        Sums[] sums = sums(g, x + at, strip, line[0]);
        float[][] numbers = new float[4][];
        Arrays.setAll(numbers, i -> VectorColumns.numbers());
        for (int i = 0; i < sums.length; i++) {
            float rstd = norm.rstd(given.variance().getFloat(channel + i));
            Sizes.add(gradients.dbeta(), channel + i, (float) sums[i].sum());
            Sizes.add(gradients.dgamma(), channel + i, (float) (sums[i].product() * rstd));
            float gamma = Sizes.get(affine.gamma(), channel + i, 1);
            Coefficients k = Coefficients.training(line[0][i], rstd, gamma, norm.count(), sums[i]);
            numbers[0][i] = k.mean();
            numbers[1][i] = k.scale();
            numbers[2][i] = -k.c();
            numbers[3][i] = -k.k();
        }
        if (dx == NOWHERE) {
            return;
        }
        if (training) {
            VectorColumns.gradient(g, x + at, dx + at, strip, numbers);
        } else {
            VectorColumns.scaled(g, dx + at, strip, numbers[1]);
        }
    }

    /** Where g of a strip is, made if need be. */
    private long masked(long at, long area, Strip strip, float[][] line) {
        switch (norm.epilogue()) {
            case NONE -> {
                return dy + at;
            }
            case RELU -> VectorColumns.maskByInput(dy + at, x + at, area + at, strip, line);
            case ADD_RELU -> VectorColumns.maskByOutput(dy + at, y + at, area + at, strip);
        }
        return area + at;
    }

    private static Sums[] sums(long g, long x, Strip strip, float[] mean) {
        Sums[] sums = new Sums[strip.columns()];
        Arrays.fill(sums, new Sums(0, 0));
        float[][] results = {VectorColumns.numbers(), VectorColumns.numbers()};
        for (int from = 0; from < strip.rows(); from += Sizes.SAMPLES) {
            Strip block = new Strip(Math.min(Sizes.SAMPLES, strip.rows() - from), strip.stride(), strip.columns());
            long offset = from * strip.stride();
            VectorColumns.sums(g + offset, x + offset, block, mean, results);
            for (int i = 0; i < sums.length; i++) {
                sums[i] = sums[i].plus(results[0][i], results[1][i]);
            }
        }
        return sums;
    }
}
