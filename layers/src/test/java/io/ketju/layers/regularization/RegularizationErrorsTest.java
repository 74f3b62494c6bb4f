package io.ketju.layers.regularization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.Layer;
import io.ketju.layers.activation.RReLU;
import io.ketju.layers.catalogue.Layers;
import io.ketju.layers.normalization.LocalResponseNorm;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What random layers and the normalization of neighbours refuse, and how they say it. */
class RegularizationErrorsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AlphaDropout(1.5)|AlphaDropout: argument 'p': expected a number from 0 to 1, found 1.5",
                "FeatureAlphaDropout(-1)|FeatureAlphaDropout: argument 'p': expected a number from 0 to 1, found -1.0",
                "StochasticDepth(2, row)|StochasticDepth: argument 'p': expected a number from 0 to 1, found 2.0",
                "StochasticDepth(0.5, column)|StochasticDepth: argument 'mode': expected batch or row, found 'column'",
                "StochasticDepth(0.5)|StochasticDepth(0.5): missing argument 'mode'; it takes p, mode",
                "RReLU(0.5, 0.25)|RReLU: argument 'upper': expected at least lower = 0.5, found 0.25",
                "LocalResponseNorm(0)|LocalResponseNorm: argument 'size': expected at least 1, found 0",
                "LocalResponseNorm(3, alpha=-1)|LocalResponseNorm: argument 'alpha': expected a number >= 0, found -1.0",
                "LocalResponseNorm(3, k=0)|LocalResponseNorm: argument 'k': expected a number > 0, found 0.0",
                "LocalResponseNorm(3, gamma=1)|LocalResponseNorm(3, gamma=1): unknown argument 'gamma'; it takes size, alpha, beta, k",
            })
    void arguments(String text, String message) {
        assertThatThrownBy(() -> Layers.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FeatureAlphaDropout()|2|expected input [samples, channels, ...], found [2]",
                "StochasticDepth(0.5, row)|2, 0|expected input [samples, ...], found [2, 0]",
                "LocalResponseNorm(3)|2, 3|expected input [samples, channels, ...] of at least three dimensions, found [2, 3]",
            })
    void inputs(String text, String dimensions, String message) {
        Layer layer = Layers.parse(text);
        int[] shape = Arrays.stream(dimensions.split(", ", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
        assertThatThrownBy(() -> layer.outputs(List.of(TensorType.floats(Shape.of(shape)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void printsWhatItParses() {
        assertThat(Layers.parse("AlphaDropout"))
                .isEqualTo(new AlphaDropout(0.5))
                .hasToString("AlphaDropout(p=0.5)");
        assertThat(Layers.parse("FeatureAlphaDropout(0.25)")).hasToString("FeatureAlphaDropout(p=0.25)");
        assertThat(Layers.parse("StochasticDepth(0.2, batch)"))
                .isEqualTo(new StochasticDepth(0.2, StochasticDepth.Mode.BATCH))
                .hasToString("StochasticDepth(mode=batch, p=0.2)");
        assertThat(Layers.parse("RReLU(0.125)")).isEqualTo(new RReLU()).hasToString("RReLU()");
        assertThat(Layers.parse("LocalResponseNorm(2, 1e-4, 0.75, 2)"))
                .isEqualTo(new LocalResponseNorm(2, 1e-4, 0.75, 2))
                .hasToString("LocalResponseNorm(2, k=2)");
    }
}
