package io.ketju.actors.feed;

import io.ketju.actors.job.JobBatches;
import io.ketju.actors.message.GrantedWindow;
import io.ketju.data.BatchPlan;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.schedule.Replicas;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.pipeline.stage.Window;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The buffers that micro-batches are sent in, and what they are filled with: what a window's batch source gives. What
 * never changes goes with the first micro-batch of all. Not thread-safe, but buffers come back from any thread.
 */
public final class MicrobatchBuffers implements AutoCloseable {
    /** Where tensors go; one that throws has not taken the lease. */
    @FunctionalInterface
    interface Sink {
        void send(int stage, TensorKey key, TensorLease lease);
    }

    /** Windows of one kind read the same. */
    private record WindowKind(Window.Phase phase, int objective) {}

    /** What windows of one kind read. */
    private final class Reading {
        /** For each port, the stages of one pipeline that read it. */
        private final List<List<Integer>> readers;
        /** For each port, buffers that a micro-batch takes. */
        private final int[] needed;

        Reading(List<List<Integer>> readers) {
            this.readers = readers;
            this.needed = changing(readers);
        }
    }

    private final int incarnation;
    private final JobBatches batches;
    private final FeedAhead ahead;
    private final PipelineSpec pipeline;
    private final Replicas replicas;
    private final List<Input> inputs;
    private final BatchPorts ports;
    private final List<TensorType> largest;
    /** For each port, the stages that read it in any window; of replicas that are no whole pipelines the first ones. */
    private final List<List<Integer>> readers = new ArrayList<>();

    private final Map<WindowKind, Reading> readingOfKinds = new HashMap<>();
    /** By micro-batches of a step, the order in which replicas get them. */
    private final Map<Integer, List<Integer>> turns = new HashMap<>();

    private final List<StagePorts> stages;

    private final List<TensorPool> pools = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Number of the window that was sent last; its mini-batch is asked for once, at the first micro-batch. */
    private long planned = -1;

    private @Nullable BatchPlan plan;

    /**
     * Takes the memory of all buffers, off the heap.
     *
     * @param batches what micro-batches are, and what they are read by
     * @param incarnation of the start of the run, which every tensor carries
     * @param ahead micro-batches that may be under way at once
     */
    public MicrobatchBuffers(JobBatches batches, int incarnation, FeedAhead ahead) {
        this.incarnation = incarnation;
        this.ahead = ahead;
        this.batches = batches;
        pipeline = batches.pipeline();
        replicas = pipeline.replicas();
        Model model = pipeline.model();
        this.inputs = model.inputs();
        this.ports = BatchPorts.of(model);
        this.largest = ports.types(model, pipeline.largestTypes());
        this.stages = StagePorts.all(pipeline);
        List<StagePorts> reading = pipeline.counts().alike() ? stages : stages.subList(0, pipeline.stages());
        for (int port = 0; port < ports.names().size(); port++) {
            readers.add(readers(reading, port));
            int copies = readers.get(port).size() * (constant(port) ? 1 : ahead.buffers());
            pools.add(new TensorPool(
                    "'" + ports.names().get(port) + "'", largest.get(port).bytes(), copies));
        }
    }

    private static List<Integer> readers(List<StagePorts> stages, int port) {
        return stages.stream()
                .filter(stage -> stage.fed().contains(port))
                .map(StagePorts::stage)
                .toList();
    }

    /** What its heads need. */
    private Reading reading(Window window) {
        return readingOfKinds.computeIfAbsent(new WindowKind(window.phase(), window.objective()), kind -> {
            List<StagePorts> ofWindow = stages.subList(0, pipeline.stages()).stream()
                    .map(stage -> stage.of(window))
                    .toList();
            List<List<Integer>> ofPorts = IntStream.range(0, readers.size())
                    .mapToObj(port -> readers(ofWindow, port))
                    .toList();
            return new Reading(ofPorts);
        });
    }

    private boolean constant(int port) {
        return port < inputs.size() && inputs.get(port).constant();
    }

    /** Buffers that there are of each thing that a batch gives; what goes once has its own. */
    int[] buffers() {
        return ofMicrobatches(ahead.buffers());
    }

    /** Buffers of each thing of which the feeder hears together that they came back. */
    int[] together() {
        return ofMicrobatches(ahead.together());
    }

    private int[] ofMicrobatches(int microbatches) {
        return Arrays.stream(changing(readers))
                .map(count -> count * microbatches)
                .toArray();
    }

    /** Buffers that a micro-batch of a window takes, of each thing that a batch gives; not to be changed. */
    int[] needed(Window window) {
        return reading(window).needed;
    }

    private int[] changing(List<List<Integer>> readersOfPorts) {
        return IntStream.range(0, readersOfPorts.size())
                .map(port -> constant(port) ? 0 : readersOfPorts.get(port).size())
                .toArray();
    }

    /** Calls this, on any thread, whenever a buffer comes back, with the position of what it was for. */
    void onFreed(IntConsumer listener) {
        for (int port = 0; port < pools.size(); port++) {
            int freed = port;
            pools.get(port).onRelease(() -> listener.accept(freed));
        }
    }

    /**
     * Fills one buffer for every stage and thing that it reads of a micro-batch, and hands them out port by port.
     *
     * @param turn of the micro-batch: replicas get theirs in turn, so that none waits until another has all
     */
    void send(GrantedWindow granted, int turn, Sink sink) {
        Window.Phase phase = granted.window().phase();
        boolean shared = phase == Window.Phase.TRAIN && replicas.counts().several();
        int microbatch = shared
                ? turns.computeIfAbsent(granted.window().microbatches(), replicas::inTurn)
                        .get(turn)
                : turn;
        boolean first = granted.window().number() == 0 && microbatch == 0;
        List<List<Integer>> reading = reading(granted.window()).readers;
        for (int port = 0; port < readers.size(); port++) {
            String name = ports.names().get(port);
            TensorKey key = new TensorKey(incarnation, granted.window().number(), TensorKey.Kind.FED, microbatch, port);
            if (!constant(port) && reading.get(port).isEmpty()) {
                continue;
            }
            if (!constant(port)) {
                BatchPlan batch = plan(granted);
                TensorType type = Objects.requireNonNull(
                        batch.microbatches().get(microbatch).types().get(name));
                send(
                        sink,
                        reading.get(port).stream()
                                .map(stage -> replicas.stage(stage, shared, microbatch))
                                .toList(),
                        key,
                        type,
                        tensor -> batches.copy(phase, batch, microbatch, name, tensor));
            } else if (first) {
                send(
                        sink,
                        readers.get(port),
                        key,
                        largest.get(port),
                        tensor -> batches.copyConstant(phase, name, tensor));
            }
        }
    }

    private BatchPlan plan(GrantedWindow granted) {
        BatchPlan known = plan;
        if (known == null || planned != granted.window().number()) {
            known = batches.plan(granted.window().phase(), granted.batch());
            planned = granted.window().number();
            plan = known;
        }
        return known;
    }

    private void send(Sink sink, List<Integer> to, TensorKey key, TensorType type, Consumer<Tensor> content) {
        for (int stage : to) {
            fill(sink, stage, key, pools.get(key.edge()).lease(type.dtype(), type.shape()), content);
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

    /** {@return how many buffers stages or links still hold} */
    public int outstanding() {
        return pools.stream().mapToInt(TensorPool::outstanding).sum();
    }

    /** {@return what completes, on any thread, when all buffers are back} Nothing is sent any more, and nobody is told of buffers. */
    public CompletableFuture<Void> drained() {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        onFreed(port -> completeIfBack(drained));
        completeIfBack(drained);
        return drained;
    }

    private void completeIfBack(CompletableFuture<Void> drained) {
        if (outstanding() == 0) {
            drained.complete(null);
        }
    }

    /** Frees the buffers; a second call does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            pools.forEach(TensorPool::close);
        }
    }
}
