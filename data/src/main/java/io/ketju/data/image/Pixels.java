package io.ketju.data.image;

import io.ketju.data.IdentityHash;
import io.ketju.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Equal-sized images, one unsigned byte per pixel, one image after another: on the heap, or in a file that is mapped. Owns its
 * bytes: whoever made it must not write to them any more.
 *
 * @param memory holds the images from its begin on
 * @param count number of images, at least one
 * @param shape of one image: [channels, height, width]
 * @param maximum value of full brightness, 1 to 255
 */
public record Pixels(MemorySegment memory, int count, Shape shape, int maximum) {
    /** Throws {@link IllegalArgumentException} if the bytes do not hold the images. */
    public Pixels {
        if (count < 1 || shape.rank() != 3 || maximum < 1 || maximum > 255) {
            throw new IllegalArgumentException(count + " images of " + shape + " up to " + maximum);
        }
        if ((long) count * shape.elements() > memory.byteSize()) {
            throw new IllegalArgumentException(
                    count + " images of " + shape + " do not fit " + memory.byteSize() + " bytes");
        }
    }

    /**
     * Takes images in an array.
     *
     * @param bytes that hold the images; not copied
     * @param offset of the first image in it
     * @param count number of images, at least one
     * @param shape of one image: [channels, height, width]
     * @param maximum value of full brightness, 1 to 255
     * @throws IllegalArgumentException if the bytes do not hold the images
     */
    public Pixels(byte[] bytes, int offset, int count, Shape shape, int maximum) {
        this(from(bytes, offset), count, shape, maximum);
    }

    private static MemorySegment from(byte[] bytes, int offset) {
        if (offset < 0 || offset > bytes.length) {
            throw new IllegalArgumentException("no images from " + offset + " of " + bytes.length + " bytes");
        }
        return MemorySegment.ofArray(bytes).asSlice(offset);
    }

    /**
     * {@return the value of one pixel, 0 to 255}
     *
     * @param image 0 to count-1
     * @param index of the pixel in the image, row-major over [channels, height, width]
     */
    public int get(int image, int index) {
        return at((long) image * shape.elements() + index);
    }

    private int at(long index) {
        return memory.get(ValueLayout.JAVA_BYTE, index) & 0xFF;
    }

    void count(long[] counts) {
        long end = (long) count * shape.elements();
        for (long i = 0; i < end; i++) {
            counts[at(i)]++;
        }
    }

    /** The same of one channel. */
    void count(long[] counts, int channel) {
        int plane = shape.dimension(1) * shape.dimension(2);
        for (int image = 0; image < count; image++) {
            long start = (long) image * shape.elements() + (long) channel * plane;
            for (long i = start; i < start + plane; i++) {
                counts[at(i)]++;
            }
        }
    }

    void hash(IdentityHash hash) {
        hash.add(shape.toString()).add("" + maximum).add(memory.asSlice(0, (long) count * shape.elements()));
    }
}
