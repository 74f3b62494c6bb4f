package io.ketju.benchmarks.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.GemmShape.Layout;
import java.util.List;
import org.junit.jupiter.api.Test;

class GemmShapesTest {
    @Test
    void chosenShapesComeInEveryChosenLayout() {
        List<GemmShape> shapes = GemmShapes.of(List.of("7x13x5", "128x512x784"), List.of(Layout.NT));
        assertThat(shapes).containsExactly(GemmShape.nt(7, 13, 5), GemmShape.nt(128, 512, 784));
        assertThat(GemmShapes.text(shapes.getFirst())).isEqualTo("7x13x5");
    }

    @Test
    void nothingChosenIsEverything() {
        assertThat(GemmShapes.of(List.of(), List.of())).hasSize(3 * 21).doesNotHaveDuplicates();
    }

    @Test
    void whatIsNoShapeIsRefused() {
        for (String text : List.of("7x13", "7x13x0", "axbxc", "7 x 13 x 5")) {
            assertThatThrownBy(() -> GemmShapes.of(List.of(text), List.of(Layout.NN)))
                    .as(text)
                    .hasMessageContaining("MxNxK");
        }
    }
}
