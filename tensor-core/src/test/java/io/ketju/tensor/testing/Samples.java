package io.ketju.tensor.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.random.CounterRandom;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Tensors for kernel tests, filled from a seed that every failure names. Around each lies memory that nothing may touch:
 * {@link #close} looks.
 */
public final class Samples implements AutoCloseable {
    /** Sizes around the vector widths, their multiples and the tile. */
    public static final List<Integer> AWKWARD_SIZES = List.of(1, 3, 7, 8, 13, 16, 17, 25, 31, 64, 100, 207, 256, 1025);

    private static final float[] SPECIAL = {
        0f,
        -0f,
        1f,
        -1f,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        -Float.MIN_NORMAL,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        88.72284f,
        -103.97208f,
        1e-20f
    };

    private static final int GUARD_FLOATS = 64;
    private static final long GUARD_BYTES = (long) GUARD_FLOATS * Float.BYTES;
    private static final byte GUARD = (byte) 0xA5;

    private final List<MemorySegment> guards = new ArrayList<>();
    private final TensorArena arena = new TensorArena(16 << 20);
    private final long seed;
    private int count;

    public Samples(long seed) {
        this.seed = seed;
    }

    public long seed() {
        return seed;
    }

    /** Normal values. */
    public Tensor normal(int... dimensions) {
        Tensor tensor = allocate(DType.FLOAT32, Shape.of(dimensions));
        CounterRandom.of(seed, "tensor " + count++).fillNormal(tensor, 0, 1);
        return tensor;
    }

    /** Normal values of very different sizes, one in eight replaced by a special value. */
    public Tensor wild(int... dimensions) {
        Tensor tensor = normal(dimensions);
        CounterRandom random = CounterRandom.of(seed, "wild " + count);
        for (int i = 0; i < tensor.elements(); i++) {
            float value = tensor.getFloat(i) * (float) Math.scalb(1.0, random.below(2L * i, 40) - 20);
            boolean special = random.below(2L * i + 1, 8) == 0;
            tensor.setFloat(i, special ? SPECIAL[random.below(3L * i, SPECIAL.length)] : value);
        }
        return tensor;
    }

    /** Class indexes. */
    public Tensor classes(int rows, int classes) {
        Tensor tensor = allocate(DType.INT32, Shape.of(rows));
        CounterRandom random = CounterRandom.of(seed, "classes " + count++);
        for (int i = 0; i < rows; i++) {
            tensor.setInt(i, random.below(i, classes));
        }
        return tensor;
    }

    public Tensor copy(Tensor source) {
        Tensor tensor = allocate(source.dtype(), source.shape());
        tensor.copyFrom(source);
        return tensor;
    }

    /** A tensor whose stale contents would show in a result. */
    public Tensor dirty(Shape shape) {
        Tensor tensor = allocate(DType.FLOAT32, shape);
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.setFloat(i, -777);
        }
        return tensor;
    }

    /** Equal bits, any NaN being equal to any NaN: payloads depend on the order of operands in the instruction. */
    public void assertSameBits(String what, Tensor actual, Tensor expected) {
        assertThat(actual.elements()).isEqualTo(expected.elements());
        for (int i = 0; i < actual.elements(); i++) {
            float a = actual.getFloat(i);
            float e = expected.getFloat(i);
            if (Float.floatToIntBits(a) != Float.floatToIntBits(e)) {
                throw new AssertionError(what + ", element " + i + " of " + expected + ", seed " + seed + ": vector "
                        + a + " (" + Float.toHexString(a) + "), scalar " + e + " (" + Float.toHexString(e) + ")");
            }
        }
    }

    /** Fails if something was written beside a tensor. */
    @Override
    public void close() {
        try {
            for (MemorySegment guard : guards) {
                for (long i = 0; i < guard.byteSize(); i++) {
                    if (guard.get(ValueLayout.JAVA_BYTE, i) != GUARD) {
                        throw new AssertionError("byte " + i + " beside a tensor was written, seed " + seed);
                    }
                }
            }
        } finally {
            arena.close();
        }
    }

    private Tensor allocate(DType dtype, Shape shape) {
        long bytes = shape.bytes();
        int elements = Math.toIntExact(bytes / Float.BYTES) + 2 * GUARD_FLOATS;
        MemorySegment memory = arena.allocate(Shape.of(elements)).segment();
        guard(memory.asSlice(0, GUARD_BYTES));
        guard(memory.asSlice(GUARD_BYTES + bytes));
        return new Tensor(memory.asSlice(GUARD_BYTES, bytes), dtype, shape);
    }

    private void guard(MemorySegment memory) {
        memory.fill(GUARD);
        guards.add(memory);
    }
}
