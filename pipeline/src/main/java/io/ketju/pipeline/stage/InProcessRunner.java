package io.ketju.pipeline.stage;

import io.ketju.layers.model.Model;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * All stages of a pipeline on the calling thread: the same machines and computes as in a cluster, with a queue in place
 * of the network. With one stage it is the plain training loop. Every other way to run must end with the same bits: its
 * {@link #stateHash} is the oracle. Not thread-safe. After an exception it can only be closed.
 */
public final class InProcessRunner implements AutoCloseable {
    private static final int INCARNATION = 0;

    private record Delivery(int stage, StageEvent event) {}

    private final PipelineSpec spec;
    private final List<StageCompute> computes = new ArrayList<>();
    private final List<StageMachine> machines = new ArrayList<>();
    private final ArrayDeque<Delivery> queue = new ArrayDeque<>();
    private final TensorPool inputs;
    private final TensorPool targets;
    private final TensorArena between;
    private long nextWindow;
    private @Nullable WindowMetrics finished;
    private @Nullable Examination examination;

    /** Allocates and initialises all stages. The core stays the caller's. */
    public InProcessRunner(PipelineSpec spec, TensorCore core) {
        this.spec = spec;
        for (int i = 0; i < spec.stages(); i++) {
            int stage = i;
            StageCompute compute = new StageCompute(spec, stage, core);
            compute.onOutputReleased(() -> queue.add(new Delivery(stage, new StageEvent.OutputReleased())));
            computes.add(compute);
            machines.add(new StageMachine(
                    compute.position(),
                    INCARNATION,
                    spec.schedule(),
                    compute.plan().activationBuffers()));
        }
        int largest = StagePlan.largestMicrobatch(spec);
        Shape target = spec.loss().targetShape(spec.model().outputShape());
        inputs = new TensorPool(
                "inputs",
                TensorArena.bytesFor(spec.model().inputShape().batched(largest)),
                Math.min(spec.microbatches(), spec.batchSize()));
        targets = new TensorPool("targets", TensorArena.bytesFor(target.batched(largest)), inputs.capacity());
        between = new TensorArena(computes.stream()
                .mapToLong(compute -> compute.plan().activationBufferBytes())
                .sum());
    }

    /** A training window of as many micro-batches as the spec says, with the samples as denominator. */
    public WindowMetrics train(long step, Tensor batch, Tensor labels) {
        return run(window(Window.Phase.TRAIN, step, batch), batch, labels);
    }

    /** Like {@link #train}, forward only. */
    public WindowMetrics evaluate(long step, Tensor batch, Tensor labels) {
        return run(window(Window.Phase.EVALUATE, step, batch), batch, labels);
    }

    /**
     * Runs one window to its end; windows are numbered from 0 without gaps. Throws {@link NonFiniteException} where the
     * actors would end the run, in the same words.
     *
     * @param batch [samples, ...inputShape], copied
     * @param labels [samples, ...targetShape], copied
     */
    public WindowMetrics run(Window window, Tensor batch, Tensor labels) {
        if (window.number() != nextWindow || window.samples() != batch.shape().dimension(0)) {
            throw new IllegalArgumentException("expected window " + nextWindow + " with "
                    + batch.shape().dimension(0) + " samples, got " + window);
        }
        nextWindow++;
        finished = null;
        for (int stage = 0; stage < machines.size(); stage++) {
            queue.add(new Delivery(stage, new StageEvent.WindowGranted(window)));
        }
        for (int m = 0; m < window.microbatches(); m++) {
            feed(window, m, TensorKey.Kind.INPUT, batch);
            feed(window, m, TensorKey.Kind.TARGET, labels);
        }
        while (!queue.isEmpty()) {
            Delivery delivery = queue.remove();
            machines.get(delivery.stage()).on(delivery.event()).forEach(effect -> perform(delivery.stage(), effect));
        }
        return endOf(window);
    }

    /** Outputs [n, ...outputShape] of inputs [n, ...inputShape], any n; no window, no loss. */
    public void predict(Tensor input, Tensor output) {
        int largest = StagePlan.largestMicrobatch(spec);
        int samples = input.shape().dimension(0);
        for (int first = 0; first < samples; first += largest) {
            int count = Math.min(largest, samples - first);
            predictChunk(input.samples(first, count), output.samples(first, count));
        }
    }

    /** All stages, in order. */
    public List<StageCompute> computes() {
        return Collections.unmodifiableList(computes);
    }

    /** All live tensors by global name. */
    public SequencedMap<String, Tensor> tensors() {
        SequencedMap<String, Tensor> all = new LinkedHashMap<>();
        computes.forEach(compute -> all.putAll(compute.tensors()));
        return all;
    }

    /** Overwrites parameters and optimizer state; throws {@link IllegalArgumentException} naming what does not fit. */
    public void load(Map<String, ? extends Tensor> loaded) {
        SequencedMap<String, Tensor> live = tensors();
        loaded.keySet().stream()
                .filter(name -> !live.containsKey(name))
                .sorted()
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(
                            "weights: the model has no '" + name + "'; it has " + live.keySet());
                });
        computes.forEach(compute -> compute.load(loaded));
    }

    /** SHA-256 over all parameters and optimizer state: see {@link StateHash}. */
    public String stateHash() {
        return StateHash.of(tensors());
    }

    @Override
    public void close() {
        computes.forEach(StageCompute::close);
        inputs.close();
        targets.close();
        between.close();
    }

    private Window window(Window.Phase phase, long step, Tensor batch) {
        int samples = batch.shape().dimension(0);
        return new Window(nextWindow, phase, step, samples, Math.min(samples, spec.microbatches()), samples);
    }

    private void feed(Window window, int microbatch, TensorKey.Kind kind, Tensor source) {
        boolean input = kind == TensorKey.Kind.INPUT;
        MicrobatchSplit split = window.split();
        Tensor part = source.samples(split.firstSample(microbatch), split.size(microbatch));
        TensorLease lease = (input ? inputs : targets).lease(part.dtype(), part.shape());
        lease.tensor().copyFrom(part);
        TensorKey key = new TensorKey(INCARNATION, window.number(), kind, microbatch, 0);
        queue.add(new Delivery(input ? 0 : machines.size() - 1, new StageEvent.TensorArrived(key, lease)));
    }

    private void perform(int stage, StageEffect effect) {
        switch (effect) {
            case StageEffect.RunCompute run -> compute(stage, run);
            case StageEffect.SendTensor send ->
                queue.add(new Delivery(
                        machineOf(stage, send.key().kind()), new StageEvent.TensorArrived(send.key(), send.lease())));
            case StageEffect.FinishWindow finish -> {
                WindowMetrics metrics = computes.get(stage).finishWindow();
                finished = stage == machines.size() - 1 ? metrics : finished;
                if (examination != null) {
                    examination.finished(stage, finish.window().number());
                }
            }
            case StageEffect.Discard discard ->
                throw new IllegalStateException("stage " + stage + ": nothing can be late here, but " + discard);
        }
    }

    private void compute(int stage, StageEffect.RunCompute run) {
        try {
            ActionResult result = computes.get(stage).run(run.window(), run.action(), run.arrived());
            queue.add(new Delivery(stage, result.done()));
        } catch (NonFiniteException e) {
            NonFinite found = e.found().orElseThrow();
            if (examination == null) {
                examination = new Examination(machines.size(), found);
            } else {
                examination.add(found);
            }
        }
    }

    /** The stage that met it stands still; the others go on until they have no more to do, and say what they found. */
    private void report(Examination examined) {
        if (examined.inspects()) {
            computes.forEach(compute -> examined.add(compute.inspect(examined.window(), examined.microbatch())));
        }
        throw new NonFiniteException(examined);
    }

    private int machineOf(int stage, TensorKey.Kind kind) {
        return computes.get(stage).position().receiver(kind);
    }

    private WindowMetrics endOf(Window window) {
        if (examination != null) {
            report(examination);
        }
        boolean allFinished = machines.stream().allMatch(machine -> machine.finishedWindows() == nextWindow);
        if (finished == null || !allFinished) {
            throw new IllegalStateException("window " + window.number() + " stands still: "
                    + machines.stream().map(StageMachine::describe).toList());
        }
        int outstanding = leasesOutstanding();
        if (outstanding != 0) {
            throw new IllegalStateException(
                    "window " + window.number() + " ends with " + outstanding + " leases outstanding");
        }
        return finished;
    }

    /** Leases that anyone holds: 0 between windows. */
    public int leasesOutstanding() {
        int ofStages =
                computes.stream().mapToInt(StageCompute::leasesOutstanding).sum();
        return ofStages + inputs.outstanding() + targets.outstanding();
    }

    private void predictChunk(Tensor input, Tensor output) {
        Tensor x = input;
        int count = input.shape().dimension(0);
        for (int stage = 0; stage < computes.size(); stage++) {
            Model.Node last = spec.partition().nodes(spec.model(), stage).getLast();
            boolean end = stage == computes.size() - 1;
            Tensor y = end ? output : between.allocate(last.output().batched(count));
            computes.get(stage).predict(x, y);
            x = y;
        }
        between.reset();
    }
}
