package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.EdgeBuffers;
import io.ketju.pipeline.schedule.ForwardOnly;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Machines of all ranks, a compute that only handles leases, and a network that delivers in any order, twice and late.
 * Pools are as small as the plan says, and a pool that runs dry throws: the plan's bound is tested too.
 */
final class ShuffledPipeline implements AutoCloseable {
    static final int INCARNATION = 3;
    private static final List<Double> AGREED = List.of(7.5);
    private static final Shape ONE = Shape.of(1);

    private record Held(long window, int microbatch) {}

    private final Random random;
    private final SchedulePlan plan;
    private final int stages;
    private final List<Window> windows;
    /** The stages that make sums, and wait for those of all of them. */
    private final Set<Integer> summing;

    private final Map<Long, Set<Integer>> summed = new HashMap<>();
    private final List<Long> summedWindows = new ArrayList<>();
    private final List<StageMachine> machines = new ArrayList<>();
    private final List<TensorPool> activations = new ArrayList<>();
    private final List<TensorPool> gradients = new ArrayList<>();
    private final TensorPool outputs = new TensorPool("outputs", 4, StagePlan.OUTPUT_BUFFERS);
    private final List<TensorKey> predicted = new ArrayList<>();
    private final Optional<Overlap> overlap;
    /** What is held for each micro-batch: of actions without one, for none. */
    private final List<Map<Held, List<TensorLease>>> slots = new ArrayList<>();

    private final List<ArrayDeque<Window>> grants = new ArrayList<>();
    private final List<List<Action>> executed = new ArrayList<>();
    private final List<List<Long>> windowsOf = new ArrayList<>();
    private final TensorPool feed = new TensorPool("feed and copies", 4, 256);
    private final List<Runnable> pending = new ArrayList<>();
    private final Set<Integer> computing = new HashSet<>();
    private boolean aborted;
    private int discarded;

    ShuffledPipeline(Random random, SchedulePlan given, Set<Integer> summing, List<Window> windows) {
        this(random, given, Optional.empty(), summing, windows);
    }

    ShuffledPipeline(
            Random random, SchedulePlan given, Optional<Overlap> overlap, Set<Integer> summing, List<Window> windows) {
        this.random = random;
        this.overlap = overlap;
        this.summing = summing;
        this.plan = given.withSums(summing);
        this.stages = plan.stages();
        this.windows = windows;
        for (int i = 0; i < stages; i++) {
            int stage = i;
            TensorPool pool = pool("activations", stage);
            pool.onRelease(() -> pending.add(() -> deliver(stage, new StageEvent.OutputReleased(stage))));
            activations.add(pool);
            gradients.add(pool("gradients", stage));
            slots.add(new HashMap<>());
        }
        for (int rank = 0; rank < plan.ranks().size(); rank++) {
            List<StageMachine.Stage> hosted = plan.placement().stagesOf(rank).stream()
                    .map(stage -> new StageMachine.Stage(
                            ports(stage), activations.get(stage).capacity()))
                    .toList();
            machines.add(new StageMachine(List.of(plan), overlap, rank, INCARNATION, hosted));
            grants.add(new ArrayDeque<>(windows));
            executed.add(new ArrayList<>());
            windowsOf.add(new ArrayList<>());
        }
        outputs.onRelease(() -> pending.add(() -> deliver(stages - 1, new StageEvent.PredictionReleased(stages - 1))));
        windows.forEach(this::feed);
    }

    private StagePorts ports(int stage) {
        return ChainPorts.of(stage, stages).withSums(objective -> summing.contains(stage));
    }

    private TensorPool pool(String name, int stage) {
        if (overlap.isPresent()) {
            StageRoom room = StageRoom.of(overlap.get(), stage, plan.recomputes(stage));
            return new TensorPool(
                    name + " of stage " + stage, 4, name.equals("activations") ? room.activations() : room.gradients());
        }
        int forEvaluation = ForwardOnly.buffers(plan.placement(), plan.microbatches());
        int count = name.equals("activations")
                ? Math.max(EdgeBuffers.activations(plan, stage), stage == stages - 1 ? 0 : forEvaluation)
                : EdgeBuffers.gradients(plan, stage);
        return new TensorPool(name + " of stage " + stage, 4, count);
    }

    private void feed(Window window) {
        for (int m = 0; m < window.microbatches(); m++) {
            for (StagePorts.Port port : List.of(ChainPorts.INPUT, ChainPorts.TARGET)) {
                if (port.equals(ChainPorts.TARGET) && window.phase() == Window.Phase.PREDICT) {
                    continue;
                }
                int stage = port.equals(ChainPorts.INPUT) ? 0 : stages - 1;
                TensorKey key = new TensorKey(INCARNATION, window.number(), port.kind(), m, port.edge());
                pending.add(() -> feedWhenAllowed(stage, key));
            }
        }
    }

    /** The feeder runs ahead of the stage, but not beyond the windows that can have been granted. */
    private void feedWhenAllowed(int stage, TensorKey key) {
        if (key.window() < slowest() + StageMachine.MAX_WINDOWS) {
            transmit(stage, key, feed.lease(ONE));
        } else if (!aborted) {
            pending.add(() -> feedWhenAllowed(stage, key));
        }
    }

    void run() {
        for (int steps = 0; steps < 100_000 && step(); steps++) {}
    }

    void runThenAbort(int afterSteps) {
        for (int steps = 0; steps < afterSteps && step(); steps++) {}
        aborted = true;
        for (int rank = 0; rank < machines.size(); rank++) {
            deliverTo(rank, new StageEvent.Aborted("test"));
        }
        while (!pending.isEmpty()) {
            pending.remove(random.nextInt(pending.size())).run();
        }
        slots.forEach(slot -> slot.values().forEach(leases -> leases.forEach(TensorLease::close)));
    }

    /** Grants a window or performs one thing that is under way; false if nothing is left to do. */
    private boolean step() {
        List<Integer> grantable = IntStream.range(0, machines.size())
                .filter(rank -> !grants.get(rank).isEmpty()
                        && grants.get(rank).element().number() < slowest() + StageMachine.MAX_WINDOWS)
                .boxed()
                .toList();
        if (!grantable.isEmpty() && (pending.isEmpty() || random.nextInt(4) == 0)) {
            int rank = grantable.get(random.nextInt(grantable.size()));
            deliverTo(rank, new StageEvent.WindowGranted(grants.get(rank).remove()));
            return true;
        }
        if (pending.isEmpty()) {
            return false;
        }
        pending.remove(random.nextInt(pending.size())).run();
        return !unfinished().isEmpty() || !pending.isEmpty();
    }

    private long slowest() {
        return machines.stream().mapToLong(StageMachine::finishedWindows).min().orElseThrow();
    }

    private void deliver(int stage, StageEvent event) {
        deliverTo(plan.placement().rankOf(stage), event);
    }

    private void deliverTo(int rank, StageEvent event) {
        machines.get(rank).on(event).forEach(this::perform);
    }

    private void perform(StageEffect effect) {
        switch (effect) {
            case StageEffect.RunCompute run -> begin(run.action().stage(), run);
            case StageEffect.SendTensor send -> {
                int receiver = send.to();
                pending.add(() -> {
                    if (receiver == StagePorts.FEEDER) {
                        predicted.add(send.key());
                        send.lease().close();
                    } else {
                        transmit(receiver, send.key(), send.lease());
                    }
                });
            }
            case StageEffect.ReportSums report -> {
                if (!report.sums().equals(List.of((double) report.stage()))) {
                    throw new IllegalStateException("stage " + report.stage() + " reports " + report.sums());
                }
                pending.add(() -> report(report.window().number(), report.stage()));
            }
            case StageEffect.FinishWindow finish -> {
                Map<Held, List<TensorLease>> held = slots.get(finish.stage());
                if (held.keySet().stream()
                        .anyMatch(key -> key.window() == finish.window().number())) {
                    throw new IllegalStateException("stage " + finish.stage() + " ends a window with slots " + held);
                }
            }
            case StageEffect.Discard discard -> {
                discarded++;
                discard.lease().close();
            }
        }
    }

    /** With the last report, all that wait hear it: sometimes twice, and now or much later. */
    private void report(long window, int stage) {
        Set<Integer> stagesOfWindow = summed.computeIfAbsent(window, number -> new HashSet<>());
        stagesOfWindow.add(stage);
        if (stagesOfWindow.equals(summing)) {
            summedWindows.add(window);
            StageEvent agreed = new StageEvent.SumsAgreed(window, AGREED);
            for (int rank :
                    summing.stream().map(plan.placement()::rankOf).distinct().toList()) {
                for (int copies = 1 + random.nextInt(2); copies > 0; copies--) {
                    pending.add(() -> deliverTo(rank, agreed));
                }
            }
        }
    }

    /** Delivers a tensor, sometimes a copy of it too, now or much later, or one of an incarnation long gone. */
    private void transmit(int stage, TensorKey key, TensorLease lease) {
        if (random.nextInt(5) == 0) {
            TensorKey stale = new TensorKey(INCARNATION - 1, key.window(), key.kind(), key.microbatch(), key.edge());
            pending.add(() -> deliver(stage, new StageEvent.TensorArrived(stage, stale, feed.lease(ONE))));
        }
        TensorLease arriving = lease;
        if (random.nextInt(3) == 0) {
            // as over a socket: the sender's buffer is free when it is written, the receiver has its own, maybe twice
            lease.close();
            arriving = feed.lease(ONE);
            TensorLease again = feed.lease(ONE);
            pending.add(() -> deliver(stage, new StageEvent.TensorArrived(stage, key, again)));
        }
        deliver(stage, new StageEvent.TensorArrived(stage, key, arriving));
    }

    /** Takes what a real compute takes when an action starts; the rest happens when it ends, whenever that is. */
    private void begin(int stage, StageEffect.RunCompute run) {
        Action action = run.action();
        StagePorts ports = ports(stage).of(run.window());
        int needed = ports.needs(action.kind()).size();
        boolean waits = action.kind() == Action.Kind.S && summing.contains(stage);
        if (run.arrived().size() != needed || !run.sums().equals(waits ? AGREED : List.of())) {
            throw new IllegalStateException(action + " got " + run.arrived() + " and sums " + run.sums());
        }
        int rank = plan.placement().rankOf(stage);
        if (!computing.add(rank)) {
            throw new IllegalStateException("rank " + rank + " computes already, " + action + " too");
        }
        executed.get(rank).add(action);
        windowsOf.get(rank).add(run.window().number());
        slots.get(stage).computeIfAbsent(held(run), held -> new ArrayList<>()).addAll(run.arrived());
        List<TensorLease> made = ports.makes(action.kind(), false).stream()
                .map(port -> pool(port, stage).lease(ONE))
                .toList();
        List<Double> sums = action.kind() == Action.Kind.N ? List.of((double) stage) : List.of();
        pending.add(() -> end(stage, run, new ActionResult(action, made, sums)));
    }

    private static Held held(StageEffect.RunCompute run) {
        return new Held(run.window().number(), run.action().microbatch());
    }

    private TensorPool pool(StagePorts.Port port, int stage) {
        return switch (port.kind()) {
            case ACTIVATION -> activations.get(stage);
            case GRADIENT -> gradients.get(stage);
            case OUTPUT -> outputs;
            case FED, TIED_WEIGHT, TIED_GRADIENT, GROUP_SUM, SHARE_GRADIENT, REPLICA_WEIGHT ->
                throw new IllegalStateException("no stage makes " + port);
        };
    }

    private void end(int stage, StageEffect.RunCompute run, ActionResult result) {
        boolean release = switch (run.action().kind()) {
            case F -> run.window().phase() != Window.Phase.TRAIN;
            case B, W, G, N, S, V -> true;
            case I, R -> false;
        };
        if (release) {
            Objects.requireNonNull(slots.get(stage).remove(held(run))).forEach(TensorLease::close);
        }
        computing.remove(plan.placement().rankOf(stage));
        deliver(stage, result.done());
    }

    List<String> unfinished() {
        return machines.stream()
                .filter(machine -> machine.finishedWindows() < windows.size())
                .map(StageMachine::describe)
                .toList();
    }

    List<List<Action>> executed() {
        return executed;
    }

    /** By rank, the windows of {@link #executed}. */
    List<List<Long>> windowsOf() {
        return windowsOf;
    }

    int leasesOutstanding() {
        int sent = IntStream.range(0, stages)
                .map(s -> activations.get(s).outstanding() + gradients.get(s).outstanding())
                .sum();
        return sent + feed.outstanding() + outputs.outstanding();
    }

    /** Outputs that came back, in the order in which they did. */
    List<TensorKey> predicted() {
        return predicted;
    }

    /** Windows whose sums were agreed, in the order in which they were. */
    List<Long> summedWindows() {
        return summedWindows;
    }

    int discarded() {
        return discarded;
    }

    SchedulePlan plan() {
        return plan;
    }

    List<Window> windows() {
        return windows;
    }

    @Override
    public void close() {
        activations.forEach(TensorPool::close);
        gradients.forEach(TensorPool::close);
        feed.close();
        outputs.close();
    }
}
