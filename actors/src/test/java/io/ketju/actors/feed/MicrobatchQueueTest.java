package io.ketju.actors.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.SmallJobs;
import io.ketju.actors.coordinator.PlannedWindow;
import io.ketju.actors.coordinator.RunSizes;
import io.ketju.actors.coordinator.WindowSequence;
import io.ketju.actors.job.TrainingJob;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.tensor.memory.TensorLease;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MicrobatchQueueTest {
    private final TrainingJob job = SmallJobs.tiny().build();
    private final MicrobatchQueue queue = new MicrobatchQueue(job, 9, 3);
    private final List<TensorKey> keys = new ArrayList<>();
    private final List<TensorLease> leases = new ArrayList<>();

    @AfterEach
    void close() {
        queue.close();
    }

    @Test
    void handsOutWhatTheBuffersAllowAndGoesOnWhenOneComesBack() {
        AtomicInteger freed = new AtomicInteger();
        queue.onBufferFreed(freed::incrementAndGet);
        queue.add(firstWindow());
        drain();
        assertThat(keys).hasSize(6);
        assertThat(queue.outstanding()).isEqualTo(6);
        assertThat(freed).hasValue(0);
        leases.get(0).close();
        assertThat(freed).hasValue(1);
        drain();
        assertThat(keys).as("the target's buffer is still out").hasSize(6);
        leases.get(1).close();
        drain();
        assertThat(keys).hasSize(8);
        assertThat(keys.getLast()).isEqualTo(new TensorKey(9, 0, TensorKey.Kind.TARGET, 3, 0));
        leases.subList(2, 8).forEach(TensorLease::close);
        drain();
        assertThat(keys).hasSize(8);
        assertThat(queue.outstanding()).isZero();
    }

    @Test
    void aSinkThatThrowsLosesNoLease() {
        queue.add(firstWindow());
        assertThatThrownBy(() -> queue.drain((key, lease) -> {
                    throw new IllegalStateException("full");
                }))
                .hasMessage("full");
        assertThat(queue.outstanding()).isZero();
    }

    @Test
    void microbatchesTogetherAreTheBatch() {
        queue.add(firstWindow());
        List<Integer> rows = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            queue.drain((key, lease) -> {
                if (key.kind() == TensorKey.Kind.INPUT) {
                    rows.add(lease.tensor().shape().dimension(0));
                }
                lease.close();
            });
        }
        assertThat(rows).containsExactly(2, 2, 1, 1);
    }

    private PlannedWindow firstWindow() {
        return new WindowSequence(RunSizes.of(job), 0).next().orElseThrow();
    }

    private void drain() {
        queue.drain((key, lease) -> {
            keys.add(key);
            leases.add(lease);
        });
    }
}
