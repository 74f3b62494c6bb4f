package io.ketju.pipeline.stage;

import io.ketju.layers.model.Input;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.program.MicrobatchSplit;
import io.ketju.pipeline.program.SampleRows;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
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
    private final BatchPorts names;
    private final List<TensorPool> feeds;
    private long nextWindow;
    private final SortedMap<Integer, WindowMetrics> finished = new TreeMap<>();
    private @Nullable Examination examination;
    /** Where the outputs of the current window go, if it predicts. */
    private @Nullable WindowOutputs outputs;

    /** Allocates and initialises all stages. The core stays the caller's. */
    public InProcessRunner(PipelineSpec spec, TensorCore core) {
        this.spec = spec;
        for (int i = 0; i < spec.stages(); i++) {
            int stage = i;
            StageCompute compute = new StageCompute(spec, stage, core);
            compute.onOutputReleased(() -> queue.add(new Delivery(stage, new StageEvent.OutputReleased())));
            compute.onPredictionReleased(() -> queue.add(new Delivery(stage, new StageEvent.PredictionReleased())));
            computes.add(compute);
            machines.add(new StageMachine(
                    compute.ports(),
                    INCARNATION,
                    spec.schedule(),
                    compute.plan().activationBuffers()));
        }
        names = BatchPorts.of(spec.model());
        feeds = new ArrayList<>();
        int copies = spec.recipe().mostMicrobatches() * spec.stages();
        for (TensorType type : names.types(spec.model(), spec.largestTypes())) {
            feeds.add(new TensorPool("'" + names.names().get(feeds.size()) + "'", type.bytes(), copies));
        }
    }

    /** A training window of as many micro-batches as the spec says, divided by what the targets weigh. */
    public WindowMetrics train(long step, Tensor batch, Tensor labels) {
        return train(step, named(batch, labels));
    }

    /** Like {@link #train}, forward only. */
    public WindowMetrics evaluate(long step, Tensor batch, Tensor labels) {
        return evaluate(step, named(batch, labels));
    }

    /** As {@link #run(Window, Map)}, for a model with one input and one target. */
    public WindowMetrics run(Window window, Tensor batch, Tensor labels) {
        return run(window, named(batch, labels));
    }

    private Map<String, Tensor> named(Tensor batch, Tensor labels) {
        return Map.of(names.names().getFirst(), batch, names.names().getLast(), labels);
    }

    /** As {@link #train(long, Tensor, Tensor)}, for any model. */
    public WindowMetrics train(long step, Map<String, Tensor> batch) {
        return run(window(Window.Phase.TRAIN, step, batch), batch);
    }

    /** As {@link #evaluate(long, Tensor, Tensor)}, for any model. */
    public WindowMetrics evaluate(long step, Map<String, Tensor> batch) {
        return run(window(Window.Phase.EVALUATE, step, batch), batch);
    }

    /**
     * Runs one window to its end; windows are numbered from 0 without gaps. Throws {@link NonFiniteException} where the
     * actors would end the run, in the same words.
     *
     * @param batch [samples, ...] of each of the model's inputs and targets, by name; copied
     */
    public WindowMetrics run(Window window, Map<String, Tensor> batch) {
        int samples = samples(batch);
        if (window.number() != nextWindow || window.samples() != samples) {
            throw new IllegalArgumentException(
                    "expected window " + nextWindow + " with " + samples + " samples, got " + window);
        }
        nextWindow++;
        finished.clear();
        for (int stage = 0; stage < machines.size(); stage++) {
            queue.add(new Delivery(stage, new StageEvent.WindowGranted(window)));
        }
        for (int m = 0; m < window.microbatches(); m++) {
            for (int port = 0; port < portsOf(window.phase()); port++) {
                feed(
                        window,
                        m,
                        port,
                        Objects.requireNonNull(
                                batch.get(names.names().get(port)),
                                names.names().get(port)));
            }
        }
        while (!queue.isEmpty()) {
            Delivery delivery = queue.remove();
            machines.get(delivery.stage()).on(delivery.event()).forEach(effect -> perform(delivery.stage(), effect));
        }
        return endOf(window);
    }

    /** Outputs [n, ...outputShape] of inputs [n, ...inputShape], any n, in windows that predict. */
    public void predict(Tensor input, Tensor output) {
        predict(List.of(input), List.of(output));
    }

    /** As {@link #predict(Tensor, Tensor)}, for all inputs and outputs of the model, in order; outputs are overwritten. */
    public void predict(List<Tensor> given, List<Tensor> wanted) {
        List<Input> inputs = spec.model().inputs();
        Map<String, Tensor> all = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            all.put(inputs.get(i).name(), given.get(i));
        }
        int samples = samples(all);
        for (int first = 0; first < samples; first += spec.batchSize()) {
            int from = first;
            int count = Math.min(spec.batchSize(), samples - first);
            Map<String, Tensor> batch = new HashMap<>(all);
            inputs.stream()
                    .filter(Input::batched)
                    .forEach(input ->
                            batch.put(input.name(), tensor(all, input.name()).samples(from, count)));
            Window window = Window.predicting(nextWindow, 0, count, Math.min(count, spec.microbatches()));
            WindowOutputs collected = new WindowOutputs(
                    INCARNATION,
                    window,
                    wanted.stream()
                            .map(tensor -> SampleRows.of(tensor, samples, from, count))
                            .toList());
            outputs = collected;
            run(window, batch);
            if (!collected.complete()) {
                throw new IllegalStateException("window " + window.number() + " ends without all of its outputs");
            }
        }
    }

    private int portsOf(Window.Phase phase) {
        return phase == Window.Phase.PREDICT
                ? spec.model().inputs().size()
                : names.names().size();
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
                .filter(name -> !live.containsKey(name) && !StageState.isCount(name))
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
        feeds.forEach(TensorPool::close);
    }

    private Window window(Window.Phase phase, long step, Map<String, Tensor> batch) {
        int samples = samples(batch);
        List<Double> denominators = spec.model().heads().stream()
                .map(head -> head.loss()
                        .weight(head.targets().stream()
                                .map(name -> tensor(batch, name))
                                .toList()))
                .toList();
        return new Window(nextWindow, phase, step, samples, Math.min(samples, spec.microbatches()), denominators);
    }

    private static Tensor tensor(Map<String, Tensor> batch, String name) {
        return Objects.requireNonNull(batch.get(name), () -> "the batch has no '" + name + "'");
    }

    /** Samples of the mini-batch: of the first input that has any. */
    private int samples(Map<String, Tensor> batch) {
        return spec.model().inputs().stream()
                .filter(Input::batched)
                .findFirst()
                .map(input -> tensor(batch, input.name()))
                .map(tensor -> tensor.shape().dimension(0))
                .orElse(1);
    }

    private void feed(Window window, int microbatch, int port, Tensor source) {
        MicrobatchSplit split = window.split();
        boolean whole = port < spec.model().inputs().size()
                && !spec.model().inputs().get(port).batched();
        if (!whole && source.shape().dimension(0) != window.samples()) {
            throw new IllegalArgumentException("expected " + window.samples() + " samples of '"
                    + names.names().get(port) + "', got " + source);
        }
        Tensor part = whole ? source : source.samples(split.firstSample(microbatch), split.size(microbatch));
        for (int stage = 0; stage < computes.size(); stage++) {
            if (computes.get(stage).ports().fed().contains(port)) {
                TensorLease lease = feeds.get(port).lease(part.dtype(), part.shape());
                lease.tensor().copyFrom(part);
                TensorKey key = new TensorKey(INCARNATION, window.number(), TensorKey.Kind.FED, microbatch, port);
                queue.add(new Delivery(stage, new StageEvent.TensorArrived(key, lease)));
            }
        }
    }

    private void perform(int stage, StageEffect effect) {
        switch (effect) {
            case StageEffect.RunCompute run -> compute(stage, run);
            case StageEffect.SendTensor send -> deliver(machineOf(stage, send.key()), send);
            case StageEffect.FinishWindow finish -> {
                finished.put(stage, computes.get(stage).finishWindow());
                if (examination != null) {
                    examination.finished(stage, finish.window().number());
                }
            }
            case StageEffect.Discard discard ->
                throw new IllegalStateException("stage " + stage + ": nothing can be late here, but " + discard);
        }
    }

    private void deliver(int receiver, StageEffect.SendTensor sent) {
        if (receiver == StagePorts.FEEDER) {
            Objects.requireNonNull(outputs).take(sent.key(), sent.lease());
        } else {
            queue.add(new Delivery(receiver, new StageEvent.TensorArrived(sent.key(), sent.lease())));
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

    private int machineOf(int stage, TensorKey key) {
        return computes.get(stage).ports().receiver(key.kind(), key.edge());
    }

    private WindowMetrics endOf(Window window) {
        if (examination != null) {
            report(examination);
        }
        boolean allFinished = machines.stream().allMatch(machine -> machine.finishedWindows() == nextWindow);
        if (!allFinished) {
            throw new IllegalStateException("window " + window.number() + " stands still: "
                    + machines.stream().map(StageMachine::describe).toList());
        }
        int outstanding = leasesOutstanding();
        if (outstanding != 0) {
            throw new IllegalStateException(
                    "window " + window.number() + " ends with " + outstanding + " leases outstanding");
        }
        return WindowMetrics.of(finished.values());
    }

    /** Leases that anyone holds: 0 between windows. */
    public int leasesOutstanding() {
        int ofStages =
                computes.stream().mapToInt(StageCompute::leasesOutstanding).sum();
        return ofStages + feeds.stream().mapToInt(TensorPool::outstanding).sum();
    }
}
