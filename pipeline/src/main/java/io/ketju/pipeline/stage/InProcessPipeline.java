package io.ketju.pipeline.stage;

import io.ketju.layers.model.Input;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.partition.Ties;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Machines and computes of all ranks, with a queue in the place of the network, on the calling thread. Windows are granted
 * with their batches, and {@link #run} does all that can be done. Not thread-safe. After an exception it can only be closed.
 */
final class InProcessPipeline implements AutoCloseable {
    static final int INCARNATION = 0;

    private record Delivery(int rank, StageEvent event) {}

    private final PipelineSpec spec;
    private final Placement placement;
    private final List<StageCompute> computes = new ArrayList<>();
    private final List<StageMachine> machines = new ArrayList<>();
    private final ArrayDeque<Delivery> queue = new ArrayDeque<>();
    private final BatchPorts names;
    private final List<TensorPool> feeds = new ArrayList<>();
    private final StepSums sums;
    private long granted;
    /** What stages measured in windows that were not asked for yet. */
    private final Map<Long, SortedMap<Integer, WindowMetrics>> finished = new HashMap<>();

    private @Nullable Examination examination;
    /** Where the outputs of the current window go, if it predicts. */
    private @Nullable WindowOutputs outputs;
    /** Around every action. */
    private ActionWatch watch = ActionWatch.NOBODY;

    private MessageWatch messages = MessageWatch.NOBODY;

    InProcessPipeline(PipelineSpec spec, TensorCore core) {
        this.spec = spec;
        placement = spec.placement();
        for (int i = 0; i < spec.allStages(); i++) {
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
            machines.add(StageMachine.of(spec, rank, INCARNATION, stages));
        }
        names = BatchPorts.of(spec.model());
        sums = StepSums.of(spec);
        int windows =
                spec.overlap().map(overlap -> overlap.windowsInFlight() + 1).orElse(1);
        int copies = spec.recipe().mostMicrobatches() * spec.allStages() * windows;
        for (TensorType type : names.types(spec.model(), spec.largestTypes())) {
            feeds.add(new TensorPool("'" + names.names().get(feeds.size()) + "'", type.bytes(), copies));
        }
    }

    /** The number that the next window must have. */
    long nextWindow() {
        return granted;
    }

    void watch(ActionWatch watcher) {
        watch = watcher;
    }

    void watch(MessageWatch watcher) {
        messages = watcher;
    }

    /** Has outputs of the model go there. */
    void collect(WindowOutputs wanted) {
        outputs = wanted;
    }

    List<StageCompute> computes() {
        return computes;
    }

    /** All ranks hear of a window, and its micro-batches are on their way. */
    void grant(Window window, List<Map<String, Tensor>> microbatches) {
        if (window.number() != granted || window.microbatches() != microbatches.size()) {
            throw new IllegalArgumentException(
                    "expected window " + granted + " of " + microbatches.size() + " micro-batches, got " + window);
        }
        granted++;
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
    }

    /** Does all that can be done; throws {@link NonFiniteException} where the actors would end the run, in the same words. */
    void run() {
        while (!queue.isEmpty()) {
            Delivery delivery = queue.remove();
            messages.hears(delivery.rank(), delivery.event());
            List<StageEffect> wanted = machines.get(delivery.rank()).on(delivery.event());
            messages.wants(delivery.rank(), wanted);
            wanted.forEach(this::perform);
        }
        if (examination != null) {
            report(examination);
        }
    }

    /** What a window measured, once it and all before it are done; throws {@link IllegalStateException} if they stand still. */
    WindowMetrics endOf(Window window) {
        boolean allFinished = machines.stream().allMatch(machine -> machine.finishedWindows() > window.number());
        if (!allFinished) {
            throw new IllegalStateException("window " + window.number() + " stands still: "
                    + machines.stream().map(StageMachine::describe).toList());
        }
        int outstanding = leasesOutstanding();
        if (window.drains() && outstanding != 0) {
            throw new IllegalStateException(
                    "window " + window.number() + " ends with " + outstanding + " leases outstanding");
        }
        SortedMap<Integer, WindowMetrics> ofWindow = finished.remove(window.number());
        return WindowMetrics.of(ofWindow == null ? List.of() : ofWindow.values());
    }

    /** Leases that anyone holds: 0 between windows that do not overlap. */
    int leasesOutstanding() {
        int ofStages =
                computes.stream().mapToInt(StageCompute::leasesOutstanding).sum();
        return ofStages + feeds.stream().mapToInt(TensorPool::outstanding).sum();
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
            boolean constant = isConstant(key.edge());
            boolean runs = constant || spec.runs(stage, window.phase() == Window.Phase.TRAIN, key.microbatch());
            if (runs && (constant ? ports : ports.of(window)).fed().contains(key.edge())) {
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
                finished.computeIfAbsent(finish.window().number(), number -> new TreeMap<>())
                        .put(finish.stage(), computes.get(finish.stage()).finishWindow(finish.window()));
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
        if (sent.to() == StagePorts.FEEDER) {
            Objects.requireNonNull(outputs).take(sent.key(), sent.lease());
        } else {
            deliver(sent.to(), new StageEvent.TensorArrived(sent.to(), sent.key(), sent.lease()));
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
                examination = new Examination(spec.replicas(), Ties.NONE, found);
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

    @Override
    public void close() {
        computes.forEach(StageCompute::close);
        feeds.forEach(TensorPool::close);
    }
}
