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
 * Compiled products allocate nothing that grows with the matrices. In a fresh JVM small ones allocate nothing at all;
 * after much other work the compiler leaves them a few small objects, which the bounds allow for. How soon it gets there
 * is its own business: calls go on until a whole series of them stays within the bound.
 */
class MatrixAllocationTest {
    private static final int SERIES = 200;
    private static final int MOST_SERIES = 3_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void smallProducts() {
        assertThat(bytesPerCall(GemmShape.nn(7, 13, 5), 512)).isLessThanOrEqualTo(512);
        assertThat(bytesPerCall(GemmShape.nn(48, 64, 40), 512)).isLessThanOrEqualTo(512);
        assertThat(bytesPerCall(GemmShape.tn(40, 60, 30), 512)).isLessThanOrEqualTo(512);
        assertThat(bytesPerCall(GemmShape.nt(40, 64, 32), 1024)).isLessThanOrEqualTo(1024);
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
