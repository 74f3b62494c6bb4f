package io.ketju.tensor.kernel.matrix;

import io.ketju.tensor.kernel.matrix.MicroKernel.Form;
import io.ketju.tensor.kernel.matrix.MicroKernel.Left;
import io.ketju.tensor.kernel.matrix.MicroKernel.Right;
import io.ketju.tensor.simd.VectorMemory;
import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The micro-kernels of this JVM, made when they are first asked for. */
final class MicroKernels {
    private static final int LEFTS = Left.values().length;
    private static final int RIGHTS = Right.values().length;
    private static final AtomicReferenceArray<MicroKernel> KERNELS =
            new AtomicReferenceArray<>(LeftBlock.ROWS * RightPanels.VECTORS * LEFTS * RIGHTS);

    /** Sums of this length make the compiler's counters of calls and of loops come to their thresholds together. */
    private static final int WARM_UP_LENGTH = 24;
    /** Twice what the thresholds of JDK 25 ask for, so that the compiler has time. A tenth of a second to one second. */
    private static final int WARM_UP_CALLS = 1500;
    /** Multiply-adds that would take a good part of a second before the kernel is compiled. */
    private static final long MUCH_WORK = 1 << 22;

    private final Left left;
    private final Right right;

    /** The micro-kernels that read their operands in these ways. */
    MicroKernels(Left left, Right right) {
        this.left = left;
        this.right = right;
    }

    private MicroKernel get(int rows, int vectors) {
        int index = rows - 1;
        index = index * RightPanels.VECTORS + vectors - 1;
        index = index * LEFTS + (left == Left.COLUMNS ? 1 : 0);
        index = index * RIGHTS
                + (switch (right) {
                    case PACKED -> 0;
                    case STRIDED -> 1;
                    case TAPS -> 2;
                });
        MicroKernel kernel = KERNELS.getOpaque(index);
        return kernel != null ? kernel : make(index, new Form(rows, vectors, left, right));
    }

    /** The micro-kernel, made ready for a product of so many multiply-adds. */
    MicroKernel get(int rows, int vectors, long work) {
        MicroKernel kernel = get(rows, vectors);
        if (!kernel.warm && work >= MUCH_WORK) {
            kernel.warm = true;
            warmUp(kernel, new Form(rows, vectors, left, right));
        }
        return kernel;
    }

    /** Two threads may both make one: the first to be filed is used. */
    private static MicroKernel make(int index, Form form) {
        KERNELS.compareAndSet(index, null, MicroKernelCompiler.compile(form));
        return KERNELS.get(index);
    }

    /**
     * Calls a new kernel with little work until it should be compiled. In the interpreter and in C1's code every vector is an
     * object, and one product of real size would take seconds before the compiler's counters are full.
     */
    private static void warmUp(MicroKernel kernel, Form form) {
        try (Arena arena = Arena.ofConfined()) {
            long row = form.vectors() * VectorMemory.VECTOR;
            long zeros = VectorMemory.address(arena.allocate(row * Math.max(WARM_UP_LENGTH, form.rows()), row));
            Tile tile = new Tile();
            tile.k = WARM_UP_LENGTH;
            tile.taps = new long[WARM_UP_LENGTH];
            tile.c = zeros;
            tile.stride = row;
            float[] a = new float[LeftBlock.floats(form.rows())];
            for (int call = 0; call < WARM_UP_CALLS; call++) {
                kernel.run(tile, a, 0, zeros);
            }
        }
    }
}
