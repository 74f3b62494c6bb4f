package io.ketju.tensor.kernel.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ketju.tensor.Shape;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.testing.Operand;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/**
 * Compiled products allocate nothing that grows with the matrices: at most a few small objects, and none where the compiler
 * sees through all of them, which is its own business and differs from JVM to JVM. Each bound lies far below the bytes of
 * the result.
 */
class MatrixAllocationTest {
    private static final int SERIES = 200;
    private static final int MOST_SERIES = 3_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void productsOfOneTileTakeAFewObjects() {
        // Results of 36, 29 and 26 kB.
        assertThat(bytesPerCall(GemmShape.nn(95, 96, 33), 8192)).isLessThanOrEqualTo(8192);
        assertThat(bytesPerCall(GemmShape.tn(90, 80, 30), 8192)).isLessThanOrEqualTo(8192);
        assertThat(bytesPerCall(GemmShape.nt(90, 71, 32), 8192)).isLessThanOrEqualTo(8192);
    }

    @Test
    void productsInTilesTakeAFewObjectsForEach() {
        // Three tiles of rows: the loop's closures, and per tile what multiplies it. c alone has 280 kB.
        assertThat(bytesPerCall(GemmShape.nn(1000, 70, 3), 16_384)).isLessThanOrEqualTo(16_384);
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
