package io.ketju.examples.multiplyadds;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Points;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.SGD;
import io.ketju.tensor.Shape;
import io.ketju.tensor.random.CounterRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

class DepthwiseKernelsTest {
    private static final Shape IMAGE = Shape.of(2, 4, 4);
    private static final int NUMBERS = 2 * 4 * 4;
    private static final int SAMPLES = 300;

    @Test
    void numbersOfAChannelMayDifferFromPlaceToPlaceButNotFromImageToImage() {
        ChannelRanges ranges = new ChannelRanges(3, 2);
        ranges.add(new float[] {1, 2, 0, 5, 0, 0});
        ranges.add(new float[] {1, 2, 0, 6, 0.0005f, 0});
        assertThat(ranges.dead(0)).isTrue();
        assertThat(ranges.dead(1)).isFalse();
        assertThat(ranges.dead(2)).isTrue();
    }

    @Test
    void readsBehindEachDepthwiseConvolution() {
        Model model = ModelText.parse(
                Shape.of(4, 8, 8), List.of("DepthwiseSeparable(4, 8, 2)", "InvertedResidual(8, 8, 1, 2)"));
        assertThat(DepthwiseKernels.shown(model).outputNames()).containsExactly("1.sum", "0.relu1", "1.conv.1.2");
    }

    /** All weights stay as they begin: of a convolution of zeros nothing tells images apart, nor of one that reads it. */
    @Test
    void kernelsOfZerosAreDeadAndThoseThatReadThem() {
        assertThat(kernels("init a.weight = zeros")).isEqualTo(new DepthwiseKernels(4, 4));
        assertThat(kernels("init b.weight = zeros")).isEqualTo(new DepthwiseKernels(4, 2));
        assertThat(kernels("init b.weight = constant(val=0.1)")).isEqualTo(new DepthwiseKernels(4, 0));
    }

    private static DepthwiseKernels kernels(String init) {
        Model model = ModelText.parse(
                IMAGE,
                List.of(
                        "a = Conv2d(2, 2, kernel_size=3, padding=1, groups=2, bias=false)",
                        "BatchNorm2d(2)",
                        "ReLU()",
                        "b = Conv2d(2, 2, kernel_size=3, padding=1, groups=2, bias=false)",
                        "BatchNorm2d(2)",
                        "ReLU()",
                        "Flatten()",
                        "Linear(32, 2)",
                        init));
        Points points = points();
        try (Fit fit = Fit.of(Ketju.job()
                .model(DepthwiseKernels.shown(model))
                .data(new DataSource("random", points.dataset("random", IMAGE), points.dataset("random", IMAGE)))
                .optimizer(new SGD(1e-30))
                .batchSize(100)
                .epochs(1)
                .build())) {
            return DepthwiseKernels.of(fit, points.values());
        }
    }

    private static Points points() {
        CounterRandom random = CounterRandom.of(5, "images");
        float[][] values = new float[SAMPLES][NUMBERS];
        int[] classes = new int[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            classes[i] = i % 2;
            for (int j = 0; j < NUMBERS; j++) {
                values[i][j] = random.below((long) i * NUMBERS + j, 9) - 4;
            }
        }
        return new Points(values, classes);
    }
}
