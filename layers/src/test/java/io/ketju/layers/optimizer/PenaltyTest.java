package io.ketju.layers.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.optimizer.Penalty.Norm;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PenaltyTest {
    @Test
    void valuesAndGradientsAreThoseOfTheSums() {
        try (TensorArena arena = new TensorArena(1 << 10)) {
            Tensor weight = arena.allocate(Shape.of(4));
            Tensor gradient = arena.allocate(Shape.of(4));
            weight.copyFrom(new float[] {1, -2, 0, 4});
            gradient.copyFrom(new float[] {1, 1, 1, 1});
            Penalty first = new Penalty(Norm.L1, 0.5);
            assertThat(first.value(Kernels.scalar(), weight)).isEqualTo(3.5);
            first.addGradient(Kernels.scalar(), weight, gradient);
            assertThat(gradient.toFloats()).containsExactly(1.5f, 0.5f, 1, 1.5f);
            Penalty second = new Penalty(Norm.L2, 0.25);
            assertThat(second.value(Kernels.scalar(), weight)).isEqualTo(5.25);
            second.addGradient(Kernels.scalar(), weight, gradient);
            assertThat(gradient.toFloats()).containsExactly(2, -0.5f, 1, 3.5f);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"L1(factor=0.001)", "*.weight: L2(factor=0.5)", "fc?.*: L1(factor=1e-5)"})
    void printsWhatItParses(String text) {
        assertThat(Penalty.parse(text)).hasToString(text);
    }

    @Test
    void biasesAreLeftOutUnlessTheyAreNamed() {
        List<String> names = List.of("0.weight", "0.bias", "lstm.bias_ih_l0", "bias.weight", "attn.in_proj_bias");
        assertThat(names).filteredOn(Penalty.parse("L2(0.1)")::matches).containsExactly("0.weight", "bias.weight");
        assertThat(names).filteredOn(Penalty.parse("0.*: L2(0.1)")::matches).containsExactly("0.weight", "0.bias");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            L1(0)             | L1: argument 'factor': expected a number > 0, found 0.0
            L2(factor=-1)     | L2: argument 'factor': expected a number > 0, found -1.0
            L2()              | L2(): missing argument 'factor'; it takes factor
            L3(0.1)           | unknown penalty 'L3'; did you mean
            x: L1(a)          | L1(a): argument 'factor': expected a number, found 'a'
            """)
    void whatIsNoPenaltyIsRefused(String text, String message) {
        assertThatThrownBy(() -> Penalty.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }
}
