package io.ketju.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
import io.ketju.data.Datasets;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFileTest {
    private static final Normalization IDENTITY = new Normalization(0, 1);

    @TempDir
    Path folder;

    @Test
    void aWrittenSampleReadsBackWithTheSameBits() {
        ImageDataset data = (ImageDataset) Datasets.named("fashion-mnist-5k").test();
        Path png = folder.resolve("boot.png");
        try (TensorArena arena = new TensorArena(1 << 14)) {
            Tensor batch = arena.allocate(data.inputShape().batched(1));
            for (int sample = 0; sample < 20; sample++) {
                ImageFile.write(png, data, sample);
                data.copyInput(sample, batch, 0);
                PreparedImage image = ImageFile.read(png, data.inputShape(), data.normalization(), Inversion.NEVER);
                assertThat(image.values()).as("sample %d", sample).containsExactly(batch.toFloats());
                assertThat(image.note()).isEmpty();
                Tensor copy = arena.allocate(data.inputShape());
                image.copyTo(copy);
                assertThat(copy.toFloats()).containsExactly(batch.toFloats());
                arena.reset();
            }
        }
    }

    @Test
    void stretchesSmallerScales() {
        ImageDataset digits = (ImageDataset) Datasets.named("digits").test();
        Path png = folder.resolve("digit.png");
        ImageFile.write(png, digits, 0);
        float[] values = ImageFile.read(png, digits.inputShape(), IDENTITY, Inversion.NEVER)
                .values();
        for (int i = 0; i < values.length; i++) {
            int pixel = (digits.pixels().get(0, i) * 255 + 8) / 16;
            assertThat(values[i]).isEqualTo(pixel / 255f);
        }
    }

    @Test
    void turnsDarkOnLightIntoItsNegative() throws Exception {
        BufferedImage paper = new BufferedImage(3, 3, BufferedImage.TYPE_INT_RGB);
        fill(paper, 0xFFFFFF);
        paper.setRGB(1, 1, 0x000000);
        PreparedImage image = read(save(paper, "png"), 3, Inversion.AUTO);
        assertThat(image.inverted()).isTrue();
        assertThat(image.note()).isEqualTo("inverted (light background)");
        assertThat(image.values()).containsExactly(0, 0, 0, 0, 1, 0, 0, 0, 0);
        assertThat(read(save(paper, "png"), 3, Inversion.NEVER).values()).containsExactly(1, 1, 1, 1, 0, 1, 1, 1, 1);
        paper.setRGB(1, 1, 0xFFFFFF);
        fill(paper, 0x7F7F7F);
        assertThat(read(save(paper, "png"), 3, Inversion.AUTO).inverted()).isFalse();
        assertThat(read(save(paper, "png"), 3, Inversion.ALWAYS).inverted()).isTrue();
    }

    @Test
    void weighsColoursByLumaAndPutsTransparencyOverWhite() throws Exception {
        BufferedImage colours = new BufferedImage(2, 2, BufferedImage.TYPE_INT_ARGB);
        colours.setRGB(0, 0, 0xFFFF0000);
        colours.setRGB(1, 0, 0xFF00FF00);
        colours.setRGB(0, 1, 0xFF0000FF);
        colours.setRGB(1, 1, 0x00000000);
        float[] values = read(save(colours, "png"), 2, Inversion.NEVER).values();
        assertThat(values).containsExactly(76 / 255f, 150 / 255f, 29 / 255f, 1);
    }

    @Test
    void readsSixteenBitGreyByItsHighByte() throws Exception {
        BufferedImage grey = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        grey.getRaster().setSample(0, 0, 0, 0x40FF);
        grey.getRaster().setSample(1, 0, 0, 0xC000);
        PreparedImage image = ImageFile.read(save(grey, "png"), Shape.of(1, 1, 2), IDENTITY, Inversion.NEVER);
        assertThat(image.values()).containsExactly(0x40 / 255f, 0xC0 / 255f);
    }

    @Test
    void resizesByArea() throws Exception {
        BufferedImage stripes = new BufferedImage(3, 3, BufferedImage.TYPE_INT_RGB);
        fill(stripes, 0);
        for (int y = 0; y < 3; y++) {
            stripes.setRGB(1, y, 0x5A5A5A);
        }
        PreparedImage smaller = read(save(stripes, "png"), 2, Inversion.NEVER);
        // Each of two columns covers one black column and half of the one of value 90: 90 / 3.
        assertThat(smaller.values()).containsOnly(30 / 255f);
        assertThat(smaller.note()).isEqualTo("resized from 3x3 to 2x2");
        float[] larger = read(save(stripes, "png"), 6, Inversion.NEVER).values();
        assertThat(Arrays.copyOf(larger, 6)).containsExactly(0, 0, 90 / 255f, 90 / 255f, 0, 0);
    }

    @Test
    void readsOtherFormats() throws Exception {
        BufferedImage black = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        for (String format : new String[] {"jpg", "bmp", "gif"}) {
            assertThat(read(save(black, format), 8, Inversion.AUTO).values())
                    .as(format)
                    .containsOnly(0);
        }
    }

    @Test
    void refusesBadFilesInOneLine() throws Exception {
        Path missing = folder.resolve("none.png");
        assertBad(missing, "cannot be read: no such file or folder");
        assertBad(folder, "cannot be read: it is not a file");
        Path text = folder.resolve("text.png");
        Files.writeString(text, "no image", StandardCharsets.UTF_8);
        assertBad(text, "expected a PNG, JPEG, BMP or GIF image, found another kind of file");
        Path empty = Files.createFile(folder.resolve("empty.png"));
        assertBad(empty, "expected a PNG, JPEG, BMP or GIF image, found another kind of file");
    }

    @Test
    void refusesTruncatedAndHugeImagesInOneLine() throws Exception {
        BufferedImage noise = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 256; i++) {
            noise.setRGB(i % 16, i / 16, i * 0x12345);
        }
        byte[] whole = Files.readAllBytes(save(noise, "png"));
        Path cut = folder.resolve("cut.png");
        for (int length = 8; length < whole.length / 2; length++) {
            Files.write(cut, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> read(cut, 16, Inversion.AUTO))
                    .as("first %d bytes", length)
                    .isInstanceOf(BadDataException.class)
                    .hasMessageStartingWith(cut + ": ")
                    .hasMessageNotContaining("\n");
        }
        // Width and height lie in bytes 16 to 23 of a PNG; 30000x30000 is more than is decoded.
        byte[] huge = whole.clone();
        System.arraycopy(new byte[] {0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30}, 0, huge, 16, 8);
        Files.write(cut, huge);
        assertBad(
                cut,
                "expected an image that takes at most 128 MiB when it is decoded, found 30000x30000 pixels of 3 bytes");
    }

    @Test
    void countsTheBytesOfAPixel() throws IOException {
        // Width, height, bits per sample and colour type of a PNG lie in bytes 16 to 25; nothing is decoded.
        byte[] head = Files.readAllBytes(save(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "png"));
        Path file = folder.resolve("large.png");
        head[24] = 16;
        head[25] = 6;
        Files.write(file, withSize(head, 7000));
        assertBad(
                file,
                "expected an image that takes at most 128 MiB when it is decoded, found 7000x7000 pixels of 8 bytes");
        head[24] = 8;
        head[25] = 2;
        // Small enough for its size: refused for what is in it.
        Files.write(file, withSize(head, 6000));
        assertThatThrownBy(() -> read(file, 8, Inversion.AUTO)).hasMessageNotContaining("MiB");
    }

    private static byte[] withSize(byte[] png, int size) {
        byte[] result = png.clone();
        ByteBuffer.wrap(result).putInt(16, size).putInt(20, size);
        return result;
    }

    @Test
    void saysWhyItCannotWrite() {
        ImageDataset digits = (ImageDataset) Datasets.named("digits").test();
        Path path = folder.resolve("none").resolve("digit.png");
        assertThatThrownBy(() -> ImageFile.write(path, digits, 0))
                .isInstanceOf(BadDataException.class)
                .hasMessage(path + ": cannot be written: no such file or folder");
    }

    private static void assertBad(Path path, String line) {
        assertThatThrownBy(() -> read(path, 8, Inversion.AUTO))
                .isInstanceOf(BadDataException.class)
                .hasMessage(path + ": " + line);
    }

    private static PreparedImage read(Path path, int size, Inversion inversion) {
        return ImageFile.read(path, Shape.of(1, size, size), IDENTITY, inversion);
    }

    private static void fill(BufferedImage image, int rgb) {
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                image.setRGB(x, y, rgb);
            }
        }
    }

    private Path save(BufferedImage image, String format) throws IOException {
        Path file = folder.resolve("image." + format);
        assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
        return file;
    }
}
