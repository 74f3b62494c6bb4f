package io.ketju.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.image.ImageDataset;
import io.ketju.tensor.Shape;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class EmbeddedImagesTest {
    @Test
    void fashionMnist5kIsTheStartOfFashionMnist() throws Exception {
        TrainTest data = Datasets.named("fashion-mnist-5k");
        ImageDataset train = (ImageDataset) data.train();
        ImageDataset test = (ImageDataset) data.test();
        assertThat(train.name()).isEqualTo("fashion-mnist-5k/train");
        assertThat(train.inputShape()).isEqualTo(Shape.of(1, 28, 28));
        assertThat(train.classNames()).startsWith("T-shirt/top", "Trouser").endsWith("Ankle boot");
        assertThat(perClass(train)).containsExactly(457, 556, 504, 501, 488, 493, 493, 512, 490, 506);
        assertThat(perClass(test)).containsExactly(107, 105, 111, 93, 115, 87, 97, 95, 95, 95);
        assertThat(train.classNames().get(train.label(0))).isEqualTo("Ankle boot");
        byte[] first = train.pixels().memory().asSlice(0, 784).toArray(ValueLayout.JAVA_BYTE);
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(first);
        assertThat(HexFormat.of().formatHex(hash))
                .isEqualTo("5bd44e331a6d6998daf675700cd0c13dcd7af8ab954b7585124124da61459e7b");
    }

    @Test
    void digitsAreSplitInFileOrder() {
        TrainTest data = Datasets.named("digits");
        ImageDataset train = (ImageDataset) data.train();
        ImageDataset test = (ImageDataset) data.test();
        assertThat(train.inputShape()).isEqualTo(Shape.of(1, 8, 8));
        assertThat(train.size()).isEqualTo(1437);
        assertThat(test.size()).isEqualTo(360);
        assertThat(perClass(train)).containsExactly(143, 146, 142, 146, 144, 145, 144, 143, 141, 143);
        assertThat(perClass(test)).containsExactly(35, 36, 35, 37, 37, 37, 37, 36, 33, 37);
        // The first line of the file begins 0,0,5,13,9,1 and ends in class 0.
        assertThat(train.pixels().get(0, 3)).isEqualTo(13);
        assertThat(train.label(0)).isZero();
    }

    @Test
    void withoutTheirJarOneLineSaysWhatToAdd() {
        EmbeddedImages none = new EmbeddedImages(new EmbeddedFiles(ClassLoader.getPlatformClassLoader()));
        assertThatThrownBy(none::digits)
                .isInstanceOf(BadDataException.class)
                .hasMessage("dataset 'digits': expected its file digits.csv.gz on the class path, found none;"
                        + " add the artifact io.ketju:ketju-datasets, which holds the embedded datasets");
        assertThatThrownBy(none::fashionMnist5k)
                .isInstanceOf(BadDataException.class)
                .hasMessageStartingWith("dataset 'fashion-mnist-5k': expected its file train-images-idx3-ubyte.gz on")
                .hasMessageContaining("io.ketju:ketju-datasets");
    }

    private static int[] perClass(ImageDataset dataset) {
        int[] counts = new int[dataset.classes()];
        for (int i = 0; i < dataset.size(); i++) {
            counts[dataset.label(i)]++;
        }
        return counts;
    }
}
