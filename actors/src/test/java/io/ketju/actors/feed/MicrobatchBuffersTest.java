package io.ketju.actors.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.SmallJobs;
import io.ketju.actors.job.JobBatches;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.GrantedWindow;
import io.ketju.data.BatchPlan;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.pipeline.stage.Window;
import io.ketju.tensor.memory.TensorLease;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MicrobatchBuffersTest {
    private static final int INPUT = 0;
    private static final int TARGET = 1;

    private final TrainingJob job = SmallJobs.tiny().build();
    private final MicrobatchBuffers buffers = new MicrobatchBuffers(new JobBatches(job), 9, new FeedAhead(3, 1));

    @AfterEach
    void close() {
        buffers.close();
    }

    @Test
    void everyBufferThatComesBackIsTold() {
        AtomicInteger inputs = new AtomicInteger();
        AtomicInteger targets = new AtomicInteger();
        buffers.onFreed(port -> (port == INPUT ? inputs : targets).incrementAndGet());
        List<TensorKey> keys = new ArrayList<>();
        List<TensorLease> leases = new ArrayList<>();
        for (int microbatch = 0; microbatch < 3; microbatch++) {
            buffers.send(firstWindow(), microbatch, (stage, key, lease) -> {
                keys.add(key);
                leases.add(lease);
            });
        }
        assertThat(buffers.buffers()).containsExactly(3, 3);
        assertThat(buffers.outstanding()).isEqualTo(6);
        assertThat(keys.getLast()).isEqualTo(new TensorKey(9, 0, TensorKey.Kind.FED, 2, TARGET));
        leases.get(0).close();
        assertThat(inputs).hasValue(1);
        assertThat(targets).hasValue(0);
        leases.subList(1, 6).forEach(TensorLease::close);
        assertThat(inputs).hasValue(3);
        assertThat(targets).hasValue(3);
        assertThat(buffers.outstanding()).isZero();
    }

    @Test
    void aSinkThatThrowsLosesNoLease() {
        assertThatThrownBy(() -> buffers.send(firstWindow(), 0, (stage, key, lease) -> {
                    throw new IllegalStateException("full");
                }))
                .hasMessage("full");
        assertThat(buffers.outstanding()).isZero();
    }

    @Test
    void microbatchesTogetherAreTheBatch() {
        List<Integer> rows = new ArrayList<>();
        for (int microbatch = 0; microbatch < 4; microbatch++) {
            buffers.send(firstWindow(), microbatch, (stage, key, lease) -> {
                if (key.edge() == INPUT) {
                    rows.add(lease.tensor().shape().dimension(0));
                }
                lease.close();
            });
        }
        assertThat(rows).containsExactly(2, 2, 1, 1);
    }

    private GrantedWindow firstWindow() {
        JobBatches batches = new JobBatches(job);
        BatchPlan first = batches.plan(Window.Phase.TRAIN, 0);
        return new GrantedWindow(batches.window(0, Window.Phase.TRAIN, 0, 1, first), 0);
    }
}
