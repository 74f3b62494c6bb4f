package io.ketju.data.image;

import io.ketju.data.Dataset;
import io.ketju.data.IdentityHash;
import io.ketju.data.RowChecks;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Labelled images: kept as bytes, turned into floats by a table as they are copied into a batch. */
public final class ImageDataset implements Dataset {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final String name;
    private final Pixels pixels;
    private final Labels labels;
    private final Normalization normalization;
    /** By channel. */
    private final float[][] tables;

    private final String identity;

    /** The pixels where they lie on the heap, from an offset on; null where they do not. */
    private final byte @Nullable [] array;

    private final int arrayOffset;

    /**
     * Puts images and their classes together; nothing is copied.
     *
     * @param name what reports and errors call it
     * @param pixels of all images
     * @param labels as many as images
     * @param normalization for all channels alike, or for each of the images' channels
     * @throws IllegalArgumentException if there are not as many labels as images, or means for another number of channels
     */
    public ImageDataset(String name, Pixels pixels, Labels labels, Normalization normalization) {
        if (pixels.count() != labels.count()) {
            throw new IllegalArgumentException(
                    name + ": " + pixels.count() + " images but " + labels.count() + " labels");
        }
        this.name = name;
        this.pixels = pixels;
        this.labels = labels;
        this.normalization = normalization;
        int channels = pixels.shape().dimension(0);
        if (normalization.channels() != 1 && normalization.channels() != channels) {
            throw new IllegalArgumentException(name + ": images of " + channels
                    + " channels but means and deviations of " + normalization.channels());
        }
        // All 256 values: a file of scale 16 was checked when it was read, but a lookup must never leave the table.
        this.tables = normalization.tables(channels, pixels.maximum());
        array = (byte[]) pixels.memory().heapBase().orElse(null);
        arrayOffset = array == null ? 0 : (int) pixels.memory().address();
        IdentityHash hash = new IdentityHash("ketju-images-1");
        for (int channel = 0; channel < normalization.channels(); channel++) {
            hash.add(bits(normalization.means().get(channel)))
                    .add(bits(normalization.stds().get(channel)));
        }
        pixels.hash(hash);
        labels.hash(hash);
        this.identity = hash.hex();
    }

    /** Shares the pixels. */
    @Override
    public ImageDataset normalized(Normalization other) {
        return new ImageDataset(name, pixels, labels, other);
    }

    private static String bits(float value) {
        return Integer.toHexString(Float.floatToRawIntBits(value));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int size() {
        return pixels.count();
    }

    @Override
    public Shape inputShape() {
        return pixels.shape();
    }

    @Override
    public int classes() {
        return labels.classes();
    }

    @Override
    public List<String> classNames() {
        return labels.names();
    }

    @Override
    public void copyInput(int sample, Tensor batch, int row) {
        RowChecks.checkSample(this, sample);
        RowChecks.check(inputType(), inputShape(), batch, row);
        int elements = pixels.shape().elements();
        long source = (long) sample * elements;
        // Locals and a segment, not Tensor.setFloat: the checks then leave the loop.
        int plane = elements / tables.length;
        MemorySegment memory = batch.segment();
        for (int channel = 0; channel < tables.length; channel++) {
            long from = source + (long) channel * plane;
            long destination = ((long) row * elements + (long) channel * plane) * Float.BYTES;
            if (array != null) {
                copy(array, arrayOffset + (int) from, tables[channel], memory, destination, plane);
            } else {
                copy(pixels.memory(), from, tables[channel], memory, destination, plane);
            }
        }
    }

    private static void copy(byte[] bytes, int from, float[] values, MemorySegment memory, long to, int count) {
        for (int i = 0; i < count; i++) {
            memory.set(FLOAT, to + (long) i * Float.BYTES, values[bytes[from + i] & 0xFF]);
        }
    }

    private static void copy(MemorySegment bytes, long from, float[] values, MemorySegment memory, long to, int count) {
        for (int i = 0; i < count; i++) {
            int pixel = bytes.get(ValueLayout.JAVA_BYTE, from + i) & 0xFF;
            memory.set(FLOAT, to + (long) i * Float.BYTES, values[pixel]);
        }
    }

    @Override
    public void copyTarget(int sample, Tensor batch, int row) {
        RowChecks.checkSample(this, sample);
        RowChecks.check(targetType(), targetShape(), batch, row);
        batch.setInt(row, labels.get(sample));
    }

    /** What a pixel of a channel becomes. */
    float value(int channel, int pixel) {
        return tables[channel][pixel];
    }

    @Override
    public String identity() {
        return identity;
    }

    /**
     * {@return the class of one image}
     *
     * @param sample 0 to size-1
     * @throws IndexOutOfBoundsException if there is no such image
     */
    public int label(int sample) {
        RowChecks.checkSample(this, sample);
        return labels.get(sample);
    }

    /** {@return the raw images, not copied} */
    public Pixels pixels() {
        return pixels;
    }

    /** {@return what an image file must go through before a model trained on these images can judge it} */
    public Normalization normalization() {
        return normalization;
    }

    @Override
    public Optional<Normalization> pixelNormalization() {
        return Optional.of(normalization);
    }

    @Override
    public String toString() {
        return name + " (" + size() + " images " + inputShape() + ", " + classes() + " classes)";
    }
}
