package io.ketju.tensor.kernel.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ketju.tensor.Shape;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.simd.VectorWidth;
import io.ketju.tensor.testing.Operand;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/**
 * Compiled products allocate nothing, or a few objects where they are cut into tiles. How soon the compiler gets there is
 * its own business: calls go on, up to a limit in bytes, until a whole series of them stays within the bound.
 */
class MatrixAllocationTest {
    private static final int SERIES = 200;
    private static final int MOST_SERIES = 3_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void smallProductsAllocateNothing() {
        assertThat(bytesPerCall(GemmShape.nn(7, 13, 5), 0)).isZero();
        assertThat(bytesPerCall(GemmShape.nn(48, 64, 40), 0)).isZero();
        assertThat(bytesPerCall(GemmShape.tn(10, 20, 30), 0)).isZero();
    }

    @Test
    void packingTheTransposeTakesASmallRecordPerVectorOfColumns() {
        long vectors = 64 / VectorWidth.LANES;
        assertThat(bytesPerCall(GemmShape.nt(10, 64, 32), vectors * 64)).isLessThanOrEqualTo(vectors * 64);
    }

    @Test
    void productsInTilesTakeAFewObjectsForEach() {
        // Three tiles of rows: the loop's closures, and per tile what multiplies it.
        assertThat(bytesPerCall(GemmShape.nn(1000, 70, 3), 4096)).isLessThanOrEqualTo(4096);
    }

    /** Bytes of the first series of calls that took at most so many per call, or of the last. */
    private static long bytesPerCall(GemmShape shape, long wanted) {
        Operand a = Operand.uniform(1, "a", Shape.of(shape.m() * shape.k()));
        Operand b = Operand.uniform(2, "b", Shape.of(shape.k() * shape.n()));
        Operand c = Operand.uniform(3, "c", Shape.of(shape.m() * shape.n()));
        long bytes = Long.MAX_VALUE;
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(1, KernelChoice.VECTOR))) {
            MatrixKernels kernels = core.kernels().matrix();
            for (int series = 0; series < MOST_SERIES && bytes > wanted * SERIES; series++) {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                for (int call = 0; call < SERIES; call++) {
                    kernels.gemm(shape, a.tensor, b.tensor, c.tensor);
                }
                bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
            }
        }
        return bytes / SERIES;
    }
}
