package io.ketju.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageDatasetTest {
    private static final Normalization HALF = new Normalization(0.5f, 0.25f);

    private static ImageDataset dataset(Normalization normalization, int lastPixel, int lastLabel) {
        Pixels pixels = new Pixels(new byte[] {0, 127, (byte) 128, (byte) lastPixel}, 0, 2, Shape.of(1, 1, 2), 255);
        Labels labels = new Labels(new byte[] {1, (byte) lastLabel}, 0, 2, 3, List.of());
        return new ImageDataset("two", pixels, labels, normalization);
    }

    @Test
    void fillsOneRowAndLeavesTheOthers() {
        ImageDataset data = dataset(HALF, 255, 2);
        try (TensorArena arena = new TensorArena(1 << 12)) {
            Tensor inputs = arena.allocate(Shape.of(3, 1, 1, 2));
            Tensor targets = arena.allocate(DType.INT32, Shape.of(3));
            data.copyInput(1, inputs, 2);
            data.copyTarget(1, targets, 2);
            float bright = (128 / 255f - 0.5f) / 0.25f;
            assertThat(inputs.toFloats()).containsExactly(0, 0, 0, 0, bright, 2);
            assertThat(targets.getInt(2)).isEqualTo(2);
        }
    }

    @Test
    void theIdentityDependsOnPixelsLabelsAndNormalization() {
        String identity = dataset(HALF, 255, 2).identity();
        assertThat(dataset(HALF, 255, 2).identity()).isEqualTo(identity);
        assertThat(identity)
                .isNotEqualTo(dataset(HALF, 254, 2).identity())
                .isNotEqualTo(dataset(HALF, 255, 0).identity())
                .isNotEqualTo(dataset(new Normalization(0.5f, 0.26f), 255, 2).identity());
    }

    @Test
    void normalizesInTheOrderOfTorchvision() {
        float[] table = new Normalization(0.1307f, 0.3081f).table(255);
        // torch.tensor([0., 1., 128., 255.]).div(255).sub_(0.1307).div_(0.3081)
        assertThat(table[0]).isEqualTo(-0.42421296f);
        assertThat(table[1]).isEqualTo(-0.41148472f);
        assertThat(table[128]).isEqualTo(1.2050011f);
        assertThat(table[255]).isEqualTo(2.8214867f);
    }

    @Test
    void constantPixelsBecomeZero() {
        Pixels black = new Pixels(new byte[4], 0, 1, Shape.of(1, 2, 2), 255);
        assertThat(Normalization.of(black)).isEqualTo(new Normalization(0, 1));
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatThrownBy(() -> dataset(HALF, 255, 3)).hasMessage("label 3 of image 1 in 3 classes");
        assertThatThrownBy(() -> new Normalization(0, 0)).hasMessage("cannot normalise with mean 0.0 and std 0.0");
        assertThatThrownBy(() -> new Pixels(new byte[3], 0, 2, Shape.of(1, 1, 2), 255))
                .hasMessage("2 images of [1, 1, 2] do not fit 3 bytes");
    }
}
