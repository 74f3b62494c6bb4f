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
     * A view on the first {@code shape.bytes()} bytes of a segment; throws if it holds fewer. The tensor does not own the
     * memory: its arena must stay open while kernels work on it, and vector kernels refuse memory of
     * {@code Arena.ofAuto()}.
     */
    public Tensor(MemorySegment segment, DType dtype, Shape shape) {
        this.segment = segment.byteSize() == shape.bytes() ? segment : segment.asSlice(0, shape.bytes());
        this.dtype = dtype;
        this.shape = shape;
    }

    /** The memory, exactly {@code shape().bytes()} bytes. */
    public MemorySegment segment() {
        return segment;
    }

    public DType dtype() {
        return dtype;
    }

    public Shape shape() {
        return shape;
    }

    /** Number of elements. */
    public int elements() {
        return shape.elements();
    }

    /** The same memory under another shape with as many elements. */
    public Tensor view(Shape other) {
        if (other.elements() != shape.elements()) {
            throw new IllegalArgumentException("cannot view " + shape + " as " + other);
        }
        return new Tensor(segment, dtype, other);
    }

    /** The samples {@code first} to {@code first + count - 1} along the outermost dimension, same memory. */
    public Tensor samples(int first, int count) {
        Shape sample = shape.sample();
        return new Tensor(
                segment.asSlice(first * sample.bytes(), count * sample.bytes()), dtype, sample.batched(count));
    }

    /** One element by its row-major index. For edges and tests; kernels read whole vectors. */
    public float getFloat(int index) {
        return segment.get(FLOAT, (long) index * DType.BYTES);
    }

    public void setFloat(int index, float value) {
        segment.set(FLOAT, (long) index * DType.BYTES, value);
    }

    public int getInt(int index) {
        return segment.get(INT, (long) index * DType.BYTES);
    }

    public void setInt(int index, int value) {
        segment.set(INT, (long) index * DType.BYTES, value);
    }

    /** Overwrites all elements with those of a tensor of the same type and number of elements. */
    public void copyFrom(Tensor source) {
        if (source.elements() != elements() || source.dtype != dtype) {
            throw new IllegalArgumentException("cannot copy " + source + " into " + this);
        }
        segment.copyFrom(source.segment);
    }

    /** Overwrites all elements; the array must have exactly as many. */
    public void copyFrom(float[] source) {
        if (source.length != elements()) {
            throw new IllegalArgumentException("cannot copy " + source.length + " values into " + this);
        }
        MemorySegment.copy(source, 0, segment, FLOAT, 0, source.length);
    }

    /** A copy of all elements, row-major. */
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
