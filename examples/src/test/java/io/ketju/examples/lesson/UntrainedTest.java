package io.ketju.examples.lesson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ketju.actors.run.TensorValues;
import io.ketju.layers.loss.MSELoss;
import io.ketju.layers.model.ModelText;
import io.ketju.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class UntrainedTest {
    /** y = x1 + x2 of (1, 2) is 3, the target 1: the error is 2, its gradient 2 · 2 · x. */
    @Test
    void givesOutputsAndGradientsBeforeTheFirstStep() {
        Untrained untrained = Untrained.of(
                ModelText.parse(
                        Shape.of(2), List.of("y = Linear(2, 1)", "init *.weight = ones", "init *.bias = zeros")),
                new MSELoss(),
                TensorValues.of(new float[] {1, 2}, 1, 2),
                TensorValues.of(new float[] {1}, 1, 1),
                1);
        assertThat(untrained.loss()).isEqualTo(4);
        assertThat(Named.of(untrained.outputs(), "y").floats()).containsExactly(3);
        assertThat(untrained.gradient("y.weight")).containsExactly(4, 8);
        assertThat(untrained.gradient("y.bias")).containsExactly(4);
        assertThat(untrained.norm("y.weight")).isEqualTo(StrictMath.sqrt(80));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> untrained.norm("z.weight"))
                .withMessageContaining("y.weight");
    }

    @Test
    void spreadIsMeanAndDeviation() {
        Untrained.Spread spread = Untrained.Spread.of(new float[] {1, 3, 5, 7});
        assertThat(spread.mean()).isEqualTo(4);
        assertThat(spread.deviation()).isEqualTo(StrictMath.sqrt(5));
    }
}
