package io.ketju.tensor.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernels of a step allocate no memory for tensors once they have run, and little on the heap. */
class StepAllocationTest {
    /**
     * Heap bytes of one step: descriptions of products, the factors of updates, tasks of loops. It took 46 to 60 KB at size
     * 1 when this was written.
     */
    private static final long HEAP_BYTES = 64 << 10;

    /**
     * More for each further size: some objects per tile of a loop and per row of a loss, 7 KB when this was written, while
     * tensors grow with the square of the size.
     */
    private static final long HEAP_BYTES_PER_SIZE = 10 << 10;

    /** Vectors live on the heap until the compiler is through. */
    private static final Duration LONGEST_WARMTH = Duration.ofMinutes(2);

    private static final int STEPS = 20;

    @ParameterizedTest
    @EnumSource(
            value = KernelChoice.class,
            names = {"SCALAR", "VECTOR"})
    void scratchStopsGrowing(KernelChoice kernels) {
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(1, kernels));
                KernelStep step = new KernelStep(core, 2)) {
            step.run();
            step.run();
            long scratch = core.scratch().capacityBytes();
            for (int i = 0; i < STEPS; i++) {
                step.run();
                assertThat(core.scratch().capacityBytes()).as("step %d", i).isEqualTo(scratch);
                assertThat(core.scratch().mark()).as("step %d", i).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 9})
    @Tag("long")
    void heapBytesAreFew(int size) {
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(1, KernelChoice.VECTOR));
                KernelStep step = new KernelStep(core, size)) {
            long most = HEAP_BYTES + (size - 1) * HEAP_BYTES_PER_SIZE;
            long begin = System.nanoTime();
            long bytes = heapBytes(step);
            while (bytes > most && System.nanoTime() - begin < LONGEST_WARMTH.toNanos()) {
                bytes = heapBytes(step);
            }
            assertThat(bytes).as("size %d", size).isLessThanOrEqualTo(most);
        }
    }

    /** The mean of some steps, all of them on this thread. */
    private static long heapBytes(KernelStep step) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < STEPS; i++) {
            step.run();
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / STEPS;
    }
}
