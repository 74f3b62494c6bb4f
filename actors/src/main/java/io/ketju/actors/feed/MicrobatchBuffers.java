package io.ketju.actors.feed;

import io.ketju.actors.job.JobBatches;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.PlannedWindow;
import io.ketju.data.Batch;
import io.ketju.data.Dataset;
import io.ketju.pipeline.program.MicrobatchSplit;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * The buffers that micro-batches are sent in, and what they are filled with: the samples of a window in its batch's
 * order. Not thread-safe, but buffers come back from any thread.
 */
public final class MicrobatchBuffers implements AutoCloseable {
    /** Positions among {@link io.ketju.pipeline.program.BatchPorts} of a job over one data set. */
    private static final int INPUT = 0;

    private static final int TARGET = 1;

    /** Where tensors go; one that throws has not taken the lease. */
    @FunctionalInterface
    interface Sink {
        void send(int stage, TensorKey key, TensorLease lease);
    }

    private final TrainingJob job;
    private final int incarnation;
    private final JobBatches batches;
    private final int microbatches;
    /** For each thing that a batch gives, the stages that read it. */
    private final List<List<Integer>> readers;

    private final List<TensorPool> pools;

    /**
     * @param microbatches that may be under way at once; at least 1
     */
    public MicrobatchBuffers(TrainingJob job, int incarnation, int microbatches) {
        this.job = job;
        this.incarnation = incarnation;
        this.microbatches = microbatches;
        Dataset samples = job.data().train();
        this.batches = new JobBatches(job);
        int rows = MicrobatchSplit.atMost(job.batchSize(), job.microbatches()).largest();
        this.readers = List.of(readers(INPUT), readers(TARGET));
        this.pools = List.of(
                pool("inputs", samples.inputShape().batched(rows), INPUT),
                pool("targets", samples.targetShape().batched(rows), TARGET));
    }

    private List<Integer> readers(int port) {
        return IntStream.range(0, job.stages())
                .filter(stage -> job.pipeline().program(stage).fed().contains(port))
                .boxed()
                .toList();
    }

    private TensorPool pool(String name, Shape largest, int port) {
        return new TensorPool(
                name, largest.bytes(), microbatches * readers.get(port).size());
    }

    /** Micro-batches that may be under way at once. */
    int microbatches() {
        return microbatches;
    }

    /** Buffers that one micro-batch takes, of each thing that a batch gives. */
    List<Integer> needed() {
        return readers.stream().map(List::size).toList();
    }

    /** Calls this, on any thread, whenever a buffer comes back, with the position of what it was for. */
    void onFreed(IntConsumer listener) {
        for (int port = 0; port < pools.size(); port++) {
            int freed = port;
            pools.get(port).onRelease(() -> listener.accept(freed));
        }
    }

    /** Fills one buffer for every stage and thing that it reads of a micro-batch, and hands them out in the batch's order. */
    void send(PlannedWindow planned, int microbatch, Sink sink) {
        Batch batch = batches.batch(planned.window(), planned.firstSample());
        Dataset samples = batches.samples(planned.window().phase());
        MicrobatchSplit split = planned.window().split();
        int first = split.firstSample(microbatch);
        int rows = split.size(microbatch);
        for (int stage : readers.get(INPUT)) {
            TensorLease lease = pools.get(INPUT)
                    .lease(samples.inputType(), samples.inputShape().batched(rows));
            fill(
                    sink,
                    stage,
                    key(planned, INPUT, microbatch),
                    lease,
                    tensor -> batch.copyInputs(samples, first, tensor));
        }
        for (int stage : readers.get(TARGET)) {
            TensorLease lease = pools.get(TARGET)
                    .lease(samples.targetType(), samples.targetShape().batched(rows));
            fill(
                    sink,
                    stage,
                    key(planned, TARGET, microbatch),
                    lease,
                    tensor -> batch.copyTargets(samples, first, tensor));
        }
    }

    /** Fills a lease and hands it out; whatever throws, the lease is closed by somebody. */
    private static void fill(Sink sink, int stage, TensorKey key, TensorLease lease, Consumer<Tensor> content) {
        try {
            content.accept(lease.tensor());
            sink.send(stage, key, lease);
        } catch (Throwable e) {
            lease.close();
            throw e;
        }
    }

    /** Buffers that stages or links still hold. */
    public int outstanding() {
        return pools.stream().mapToInt(TensorPool::outstanding).sum();
    }

    /** Frees the buffers. */
    @Override
    public void close() {
        pools.forEach(TensorPool::close);
    }

    private TensorKey key(PlannedWindow planned, int port, int microbatch) {
        return new TensorKey(incarnation, planned.window().number(), TensorKey.Kind.FED, microbatch, port);
    }
}
