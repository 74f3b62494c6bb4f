package io.ketju.data.image;

import io.ketju.data.BadDataException;
import io.ketju.tensor.Plural;
import io.ketju.tensor.Shape;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
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
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Single images in files: PNG, JPEG, BMP, GIF, whatever the JDK reads. */
public final class ImageFile {
    /**
     * Most memory that a decoded image may take, as its file has it: 16 million pixels of four colours of 16 bits, 44
     * million of three of 8 bits.
     */
    public static final long MAX_DECODED_BYTES = 1L << 27;

    private static final int WHITE = 255;

    private ImageFile() {}

    /**
     * Reads an image as a model wants it: grey and light on dark, or in colours, of the model's size, normalised.
     *
     * @param path of the file
     * @param wanted [1, height, width] or [3, height, width]
     * @param normalization of the data that the model was trained on
     * @param inversion of grey images; those in colours stay as they are unless it says always
     * @return the normalised values, with what was done to get them
     * @throws BadDataException if the file is missing, no image, damaged or too large
     * @throws IllegalArgumentException if the wanted shape is none of images
     */
    public static PreparedImage read(Path path, Shape wanted, Normalization normalization, Inversion inversion) {
        int channels = wanted.rank() == 3 ? wanted.dimension(0) : 0;
        if ((channels != 1 && channels != 3) || wanted.elements() == 0) {
            throw new IllegalArgumentException(
                    "expected a model on images [1, height, width] or [3, height, width], got " + wanted);
        }
        RasterImage original = RasterImage.of(decode(path), channels);
        boolean invert = switch (inversion) {
            case AUTO -> channels == 1 && original.plane(0).hasBrightBorder();
            case ALWAYS -> true;
            case NEVER -> false;
        };
        int plane = wanted.elements() / channels;
        float[] values = new float[wanted.elements()];
        for (int channel = 0; channel < channels; channel++) {
            GrayImage upright = invert ? original.plane(channel).inverted() : original.plane(channel);
            byte[] sized =
                    upright.resized(wanted.dimension(1), wanted.dimension(2)).values();
            float[] table = normalization.channel(channel).table(WHITE);
            for (int i = 0; i < plane; i++) {
                values[channel * plane + i] = table[sized[i] & 0xFF];
            }
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
            return decode(in, source);
        } catch (IOException e) {
            throw BadDataException.unreadable(source, e);
        }
    }

    /**
     * Decodes the content of an image file.
     *
     * @param content of the whole file; only read
     * @param source what errors call it
     * @return the image as the file has it, the first where there are several
     * @throws BadDataException if it is no image, damaged or too large
     */
    public static BufferedImage decode(byte[] content, String source) {
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
            return decode(in, source);
        } catch (IOException e) {
            throw BadDataException.unreadable(source, e);
        }
    }

    private static BufferedImage decode(ImageInputStream in, String source) throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
        if (!readers.hasNext()) {
            throw BadDataException.of(source, "a PNG, JPEG, BMP or GIF image", "another kind of file");
        }
        return decode(readers.next(), in, source);
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
     * Writes one image of a dataset as a PNG, replacing a file of that name. Of pixels from 0 to 255 it reads back as the same
     * values; other scales are stretched to it.
     *
     * @param path of the file, whose folder is there
     * @param dataset grey images or those of three colours
     * @param sample 0 to size-1
     * @throws BadDataException if the file cannot be written
     */
    public static void write(Path path, ImageDataset dataset, int sample) {
        try {
            Files.write(path, png(image(dataset, sample)));
        } catch (IOException e) {
            throw BadDataException.unwritable(path.toString(), e);
        }
    }

    /**
     * {@return one image as a picture in memory: grey, or RGB where images have three channels} Pixels are stretched to 0 to 255.
     *
     * @param dataset grey images or those of three colours
     * @param sample 0 to size-1
     */
    public static BufferedImage image(ImageDataset dataset, int sample) {
        Pixels pixels = dataset.pixels();
        int channels = pixels.shape().dimension(0);
        int height = pixels.shape().dimension(1);
        int width = pixels.shape().dimension(2);
        int type = channels == 3 ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_BYTE_GRAY;
        BufferedImage image = new BufferedImage(width, height, type);
        WritableRaster raster = image.getRaster();
        for (int channel = 0; channel < raster.getNumBands(); channel++) {
            for (int i = 0; i < height * width; i++) {
                int pixel = pixels.get(sample, channel * height * width + i);
                int value = (pixel * WHITE + pixels.maximum() / 2) / pixels.maximum();
                raster.setSample(i % width, i / width, channel, value);
            }
        }
        return image;
    }

    /**
     * {@return a picture as the bytes of a PNG file}
     *
     * @param image any that the JDK's encoder takes
     * @throws IOException if the encoder does not take it
     */
    public static byte[] png(BufferedImage image) throws IOException {
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
