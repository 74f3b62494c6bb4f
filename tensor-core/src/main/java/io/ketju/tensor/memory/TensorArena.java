package io.ketju.tensor.memory;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A bump allocator over one fixed block: allocation moves a pointer, {@link #reset} takes everything back at once. Not
 * thread-safe: one owner at a time. Contents are undefined after allocation except right after construction, when they
 * are zero.
 */
public final class TensorArena implements AutoCloseable {
    /** Alignment of every tensor. */
    public static final int ALIGNMENT = Tensor.ALIGNMENT;

    private final Arena arena;
    private final MemorySegment block;
    private long used;
    private long peak;

    /**
     * An arena whose tensors any thread may touch, full of zeros.
     *
     * @param capacityBytes of all its tensors, each rounded up to the alignment: see {@link #bytesFor}; rounded up itself, to one {@link
     *     #ALIGNMENT} at least
     */
    public TensorArena(long capacityBytes) {
        this(Arena.ofShared(), capacityBytes);
    }

    private TensorArena(Arena arena, long capacityBytes) {
        this.arena = arena;
        block = arena.allocate(Math.max(ALIGNMENT, aligned(capacityBytes)), ALIGNMENT);
        TensorMemory.opened(block.byteSize());
    }

    /**
     * {@return an arena whose tensors only the calling thread may touch, and which only that thread may close} To close it is cheap: a
     * shared one has all threads of the JVM say first that they are not within it.
     *
     * @param capacityBytes as for {@link #TensorArena(long)}
     */
    public static TensorArena confined(long capacityBytes) {
        return new TensorArena(Arena.ofConfined(), capacityBytes);
    }

    /**
     * {@return the bytes that a tensor of this shape takes from an arena: rounded up to the alignment}
     *
     * @param shape of a tensor of either type
     */
    public static long bytesFor(Shape shape) {
        return shape.alignedBytes();
    }

    /**
     * {@return a float32 tensor, contents undefined}
     *
     * @param shape all its dimensions
     * @throws IllegalStateException with the sizes if the capacity does not suffice
     */
    public Tensor allocate(Shape shape) {
        return allocate(DType.FLOAT32, shape);
    }

    /**
     * {@return a tensor of this type, contents undefined}
     *
     * @param type of its elements, and its shape
     * @throws IllegalStateException with the sizes if the capacity does not suffice
     */
    public Tensor allocate(TensorType type) {
        return allocate(type.dtype(), type.shape());
    }

    /**
     * {@return a tensor of the given type, contents undefined}
     *
     * @param dtype type of its elements
     * @param shape all its dimensions
     * @throws IllegalStateException with the sizes if the capacity does not suffice
     */
    public Tensor allocate(DType dtype, Shape shape) {
        long bytes = bytesFor(shape);
        if (bytes > block.byteSize() - used) {
            throw new IllegalStateException("arena of " + block.byteSize() + " bytes is full: " + used + " used, "
                    + bytes + " wanted for " + shape);
        }
        Tensor tensor = new Tensor(block.asSlice(used, shape.bytes()), dtype, shape);
        used += bytes;
        peak = Math.max(peak, used);
        return tensor;
    }

    /**
     * {@return a tensor where a plan has worked out that it lies, whatever is allocated; contents as they are there}
     *
     * @param offset bytes from the start of the arena, a multiple of {@link #ALIGNMENT} where vectors are to be aligned
     * @param type of its elements, and its shape
     * @throws IndexOutOfBoundsException if it does not fit
     */
    public Tensor at(long offset, TensorType type) {
        return new Tensor(block.asSlice(offset, type.shape().bytes()), type.dtype(), type.shape());
    }

    /** Takes all tensors back; whoever still holds one must not use it. */
    public void reset() {
        used = 0;
    }

    /** {@return the size of the block, in bytes, a multiple of {@link #ALIGNMENT}} */
    public long capacityBytes() {
        return block.byteSize();
    }

    /** {@return the bytes allocated since the last {@link #reset}; tensors of {@link #at} do not count} */
    public long usedBytes() {
        return used;
    }

    /** {@return the largest {@link #usedBytes} since construction} */
    public long peakBytes() {
        return peak;
    }

    /**
     * Frees the block; every tensor of this arena throws from now on.
     *
     * @throws IllegalStateException if it is closed already
     */
    @Override
    public void close() {
        arena.close();
        TensorMemory.closed(block.byteSize());
    }

    static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
