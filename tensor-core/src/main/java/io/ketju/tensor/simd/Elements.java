package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorMemory.vectorEnd;
import static java.util.Objects.requireNonNull;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.Ranges.RangeTask;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.jspecify.annotations.Nullable;

/**
 * Runs element-wise loops that know whole vectors only. The rest of fewer elements than a vector goes through spare
 * memory, so that a loop holds its arithmetic once: the compiler gives up on loops that grow large.
 */
public final class Elements {
    /** Memory of {@link StepLoop}s between their steps. */
    public static final long BUFFER_BYTES = VectorPower.BUFFER_BYTES;

    /** Spare memory that each run on the calling thread needs. */
    public static final long SPARE_BYTES = 3 * VECTOR + BUFFER_BYTES;

    /**
     * An element-wise loop over whole vectors at three addresses, the last of which it overwrites. It reads a vector of
     * all before it writes that of the last, so that the last may be the first or the second.
     */
    @FunctionalInterface
    @SuppressWarnings(
            "FunctionalInterfaceMethodChanged") // The one is the other without a buffer and an object between.
    public interface Loop extends StepLoop {
        /**
         * Overwrites whole vectors.
         *
         * @param a address of the first input
         * @param b address of the second input, the first again where there is one only
         * @param c address of the output, may be one of the others
         * @param bytes of each, a multiple of {@link VectorMemory#VECTOR}
         */
        void run(long a, long b, long c, long bytes);

        @Override
        default void run(long a, long b, long c, long bytes, long buffer) {
            run(a, b, c, bytes);
        }
    }

    /** A {@link Loop} in several steps, between which it keeps something in {@link #BUFFER_BYTES} of memory. */
    @FunctionalInterface
    public interface StepLoop {
        /**
         * Overwrites whole vectors.
         *
         * @param a address of the first input
         * @param b address of the second input, the first again where there is one only
         * @param c address of the output, may be one of the others
         * @param bytes of each, a multiple of {@link VectorMemory#VECTOR}
         * @param buffer address of {@link #BUFFER_BYTES} bytes to overwrite
         */
        void run(long a, long b, long c, long bytes, long buffer);
    }

    /** What a thread runs over tiles: one object for all its calls. */
    private static final class Call implements RangeTask {
        private @Nullable TileRunner tiles;
        private @Nullable StepLoop loop;
        private long a;
        private long b;
        private long c;

        @Override
        public void run(int from, int to) {
            Scratch scratch = requireNonNull(tiles).scratch();
            long mark = scratch.mark();
            long spare = scratch.address(SPARE_BYTES);
            long at = from * 4L;
            Elements.run(requireNonNull(loop), a + at, b + at, c + at, to - from, spare);
            scratch.release(mark);
        }
    }

    private static final ThreadLocal<Call> CALLS = ThreadLocal.withInitial(Call::new);

    private Elements() {}

    /**
     * Runs the loop over all elements, cut into tiles, and returns when all are done.
     *
     * @param tiles the pool that helps
     * @param count elements, at least 0
     * @param a address of the first input
     * @param b address of the second input, the first again where there is one only
     * @param c address of the output, may be one of the others
     * @param loop for any number of threads at once
     */
    public static void run(TileRunner tiles, int count, long a, long b, long c, Loop loop) {
        run(tiles, count, a, b, c, (StepLoop) loop);
    }

    /**
     * Runs the loop over all elements, cut into tiles, and returns when all are done. Each tile takes its buffer from the scratch memory of
     * its thread.
     *
     * @param tiles the pool that helps
     * @param count elements, at least 0
     * @param a address of the first input
     * @param b address of the second input, the first again where there is one only
     * @param c address of the output, may be one of the others
     * @param loop for any number of threads at once
     */
    public static void run(TileRunner tiles, int count, long a, long b, long c, StepLoop loop) {
        Call call = CALLS.get();
        call.tiles = tiles;
        call.loop = loop;
        call.a = a;
        call.b = b;
        call.c = c;
        Ranges.elements(tiles, count, call);
    }

    /**
     * Runs the loop over some elements on the calling thread.
     *
     * @param loop for whole vectors
     * @param a address of the first input
     * @param b address of the second input, the first again where there is one only
     * @param c address of the output, may be one of the others
     * @param n elements, at least 0
     * @param spare address of {@link #SPARE_BYTES} bytes to overwrite
     */
    public static void run(Loop loop, long a, long b, long c, int n, long spare) {
        run((StepLoop) loop, a, b, c, n, spare);
    }

    /**
     * Runs the loop over some elements on the calling thread.
     *
     * @param loop for whole vectors
     * @param a address of the first input
     * @param b address of the second input, the first again where there is one only
     * @param c address of the output, may be one of the others
     * @param n elements, at least 0
     * @param spare address of {@link #SPARE_BYTES} bytes to overwrite
     */
    public static void run(StepLoop loop, long a, long b, long c, int n, long spare) {
        long buffer = spare + 3 * VECTOR;
        int whole = vectorEnd(0, n);
        if (whole > 0) {
            CompilationRoot.run(loop, a, b, c, whole * 4L, buffer);
        }
        if (whole < n) {
            long at = whole * 4L;
            VectorMask<Float> rest = VectorMemory.first(n - whole);
            FloatVector first = load(a + at, rest);
            FloatVector second = load(b + at, rest);
            store(first, spare);
            store(second, spare + VECTOR);
            CompilationRoot.run(loop, spare, spare + VECTOR, spare + 2 * VECTOR, VECTOR, buffer);
            store(load(spare + 2 * VECTOR), c + at, rest);
        }
    }
}
