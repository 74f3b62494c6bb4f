package io.ketju.tensor.testing;

import static org.assertj.core.api.Assertions.fail;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.random.CounterRandom;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Seeded tensors for comparing kernels, each with a guard behind it that nothing may touch. */
public final class Operand {
    private static final int GUARD_FLOATS = 64;
    private static final byte GUARD = (byte) 0xA5;
    private static final float[] SPECIAL = {
        Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0.0f, 0.0f, Float.MIN_VALUE, 1e-30f, 3e38f
    };

    public final Tensor tensor;
    private final MemorySegment guard;

    private Operand(DType dtype, Shape shape) {
        MemorySegment memory = TestMemory.allocate(shape.bytes() + GUARD_FLOATS * Float.BYTES);
        guard = memory.asSlice(shape.bytes());
        guard.fill(GUARD);
        tensor = new Tensor(memory.asSlice(0, shape.bytes()), dtype, shape);
    }

    /** Uniform in [-1, 1). */
    public static Operand uniform(long seed, String name, Shape shape) {
        Operand operand = new Operand(DType.FLOAT32, shape);
        CounterRandom.of(seed, name).fillUniform(operand.tensor, -1, 1);
        return operand;
    }

    /** Uniform, every tenth element or so a NaN, an infinity, a zero of either sign, or tiny or huge. */
    public static Operand special(long seed, String name, Shape shape) {
        Operand operand = uniform(seed, name, shape);
        CounterRandom random = CounterRandom.of(seed, name).stream("special");
        for (int i = 0; i < shape.elements(); i++) {
            if (random.below(2L * i, 10) == 0) {
                operand.tensor.setFloat(i, SPECIAL[random.below(2L * i + 1, SPECIAL.length)]);
            }
        }
        return operand;
    }

    public static Operand ints(Shape shape) {
        return new Operand(DType.INT32, shape);
    }

    /** The same values in memory of its own. */
    public Operand copy() {
        Operand copy = new Operand(tensor.dtype(), tensor.shape());
        copy.tensor.copyFrom(tensor);
        return copy;
    }

    /** Fails unless all elements are the same bits (all NaNs counting as one), and the guard is whole. */
    public void assertSameBits(String what, Operand expected) {
        int[] wrong = IntStream.range(0, tensor.elements())
                .filter(i -> differs(tensor.getFloat(i), expected.tensor.getFloat(i)))
                .toArray();
        if (wrong.length > 0) {
            fail(
                    "%s: element %d of %s is %s, expected %s; wrong are %d: %s",
                    what,
                    wrong[0],
                    tensor,
                    tensor.getFloat(wrong[0]),
                    expected.tensor.getFloat(wrong[0]),
                    wrong.length,
                    Arrays.toString(Arrays.copyOf(wrong, Math.min(40, wrong.length))));
        }
        for (long i = 0; i < guard.byteSize(); i++) {
            if (guard.get(java.lang.foreign.ValueLayout.JAVA_BYTE, i) != GUARD) {
                fail("%s: wrote %d bytes behind the end of %s", what, i, tensor);
            }
        }
    }

    /** By bits, but NaNs are equal: which NaN comes out of two is the choice of the CPU and the compiler. */
    private static boolean differs(float a, float b) {
        return Float.floatToIntBits(a) != Float.floatToIntBits(b);
    }
}
