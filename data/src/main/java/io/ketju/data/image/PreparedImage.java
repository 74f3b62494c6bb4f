package io.ketju.data.image;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;

/** An image file made ready for a model, and what was done to it. Immutable. */
public final class PreparedImage {
    private final Shape shape;
    private final float[] values;
    private final int fileHeight;
    private final int fileWidth;
    private final boolean inverted;

    PreparedImage(Shape shape, float[] values, int fileHeight, int fileWidth, boolean inverted) {
        this.shape = shape;
        this.values = values;
        this.fileHeight = fileHeight;
        this.fileWidth = fileWidth;
        this.inverted = inverted;
    }

    /** {@return [channels, height, width], as the model wants it} */
    public Shape shape() {
        return shape;
    }

    /** {@return whether it was turned into its negative} */
    public boolean inverted() {
        return inverted;
    }

    /** {@return whether the file's size was another one than the model wants} */
    public boolean resized() {
        return fileHeight != shape.dimension(1) || fileWidth != shape.dimension(2);
    }

    /**
     * {@return what was done, for people: {@code inverted (light background), resized from 280x280 to 28x28}, width first; or
     * nothing}
     */
    public String note() {
        String negative = inverted ? "inverted (light background)" : "";
        String size = resized()
                ? "resized from " + fileWidth + "x" + fileHeight + " to " + shape.dimension(2) + "x"
                        + shape.dimension(1)
                : "";
        return negative + (inverted && resized() ? ", " : "") + size;
    }

    /**
     * Overwrites a tensor of one sample with the normalised values.
     *
     * @param input float32, of {@link #shape} or with a dimension of 1 before it
     * @throws IllegalArgumentException if it is of another type or shape
     */
    public void copyTo(Tensor input) {
        if (input.dtype() != DType.FLOAT32
                || !(input.shape().equals(shape) || input.shape().equals(shape.batched(1)))) {
            throw new IllegalArgumentException("expected a tensor of shape " + shape.batched(1) + ", got " + input);
        }
        input.copyFrom(values);
    }

    /** {@return a copy of the normalised values, row-major} */
    public float[] values() {
        return values.clone();
    }
}
