package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ValueHistogramTest {
    private static final long SEED = 5;

    /** Whatever the number, its bin's edges are around it, and the bin of a larger one is no lower. */
    @Test
    void everyNumberLiesBetweenTheEdgesOfItsBin() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 20_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            if (!Float.isFinite(value)) {
                continue;
            }
            int bin = ValueHistogram.bin(value);
            double size = Math.abs((double) value);
            assertThat(size).isBetween(edges(bin)[0], edges(bin)[1]);
            float next = Math.nextUp(value);
            if (Float.isFinite(next)) {
                assertThat(ValueHistogram.bin(next)).isGreaterThanOrEqualTo(bin);
            }
        }
        assertThat(ValueHistogram.bin(Float.MAX_VALUE)).isEqualTo(ValueHistogram.LAST);
        assertThat(ValueHistogram.bin(-Float.MAX_VALUE)).isEqualTo(-ValueHistogram.LAST);
        assertThat(ValueHistogram.upper(ValueHistogram.LAST)).isEqualTo(0x1p128);
        assertThat(ValueHistogram.lower(0)).isEqualTo(-ValueHistogram.upper(0));
    }

    private static double[] edges(int bin) {
        double lower = ValueHistogram.lower(bin);
        double upper = ValueHistogram.upper(bin);
        assertThat(lower).isLessThan(upper);
        return bin == 0
                ? new double[] {0, upper}
                : bin > 0 ? new double[] {lower, upper} : new double[] {-upper, -lower};
    }

    /** Neighbours share an edge, through 0 and on the other side. */
    @Test
    void binsFollowEachOtherWithoutGap() {
        for (int bin = -ValueHistogram.LAST; bin < ValueHistogram.LAST; bin++) {
            assertThat(ValueHistogram.upper(bin)).isEqualTo(ValueHistogram.lower(bin + 1));
        }
    }

    @Test
    void valuesAreCountedByBins() {
        try (TensorArena arena = new TensorArena(TensorArena.bytesFor(Shape.of(8)))) {
            Tensor tensor = arena.allocate(Shape.of(8));
            tensor.copyFrom(new float[] {1, 1.2f, 1.3f, -1, 0, -0f, 2, 1.24f});
            ValueHistogram found = ValueHistogram.of(tensor);
            int one = ValueHistogram.bin(1);
            assertThat(found.bins()).containsExactly(-one, 0, one, one + 1, one + 4);
            assertThat(found.counts()).containsExactly(1L, 2L, 3L, 1L, 1L);
            assertThat(found.total()).isEqualTo(8);
            assertThat(ValueHistogram.lower(one)).isEqualTo(1);
            assertThat(ValueHistogram.upper(one)).isEqualTo(1.25);
            assertThat(ValueHistogram.lower(-one)).isEqualTo(-1.25);
            assertThat(ValueHistogram.upper(-one)).isEqualTo(-1);

            ValueHistogram.Counter counter = new ValueHistogram.Counter();
            counter.add(tensor.samples(0, 5));
            counter.add(tensor.samples(5, 3));
            assertThat(counter.take(8)).isEqualTo(found);
            counter.add(tensor.samples(0, 1));
            assertThat(counter.take(3)).isEqualTo(new ValueHistogram(List.of(0, one), List.of(2L, 1L)));
        }
    }

    @Test
    void whatIsNoneIsRefused() {
        assertThatThrownBy(() -> ValueHistogram.bin(Float.NaN)).hasMessageContaining("expected a finite number");
        assertThatThrownBy(() -> new ValueHistogram(List.of(2, 1), List.of(1L, 1L)))
                .hasMessageContaining("found 1 in bin 1");
        assertThatThrownBy(() -> new ValueHistogram(List.of(1), List.of(0L))).hasMessageContaining("found 0 in bin 1");
        assertThatThrownBy(() -> new ValueHistogram(List.of(4000), List.of(1L)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ValueHistogram(List.of(1), List.of())).hasMessage("0 counts of 1 bins");
    }
}
