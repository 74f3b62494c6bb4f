package io.ketju.layers.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.Layer;
import io.ketju.layers.catalogue.Layers;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the layers of vision are written, what they refuse, and how they say it. */
class VisionErrorsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Upsample|Upsample: expected one of the arguments 'size' and 'scale_factor', found neither",
                "Upsample(5, 2)|Upsample: expected one of the arguments 'size' and 'scale_factor', found both",
                "Upsample(0)|Upsample: argument 'size': expected at least 1, found 0",
                "Upsample((2, 3, 4))|Upsample: argument 'size': expected a number or a pair, found [2, 3, 4]",
                "Upsample(scale_factor=-1.5)|Upsample: argument 'scale_factor': expected a number > 0, found -1.5",
                "Upsample(scale_factor=2, mode=cubic)|Upsample: argument 'mode': expected nearest or nearest-exact or linear or bilinear or bicubic, found 'cubic'; did you mean 'bicubic'?",
                "Upsample(2, mode=nearest-exact, align_corners=true)|Upsample: argument 'align_corners': expected false with mode nearest-exact, found true",
                "Upsample(2, align_corners=true)|Upsample: argument 'align_corners': expected false with mode nearest, found true",
                "Upsample(2, recompute_scale_factor=true)|Upsample: argument 'recompute_scale_factor': expected false with a size, found true",
                "UpsamplingNearest2d(2, mode=bilinear)|UpsamplingNearest2d(2, mode=bilinear): unknown argument 'mode'; it takes size, scale_factor",
                "UpsamplingBilinear2d(None, None)|UpsamplingBilinear2d: expected one of the arguments 'size' and 'scale_factor', found neither",
                "PixelShuffle(0)|PixelShuffle: argument 'upscale_factor': expected at least 1, found 0",
                "PixelUnshuffle(-2)|PixelUnshuffle: argument 'downscale_factor': expected at least 1, found -2",
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
                "Upsample(scale_factor=2)|2, 3|expected input [samples, channels, length], found [2, 3]",
                "Upsample(7, mode=linear)|2, 3, 4, 5|expected input [samples, channels, length], found [2, 3, 4, 5]",
                "Upsample(7, mode=bicubic)|2, 3, 4|expected input [samples, channels, height, width], found [2, 3, 4]",
                "Upsample((7, 2))|2, 3, 4|expected images for sizes or factors of two sides, found [2, 3, 4]",
                "Upsample(scale_factor=0.3)|2, 3, 3|expected sequences that this factor leaves from 1 to 2^31-1 positions a side, found [2, 3, 3]",
                "UpsamplingNearest2d(3)|2, 3, 0, 4|expected images with elements, found [2, 3, 0, 4]",
                "UpsamplingBilinear2d(3)|2, 3, 4|expected input [samples, channels, height, width], found [2, 3, 4]",
                "PixelShuffle(2)|2, 6, 3, 4|expected a multiple of 4 channels, found [2, 6, 3, 4]",
                "PixelUnshuffle(2)|2, 3, 4, 5|expected images whose height and width are multiples of 2, found [2, 3, 4, 5]",
                "PixelUnshuffle(100000)|2, 3, 0, 0|expected channels of at most 2^31-1 for blocks of 100000, found [2, 3, 0, 0]",
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
    void constructorsSayTheSame() {
        assertThat(new Upsample(2)).isEqualTo(Layers.parse("Upsample(scale_factor=2)"));
        assertThat(new Upsample(Upsample.Form.UPSAMPLE, Enlargement.to(3, 4), Upsample.Mode.BILINEAR, true))
                .isEqualTo(Layers.parse("Upsample((3, 4), mode=bilinear, align_corners=True)"));
    }

    @Test
    void namesThatSayTheModeTakeNoOther() {
        Enlargement twice = Enlargement.by(2);
        assertThatThrownBy(() -> new Upsample(Upsample.Form.NEAREST_2D, twice, Upsample.Mode.BICUBIC, false))
                .hasMessage(
                        "UpsamplingNearest2d: expected mode nearest and align_corners false, found bicubic and false;"
                                + " Upsample takes any");
        assertThatThrownBy(() -> new Upsample(Upsample.Form.BILINEAR_2D, twice, Upsample.Mode.BILINEAR, false))
                .hasMessage(
                        "UpsamplingBilinear2d: expected mode bilinear and align_corners true, found bilinear and false;"
                                + " Upsample takes any");
    }
}
