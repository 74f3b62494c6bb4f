package io.ketju.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BatchOrder;
import io.ketju.data.BatchPlan;
import io.ketju.data.BatchSource;
import io.ketju.data.BatchTensors;
import io.ketju.data.Dataset;
import io.ketju.data.TrainTest;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AugmentedImagesTest {
    private static final int SIZE = 4;
    private static final int COUNT = 8;

    private static final Augmentation FLIP = new Augmentation(0, 0, true, false, false, 1);
    private static final Augmentation SHIFT = new Augmentation(0, 1, false, false, false, 1);

    @Test
    void halfOfTheImagesAreMirroredAndAgainInEachEpoch() {
        List<float[]> first = epoch(FLIP, 0, 7);
        List<float[]> second = epoch(FLIP, 1, 7);
        int mirrored = 0;
        for (int i = 0; i < COUNT; i++) {
            float[] plain = plain(i);
            boolean turned = Arrays.equals(first.get(i), flipped(plain));
            assertThat(turned || Arrays.equals(first.get(i), plain)).isTrue();
            mirrored += turned ? 1 : 0;
        }
        assertThat(mirrored).isBetween(1, COUNT - 1);
        assertThat(second).isNotEqualTo(first);
        assertThat(epoch(FLIP, 0, 7)).containsExactly(first.toArray(float[][]::new));
        assertThat(epoch(FLIP, 0, 8)).isNotEqualTo(first);
    }

    @Test
    void partsOfPaddedImagesAreBlackOutside() {
        Set<List<Integer>> places = new HashSet<>();
        for (int sample = 0; sample < 200; sample++) {
            Augmentation.Part part = SHIFT.drawn(1, 0, sample, SIZE, SIZE);
            assertThat(part.top()).isBetween(-1, 1);
            assertThat(part.left()).isBetween(-1, 1);
            places.add(List.of(part.top(), part.left()));
        }
        assertThat(places).hasSize(9);
        float[] moved = epoch(SHIFT, 3, 1).getFirst();
        Augmentation.Part part = SHIFT.drawn(1, 3, 0, SIZE, SIZE);
        for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
                int fromY = y + part.top();
                int fromX = x + part.left();
                boolean inside = fromY >= 0 && fromY < SIZE && fromX >= 0 && fromX < SIZE;
                assertThat(moved[y * SIZE + x]).isEqualTo(inside ? plain(0)[fromY * SIZE + fromX] : 0);
            }
        }
    }

    @Test
    void testedIsTheMiddle() {
        TrainTest data = AugmentedImages.of(images(), new Augmentation(2, 0, true, true, false, 1));
        float[] all = plain(3);
        assertThat(data.test().inputShape()).isEqualTo(Shape.of(1, 2, 2));
        assertThat(input(data.test(), 3)).containsExactly(all[5], all[6], all[9], all[10]);
    }

    @Test
    void scaledPartsLieInTheImageAndHaveTheirShareOfItsArea() {
        Augmentation resized = new Augmentation(0, 0, false, false, true, 0.25);
        for (int sample = 0; sample < 500; sample++) {
            Augmentation.Part part = resized.drawn(1, 0, sample, 32, 24);
            assertThat(part.top()).isBetween(0, 32 - part.height());
            assertThat(part.left()).isBetween(0, 24 - part.width());
            assertThat(part.height() * part.width()).isBetween((int) (0.2 * 32 * 24), 32 * 24);
            assertThat((double) part.width() / part.height()).isBetween(0.65, 1.55);
        }
    }

    /** Values of torch.nn.functional.interpolate(mode="bilinear", align_corners=False) of 0 40 80 120, rounded half up. */
    @Test
    void scalingIsBilinear() {
        Pixels row = new Pixels(new byte[] {0, 40, 80, 120}, 0, 1, Shape.of(1, 2, 2), 255);
        Resampling grid = new Resampling(row, new Augmentation.Part(0, 0, 2, 2, false, false), 4, 4);
        int[] values = new int[16];
        for (int i = 0; i < 16; i++) {
            values[i] = grid.at(0, 0, i / 4, i % 4);
        }
        assertThat(values).containsExactly(0, 10, 30, 40, 20, 30, 50, 60, 60, 70, 90, 100, 80, 90, 110, 120);
    }

    @Test
    void otherDataAndTooLargePartsAreRefused() {
        assertThatThrownBy(() -> AugmentedImages.of(images(), new Augmentation(9, 1, false, false, false, 1)))
                .hasMessage("argument 'size': expected at most 6, the size of the images with their padding, found 9");
        TrainTest words = io.ketju.data.Datasets.named("iris");
        assertThatThrownBy(() -> AugmentedImages.of(words, FLIP))
                .hasMessage("expected images of classes to vary, found iris/train");
    }

    /** Inputs of a whole epoch, in the order of the data set. */
    private static List<float[]> epoch(Augmentation augmentation, int epoch, long seed) {
        Dataset train = AugmentedImages.of(images(), augmentation).train();
        BatchSource source = train.batches("x", "t", COUNT, 1, BatchOrder.shuffled(seed));
        List<float[]> inputs = new ArrayList<>();
        try (BatchTensors tensors = new BatchTensors(source)) {
            BatchPlan plan = source.plan(epoch);
            Tensor x = java.util.Objects.requireNonNull(
                    tensors.read(plan).getFirst().get("x"));
            Tensor t = java.util.Objects.requireNonNull(
                    tensors.read(plan).getFirst().get("t"));
            for (int sample = 0; sample < COUNT; sample++) {
                for (int row = 0; row < COUNT; row++) {
                    if (t.getInt(row) == sample) {
                        inputs.add(x.samples(row, 1).toFloats());
                    }
                }
            }
        }
        return inputs;
    }

    private static float[] plain(int sample) {
        return input(images().train(), sample);
    }

    private static float[] flipped(float[] image) {
        float[] result = new float[image.length];
        for (int i = 0; i < image.length; i++) {
            result[i] = image[i / SIZE * SIZE + SIZE - 1 - i % SIZE];
        }
        return result;
    }

    private static float[] input(Dataset data, int sample) {
        try (TensorArena arena = new TensorArena(1 << 12)) {
            Tensor batch = arena.allocate(
                    io.ketju.tensor.DType.FLOAT32, data.inputShape().batched(1));
            data.copyInput(sample, batch, 0);
            return batch.toFloats();
        }
    }

    /** Every image is a class of its own. */
    private static TrainTest images() {
        byte[] bytes = new byte[COUNT * SIZE * SIZE];
        byte[] classes = new byte[COUNT];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (1 + i);
            classes[i / SIZE / SIZE] = (byte) (i / SIZE / SIZE);
        }
        ImageDataset images = new ImageDataset(
                "i",
                new Pixels(bytes, 0, COUNT, Shape.of(1, SIZE, SIZE), 255),
                new Labels(classes, 0, COUNT, COUNT, List.of()),
                new Normalization(0, 1));
        return new TrainTest(images, images);
    }
}
