package io.ketju.tensor.memory;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory of one thread for the time of one call: a stack of tensors. A user takes a {@link #mark}, allocates, and
 * {@link #release}s to its mark before it returns. Grows by further blocks when it must; once everything is released
 * the blocks are replaced by one as large as all of them, so that a run that repeats itself stops growing after its
 * first step. Not thread-safe, though other threads may use the memory while the owner waits for them.
 */
public final class Scratch implements AutoCloseable {
    private static final long FIRST_BLOCK_BYTES = 1 << 20;

    /** One piece of memory and the position of its first byte in the stack. */
    private record Block(Arena arena, MemorySegment memory, long start) {
        static Block of(long bytes, long start) {
            Arena arena = Arena.ofShared();
            return new Block(arena, arena.allocate(bytes, TensorArena.ALIGNMENT), start);
        }

        long end() {
            return start + memory.byteSize();
        }
    }

    private final List<Block> blocks = new ArrayList<>();
    private float[] floats = {};
    private long position;
    private boolean closed;

    /** One without memory, until something is allocated. */
    public Scratch() {}

    /** {@return the current height of the stack, for {@link #release}} */
    public long mark() {
        return position;
    }

    /**
     * Takes back everything allocated since the mark; whoever still holds such a tensor must not use it.
     *
     * @param mark what {@link #mark} gave; marks are released in the reverse order of taking
     * @throws IllegalStateException if the stack is below the mark already
     */
    public void release(long mark) {
        if (mark < 0 || mark > position) {
            throw new IllegalStateException("release to mark " + mark + " of a scratch of height " + position
                    + ": marks are released in the reverse order of taking");
        }
        position = mark;
        if (mark == 0 && blocks.size() > 1) {
            long total = capacityBytes();
            freeBlocks();
            blocks.add(Block.of(total, 0));
        }
    }

    /**
     * {@return a float32 tensor, 64-byte aligned, contents undefined}
     *
     * @param shape of any size, as the stack grows
     * @throws IllegalStateException after {@link #close}
     */
    public Tensor allocate(Shape shape) {
        return allocate(DType.FLOAT32, shape);
    }

    /**
     * {@return a tensor of the given type, 64-byte aligned, contents undefined}
     *
     * @param dtype type of its elements
     * @param shape of any size, as the stack grows
     * @throws IllegalStateException after {@link #close}
     */
    public Tensor allocate(DType dtype, Shape shape) {
        return new Tensor(allocate(shape.bytes()), dtype, shape);
    }

    /**
     * {@return memory of exactly this many bytes, 64-byte aligned, contents undefined}
     *
     * @param bytes at least 0
     * @throws IllegalStateException after {@link #close}
     */
    public MemorySegment allocate(long bytes) {
        long address = address(bytes);
        Block block = blockAt(address);
        return block.memory().asSlice(address - block.memory().address(), bytes);
    }

    /**
     * {@return the address of memory of at least this many bytes, 64-byte aligned, contents undefined}
     *
     * @param bytes at least 0
     * @throws IllegalStateException after {@link #close}
     */
    public long address(long bytes) {
        if (closed) {
            throw new IllegalStateException("scratch used after its core was closed");
        }
        long aligned = TensorArena.aligned(bytes);
        Block block = blockFor(aligned);
        long offset = Math.max(position, block.start()) - block.start();
        position = block.start() + offset + aligned;
        return block.memory().address() + offset;
    }

    /**
     * {@return an array of at least this many floats, contents undefined} There is one per thread, outside the stack: whoever asks next
     * gets the same, so it serves the innermost of nested calls only.
     *
     * @param count at least 0
     */
    public float[] floats(int count) {
        if (floats.length < count) {
            floats = new float[Math.max(count, 2 * floats.length)];
        }
        return floats;
    }

    /** {@return bytes held, in use or not} */
    public long capacityBytes() {
        return blocks.isEmpty() ? 0 : blocks.getLast().end();
    }

    /** Frees the memory; every tensor of this scratch throws from now on. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            freeBlocks();
        }
    }

    /** The first block at or above the current height with enough room. */
    private Block blockFor(long bytes) {
        // By index: this is asked for many times in a step, and an iterator is an object.
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            if (block.end() - Math.max(position, block.start()) >= bytes && position <= block.end()) {
                return block;
            }
        }
        long capacity = capacityBytes();
        Block block = Block.of(Math.max(bytes, Math.max(FIRST_BLOCK_BYTES, capacity)), capacity);
        blocks.add(block);
        return block;
    }

    private Block blockAt(long address) {
        for (Block block : blocks) {
            long offset = address - block.memory().address();
            if (offset >= 0 && offset <= block.memory().byteSize()) {
                return block;
            }
        }
        throw new IllegalStateException("no block of this scratch holds the address");
    }

    private void freeBlocks() {
        blocks.forEach(block -> block.arena().close());
        blocks.clear();
    }
}
