package io.ketju.tensor.memory;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of equal buffers, lent out as {@link TensorLease}s. Thread-safe. The number comes from the plan, so
 * an exhausted pool is a broken plan and throws rather than waits.
 */
public final class TensorPool implements AutoCloseable {
    private final String name;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment[] buffers;
    /** What each buffer was lent as last; mostly it will be again. */
    private final @Nullable Tensor[] tensors;

    private final int[] free;
    private int freeCount;
    private volatile Runnable onRelease = () -> {};

    /**
     * Makes all buffers, full of zeros and 64-byte aligned.
     *
     * @param name what the buffers are for, as errors print it
     * @param bufferBytes size of each buffer; one of less than 64 bytes takes 64
     * @param count number of buffers
     */
    public TensorPool(String name, long bufferBytes, int count) {
        this.name = name;
        buffers = new MemorySegment[count];
        tensors = new Tensor[count];
        free = new int[count];
        for (int i = 0; i < count; i++) {
            buffers[i] = arena.allocate(Math.max(bufferBytes, TensorArena.ALIGNMENT), TensorArena.ALIGNMENT);
            free[i] = i;
        }
        freeCount = count;
        TensorMemory.opened(capacityBytes());
    }

    /** {@return the bytes of all buffers, lent or not} */
    public long capacityBytes() {
        return Arrays.stream(buffers).mapToLong(MemorySegment::byteSize).sum();
    }

    /**
     * {@return a lease on a float32 tensor, contents undefined, for the caller to close or to hand on}
     *
     * @param shape that fits a buffer
     * @throws IllegalStateException when all buffers are out
     * @throws IndexOutOfBoundsException when the shape does not fit one
     */
    public TensorLease lease(Shape shape) {
        return lease(DType.FLOAT32, shape);
    }

    /**
     * {@return a lease on a tensor of this type and shape, contents undefined, for the caller to close or to hand on}
     *
     * @param dtype type of the elements
     * @param shape that fits a buffer
     * @throws IllegalStateException when all buffers are out
     * @throws IndexOutOfBoundsException when the shape does not fit one
     */
    public TensorLease lease(DType dtype, Shape shape) {
        int buffer;
        synchronized (this) {
            if (freeCount == 0) {
                throw new IllegalStateException("no free buffer in " + this);
            }
            buffer = free[--freeCount];
        }
        try {
            return new TensorLease(this, buffer, tensor(buffer, dtype, shape));
        } catch (RuntimeException e) {
            release(buffer);
            throw e;
        }
    }

    private Tensor tensor(int buffer, DType dtype, Shape shape) {
        Tensor tensor = tensors[buffer];
        if (tensor == null || tensor.dtype() != dtype || !tensor.shape().equals(shape)) {
            tensor = new Tensor(buffers[buffer], dtype, shape);
            tensors[buffer] = tensor;
        }
        return tensor;
    }

    /**
     * Has every release tell a listener: how a receiver returns credit to its sender.
     *
     * @param listener called after the release, on the releasing thread; takes the place of the one before
     */
    public void onRelease(Runnable listener) {
        onRelease = listener;
    }

    /** {@return the number of leases not yet closed} */
    public synchronized int outstanding() {
        return buffers.length - freeCount;
    }

    /** {@return the number of buffers} */
    public int capacity() {
        return buffers.length;
    }

    /**
     * Frees all buffers, also those still lent out, whose tensors throw from now on.
     *
     * @throws IllegalStateException if it is closed already
     */
    @Override
    public void close() {
        arena.close();
        TensorMemory.closed(capacityBytes());
    }

    void release(int buffer) {
        synchronized (this) {
            free[freeCount++] = buffer;
        }
        onRelease.run();
    }

    @Override
    public String toString() {
        return "pool '" + name + "' (" + outstanding() + " of " + buffers.length + " lent)";
    }
}
