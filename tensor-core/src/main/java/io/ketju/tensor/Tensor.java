package io.ketju.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A row-major view on off-heap memory: a segment that starts at the first element and ends after the last, an element
 * type and a shape. A tensor owns nothing and has no arithmetic: memory belongs to a {@code TensorArena} or a
 * {@code TensorLease}, maths to the {@code Kernels}. Touching a tensor whose owner has been closed throws
 * {@link IllegalStateException}.
 */
public final class Tensor {
    /** Alignment of every tensor that an arena or a pool makes: one cache line, and one 512-bit vector. */
    public static final int ALIGNMENT = 64;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private final MemorySegment segment;
    private final DType dtype;
    private final Shape shape;

    /**
     * A view on the start of a segment. The tensor does not own the memory: its arena must stay open while kernels work on it, and vector
     * kernels refuse memory of {@code Arena.ofAuto()}.
     *
     * @param segment of at least {@code shape.bytes()} bytes, of any alignment; what is behind them is left out
     * @param dtype type of the elements
     * @param shape their dimensions
     * @throws IndexOutOfBoundsException if the segment has fewer bytes
     */
    public Tensor(MemorySegment segment, DType dtype, Shape shape) {
        this.segment = segment.byteSize() == shape.bytes() ? segment : segment.asSlice(0, shape.bytes());
        this.dtype = dtype;
        this.shape = shape;
    }

    /** {@return the memory, exactly {@code shape().bytes()} bytes} */
    public MemorySegment segment() {
        return segment;
    }

    /** {@return the type of the elements} */
    public DType dtype() {
        return dtype;
    }

    /** {@return the dimensions, outermost first} */
    public Shape shape() {
        return shape;
    }

    /** {@return the number of elements} */
    public int elements() {
        return shape.elements();
    }

    /**
     * {@return the same memory under another shape}
     *
     * @param other with as many elements
     * @throws IllegalArgumentException if it has more or fewer
     */
    public Tensor view(Shape other) {
        if (other.elements() != shape.elements()) {
            throw new IllegalArgumentException("cannot view " + shape + " as " + other);
        }
        return new Tensor(segment, dtype, other);
    }

    /**
     * {@return the samples {@code first} to {@code first + count - 1} along the outermost dimension, in the same memory}
     *
     * @param first from 0
     * @param count at least 0
     * @throws IllegalStateException for a scalar
     * @throws IndexOutOfBoundsException if not all of them are in this tensor
     */
    public Tensor samples(int first, int count) {
        Shape sample = shape.sample();
        return new Tensor(
                segment.asSlice(first * sample.bytes(), count * sample.bytes()), dtype, sample.batched(count));
    }

    /**
     * {@return one element; for edges and tests, as kernels read whole vectors}
     *
     * @param index row-major, from 0
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public float getFloat(int index) {
        return segment.get(FLOAT, (long) index * DType.BYTES);
    }

    /**
     * Overwrites one element.
     *
     * @param index row-major, from 0
     * @param value any float
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public void setFloat(int index, float value) {
        segment.set(FLOAT, (long) index * DType.BYTES, value);
    }

    /**
     * {@return one element of an int32 tensor, or the bits of one of a float32 tensor}
     *
     * @param index row-major, from 0
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public int getInt(int index) {
        return segment.get(INT, (long) index * DType.BYTES);
    }

    /**
     * Overwrites one element of an int32 tensor, or the bits of one of a float32 tensor.
     *
     * @param index row-major, from 0
     * @param value any int
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public void setInt(int index, int value) {
        segment.set(INT, (long) index * DType.BYTES, value);
    }

    /**
     * Overwrites all elements.
     *
     * @param source of the same type and number of elements, under any shape
     * @throws IllegalArgumentException if its type or number of elements is another
     */
    public void copyFrom(Tensor source) {
        if (source.elements() != elements() || source.dtype != dtype) {
            throw new IllegalArgumentException("cannot copy " + source + " into " + this);
        }
        segment.copyFrom(source.segment);
    }

    /**
     * Overwrites all elements of a float32 tensor.
     *
     * @param source row-major, exactly as many
     * @throws IllegalArgumentException if there are more or fewer
     */
    public void copyFrom(float[] source) {
        if (source.length != elements()) {
            throw new IllegalArgumentException("cannot copy " + source.length + " values into " + this);
        }
        MemorySegment.copy(source, 0, segment, FLOAT, 0, source.length);
    }

    /** {@return a copy of all elements of a float32 tensor, row-major} */
    public float[] toFloats() {
        return segment.toArray(FLOAT);
    }

    /** Sets all elements to zero. */
    public void clear() {
        segment.fill((byte) 0);
    }

    @Override
    public String toString() {
        return dtype.text() + shape;
    }
}
