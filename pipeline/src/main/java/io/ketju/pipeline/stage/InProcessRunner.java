package io.ketju.pipeline.stage;

import io.ketju.layers.model.Input;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.partition.Ties;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.program.SampleRows;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.SchedulePlan;
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
 * All ranks of a pipeline on the calling thread: the same machines and computes as in a cluster, with a queue in place
 * of the network. With one stage it is the plain training loop. Every other way to run must end with the same bits: its
 * {@link #stateHash} is the oracle. Not thread-safe. After an exception it can only be closed.
 */
public final class InProcessRunner implements AutoCloseable {
    private static final int INCARNATION = 0;

    private record Delivery(int rank, StageEvent event) {}

    private final PipelineSpec spec;
    private final Placement placement;
    private final List<StageCompute> computes = new ArrayList<>();
    private final List<StageMachine> machines = new ArrayList<>();
    private final ArrayDeque<Delivery> queue = new ArrayDeque<>();
    private final BatchPorts names;
    private final NamedBatches batches;
    private final GrantedBatches granted;
    private final List<TensorPool> feeds;
    private final StepSums sums;
    private long nextWindow;
    private final SortedMap<Integer, WindowMetrics> finished = new TreeMap<>();
    private @Nullable Examination examination;
    /** Where the outputs of the current window go, if it predicts. */
    private @Nullable WindowOutputs outputs;
    /** Around every action. */
    private ActionWatch watch = ActionWatch.NOBODY;

    /** Allocates and initialises all stages. The core stays the caller's. */
    public InProcessRunner(PipelineSpec spec, TensorCore core) {
        this.spec = spec;
        SchedulePlan plan = spec.plan();
        placement = plan.placement();
        for (int i = 0; i < spec.stages(); i++) {
            int stage = i;
            StageCompute compute = new StageCompute(spec, stage, core);
            compute.onOutputReleased(() -> deliver(stage, new StageEvent.OutputReleased(stage)));
            compute.onPredictionReleased(() -> deliver(stage, new StageEvent.PredictionReleased(stage)));
            computes.add(compute);
        }
        for (int rank = 0; rank < placement.ranks(); rank++) {
            List<StageMachine.Stage> stages = placement.stagesOf(rank).stream()
                    .map(stage -> computes.get(stage).ofMachine())
                    .toList();
            machines.add(new StageMachine(plan, rank, INCARNATION, stages));
        }
        names = BatchPorts.of(spec.model());
        batches = new NamedBatches(spec.model());
        granted = new GrantedBatches(spec, batches);
        sums = StepSums.of(spec);
        feeds = new ArrayList<>();
        int copies = spec.recipe().mostMicrobatches() * spec.stages();
        for (TensorType type : names.types(spec.model(), spec.largestTypes())) {
            feeds.add(new TensorPool("'" + names.names().get(feeds.size()) + "'", type.bytes(), copies));
        }
    }

    /** Has rates of training windows be reduced so often from now on, for schedules that watch the run. */
    public void reduceRates(int times) {
        granted.reduceRates(times);
    }

    /** Has this stand around every action from now on. */
    public void watch(ActionWatch watcher) {
        watch = watcher;
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
        return train(step, cut(batch));
    }

    /** A training window for one of the recipe's objectives; what no head of it reads need not be in the batch. */
    public WindowMetrics train(int objective, long step, Map<String, Tensor> batch) {
        return train(objective, step, cut(batch));
    }

    /** The same of micro-batches whose types may differ, divided by what all their targets weigh. */
    public WindowMetrics train(int objective, long step, List<Map<String, Tensor>> microbatches) {
        return run(window(Window.Phase.TRAIN, objective, step, microbatches), microbatches);
    }

    /** As {@link #evaluate(long, Tensor, Tensor)}, for any model. */
    public WindowMetrics evaluate(long step, Map<String, Tensor> batch) {
        return evaluate(step, cut(batch));
    }

    /** A training window of micro-batches whose types may differ, divided by what all their targets weigh. */
    public WindowMetrics train(long step, List<Map<String, Tensor>> microbatches) {
        return train(0, step, microbatches);
    }

    /** Like {@link #train(long, List)}, forward only. */
    public WindowMetrics evaluate(long step, List<Map<String, Tensor>> microbatches) {
        return run(window(Window.Phase.EVALUATE, 0, step, microbatches), microbatches);
    }

    /**
     * Runs one window to its end; windows are numbered from 0 without gaps. Throws {@link NonFiniteException} where the
     * actors would end the run, in the same words.
     *
     * @param batch [samples, ...] of each of the model's inputs and targets, by name; copied
     */
    public WindowMetrics run(Window window, Map<String, Tensor> batch) {
        int samples = batches.samples(batch);
        if (window.samples() != samples) {
            throw new IllegalArgumentException(
                    "expected window " + nextWindow + " with " + samples + " samples, got " + window);
        }
        return run(window, batches.cut(batch, window.parts()));
    }

    /**
     * As {@link #run(Window, Map)}, with every micro-batch by itself.
     *
     * @param microbatches each with everything that changes; the first of the first window also with what never does
     */
    public WindowMetrics run(Window window, List<Map<String, Tensor>> microbatches) {
        if (window.number() != nextWindow || window.microbatches() != microbatches.size()) {
            throw new IllegalArgumentException(
                    "expected window " + nextWindow + " of " + microbatches.size() + " micro-batches, got " + window);
        }
        nextWindow++;
        finished.clear();
        for (int rank = 0; rank < machines.size(); rank++) {
            queue.add(new Delivery(rank, new StageEvent.WindowGranted(window)));
        }
        for (int m = 0; m < window.microbatches(); m++) {
            for (int port = 0; port < names.names().size(); port++) {
                if (isConstant(port) ? window.number() == 0 && m == 0 : reads(window, port)) {
                    TensorKey key = new TensorKey(INCARNATION, window.number(), TensorKey.Kind.FED, m, port);
                    String name = names.names().get(port);
                    feed(window, key, NamedBatches.tensor(microbatches.get(m), name));
                }
            }
        }
        while (!queue.isEmpty()) {
            Delivery delivery = queue.remove();
            machines.get(delivery.rank()).on(delivery.event()).forEach(this::perform);
        }
        return endOf(window);
    }

    /** Outputs [n, ...outputShape] of inputs [n, ...inputShape], any n, in windows that predict. */
    public void predict(Tensor input, Tensor output) {
        predict(List.of(input), List.of(output));
    }

    /**
     * As {@link #predict(Tensor, Tensor)}, for all inputs and outputs of the model, in order; outputs are overwritten. What
     * never changes is what the first window of all had.
     */
    public void predict(List<Tensor> given, List<Tensor> wanted) {
        List<Input> inputs = spec.model().inputs();
        Map<String, Tensor> all = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            all.put(inputs.get(i).name(), given.get(i));
        }
        int samples = batches.samples(all);
        for (int first = 0; first < samples; first += spec.batchSize()) {
            int from = first;
            int count = Math.min(spec.batchSize(), samples - first);
            Map<String, Tensor> batch = new HashMap<>(all);
            inputs.stream()
                    .filter(Input::batched)
                    .forEach(input -> batch.put(
                            input.name(), NamedBatches.tensor(all, input.name()).samples(from, count)));
            predictWindow(
                    cut(batch),
                    wanted.stream()
                            .map(tensor -> SampleRows.of(tensor, samples, from, count))
                            .toList());
        }
    }

    private void predictWindow(List<Map<String, Tensor>> microbatches, List<Tensor> wanted) {
        List<Window.Part> parts = microbatches.stream().map(batches::part).toList();
        Window window = new Window(nextWindow, Window.Phase.PREDICT, 0, parts, List.of());
        WindowOutputs collected = new WindowOutputs(INCARNATION, window, wanted);
        outputs = collected;
        run(window, microbatches);
        if (!collected.complete()) {
            throw new IllegalStateException("window " + window.number() + " ends without all of its outputs");
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

    private Window window(Window.Phase phase, int objective, long step, List<Map<String, Tensor>> microbatches) {
        return granted.window(nextWindow, phase, objective, step, microbatches);
    }

    private List<Map<String, Tensor>> cut(Map<String, Tensor> batch) {
        return granted.cut(batch);
    }

    private boolean isConstant(int port) {
        List<Input> inputs = spec.model().inputs();
        return port < inputs.size() && inputs.get(port).constant();
    }

    private boolean reads(Window window, int port) {
        return computes.stream()
                .anyMatch(compute -> compute.ports().of(window).fed().contains(port));
    }

    private void feed(Window window, TensorKey key, Tensor source) {
        for (int stage = 0; stage < computes.size(); stage++) {
            StagePorts ports = computes.get(stage).ports();
            if ((isConstant(key.edge()) ? ports : ports.of(window)).fed().contains(key.edge())) {
                TensorLease lease = feeds.get(key.edge()).lease(source.dtype(), source.shape());
                lease.tensor().copyFrom(source);
                deliver(stage, new StageEvent.TensorArrived(stage, key, lease));
            }
        }
    }

    /** To the rank that runs the stage. */
    private void deliver(int stage, StageEvent event) {
        queue.add(new Delivery(placement.rankOf(stage), event));
    }

    private void perform(StageEffect effect) {
        switch (effect) {
            case StageEffect.RunCompute run -> compute(run);
            case StageEffect.SendTensor send -> send(send);
            case StageEffect.ReportSums report -> report(report);
            case StageEffect.FinishWindow finish -> {
                finished.put(finish.stage(), computes.get(finish.stage()).finishWindow());
                if (examination != null) {
                    examination.finished(finish.stage(), finish.window().number());
                }
            }
            case StageEffect.Discard discard -> {
                discard.lease().close();
                if (examination == null) {
                    throw new IllegalStateException("nothing can be late here, but " + discard);
                }
            }
        }
    }

    private void send(StageEffect.SendTensor sent) {
        TensorKey key = sent.key();
        int receiver = computes.get(sent.from()).ports().receiver(key.kind(), key.edge());
        if (receiver == StagePorts.FEEDER) {
            Objects.requireNonNull(outputs).take(key, sent.lease());
        } else {
            deliver(receiver, new StageEvent.TensorArrived(receiver, key, sent.lease()));
        }
    }

    private void report(StageEffect.ReportSums report) {
        Window window = report.window();
        sums.add(window.number(), window.objective(), report.stage(), report.sums())
                .ifPresent(agreed -> agreed.stages().stream()
                        .map(placement::rankOf)
                        .distinct()
                        .forEach(rank -> queue.add(
                                new Delivery(rank, new StageEvent.SumsAgreed(window.number(), agreed.sums())))));
    }

    private void compute(StageEffect.RunCompute run) {
        int stage = run.action().stage();
        try {
            ActionResult result =
                    watch.around(run.action(), () -> computes.get(stage).run(run));
            deliver(stage, result.done());
        } catch (NonFiniteException e) {
            NonFinite found = e.found().orElseThrow();
            if (examination == null) {
                examination = new Examination(computes.size(), Ties.NONE, found);
            } else {
                examination.add(found);
            }
            deliver(stage, new StageEvent.StageStopped(stage, found.what()));
        }
    }

    /** The stage that met it stands still; the others go on until they have no more to do, and say what they found. */
    private void report(Examination examined) {
        if (examined.inspects()) {
            computes.forEach(compute -> examined.add(compute.inspect(examined.window(), examined.microbatch())));
        }
        throw new NonFiniteException(examined);
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
