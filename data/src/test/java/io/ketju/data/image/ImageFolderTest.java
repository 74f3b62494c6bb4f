package io.ketju.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
import io.ketju.data.TrainTest;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFolderTest {
    private static final ImageFolder.Form COLOUR = new ImageFolder.Form(4, 3, true);

    @TempDir
    private Path folder;

    @Test
    void aFolderForEachClassIsSplitByASeed() throws IOException {
        for (int i = 0; i < 5; i++) {
            image("red/" + i + ".png", new Color(200 + i, 0, 0), 8, 8);
            image("blue/" + i + ".jpg", new Color(0, 0, 200 + i), 8, 8);
        }
        TrainTest data = ImageFolder.read(folder, COLOUR, 0.2, 1);
        ImageDataset train = (ImageDataset) data.train();
        assertThat(train.classNames()).containsExactly("blue", "red");
        assertThat(train.size()).isEqualTo(8);
        assertThat(data.test().size()).isEqualTo(2);
        assertThat(train.inputShape()).isEqualTo(Shape.of(3, 4, 4));
        int red = train.label(0) == 1 ? 0 : 7;
        assertThat(train.pixels().get(red, 0)).isGreaterThanOrEqualTo(200);
        assertThat(train.pixels().get(red, 16)).isZero();
        assertThat(ImageFolder.read(folder, COLOUR, 0.2, 1).train().identity()).isEqualTo(train.identity());
        assertThat(ImageFolder.read(folder, COLOUR, 0.2, 2).train().identity()).isNotEqualTo(train.identity());
    }

    /** What does not fit the heap is read from a file: the same samples, in a place of their own. */
    @Test
    void imagesThatOutgrowTheHeapAreReadFromAFile() throws IOException {
        for (int i = 0; i < 9; i++) {
            image("red/" + i + ".png", new Color(200 + i, 3 * i, 0), 8, 8);
            image("blue/" + i + ".png", new Color(0, i, 200 + i), 8, 8);
        }
        ImageDataset heap =
                (ImageDataset) ImageFolder.read(folder, COLOUR, 0.2, 1).train();
        ImageDataset file = (ImageDataset)
                ImageFolder.read(folder, COLOUR, 0.2, 1, 100, 1 << 20).train();
        assertThat(heap.pixels().memory().isNative()).isFalse();
        assertThat(file.pixels().memory().isMapped()).isTrue();
        assertThat(file.identity()).isEqualTo(heap.identity());
        try (TensorArena arena = new TensorArena(4096)) {
            Tensor one = arena.allocate(Shape.of(1, 3, 4, 4));
            Tensor other = arena.allocate(Shape.of(1, 3, 4, 4));
            for (int i = file.size() - 1; i >= 0; i--) {
                heap.copyInput(i, one, 0);
                file.copyInput(i, other, 0);
                assertThat(other.toFloats()).as("image %d", i).isEqualTo(one.toFloats());
            }
        }
    }

    /** Rather than a part of it, which would look damaged. */
    @Test
    void aFileThatIsTooLargeIsSaidToBe() throws IOException {
        image("train/red/0.png", Color.RED, 8, 8);
        image("train/blue/0.png", Color.BLUE, 8, 8);
        image("test/red/0.png", Color.RED, 8, 8);
        Path large = folder.resolve("train/red/0.png");
        Files.write(large, new byte[1024 - (int) Files.size(large)], StandardOpenOption.APPEND);
        assertThat(ImageFolder.read(folder, COLOUR, 0, 1, 1 << 20, 1024).train().size())
                .isEqualTo(2);
        Files.write(large, new byte[1], StandardOpenOption.APPEND);
        assertThatThrownBy(() -> ImageFolder.read(folder, COLOUR, 0, 1, 1 << 20, 1024))
                .isInstanceOf(BadDataException.class)
                .hasMessage(folder + "!train/red/0.png: expected an image of at most 1KiB, found a larger file");
    }

    @Test
    void foldersTrainAndTestAreTakenAsTheyAre() throws IOException {
        image("train/a/1.png", Color.WHITE, 4, 4);
        image("train/b/1.png", Color.BLACK, 4, 4);
        image("test/b/1.png", Color.GRAY, 4, 4);
        TrainTest data = ImageFolder.read(folder, new ImageFolder.Form(2, 1, true), 0.5, 1);
        assertThat(data.train().size()).isEqualTo(2);
        assertThat(data.test().size()).isEqualTo(1);
        assertThat(data.train().inputShape()).isEqualTo(Shape.of(1, 2, 2));
        assertThat(((ImageDataset) data.train()).pixels().get(0, 3)).isEqualTo(255);
        assertThat(((ImageDataset) data.test()).pixels().get(0, 3)).isEqualTo(128);
    }

    @Test
    void aZipHasTheSameImages() throws IOException {
        image("a/1.png", Color.WHITE, 6, 4);
        image("a/2.png", Color.PINK, 4, 4);
        image("b/1.png", Color.BLACK, 4, 4);
        image("b/2.png", Color.BLUE, 4, 9);
        Path zip = folder.resolveSibling(folder.getFileName() + ".zip");
        try (OutputStream file = Files.newOutputStream(zip);
                ZipOutputStream out = new ZipOutputStream(file)) {
            for (String name : new String[] {"a/1.png", "a/2.png", "b/1.png", "b/2.png"}) {
                out.putNextEntry(new ZipEntry("photos/" + name));
                out.write(Files.readAllBytes(folder.resolve(name)));
            }
        }
        try {
            assertThat(ImageFolder.read(zip, COLOUR, 0.5, 1).train().identity())
                    .isEqualTo(ImageFolder.read(folder, COLOUR, 0.5, 1).train().identity());
            Files.write(zip, new byte[] {'P', 'K', 3, 4, 0, 0});
            assertThatThrownBy(() -> ImageFolder.read(zip, COLOUR, 0.5, 1))
                    .isInstanceOf(BadDataException.class)
                    .hasMessageStartingWith(zip + ": expected a whole .zip, found ");
        } finally {
            Files.delete(zip);
        }
    }

    @Test
    void theMiddleIsCutOutOrAllIsSqueezed() throws IOException {
        BufferedImage stripes = new BufferedImage(8, 4, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < 8; x++) {
            for (int y = 0; y < 4; y++) {
                stripes.setRGB(x, y, x < 2 || x > 5 ? 0xFFFFFF : 0);
            }
        }
        RasterImage image = RasterImage.of(stripes, 1);
        assertThat(image.square(4, RasterImage.Fit.CROP).values()).containsOnly(0);
        assertThat(image.square(4, RasterImage.Fit.STRETCH).values())
                .startsWith((byte) 255, (byte) 0, (byte) 0, (byte) 255);
    }

    @ParameterizedTest
    @ValueSource(strings = {"one class", "no images", "text", "broken", "both", "test alone", "stray"})
    void whatIsNoSetOfClassesIsNamed(String mistake) throws IOException {
        String expected = switch (mistake) {
            case "one class" -> {
                image("a/1.png", Color.WHITE, 4, 4);
                yield ": expected 2 to 256 folders of images, one for each class, found only 'a'";
            }
            case "no images" -> ": expected 2 to 256 folders of images, one for each class, found none";
            case "text" -> {
                Files.createDirectory(folder.resolve("a"));
                Files.writeString(folder.resolve("a/notes.txt"), "x");
                yield "!a/notes.txt: expected PNG, JPEG, BMP or GIF images alone, found a file of another name";
            }
            case "broken" -> {
                Files.createDirectory(folder.resolve("a"));
                Files.writeString(folder.resolve("a/1.png"), "x");
                yield "!a/1.png: expected a PNG, JPEG, BMP or GIF image, found another kind of file";
            }
            case "both" -> {
                image("train/a/1.png", Color.WHITE, 4, 4);
                image("b/1.png", Color.WHITE, 4, 4);
                yield ": expected all images in train or test, found b/1.png in neither of them";
            }
            case "test alone" -> {
                image("train/a/1.png", Color.WHITE, 4, 4);
                image("test/b/1.png", Color.WHITE, 4, 4);
                yield ": expected at least 1 image of 'b' to learn from, found one in test alone";
            }
            default -> {
                image("a/1.png", Color.WHITE, 4, 4);
                image("b/1.png", Color.WHITE, 4, 4);
                yield ": expected at least 1 image to test with, found none";
            }
        };
        assertThatThrownBy(() -> ImageFolder.read(folder, COLOUR, 0.2, 1))
                .isInstanceOf(BadDataException.class)
                .hasMessage(folder + expected);
    }

    private void image(String name, Color colour, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, colour.getRGB());
        }
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(image, name.endsWith("jpg") ? "jpg" : "png", file.toFile());
    }
}
