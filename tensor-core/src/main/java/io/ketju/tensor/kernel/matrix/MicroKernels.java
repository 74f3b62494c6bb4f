package io.ketju.tensor.kernel.matrix;

import io.ketju.tensor.kernel.matrix.MicroKernel.Form;
import io.ketju.tensor.kernel.matrix.MicroKernel.Left;
import io.ketju.tensor.simd.VectorMemory;
import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The micro-kernels of this JVM, made when they are first asked for. */
final class MicroKernels {
    private static final int LEFTS = Left.values().length;
    private static final AtomicReferenceArray<MicroKernel> KERNELS =
            new AtomicReferenceArray<>(LeftBlock.ROWS * RightPanels.VECTORS * LEFTS);

    /** Short sums: long ones would make the compiler replace the running loop first, for twice the price. */
    private static final int WARM_UP_LENGTH = 3;
    /** What the thresholds of JDK 25 ask for. */
    private static final int WARM_UP_CALLS = 5000;
    /** Calls without any products, to give the compiler time: some tenths of a second. */
    private static final int WAITING_CALLS = 20000;
    /** Multiply-adds in all calls together from which on a kernel is worth warming up. */
    private static final long MUCH_WORK = 1 << 20;

    private MicroKernels() {}

    /** The micro-kernel of this form, made ready for a product of so many multiply-adds. */
    static MicroKernel get(Left left, int rows, int vectors, long work) {
        int index = ((rows - 1) * RightPanels.VECTORS + vectors - 1) * LEFTS + (left == Left.COLUMNS ? 1 : 0);
        MicroKernel kernel = KERNELS.getOpaque(index);
        if (kernel == null) {
            kernel = make(index, new Form(rows, vectors, left));
        }
        if (!kernel.warm) {
            kernel.work += work;
            if (kernel.work >= MUCH_WORK) {
                kernel.warm = true;
                warmUp(kernel, new Form(rows, vectors, left));
            }
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
            tile.rows = new long[WARM_UP_LENGTH];
            tile.c = zeros;
            tile.stride = row;
            tile.from = zeros;
            tile.fromStride = row;
            float[] a = new float[LeftBlock.floats(form.rows())];
            for (int call = 0; call < WARM_UP_CALLS + WAITING_CALLS; call++) {
                tile.k = call < WARM_UP_CALLS ? WARM_UP_LENGTH : 0;
                kernel.run(tile, a, 0, zeros);
            }
        }
    }
}
