package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.ModelSource;
import io.ketju.actors.job.TrainingControl;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.data.ArrayDataset;
import io.ketju.layers.model.zoo.LeNet;
import io.ketju.layers.optimizer.Adam;
import io.ketju.tensor.Shape;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a run makes on the heap, of the whole JVM, for each forward, backward and step of a stage: messages, and what kernels say
 * of their operands. A vector that the compiler could not keep in registers shows here, as an object for each use.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@Tag("long")
class HeapBytesTest {
    /** Once compiled, a third more than was counted when this was written; it does not grow with tensors. */
    private static final double MOST_BYTES_PER_ACTION = 2560;

    private static final int STAGES = 4;
    private static final int MICROBATCHES = 8;
    private static final int ACTIONS = STAGES * (2 * MICROBATCHES + 1);
    private static final int BATCH = 64;
    private static final int STEPS_PER_EPOCH = 100;
    private static final int EPOCHS = 100;

    @Test
    void anActionOfLeNetMakesFewBytes() {
        Counter counter = new Counter();
        Ketju.fit(job(), counter);
        assertThat(counter.fewest).as("heap bytes per action").isLessThanOrEqualTo(MOST_BYTES_PER_ACTION);
    }

    /** Counts by epochs, and stops the run when one was below the bound. */
    private static final class Counter implements TrainingListener {
        double fewest = Double.POSITIVE_INFINITY;
        private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        private long before = threads.getTotalThreadAllocatedBytes();

        @Override
        public void on(TrainingEvent event) {}

        @Override
        public void on(TrainingEvent event, TrainingControl run) {
            if (event instanceof TrainingEvent.EpochFinished) {
                long now = threads.getTotalThreadAllocatedBytes();
                fewest = Math.min(fewest, (now - before) / (double) (STEPS_PER_EPOCH * ACTIONS));
                before = now;
                if (fewest <= MOST_BYTES_PER_ACTION) {
                    run.stop("counted");
                }
            }
        }
    }

    /** LeNet-5 for as many epochs as compilers need. */
    private static TrainingJob job() {
        return Ketju.job()
                .model(new ModelSource("custom", Shape.of(1, 28, 28), LeNet.five()))
                .data(new DataSource("custom", images("train", BATCH * STEPS_PER_EPOCH), images("test", BATCH)))
                .optimizer(new Adam(1e-5))
                .batchSize(BATCH)
                .microbatches(MICROBATCHES)
                .stages(STAGES)
                .threads(2)
                .epochs(EPOCHS)
                .build();
    }

    private static ArrayDataset images(String name, int samples) {
        float[] pixels = new float[samples * 28 * 28];
        int[] classes = new int[samples];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (i * 37 % 101 - 50) / 50f;
        }
        for (int i = 0; i < samples; i++) {
            classes[i] = i % 10;
        }
        return new ArrayDataset(name, Shape.of(1, 28, 28), pixels, classes);
    }
}
