package io.ketju.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.Dataset;
import io.ketju.data.Datasets;
import io.ketju.data.TrainTest;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PixelScalingTest {
    private static final byte[] TRAIN = {10, 20, 30, 60, 5, 5, 5, 5};
    /** Brighter and darker than anything that is learnt from. */
    private static final byte[] TEST = {0, 20, 70, 60, 5, 6, 5, 5};

    @Test
    void isFittedOnWhatIsLearntFromAlone() {
        // Channel 0: mean 30, variance (400 + 100 + 0 + 900) / 4 = 350; channel 1 is all 5.
        float deviation = (float) (Math.sqrt(350) / 255);
        float mean = (float) (30 / 255.0);
        assertThat(first(PixelScaling.STANDARD, true)).isEqualTo((10 / 255f - mean) / deviation);
        assertThat(first(PixelScaling.STANDARD, false)).isEqualTo((0 - mean) / deviation);
        assertThat(first(PixelScaling.CENTER, true)).isEqualTo(10 / 255f - mean);
        assertThat(input(PixelScaling.MINMAX, true)).startsWith(0).containsSequence(1f, 0f, 0f);
        assertThat(input(PixelScaling.MINMAX, false)[2]).isGreaterThan(1);
        assertThat(first(PixelScaling.MINMAX, false)).isNegative();
        assertThat(input(PixelScaling.NONE, true))
                .containsExactly(new float[] {10, 20, 30, 60, 5, 5, 5, 5}, Offset.offset(1e-5f));
    }

    @Test
    void whatARunKeepsIsWhatItDoesToPixels() {
        TrainTest scaled = PixelScaling.MINMAX.of(images());
        Normalization kept = scaled.test().pixelNormalization().orElseThrow();
        assertThat(kept).isEqualTo(scaled.train().pixelNormalization().orElseThrow());
        assertThat(kept.channel(0).apply(60, 255)).isEqualTo(1);
        assertThat(scaled.train().identity()).isNotEqualTo(images().train().identity());
    }

    @Test
    void otherDataIsRefused() {
        TrainTest iris = Datasets.named("iris");
        assertThatThrownBy(() -> PixelScaling.CENTER.of(iris))
                .hasMessage("expected images of classes to scale, found iris/train");
    }

    private static float first(PixelScaling scaling, boolean train) {
        return input(scaling, train)[0];
    }

    private static float[] input(PixelScaling scaling, boolean train) {
        TrainTest scaled = scaling.of(images());
        Dataset data = train ? scaled.train() : scaled.test();
        try (TensorArena arena = new TensorArena(1 << 12)) {
            Tensor batch = arena.allocate(data.inputShape().batched(1));
            data.copyInput(0, batch, 0);
            return batch.toFloats();
        }
    }

    private static TrainTest images() {
        return new TrainTest(half(TRAIN), half(TEST));
    }

    private static ImageDataset half(byte[] bytes) {
        return new ImageDataset(
                "i",
                new Pixels(bytes, 0, 1, Shape.of(2, 2, 2), 255),
                new Labels(new byte[1], 0, 1, 1, List.of()),
                new Normalization(0, 1));
    }
}
