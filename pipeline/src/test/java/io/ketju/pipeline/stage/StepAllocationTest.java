package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.partition.Partitioner;
import io.ketju.pipeline.stage.Toy.Batch;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training step allocates no memory for tensors, and little on the heap. */
class StepAllocationTest {
    /**
     * Heap bytes of one step of the perceptron on one stage: deliveries, metrics, descriptions of products, the parameters' own
     * descriptions.
     */
    private static final long HEAP_BYTES = 64 << 10;

    private static final int STEPS = 20;

    /** Vectors live on the heap until the compiler is through. */
    private static final int MOST_ROUNDS = 3000;

    private final Toy toy = new Toy();
    private final TensorCore core = TensorCore.open(1);

    @AfterEach
    void close() {
        core.close();
        toy.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void tensorMemoryIsThatOfTheFirstStep(int stages) {
        for (Model model : List.of(Toy.mlp(), Toy.convolutional())) {
            PipelineSpec spec = Toy.spec(model, new Adam(0.01), Partitioner.balanced(model, stages), 10, 4);
            Batch batch = toy.batches(model, 10).getFirst();
            try (InProcessRunner runner = new InProcessRunner(spec, core)) {
                runner.train(1, batch.inputs(), batch.targets());
                long scratch = core.scratch().capacityBytes();
                List<Long> places = places(runner);
                for (int step = 2; step <= STEPS; step++) {
                    runner.train(step, batch.inputs(), batch.targets());
                    assertThat(core.scratch().capacityBytes())
                            .as("step %d", step)
                            .isEqualTo(scratch);
                    assertThat(core.scratch().mark()).as("step %d", step).isZero();
                    assertThat(runner.leasesOutstanding()).as("step %d", step).isZero();
                }
                assertThat(places(runner)).isEqualTo(places);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 128})
    @Tag("long")
    void heapBytesAreFew(int samples) {
        Model model = Toy.mlp();
        PipelineSpec spec =
                Toy.spec(model, new SGD(0.01).withMomentum(0.9), Partitioner.balanced(model, 1), samples, 1);
        Batch batch = toy.batches(model, samples).getFirst();
        try (InProcessRunner runner = new InProcessRunner(spec, core)) {
            long bytes = Long.MAX_VALUE;
            for (int round = 0; round < MOST_ROUNDS && bytes > HEAP_BYTES; round++) {
                bytes = heapBytes(runner, batch, round * STEPS);
            }
            assertThat(bytes).as("%d samples", samples).isLessThanOrEqualTo(HEAP_BYTES);
        }
    }

    private static long heapBytes(InProcessRunner runner, Batch batch, int done) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 1; i <= STEPS; i++) {
            runner.train(done + i, batch.inputs(), batch.targets());
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / STEPS;
    }

    /** Where weights and the optimizer's state are. */
    private static List<Long> places(InProcessRunner runner) {
        return runner.tensors().values().stream()
                .map(Tensor::segment)
                .map(segment -> segment.address())
                .toList();
    }
}
