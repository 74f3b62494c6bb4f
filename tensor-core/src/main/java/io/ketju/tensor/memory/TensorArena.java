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

    /** An arena of a fixed capacity in bytes. */
    public TensorArena(long capacityBytes) {
        this(Arena.ofShared(), capacityBytes);
    }

    private TensorArena(Arena arena, long capacityBytes) {
        this.arena = arena;
        block = arena.allocate(Math.max(ALIGNMENT, aligned(capacityBytes)), ALIGNMENT);
        TensorMemory.opened(block.byteSize());
    }

    /**
     * One whose tensors only the calling thread may touch. To close it is cheap: a shared one has all threads of the JVM say
     * first that they are not within it.
     */
    public static TensorArena confined(long capacityBytes) {
        return new TensorArena(Arena.ofConfined(), capacityBytes);
    }

    /** The bytes that a tensor of this shape takes from an arena: rounded up to the alignment. */
    public static long bytesFor(Shape shape) {
        return shape.alignedBytes();
    }

    /** A float32 tensor; throws {@link IllegalStateException} with the sizes if the capacity does not suffice. */
    public Tensor allocate(Shape shape) {
        return allocate(DType.FLOAT32, shape);
    }

    /** A tensor of this type; throws as {@link #allocate(DType, Shape)}. */
    public Tensor allocate(TensorType type) {
        return allocate(type.dtype(), type.shape());
    }

    /** A tensor of the given type; throws {@link IllegalStateException} if the capacity does not suffice. */
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
     * A tensor at an offset that a plan has worked out, whatever is allocated; throws {@link IndexOutOfBoundsException} if
     * it does not fit.
     */
    public Tensor at(long offset, TensorType type) {
        return new Tensor(block.asSlice(offset, type.shape().bytes()), type.dtype(), type.shape());
    }

    /** Takes all tensors back; whoever still holds one must not use it. */
    public void reset() {
        used = 0;
    }

    public long capacityBytes() {
        return block.byteSize();
    }

    public long usedBytes() {
        return used;
    }

    /** Largest {@link #usedBytes} since construction. */
    public long peakBytes() {
        return peak;
    }

    /** Frees the block; every tensor of this arena throws from now on. */
    @Override
    public void close() {
        arena.close();
        TensorMemory.closed(block.byteSize());
    }

    static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
