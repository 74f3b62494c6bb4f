package io.ketju.data.idx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
import io.ketju.data.Dataset;
import io.ketju.data.TrainTest;
import io.ketju.data.image.Augmentation;
import io.ketju.data.image.AugmentedImages;
import io.ketju.data.image.ImageDataset;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that stay in their file, or go from a packed one to a temporary file, are those that are held. */
class MappedIdxTest {
    @TempDir
    private Path folder;

    @Test
    void theFileGivesTheSameImages() {
        IdxBytes.writeValid(folder);
        TrainTest held = IdxImages.of("x", IdxParts.ofFolder(folder));
        TrainTest mapped = IdxImages.of("x", IdxParts.ofFolder(folder, 1));
        assertThat(((ImageDataset) held.train()).pixels().memory().isMapped()).isFalse();
        assertThat(((ImageDataset) mapped.train()).pixels().memory().isMapped()).isTrue();
        assertSame(mapped, held);
        Augmentation shift = new Augmentation(0, 1, true, false, false, 1);
        assertSame(AugmentedImages.of(mapped, shift), AugmentedImages.of(held, shift));
    }

    @Test
    void packedFilesGiveTheSameImages() throws IOException {
        Path plain = Files.createDirectory(folder.resolve("plain"));
        IdxBytes.writeValid(plain);
        Path packed = Files.createDirectory(folder.resolve("packed"));
        for (IdxPart part : IdxPart.values()) {
            byte[] content = Files.readAllBytes(plain.resolve(part.fileName()));
            Files.write(packed.resolve(part.fileName() + ".gz"), IdxBytes.gzip(content));
        }
        TrainTest held = IdxImages.of("x", IdxParts.ofFolder(plain));
        TrainTest spilled = IdxImages.of("x", IdxParts.ofFolder(packed, 1));
        assertThat(((ImageDataset) spilled.train()).pixels().memory().isMapped())
                .isTrue();
        assertSame(spilled, held);
    }

    @Test
    void archivesGiveTheSameImages() throws IOException {
        Path plain = Files.createDirectory(folder.resolve("plain"));
        IdxBytes.writeValid(plain);
        List<Object> files = new ArrayList<>();
        for (IdxPart part : IdxPart.values()) {
            files.add("package/" + part.fileName());
            files.add(Files.readAllBytes(plain.resolve(part.fileName())));
        }
        Path archive = Files.write(folder.resolve("x.tgz"), IdxBytes.tgz(files.toArray()));
        TrainTest spilled = IdxImages.of("x", IdxParts.ofArchive(archive, 1));
        assertThat(((ImageDataset) spilled.test()).pixels().memory().isMapped()).isTrue();
        assertSame(spilled, IdxImages.of("x", IdxParts.ofFolder(plain)));
    }

    /** More than one chunk, so that a digest over parts is that of the whole. */
    @Test
    void thePixelsOfAPackedFileAreItsOwn() {
        byte[] whole = IdxBytes.images(3, 1 << 10, 1 << 10);
        IdxArray spilled = IdxReader.spill(new ByteArrayInputStream(whole), "x", 3);
        IdxArray read = IdxReader.read(new ByteArrayInputStream(whole), "x", 3);
        assertThat(spilled.md5()).isEqualTo(read.md5());
        assertThat(spilled.toBytes()).isEqualTo(read.toBytes());
    }

    private static void assertSame(TrainTest actual, TrainTest expected) {
        assertThat(actual.train().identity()).isEqualTo(expected.train().identity());
        assertThat(actual.test().identity()).isEqualTo(expected.test().identity());
        for (int i = 0; i < expected.test().size(); i++) {
            assertThat(input(actual.test(), i)).isEqualTo(input(expected.test(), i));
        }
        for (int i = 0; i < expected.train().size(); i++) {
            assertThat(input(actual.train(), i)).isEqualTo(input(expected.train(), i));
        }
    }

    private static float[] input(Dataset data, int sample) {
        try (TensorArena arena = new TensorArena(1 << 16)) {
            Tensor row = arena.allocate(data.inputShape().batched(1));
            data.copyInput(sample, row, 0);
            return row.toFloats();
        }
    }

    @Test
    void theDigestIsThatOfTheFile() throws IOException {
        Path file = Files.write(folder.resolve("i"), IdxBytes.images(5, 3, 2));
        IdxArray mapped = IdxReader.map(file, 3);
        try (var in = Files.newInputStream(file)) {
            IdxArray read = IdxReader.read(in, file.toString(), 3);
            assertThat(mapped.md5()).isEqualTo(read.md5());
            assertThat(mapped.toBytes()).isEqualTo(read.toBytes());
        }
    }

    @Test
    void whatIsTooShortOrTooLongIsRefusedInTheSameWords() throws IOException {
        byte[] whole = IdxBytes.images(2, 3, 2);
        for (byte[] bytes : new byte[][] {
            Arrays.copyOf(whole, whole.length - 1), Arrays.copyOf(whole, whole.length + 1), Arrays.copyOf(whole, 9)
        }) {
            Path file = Files.write(folder.resolve("i"), bytes);
            String line = "";
            try (var in = Files.newInputStream(file)) {
                IdxReader.read(in, file.toString(), 3);
            } catch (BadDataException e) {
                line = String.valueOf(e.getMessage());
            }
            assertThat(line).startsWith(file + ", byte ");
            assertThatThrownBy(() -> IdxReader.map(file, 3))
                    .isInstanceOf(BadDataException.class)
                    .hasMessage(line);
            assertThatThrownBy(() -> IdxReader.spill(new ByteArrayInputStream(bytes), file.toString(), 3))
                    .isInstanceOf(BadDataException.class)
                    .hasMessage(line);
        }
    }
}
