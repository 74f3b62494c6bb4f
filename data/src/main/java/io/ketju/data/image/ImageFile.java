package io.ketju.data.image;

import io.ketju.data.BadDataException;
import io.ketju.tensor.Plural;
import io.ketju.tensor.Shape;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Single images in files, for prediction: PNG, JPEG, BMP, GIF, whatever the JDK reads. */
public final class ImageFile {
    /**
     * Most memory that a decoded image may take, as its file has it: 16 million pixels of four colours of 16 bits, 44
     * million of three of 8 bits.
     */
    public static final long MAX_DECODED_BYTES = 1L << 27;

    private static final int WHITE = 255;

    private ImageFile() {}

    /**
     * Reads an image as a model wants it: grey, of the model's size, light on dark, normalised.
     *
     * @param wanted [1, height, width]
     * @param normalization of the data that the model was trained on
     * @throws BadDataException if the file is missing, no image, damaged or too large
     */
    public static PreparedImage read(Path path, Shape wanted, Normalization normalization, Inversion inversion) {
        if (wanted.rank() != 3 || wanted.dimension(0) != 1 || wanted.elements() == 0) {
            throw new IllegalArgumentException("expected a model on grey images [1, height, width], got " + wanted);
        }
        GrayImage original = GrayImage.of(decode(path));
        boolean invert = switch (inversion) {
            case AUTO -> original.hasBrightBorder();
            case ALWAYS -> true;
            case NEVER -> false;
        };
        GrayImage upright = invert ? original.inverted() : original;
        GrayImage sized = upright.resized(wanted.dimension(1), wanted.dimension(2));
        float[] table = normalization.table(WHITE);
        float[] values = new float[wanted.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = table[sized.values()[i] & 0xFF];
        }
        return new PreparedImage(wanted, values, original.height(), original.width(), invert);
    }

    private static BufferedImage decode(Path path) {
        String source = path.toString();
        if (!Files.isRegularFile(path)) {
            throw BadDataException.unreadable(
                    source, Files.exists(path) ? new IOException("it is not a file") : new NoSuchFileException(source));
        }
        try (ImageInputStream in = new FileImageInputStream(path.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw BadDataException.of(source, "a PNG, JPEG, BMP or GIF image", "another kind of file");
            }
            return decode(readers.next(), in, source);
        } catch (IOException e) {
            throw BadDataException.unreadable(source, e);
        }
    }

    private static BufferedImage decode(ImageReader reader, ImageInputStream in, String source) throws IOException {
        try {
            reader.setInput(in, true, true);
            requireSize(reader, source);
            return reader.read(0);
        } catch (IndexOutOfBoundsException | IllegalStateException | NegativeArraySizeException e) {
            // How the JDK's decoders say that a file contradicts itself.
            throw new IOException("damaged image", e);
        } finally {
            reader.dispose();
        }
    }

    /** Before anything is decoded: the file's size says nothing, a plain area packs a thousandfold. */
    private static void requireSize(ImageReader reader, String source) throws IOException {
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
        // What is decoded has whole bytes; a reader that names no type will refuse the image, or decode to 32 bits.
        int bits = types.hasNext() ? types.next().getColorModel().getPixelSize() : Integer.SIZE;
        int bytesPerPixel = Math.max(1, Math.ceilDiv(bits, Byte.SIZE));
        if ((long) width * height > MAX_DECODED_BYTES / bytesPerPixel) {
            throw BadDataException.of(
                    source,
                    "an image that takes at most " + (MAX_DECODED_BYTES >> 20) + " MiB when it is decoded",
                    width + "x" + height + " pixels of " + Plural.of(bytesPerPixel, "byte"));
        }
    }

    /**
     * Writes one image of a dataset as a grey PNG, replacing a file of that name. Of pixels from 0 to 255 it reads back
     * as the same values; other scales are stretched to it.
     *
     * @throws BadDataException if the file cannot be written
     */
    public static void write(Path path, ImageDataset dataset, int sample) {
        Pixels pixels = dataset.pixels();
        int height = pixels.shape().dimension(1);
        int width = pixels.shape().dimension(2);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        WritableRaster raster = image.getRaster();
        for (int i = 0; i < height * width; i++) {
            int value = (pixels.get(sample, i) * WHITE + pixels.maximum() / 2) / pixels.maximum();
            raster.setSample(i % width, i / width, 0, value);
        }
        try {
            Files.write(path, png(image));
        } catch (IOException e) {
            throw BadDataException.unwritable(path.toString(), e);
        }
    }

    private static byte[] png(BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // A memory cache: the JDK's default would put a file into the temporary folder.
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(image, "png", out)) {
                throw new IOException("this JDK has no PNG encoder");
            }
        }
        return bytes.toByteArray();
    }
}
