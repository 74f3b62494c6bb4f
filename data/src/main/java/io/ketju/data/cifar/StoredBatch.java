package io.ketju.data.cifar;

import io.ketju.data.file.Spill;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The images of a batch with their classes, one after another: on the heap, or the pixels in a temporary file without a name.
 *
 * @param classes of all images; whoever reads the classes from another file fills them in
 * @param pixels of all images
 */
@SuppressWarnings("ArrayRecordComponent") // made by CifarFiles alone; never compared
record StoredBatch(byte[] classes, MemorySegment pixels) {
    /** An eighth of the heap is what images may take of it. */
    private static final boolean HELD = (long) CifarBatch.values().length * CifarBatch.BYTES
            <= Runtime.getRuntime().maxMemory() / 8;

    /** Pixels of one image after another. */
    static MemorySegment stored(int images, IntFunction<byte[]> image) {
        return stored(images, image, HELD);
    }

    static MemorySegment stored(int images, IntFunction<byte[]> image, boolean held) {
        try (Spill spill = new Spill(held ? Long.MAX_VALUE : 0)) {
            for (int i = 0; i < images; i++) {
                spill.write(image.apply(i));
            }
            return spill.finish();
        }
    }

    /** The pixels of several batches, one behind the other. */
    static MemorySegment joined(List<StoredBatch> batches) {
        return batches.size() == 1
                ? batches.getFirst().pixels
                : stored(
                        batches.size() * CifarBatch.IMAGES,
                        i -> batches.get(i / CifarBatch.IMAGES).image(i % CifarBatch.IMAGES));
    }

    private byte[] image(int i) {
        return pixels.asSlice((long) i * CifarBatch.PIXELS, CifarBatch.PIXELS).toArray(ValueLayout.JAVA_BYTE);
    }

    /** Of the batch as the binary version has it: the class of each image in front of its pixels. */
    String md5() {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            for (int i = 0; i < CifarBatch.IMAGES; i++) {
                md5.update(classes[i]);
                md5.update(image(i));
            }
            return HexFormat.of().formatHex(md5.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has MD5", e);
        }
    }
}
