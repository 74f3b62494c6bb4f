package io.ketju.examples.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.DataSource;
import io.ketju.data.BatchOrder;
import io.ketju.data.BatchPlan;
import io.ketju.data.Dataset;
import io.ketju.data.SampleBatches;
import io.ketju.data.column.ColumnSamples;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorArena;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class FlatInputsTest {
    private static final Dataset DIGITS = DataSource.named("digits").test();

    @Test
    void imagesAreRowsOfTheirPixels() {
        SampleBatches batches = new SampleBatches(
                new ColumnSamples("rows", new FlatInputs("x", DIGITS)), 6, 2, BatchOrder.sequential());
        float[][] images = Points.of(DIGITS).values();
        BatchPlan plan = batches.plan(1);
        try (TensorArena arena = new TensorArena(1 << 16)) {
            for (int m = 0; m < 2; m++) {
                TensorType type = Objects.requireNonNull(
                        plan.microbatches().get(m).types().get("x"));
                assertThat(type.shape()).isEqualTo(Shape.of(3, 64));
                Tensor rows = arena.allocate(type);
                batches.copy(plan, m, "x", rows);
                float[][] expected = Arrays.copyOfRange(images, 6 + 3 * m, 9 + 3 * m);
                assertThat(rows.toFloats()).isEqualTo(Points.flat(expected));
            }
        }
    }

    @Test
    void otherImagesAreAnotherIdentity() {
        ColumnSamples train = new ColumnSamples(
                "rows", new FlatInputs("x", DataSource.named("digits").train()));
        assertThat(train.identity())
                .isNotEqualTo(new ColumnSamples("rows", new FlatInputs("x", DIGITS)).identity())
                .isEqualTo(new ColumnSamples(
                                "rows",
                                new FlatInputs("x", DataSource.named("digits").train()))
                        .identity());
    }

    @Test
    void classesAreThoseOfThePoints() {
        assertThat(Points.classes(DIGITS)).isEqualTo(Points.of(DIGITS).classes());
    }
}
