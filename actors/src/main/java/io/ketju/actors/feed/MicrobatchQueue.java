package io.ketju.actors.feed;

import io.ketju.actors.coordinator.PlannedWindow;
import io.ketju.actors.job.TrainingJob;
import io.ketju.data.Batch;
import io.ketju.data.BatchOrder;
import io.ketju.data.Batches;
import io.ketju.data.Dataset;
import io.ketju.pipeline.stage.MicrobatchSplit;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The micro-batches that are still to be sent, and the buffers they are sent in. Not thread-safe, but buffers come
 * back from any thread.
 */
public final class MicrobatchQueue implements AutoCloseable {
    private final TrainingJob job;
    private final int incarnation;
    private final Batches train;
    private final Batches test;
    private final TensorPool inputs;
    private final TensorPool targets;
    private final Deque<PlannedWindow> windows = new ArrayDeque<>();
    private int microbatch;
    private volatile boolean waiting;

    /**
     * @param buffers micro-batches that may be under way at once; at least 1
     */
    public MicrobatchQueue(TrainingJob job, int incarnation, int buffers) {
        this.job = job;
        this.incarnation = incarnation;
        Dataset samples = job.data().train();
        this.train = new Batches(samples.size(), job.batchSize(), BatchOrder.shuffled(job.seed()));
        this.test = new Batches(job.data().test().size(), job.batchSize(), BatchOrder.sequential());
        int rows = MicrobatchSplit.atMost(job.batchSize(), job.microbatches()).largest();
        this.inputs =
                new TensorPool("inputs", samples.inputShape().batched(rows).bytes(), buffers);
        this.targets =
                new TensorPool("targets", samples.targetShape().batched(rows).bytes(), buffers);
    }

    /** Calls this, on any thread, when {@link #drain} stopped for want of a buffer and one came back. */
    public void onBufferFreed(Runnable listener) {
        Runnable freed = () -> {
            if (waiting) {
                waiting = false;
                listener.run();
            }
        };
        inputs.onRelease(freed);
        targets.onRelease(freed);
    }

    /** Appends a window. */
    public void add(PlannedWindow window) {
        windows.addLast(window);
    }

    /**
     * Hands out micro-batches, each as an input and a target, until none is left or no buffer is free. A sink that
     * throws has not taken the lease.
     */
    public void drain(BiConsumer<TensorKey, TensorLease> sink) {
        while (!windows.isEmpty() && bufferFree()) {
            PlannedWindow planned = windows.getFirst();
            Batch batch = batch(planned);
            Dataset samples = planned.trains() ? job.data().train() : job.data().test();
            int microbatches = planned.window().microbatches();
            MicrobatchSplit split = planned.window().split();
            int rows = split.size(microbatch);
            TensorLease input =
                    inputs.lease(samples.inputType(), samples.inputShape().batched(rows));
            send(
                    sink,
                    key(planned, TensorKey.Kind.INPUT),
                    input,
                    tensor -> batch.copyInputs(samples, split.firstSample(microbatch), tensor));
            TensorLease target =
                    targets.lease(samples.targetType(), samples.targetShape().batched(rows));
            send(
                    sink,
                    key(planned, TensorKey.Kind.TARGET),
                    target,
                    tensor -> batch.copyTargets(samples, split.firstSample(microbatch), tensor));
            if (++microbatch == microbatches) {
                microbatch = 0;
                windows.removeFirst();
            }
        }
    }

    /** Fills a lease and hands it out; whatever throws, the lease is closed by somebody. */
    private static void send(
            BiConsumer<TensorKey, TensorLease> sink, TensorKey key, TensorLease lease, Consumer<Tensor> fill) {
        try {
            fill.accept(lease.tensor());
            sink.accept(key, lease);
        } catch (Throwable e) {
            lease.close();
            throw e;
        }
    }

    /** Buffers that stages or links still hold. */
    public int outstanding() {
        return inputs.outstanding() + targets.outstanding();
    }

    /** Frees the buffers. */
    @Override
    public void close() {
        inputs.close();
        targets.close();
    }

    private Batch batch(PlannedWindow planned) {
        return planned.trains()
                ? train.batch(planned.window().step() - 1)
                : test.batch(planned.firstSample() / job.batchSize());
    }

    /** Says that it waits before it looks again, so that a buffer coming back in between is not missed. */
    private boolean bufferFree() {
        if (free()) {
            return true;
        }
        waiting = true;
        return free();
    }

    private boolean free() {
        return inputs.outstanding() < inputs.capacity() && targets.outstanding() < targets.capacity();
    }

    private TensorKey key(PlannedWindow planned, TensorKey.Kind kind) {
        return new TensorKey(incarnation, planned.window().number(), kind, microbatch, 0);
    }
}
