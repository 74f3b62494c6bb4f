package io.ketju.layers.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.Shape;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What blocks over images refuse, and how they say it. */
class ImageBlocksTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BasicBlock(0, 3)|BasicBlock: argument 'inplanes': expected at least 1, found 0",
                "BasicBlock(3, 3, 0)|BasicBlock: argument 'stride': expected at least 1, found 0",
                "Bottleneck(3, 1, base_width=32)|Bottleneck: argument 'base_width': expected planes · base_width of at least 64, found 1 · 32",
                "Bottleneck(3, 2, groups=0)|Bottleneck: argument 'groups': expected at least 1, found 0",
                "InvertedResidual(3, 3, 3, 2)|InvertedResidual: argument 'stride': expected 1 or 2, found 3",
                "InvertedResidual(3, 3, 1, 0.1)|InvertedResidual: argument 'expand_ratio': expected at least one of 3 · expand_ratio channels, found 0.1",
                "DepthwiseSeparable(3)|DepthwiseSeparable(3): missing argument 'out_channels'; it takes in_channels, out_channels, stride",
                "SqueezeExcitation(3, 0)|SqueezeExcitation: argument 'squeeze_channels': expected at least 1, found 0",
                "SqueezeExcitation(3, 2, Silu)|unknown layer 'Silu'; did you mean 'SiLU'?",
                "BasicBlock(2, 3)|expected input [samples, 2, height, width], found [1, 3, 5, 5]",
            })
    void saysWhatIsWrong(String block, String message) {
        List<String> lines = List.of("input in = float32[3, 5, 5]", "block = " + block + " <- in");
        assertThatThrownBy(() -> ModelText.parse(Shape.of(3, 5, 5), lines))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
