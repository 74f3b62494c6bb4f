package io.ketju.data.image;

import io.ketju.data.IdentityHash;
import io.ketju.tensor.Shape;

/**
 * Equal-sized images, one unsigned byte per pixel, one image after another. Owns its bytes: whoever made it must not
 * write to them any more.
 *
 * @param bytes holds the images from {@code offset} on
 * @param count number of images, at least one
 * @param shape of one image: [channels, height, width]
 * @param maximum value of full brightness, 1 to 255
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy of 47 MB would buy nothing
public record Pixels(byte[] bytes, int offset, int count, Shape shape, int maximum) {
    /** Throws {@link IllegalArgumentException} if the bytes do not hold the images. */
    public Pixels {
        if (count < 1 || shape.rank() != 3 || maximum < 1 || maximum > 255) {
            throw new IllegalArgumentException(count + " images of " + shape + " up to " + maximum);
        }
        if (offset < 0 || (long) count * shape.elements() > bytes.length - offset) {
            throw new IllegalArgumentException(
                    count + " images of " + shape + " do not fit " + bytes.length + " bytes from " + offset);
        }
    }

    /** The value of one pixel of one image by its row-major index. */
    public int get(int image, int index) {
        return bytes[offset + image * shape.elements() + index] & 0xFF;
    }

    void count(long[] counts) {
        int end = offset + count * shape.elements();
        for (int i = offset; i < end; i++) {
            counts[bytes[i] & 0xFF]++;
        }
    }

    /** The same of one channel. */
    void count(long[] counts, int channel) {
        int plane = shape.dimension(1) * shape.dimension(2);
        for (int image = 0; image < count; image++) {
            int start = offset + image * shape.elements() + channel * plane;
            for (int i = start; i < start + plane; i++) {
                counts[bytes[i] & 0xFF]++;
            }
        }
    }

    void hash(IdentityHash hash) {
        hash.add(shape.toString()).add("" + maximum).add(bytes, offset, count * shape.elements());
    }
}
