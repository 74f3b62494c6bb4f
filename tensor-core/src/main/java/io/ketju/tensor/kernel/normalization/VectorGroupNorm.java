package io.ketju.tensor.kernel.normalization;

import static io.ketju.tensor.simd.VectorMemory.address;
import static io.ketju.tensor.simd.VectorMemory.get;

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
        long gamma = addressOf(affine.gamma());
        long beta = addressOf(affine.beta());
        Ranges.rows(tiles, norm.rows(), norm.count(), (from, to) -> {
            VectorRuns runs = new VectorRuns();
            Moments moments = new Moments();
            for (int row = from; row < to; row++) {
                runs.moments(x + (long) row * norm.count() * BYTES, norm.count(), moments);
                saved.mean().setFloat(row, moments.mean());
                saved.rstd().setFloat(row, Sizes.rstd(moments.variance(), norm.epsilon()));
                normalize(row, gamma, beta, out);
            }
        });
    }

    private void normalize(int row, long gamma, long beta, long y) {
        float mean = saved.mean().getFloat(row);
        float rstd = saved.rstd().getFloat(row);
        int first = row * norm.width();
        int channel = first % norm.channels();
        long at = (long) first * norm.spatial() * BYTES;
        for (int i = 0; i < norm.width(); i++, at += norm.spatial() * BYTES) {
            float scale = rstd * value(gamma, channel + i, 1);
            Line line = new Line(mean, scale, value(beta, channel + i, 0));
            VectorPlanes.normalize(x + at, y + at, norm.spatial(), line);
        }
    }

    /** One element of a tensor that may be nowhere. */
    private static float value(long tensor, int channel, float otherwise) {
        return tensor == 0 ? otherwise : get(tensor + channel * BYTES);
    }

    private static long addressOf(@Nullable Tensor tensor) {
        return tensor == null ? 0 : address(tensor);
    }

    void backward(TileRunner tiles, @Nullable Tensor gamma, Tensor dy, Gradients gradients) {
        long in = address(dy);
        long dx = addressOf(gradients.dx());
        long weights = addressOf(gamma);
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        try {
            MemorySegment planes = scratch.allocate(2L * Double.BYTES * norm.samples() * norm.channels());
            Ranges.rows(tiles, norm.rows(), norm.count(), (from, to) -> {
                VectorPlaneSums sums = new VectorPlaneSums();
                for (int row = from; row < to; row++) {
                    Sums group = sums(sums, row, weights, in, planes);
                    if (dx != 0) {
                        gradient(row, weights, in, dx, group);
                    }
                }
            });
            Ranges.rows(tiles, norm.channels(), norm.samples(), (from, to) -> {
                addSamples(from, to, planes);
                for (int channel = from; channel < to && norm.samples() > 0; channel++) {
                    Sizes.add(gradients.dbeta(), channel, (float) planes.get(DOUBLE, 2L * channel * Double.BYTES));
                    Sizes.add(
                            gradients.dgamma(), channel, (float) planes.get(DOUBLE, (2L * channel + 1) * Double.BYTES));
                }
            });
        } finally {
            scratch.release(mark);
        }
    }

    /** Keeps the sums of the planes of a group; returns those of the group. */
    private Sums sums(VectorPlaneSums sums, int row, long gamma, long dy, MemorySegment planes) {
        float mean = saved.mean().getFloat(row);
        int first = row * norm.width();
        int channel = first % norm.channels();
        double sum = 0;
        double product = 0;
        for (int i = 0; i < norm.width(); i++) {
            long plane = (long) first + i;
            long at = plane * norm.spatial() * BYTES;
            sums.sums(dy + at, x + at, norm.spatial(), mean);
            planes.set(DOUBLE, 2 * plane * Double.BYTES, sums.total());
            planes.set(DOUBLE, (2 * plane + 1) * Double.BYTES, sums.products());
            float weight = value(gamma, channel + i, 1);
            sum += sums.total() * weight;
            product += sums.products() * weight;
        }
        return new Sums(sum, product);
    }

    private void gradient(int row, long gamma, long dy, long dx, Sums group) {
        float rstd = saved.rstd().getFloat(row);
        int first = row * norm.width();
        int channel = first % norm.channels();
        Coefficients all = Coefficients.group(saved.mean().getFloat(row), rstd, 1, norm.count(), group);
        long at = (long) first * norm.spatial() * BYTES;
        for (int i = 0; i < norm.width(); i++, at += norm.spatial() * BYTES) {
            Coefficients k = all.withScale(rstd * value(gamma, channel + i, 1));
            VectorPlanes.gradient(dy + at, x + at, dx + at, norm.spatial(), k);
        }
    }

    /** The sums of some channels over all samples, ascending from zero, in the places of the first sample. */
    private void addSamples(int from, int to, MemorySegment planes) {
        for (int sample = 0; sample < norm.samples(); sample++) {
            for (int channel = from; channel < to; channel++) {
                int plane = sample * norm.channels() + channel;
                long at = 2L * plane * Double.BYTES;
                long total = 2L * channel * Double.BYTES;
                double sum = sample == 0 ? 0 : planes.get(DOUBLE, total);
                double product = sample == 0 ? 0 : planes.get(DOUBLE, total + Double.BYTES);
                float rstd = saved.rstd().getFloat(plane / norm.width());
                planes.set(DOUBLE, total, sum + planes.get(DOUBLE, at));
                planes.set(DOUBLE, total + Double.BYTES, product + planes.get(DOUBLE, at + Double.BYTES) * rstd);
            }
        }
    }
}
