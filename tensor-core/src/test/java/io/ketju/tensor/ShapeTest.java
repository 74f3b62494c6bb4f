package io.ketju.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void sizesAndDimensions() {
        Shape shape = Shape.of(64, 1, 28, 27);
        assertThat(shape.rank()).isEqualTo(4);
        assertThat(shape.elements()).isEqualTo(64 * 28 * 27);
        assertThat(shape.bytes()).isEqualTo(4L * 64 * 28 * 27);
        assertThat(shape.dimension(0)).isEqualTo(64);
        assertThat(shape.dimension(-1)).isEqualTo(27);
        assertThat(shape).hasToString("[64, 1, 28, 27]");
    }

    @Test
    void aScalarHasOneElement() {
        assertThat(Shape.of().elements()).isEqualTo(1);
        assertThatThrownBy(() -> Shape.of().sample()).hasMessage("a scalar has no samples");
    }

    @Test
    void aDimensionMayBeEmpty() {
        assertThat(Shape.of(0, 5).elements()).isZero();
    }

    @Test
    void batchedAndSampleAreInverse() {
        Shape sample = Shape.of(3, 4);
        assertThat(sample.batched(7)).isEqualTo(Shape.of(7, 3, 4));
        assertThat(sample.batched(7).sample()).isEqualTo(sample).hasSameHashCodeAs(sample);
        assertThat(sample).isNotEqualTo(Shape.of(4, 3));
    }

    @Test
    void arraysAreCopied() {
        int[] dimensions = {2, 3};
        Shape shape = Shape.of(dimensions);
        dimensions[0] = 9;
        shape.toArray()[1] = 9;
        assertThat(shape).isEqualTo(Shape.of(2, 3));
    }

    @Test
    void impossibleShapesAreRefused() {
        assertThatThrownBy(() -> Shape.of(2, -1)).hasMessage("negative dimension in shape [2, -1]");
        assertThatThrownBy(() -> Shape.of(1 << 16, 1 << 15)).hasMessageContaining("over 2^31-1 elements");
        assertThatThrownBy(() -> Shape.of(1, 1, 1, 1, 1, 1, 1, 1, 1))
                .hasMessage("a shape has at most 8 dimensions, got 9");
    }
}
