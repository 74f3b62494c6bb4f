package io.ketju.tensor.kernel.normalization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.normalization.BatchNorm.Epilogue;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Affine;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.BatchNormOperands;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.BatchPart;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.ChannelStatistics;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Gradients;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.PlaneSums;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.RowStatistics;
import io.ketju.tensor.random.CounterRandom;
import io.ketju.tensor.testing.Golden;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The definitions against PyTorch in double (src/test/golden/normalization.py), and what they promise beyond it. */
class ScalarNormalizationTest {
    /** Some rounding errors of sums of up to 72 terms of size up to 10. */
    private static final double TOLERANCE = 4e-6;

    private static final double EPSILON = 1e-5;
    private static final Golden GOLDEN = Golden.read("normalization.txt");

    private final NormalizationKernels kernels = new ScalarNormalization();

    @ParameterizedTest
    @CsvSource({
        "batch, 4, 3, 18, NONE",
        "batch1d, 7, 5, 1, NONE",
        "batchrelu, 3, 4, 5, RELU",
        "batchaddrelu, 3, 4, 5, ADD_RELU"
    })
    void batchNorm(String name, int samples, int channels, int spatial, Epilogue epilogue) {
        BatchNorm norm = new BatchNorm(samples, channels, spatial, EPSILON, epilogue);
        ChannelStatistics running =
                new ChannelStatistics(GOLDEN.tensor(name + ".running_mean"), GOLDEN.tensor(name + ".running_var"));
        batchNorm(norm, name + ".eval", running, false);
        ChannelStatistics saved = new ChannelStatistics(Golden.zeros(channels), Golden.zeros(channels));
        batchNorm(norm, name + ".train", saved, true);
        kernels.batchNormCommit(norm, 0.1, saved, running);
        GOLDEN.assertClose(name + ".new_mean", running.mean(), TOLERANCE);
        GOLDEN.assertClose(name + ".new_var", running.variance(), TOLERANCE);
    }

    private void batchNorm(BatchNorm norm, String name, ChannelStatistics statistics, boolean training) {
        boolean adds = norm.epilogue() == Epilogue.ADD_RELU;
        Affine affine = new Affine(GOLDEN.tensor(name + ".gamma"), GOLDEN.tensor(name + ".beta"));
        Tensor x = GOLDEN.tensor(name + ".x");
        Tensor residual = adds ? GOLDEN.tensor(name + ".residual") : null;
        Tensor y = Golden.zeros(norm.elements());
        Tensor dresidual = adds ? Golden.zeros(norm.elements()) : null;
        Tensor dy = GOLDEN.tensor(name + ".dy");
        BatchNormOperands operands = new BatchNormOperands(x, dy, adds ? y : null, dresidual);
        Tensor[] out = gradients(norm.elements(), norm.channels());
        Gradients gradients = new Gradients(out[0], out[1], out[2]);
        if (training) {
            kernels.batchNormForward(norm, affine, x, residual, statistics, y);
            kernels.batchNormBackward(norm, affine, statistics, operands, gradients);
        } else {
            kernels.batchNormNormalize(norm, affine, x, residual, statistics, y);
            kernels.batchNormEvaluationBackward(norm, affine, statistics, operands, gradients);
        }
        GOLDEN.assertClose(name + ".y", y, TOLERANCE);
        if (dresidual != null) {
            GOLDEN.assertClose(name + ".dresidual", dresidual, 0);
        }
        assertGradients(name, out);
    }

    @Test
    void groupNorm() {
        GroupNorm norm = new GroupNorm(3, 6, 7, 2, 1e-3);
        RowStatistics saved = new RowStatistics(Golden.zeros(6), Golden.zeros(6));
        Tensor x = GOLDEN.tensor("group.x");
        Tensor gamma = GOLDEN.tensor("group.gamma");
        Tensor y = Golden.zeros(norm.elements());
        kernels.groupNormForward(norm, new Affine(gamma, GOLDEN.tensor("group.beta")), x, saved, y);
        GOLDEN.assertClose("group.y", y, TOLERANCE);
        Tensor[] out = gradients(norm.elements(), 6);
        Gradients gradients = new Gradients(out[0], out[1], out[2]);
        kernels.groupNormBackward(norm, gamma, saved, x, GOLDEN.tensor("group.dy"), gradients);
        assertGradients("group", out);
    }

    @Test
    void instanceNormIsGroupNormOfSingleChannels() {
        GroupNorm norm = new GroupNorm(2, 4, 19, 4, EPSILON);
        RowStatistics saved = new RowStatistics(Golden.zeros(8), Golden.zeros(8));
        Tensor x = GOLDEN.tensor("instance.x");
        Tensor y = Golden.zeros(norm.elements());
        kernels.groupNormForward(norm, Affine.NONE, x, saved, y);
        GOLDEN.assertClose("instance.y", y, TOLERANCE);
        Tensor dx = Golden.zeros(norm.elements());
        kernels.groupNormBackward(norm, null, saved, x, GOLDEN.tensor("instance.dy"), new Gradients(dx, null, null));
        GOLDEN.assertClose("instance.dx", dx, TOLERANCE);
    }

    @Test
    void layerNorm() {
        RowNorm norm = new RowNorm(35, 21, EPSILON);
        RowStatistics saved = new RowStatistics(Golden.zeros(35), Golden.zeros(35));
        Tensor x = GOLDEN.tensor("layer.x");
        Tensor gamma = GOLDEN.tensor("layer.gamma");
        Tensor y = Golden.zeros(norm.elements());
        kernels.layerNormForward(norm, new Affine(gamma, GOLDEN.tensor("layer.beta")), x, saved, y);
        GOLDEN.assertClose("layer.y", y, TOLERANCE);
        Tensor[] out = gradients(norm.elements(), 21);
        Gradients gradients = new Gradients(out[0], out[1], out[2]);
        kernels.layerNormBackward(norm, gamma, saved, x, GOLDEN.tensor("layer.dy"), gradients);
        assertGradients("layer", out);
    }

    @Test
    void rmsNorm() {
        RowNorm norm = new RowNorm(5, 21, 0x1p-23);
        Tensor rstd = Golden.zeros(5);
        Tensor x = GOLDEN.tensor("rms.x");
        Tensor gamma = GOLDEN.tensor("rms.gamma");
        Tensor y = Golden.zeros(norm.elements());
        kernels.rmsNormForward(norm, gamma, x, rstd, y);
        GOLDEN.assertClose("rms.y", y, TOLERANCE);
        Tensor[] out = gradients(norm.elements(), 21);
        kernels.rmsNormBackward(norm, gamma, rstd, x, GOLDEN.tensor("rms.dy"), new Gradients(out[0], out[1], null));
        GOLDEN.assertClose("rms.dx", out[0], TOLERANCE);
        assertAdded("rms.dgamma", out[1]);
    }

    /** dx of stale contents, and dgamma and dbeta that start at 1000. */
    private static Tensor[] gradients(int elements, int size) {
        Tensor dgamma = Golden.zeros(size);
        Tensor dbeta = Golden.zeros(size);
        for (int i = 0; i < size; i++) {
            dgamma.setFloat(i, 1000);
            dbeta.setFloat(i, 1000);
        }
        Tensor dx = Golden.zeros(elements);
        for (int i = 0; i < elements; i++) {
            dx.setFloat(i, -777);
        }
        return new Tensor[] {dx, dgamma, dbeta};
    }

    private static void assertGradients(String name, Tensor[] gradients) {
        GOLDEN.assertClose(name + ".dx", gradients[0], TOLERANCE);
        assertAdded(name + ".dgamma", gradients[1]);
        assertAdded(name + ".dbeta", gradients[2]);
    }

    /** Half an ulp of 1000 is 3e-5. */
    private static void assertAdded(String name, Tensor actual) {
        Tensor difference = Golden.zeros(actual.elements());
        for (int i = 0; i < actual.elements(); i++) {
            difference.setFloat(i, actual.getFloat(i) - 1000);
        }
        GOLDEN.assertClose(name, difference, 4e-5);
    }

    /** The variance of the floats as they are, in double, is met however large the mean, and whatever comes first. */
    @ParameterizedTest
    @ValueSource(floats = {0, 1, 1e4f, -3e6f})
    void theVarianceIsRightAtAnyMean(float mean) {
        for (int spatial : new int[] {1, 100, 3 * Sizes.BLOCK + 7}) {
            BatchNorm norm = new BatchNorm(spatial == 1 ? 999 : 3, 1, spatial, 0);
            Tensor x = Golden.zeros(norm.elements());
            CounterRandom.of(5, "x").fillNormal(x, mean, mean == -3e6f ? 3 : 0.01f);
            x.setFloat(0, spatial == 100 ? mean + 1 : mean);
            ChannelStatistics statistics = new ChannelStatistics(Golden.zeros(1), Golden.zeros(1));
            kernels.batchNormStatistics(norm, x, statistics);
            double sum = 0;
            for (int i = 0; i < x.elements(); i++) {
                sum += x.getFloat(i);
            }
            double center = sum / x.elements();
            double squares = 0;
            for (int i = 0; i < x.elements(); i++) {
                squares += (x.getFloat(i) - center) * (x.getFloat(i) - center);
            }
            double variance = squares / x.elements();
            assertThat((double) statistics.mean().getFloat(0))
                    .as("mean %s, spatial %d", mean, spatial)
                    .isCloseTo(center, Offset.offset(Math.ulp((float) center) / 2 + 1e-6 * Math.sqrt(variance)));
            assertThat((double) statistics.variance().getFloat(0))
                    .as("mean %s, spatial %d", mean, spatial)
                    .isCloseTo(variance, Percentage.withPercentage(1e-4));
        }
    }

    @Test
    void aConstantHasNoVariance() {
        RowNorm norm = new RowNorm(1, 1000, 1e-5);
        Tensor x = Golden.zeros(1000);
        for (int i = 0; i < 1000; i++) {
            x.setFloat(i, 0.1f);
        }
        RowStatistics saved = new RowStatistics(Golden.zeros(1), Golden.zeros(1));
        Tensor y = Golden.zeros(1000);
        kernels.layerNormForward(norm, Affine.NONE, x, saved, y);
        assertThat(saved.mean().getFloat(0)).isEqualTo(0.1f);
        assertThat(saved.rstd().getFloat(0)).isEqualTo(1 / (float) Math.sqrt(1e-5f));
        assertThat(y.toFloats()).containsOnly(0);
    }

    @Test
    void statisticsFromPlaneSumsAreThoseOfTheValues() {
        BatchNorm norm = new BatchNorm(2, 2, 3, EPSILON);
        // x - shift: 1 2 3 | 0 0 6 and 4 5 6 | 1 1 1; shift 100, -1
        Tensor sums = tensor(6, 6, 15, 3);
        Tensor squares = tensor(14, 36, 77, 3);
        ChannelStatistics statistics = new ChannelStatistics(Golden.zeros(2), Golden.zeros(2));
        kernels.batchNormStatistics(norm, new PlaneSums(sums, squares, tensor(100, -1)), statistics);
        assertThat(statistics.mean().toFloats()).containsExactly(103.5f, 0.5f);
        assertThat(statistics.variance().toFloats()).containsExactly((float) (91 / 6.0 - 3.5 * 3.5), 4.25f);
    }

    /** Without a shift the variance of numbers far from 0 would be what is left of two large ones. */
    @Test
    @SuppressWarnings("NullAway") // what the compiler refuses, others may still do
    void statisticsFromPlaneSumsNeedAShift() {
        int count = 784;
        Tensor x = Golden.zeros(count);
        CounterRandom.of(1, "x").fillNormal(x, 1000, 1);
        float shift = 999.9f;
        float sum = 0;
        float square = 0;
        double mean = 0;
        for (float value : x.toFloats()) {
            sum += value - shift;
            square = Math.fma(value - shift, value - shift, square);
            mean += value / (double) count;
        }
        double variance = 0;
        for (float value : x.toFloats()) {
            variance += (value - mean) * (value - mean) / count;
        }
        ChannelStatistics statistics = new ChannelStatistics(Golden.zeros(1), Golden.zeros(1));
        PlaneSums sums = new PlaneSums(tensor(sum), tensor(square), tensor(shift));
        kernels.batchNormStatistics(new BatchNorm(1, 1, count, EPSILON), sums, statistics);
        assertThat((double) statistics.variance().getFloat(0)).isCloseTo(variance, within(2e-6 * variance));
        assertThatThrownBy(() -> new PlaneSums(sums.sums(), sums.squares(), null))
                .hasMessage("sums over planes need a shift, such as the running mean");
    }

    @Test
    void nanStaysAndMinusZeroDoesNot() {
        BatchNorm norm = new BatchNorm(1, 1, 4, 0, Epilogue.RELU);
        ChannelStatistics identity = new ChannelStatistics(tensor(0), tensor(1));
        Tensor y = Golden.zeros(4);
        kernels.batchNormNormalize(norm, Affine.NONE, tensor(Float.NaN, -0f, -2, 3), null, identity, y);
        assertThat(y.toFloats()).containsExactly(Float.NaN, 0, 0, 3);
        Tensor dx = Golden.zeros(4);
        kernels.batchNormEvaluationBackward(
                norm,
                Affine.NONE,
                identity,
                new BatchNormOperands(tensor(Float.NaN, -0f, -2, 3), tensor(7, 7, 7, 7)),
                new Gradients(dx, null, null));
        assertThat(dx.toFloats()).containsExactly(0, 0, 0, 7);
    }

    @Test
    void wrongOperandsAreNamed() {
        BatchNorm norm = new BatchNorm(2, 3, 4, EPSILON);
        ChannelStatistics statistics = new ChannelStatistics(Golden.zeros(3), Golden.zeros(3));
        Tensor x = Golden.zeros(24);
        refused(
                "expected 24 elements in y, found float32[23]",
                () -> kernels.batchNormForward(norm, Affine.NONE, x, null, statistics, Golden.zeros(23)));
        refused(
                "expected 3 elements in gamma, found float32[4]",
                () -> kernels.batchNormForward(norm, new Affine(Golden.zeros(4), null), x, null, statistics, x));
        refused(
                "residual needs the epilogue ADD_RELU",
                () -> kernels.batchNormForward(norm, Affine.NONE, x, x, statistics, x));
        refused("5 channels cannot be cut into 2 groups of equal size", () -> new GroupNorm(1, 5, 2, 2, 0));
        refused("epsilon must be 0 or greater, got NaN", () -> new RowNorm(1, 5, Double.NaN));
        BatchNorm single = new BatchNorm(1, 3, 1, EPSILON);
        refused(
                "the unbiased variance needs more than one value per channel, got 1",
                () -> kernels.batchNormCommit(single, 0.1, statistics, statistics));
    }

    /** Parts of unequal size, far from zero: each has its own mean, and the whole has the one that counts. */
    @Test
    void commitMergesTheParts() {
        float[] x = {1001, 1002, 1004, 1008, 1016, 1032, 1064};
        List<BatchPart> parts = new ArrayList<>();
        for (int[] cut : new int[][] {{0, 1}, {1, 5}, {5, 7}}) {
            BatchNorm norm = new BatchNorm(cut[1] - cut[0], 1, 1, EPSILON);
            ChannelStatistics statistics = new ChannelStatistics(Golden.zeros(1), Golden.zeros(1));
            kernels.batchNormStatistics(norm, tensor(Arrays.copyOfRange(x, cut[0], cut[1])), statistics);
            parts.add(new BatchPart(norm, statistics));
        }
        ChannelStatistics running = new ChannelStatistics(tensor(10), tensor(3));
        kernels.batchNormCommit(0.25, parts, running);
        double mean = 7127.0 / 7;
        double squares = 0;
        for (float value : x) {
            squares += (value - mean) * (value - mean);
        }
        assertThat(running.mean().getFloat(0)).isCloseTo((float) (0.75 * 10 + 0.25 * mean), within(1e-4f));
        assertThat(running.variance().getFloat(0)).isCloseTo((float) (0.75 * 3 + 0.25 * squares / 6), within(1e-3f));
    }

    private static void refused(String message, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    private static Tensor tensor(float... values) {
        Tensor tensor = Golden.zeros(values.length);
        tensor.copyFrom(values);
        return tensor;
    }
}
