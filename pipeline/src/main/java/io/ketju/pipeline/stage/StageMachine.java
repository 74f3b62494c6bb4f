package io.ketju.pipeline.stage;

import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.pipeline.schedule.ForwardOnly;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.stage.StagePorts.Port;
import io.ketju.tensor.memory.TensorLease;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One rank's order of work, over the stages that it runs. Arrivals only fill their stage's files; the rank's list
 * decides what runs next, one action at a time: the head of the list says of which stage. Pure: no clock, no thread, no
 * arithmetic, and the same effects for every order of arrival. Not thread-safe.
 *
 * <p>An event that cannot happen in a correct run throws {@link IllegalStateException} naming stage, window and action;
 * a lease in that event stays with the caller. What a slow or repeating network can cause is no error: duplicates, other
 * incarnations and finished windows are discarded before any effect.
 */
public final class StageMachine {
    /** Most windows granted and not yet finished: all that may overlap, and one on its way. */
    public static final int MAX_WINDOWS = Overlap.MOST_WINDOWS + 1;

    /** Most tensors that wait for an action of one stage. */
    public static final int MAX_FILED = 4096;

    /**
     * One of the rank's stages.
     *
     * @param ports what its actions need and make
     * @param outputBuffers buffers for bundles of activations to the next stage ({@link StagePlan#activationBuffers}), of which
     *     {@link StageEvent.OutputReleased} returns one; the last stage uses none
     */
    public record Stage(StagePorts ports, int outputBuffers) {}

    /** Effects that an event has, mostly. */
    private static final int FEW = 4;

    private final SequencedMap<Integer, StageDesk> stages = new TreeMap<>();
    private final RankOrder order;
    private final ArrayDeque<Window> windows = new ArrayDeque<>();
    private final int mostMicrobatches;
    private final int schedules;
    private long finishedWindows;
    private @Nullable Action running;
    /** The sums of the oldest window, once they are agreed. */
    private @Nullable List<Double> agreed;

    private @Nullable String abortReason;

    /**
     * Of one plan, in windows that do not overlap.
     *
     * @param plan what training windows run; others run {@link ForwardOnly} over the same placement
     * @param rank whose list is run
     * @param incarnation the fencing number; tensors of any other are discarded
     * @param stages those that the plan places on the rank
     */
    public StageMachine(SchedulePlan plan, int rank, int incarnation, List<Stage> stages) {
        this(List.of(plan), Optional.empty(), rank, incarnation, stages);
    }

    /**
     * The same where windows overlap, or choose their plan.
     *
     * @param plans what training windows run, by the number of their schedule
     * @param overlap how; empty: they do not
     * @param rank whose list is run
     * @param incarnation the fencing number
     * @param stages those that the plans place on the rank
     */
    public StageMachine(
            List<SchedulePlan> plans, Optional<Overlap> overlap, int rank, int incarnation, List<Stage> stages) {
        this(new RankLists(plans, forwards(plans.getFirst()), overlap), rank, incarnation, stages);
    }

    private static SchedulePlan forwards(SchedulePlan plan) {
        return new ForwardOnly().plan(plan.placement(), plan.microbatches());
    }

    /**
     * {@return the machine of a run, where windows may overlap, choose their plan, or be for some replicas alone}
     *
     * @param spec the whole pipeline
     * @param rank whose list is run
     * @param incarnation the fencing number
     * @param stages those that the spec places on the rank
     */
    public static StageMachine of(PipelineSpec spec, int rank, int incarnation, List<Stage> stages) {
        RankLists lists = new RankLists(spec.plans(), spec.evaluationPlan(), spec.overlap());
        return new StageMachine(lists, rank, incarnation, stages);
    }

    /**
     * What windows run.
     *
     * @param training by the number of the schedule
     * @param evaluation windows that learn nothing
     * @param overlap how they overlap; empty: they do not
     */
    private record RankLists(List<SchedulePlan> training, SchedulePlan evaluation, Optional<Overlap> overlap) {}

    private StageMachine(RankLists lists, int rank, int incarnation, List<Stage> stages) {
        List<SchedulePlan> plans = lists.training();
        SchedulePlan plan = plans.getFirst();
        stages.forEach(stage -> this.stages.put(stage.ports().stage(), new StageDesk(stage, incarnation)));
        if (!List.copyOf(this.stages.keySet()).equals(plan.placement().stagesOf(rank))) {
            throw new IllegalArgumentException("rank " + rank + " runs stages "
                    + plan.placement().stagesOf(rank) + ", got " + this.stages.keySet());
        }
        this.mostMicrobatches = plan.microbatches();
        this.schedules = plans.size();
        Set<Kind> kinds = plan.ranks().get(rank).stream().map(Action::kind).collect(Collectors.toSet());
        this.order = lists.overlap()
                .<RankOrder>map(given -> new StretchOrder(given, rank, kinds))
                .orElseGet(() -> new WindowOrder(plans, lists.evaluation(), rank));
    }

    /**
     * Takes one event.
     *
     * @param event that happened
     * @return what to do, in order
     */
    public List<StageEffect> on(StageEvent event) {
        List<StageEffect> effects = new ArrayList<>(FEW);
        switch (event) {
            case StageEvent.WindowGranted granted -> grant(granted.window());
            case StageEvent.TensorArrived arrived ->
                file(desk(arrived.stage()), arrived.key(), arrived.lease(), effects);
            case StageEvent.ComputeDone done -> complete(done, effects);
            case StageEvent.SumsAgreed sums -> agree(sums.window(), sums.sums());
            case StageEvent.OutputReleased released -> release(released.stage(), TensorKey.Kind.ACTIVATION);
            case StageEvent.PredictionReleased released -> release(released.stage(), TensorKey.Kind.OUTPUT);
            case StageEvent.StageStopped stopped -> stop(desk(stopped.stage()), stopped.reason(), effects);
            case StageEvent.Aborted aborted -> abort(aborted.reason(), effects);
        }
        if (abortReason == null) {
            advance(effects);
        }
        return effects;
    }

    /** {@return how many windows are over: every action is done} */
    public long finishedWindows() {
        return finishedWindows;
    }

    /** {@return how many windows are granted of which some action is still to do} */
    public int grantedWindows() {
        return windows.size();
    }

    /** {@return what the rank does or waits for, for the log of a run that stands still} */
    public String describe() {
        if (abortReason != null) {
            return name() + ": aborted, " + abortReason;
        } else if (!order.known()) {
            return name() + ": waits for window " + (finishedWindows + windows.size());
        }
        Window window = order.window();
        Action action = order.action();
        if (running != null) {
            return StagePorts.where(window.number(), running) + ": computing";
        }
        String where = StagePorts.where(window.number(), action) + ": waits for ";
        StageDesk desk = desk(action.stage());
        return action.kind() == Kind.S && desk.sums(window) && agreed == null
                ? where + "the sums of all stages"
                : where + desk.missing(window, action);
    }

    private String name() {
        return (stages.size() == 1 ? "stage " : "stages ")
                + stages.keySet().stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private StageDesk desk(int stage) {
        StageDesk desk = stages.get(stage);
        if (desk == null) {
            throw illegal("stage " + stage + " is not here");
        }
        return desk;
    }

    private void grant(Window window) {
        if (abortReason != null) {
            return;
        }
        long expected = finishedWindows + windows.size();
        if (window.number() != expected) {
            throw illegal("window " + window.number() + " granted, expected " + expected);
        } else if (windows.size() == MAX_WINDOWS) {
            throw illegal("window " + window.number() + " granted, but " + MAX_WINDOWS + " are unfinished already");
        } else if (window.microbatches() > mostMicrobatches) {
            throw illegal("window " + window.number() + " granted with " + window.microbatches()
                    + " micro-batches, but the plan has " + mostMicrobatches);
        } else if (window.schedule() >= schedules) {
            throw illegal(
                    "window " + window.number() + " granted with schedule " + window.schedule() + " of " + schedules);
        } else if (window.phase() != Window.Phase.TRAIN
                && !windows.isEmpty()
                && !windows.getLast().drains()) {
            throw illegal(
                    "window " + window.number() + " granted, which learns nothing, but the one before does not drain");
        }
        for (StageDesk desk : stages.values()) {
            desk.requireObjective(window);
            String impossible = desk.inbox().impossible(window);
            if (impossible != null) {
                throw illegal(impossible);
            }
        }
        windows.add(window);
        order.granted(window);
    }

    private void file(StageDesk desk, TensorKey key, TensorLease lease, List<StageEffect> effects) {
        String reason = abortReason != null ? abortReason : desk.stopped();
        String late = reason != null ? "aborted: " + reason : desk.inbox().late(key, finishedWindows);
        if (late != null) {
            effects.add(new StageEffect.Discard(lease, late));
            return;
        }
        String impossible = desk.inbox().impossible(key, finishedWindows, windows);
        if (impossible != null) {
            throw illegal("got " + key + ", " + impossible);
        }
        desk.inbox().file(key, lease);
    }

    /** What comes twice, or when the window is over, is no longer wanted. */
    private void agree(long number, List<Double> sums) {
        if (abortReason != null || number < finishedWindows || (number == finishedWindows && agreed != null)) {
            return;
        }
        Window window = windows.peek();
        if (window == null || number != window.number() || !awaitsSums(window)) {
            throw illegal("the sums of window " + number + " are agreed, which nothing here waits for");
        }
        agreed = List.copyOf(sums);
    }

    /** Whether some step of the window is still to come that waits for sums, and all sums before it are made. */
    private boolean awaitsSums(Window window) {
        List<Action> left = order.leftOfOldest();
        return left.stream().noneMatch(action -> before(action.kind()) && !skips(window, action))
                && left.stream().anyMatch(action -> desk(action.stage()).sums(window));
    }

    /** Whether actions of a kind come before all steps. */
    private static boolean before(Kind kind) {
        return kind != Kind.S && kind != Kind.V;
    }

    /** Whether an action is left out: of a stage that does nothing more, or of sums that the window does not ask for. */
    private boolean skips(Window window, Action action) {
        StageDesk desk = desk(action.stage());
        return desk.stopped() != null || (action.kind() == Kind.N && !desk.sums(window));
    }

    private void complete(StageEvent.ComputeDone done, List<StageEffect> effects) {
        Action action = done.action();
        List<TensorLease> outputs = done.outputs();
        if (abortReason != null) {
            outputs.forEach(output -> effects.add(new StageEffect.Discard(output, "aborted: " + abortReason)));
            return;
        }
        if (!action.equals(running)) {
            throw illegal(action + " is done, but " + (running == null ? "nothing" : running) + " was running");
        }
        Window window = order.window();
        StageDesk desk = desk(action.stage());
        List<Port> made = desk.made(window, action);
        if (made.size() != outputs.size()) {
            throw illegal(action + " is done with " + outputs.size() + " outputs, expected " + made);
        }
        desk.done(action);
        for (int i = 0; i < made.size(); i++) {
            TensorKey key = desk.inbox().key(window, made.get(i), action.microbatch());
            effects.add(new StageEffect.SendTensor(action.stage(), desk.receiver(window, key), key, outputs.get(i)));
        }
        if (action.kind() == Kind.N) {
            effects.add(new StageEffect.ReportSums(action.stage(), window, done.sums()));
        }
        running = null;
        next(window, action, effects);
    }

    /** The next action is over; with a stage's last, the stage has finished the window, and with the last of all the rank. */
    private void next(Window window, Action action, List<StageEffect> effects) {
        if (order.isLastOfStage() && desk(action.stage()).stopped() == null) {
            effects.add(new StageEffect.FinishWindow(action.stage(), window));
        }
        if (order.pass()) {
            endOldest(window);
        }
    }

    private void endOldest(Window window) {
        windows.remove();
        stages.values().forEach(desk -> desk.endWindow(window));
        agreed = null;
        finishedWindows++;
    }

    private void release(int stage, TensorKey.Kind kind) {
        String wrong = abortReason == null ? desk(stage).release(kind) : null;
        if (wrong != null) {
            throw illegal(wrong);
        }
    }

    private void stop(StageDesk desk, String reason, List<StageEffect> effects) {
        discard(desk.stop(reason), reason, effects);
        if (stages.values().stream().allMatch(stage -> stage.stopped() != null)) {
            abort(reason, effects);
        } else if (running != null && running.stage() == desk.stage()) {
            Action stopped = running;
            running = null;
            next(order.window(), stopped, effects);
        }
    }

    private void abort(String reason, List<StageEffect> effects) {
        if (abortReason == null) {
            abortReason = reason;
            stages.values().forEach(desk -> discard(desk.inbox().drain(), reason, effects));
            windows.clear();
            order.clear();
        }
    }

    private static void discard(List<TensorLease> leases, String reason, List<StageEffect> effects) {
        leases.forEach(lease -> effects.add(new StageEffect.Discard(lease, "aborted: " + reason)));
    }

    /** Starts the next action if nothing runs and all it needs is there; passes over what is left out. */
    private void advance(List<StageEffect> effects) {
        while (running == null && order.known()) {
            Window window = order.window();
            if (order.idle()) {
                stages.values().stream()
                        .filter(desk -> desk.stopped() == null)
                        .forEach(desk -> effects.add(new StageEffect.FinishWindow(desk.stage(), window)));
                order.pass();
                endOldest(window);
                continue;
            }
            Action action = order.action();
            if (skips(window, action)) {
                next(window, action, effects);
                continue;
            }
            StageDesk desk = desk(action.stage());
            boolean summed = action.kind() == Kind.S && desk.sums(window);
            List<Double> sums = summed ? agreed : List.of();
            List<TensorLease> arrived = sums == null ? null : desk.begin(window, action);
            if (sums == null || arrived == null) {
                return;
            }
            running = action;
            effects.add(new StageEffect.RunCompute(window, action, arrived, sums));
        }
    }

    private IllegalStateException illegal(String what) {
        return new IllegalStateException(describe() + "; " + what);
    }
}
