package io.ketju.tensor.kernel.normalization;

import static io.ketju.tensor.simd.VectorMemory.address;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Affine;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Gradients;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.RowStatistics;
import io.ketju.tensor.kernel.normalization.VectorPlanes.Line;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.TileRunner;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** Group normalization. A tile works on whole groups, one after the other. */
final class VectorGroupNorm {
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE;
    private static final long BYTES = Float.BYTES;

    private final GroupNorm norm;
    private final RowStatistics saved;
    private final long x;

    VectorGroupNorm(GroupNorm norm, RowStatistics saved, Tensor x) {
        this.norm = norm;
        this.saved = saved;
        this.x = address(x);
    }

    void forward(TileRunner tiles, Affine affine, Tensor y) {
        long out = address(y);
        Ranges.rows(tiles, norm.rows(), norm.count(), (from, to) -> {
            VectorRuns runs = new VectorRuns();
            Moments moments = new Moments();
            for (int row = from; row < to; row++) {
                runs.moments(x + (long) row * norm.count() * BYTES, norm.count(), moments);
                saved.mean().setFloat(row, moments.mean());
                saved.rstd().setFloat(row, Sizes.rstd(moments.variance(), norm.epsilon()));
                normalize(row, affine, out);
            }
        });
    }

    private void normalize(int row, Affine affine, long y) {
        float mean = saved.mean().getFloat(row);
        float rstd = saved.rstd().getFloat(row);
        for (int plane = row * norm.width(); plane < (row + 1) * norm.width(); plane++) {
            int channel = plane % norm.channels();
            long at = (long) plane * norm.spatial() * BYTES;
            float scale = rstd * Sizes.get(affine.gamma(), channel, 1);
            Line line = new Line(mean, scale, Sizes.get(affine.beta(), channel, 0));
            VectorPlanes.normalize(x + at, y + at, norm.spatial(), line);
        }
    }

    void backward(TileRunner tiles, @Nullable Tensor gamma, Tensor dy, Gradients gradients) {
        long in = address(dy);
        long dx = gradients.dx() == null ? 0 : address(gradients.dx());
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        try {
            MemorySegment planes = scratch.allocate(2L * Double.BYTES * norm.samples() * norm.channels());
            Ranges.rows(tiles, norm.rows(), norm.count(), (from, to) -> {
                VectorPlaneSums sums = new VectorPlaneSums();
                for (int row = from; row < to; row++) {
                    Sums group = sums(sums, row, gamma, in, planes);
                    if (dx != 0) {
                        gradient(row, gamma, in, dx, group);
                    }
                }
            });
            Ranges.rows(tiles, norm.channels(), norm.samples(), (from, to) -> {
                for (int channel = from; channel < to; channel++) {
                    channel(channel, planes, gradients);
                }
            });
        } finally {
            scratch.release(mark);
        }
    }

    /** Keeps the sums of the planes of a group; returns those of the group. */
    private Sums sums(VectorPlaneSums sums, int row, @Nullable Tensor gamma, long dy, MemorySegment planes) {
        float mean = saved.mean().getFloat(row);
        Sums group = new Sums(0, 0);
        for (int plane = row * norm.width(); plane < (row + 1) * norm.width(); plane++) {
            long at = (long) plane * norm.spatial() * BYTES;
            Sums one = sums.sums(dy + at, x + at, norm.spatial(), mean);
            planes.set(DOUBLE, 2L * plane * Double.BYTES, one.sum());
            planes.set(DOUBLE, (2L * plane + 1) * Double.BYTES, one.product());
            float weight = Sizes.get(gamma, plane % norm.channels(), 1);
            group = group.plus(one.sum() * weight, one.product() * weight);
        }
        return group;
    }

    private void gradient(int row, @Nullable Tensor gamma, long dy, long dx, Sums group) {
        float mean = saved.mean().getFloat(row);
        float rstd = saved.rstd().getFloat(row);
        for (int plane = row * norm.width(); plane < (row + 1) * norm.width(); plane++) {
            long at = (long) plane * norm.spatial() * BYTES;
            float weight = Sizes.get(gamma, plane % norm.channels(), 1);
            Coefficients k = Coefficients.group(mean, rstd, weight, norm.count(), group);
            VectorPlanes.gradient(dy + at, x + at, dx + at, norm.spatial(), k);
        }
    }

    private void channel(int channel, MemorySegment planes, Gradients gradients) {
        Sums total = new Sums(0, 0);
        for (int sample = 0; sample < norm.samples(); sample++) {
            long plane = (long) sample * norm.channels() + channel;
            float rstd = saved.rstd().getFloat((int) (plane / norm.width()));
            double sum = planes.get(DOUBLE, 2 * plane * Double.BYTES);
            double product = planes.get(DOUBLE, (2 * plane + 1) * Double.BYTES);
            total = total.plus(sum, product * rstd);
        }
        Sizes.add(gradients.dbeta(), channel, (float) total.sum());
        Sizes.add(gradients.dgamma(), channel, (float) total.product());
    }
}
