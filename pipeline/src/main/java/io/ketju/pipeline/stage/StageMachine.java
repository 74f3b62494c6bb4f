package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.pipeline.schedule.ForwardOnly;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.stage.StagePorts.Port;
import io.ketju.pipeline.stage.Window.Phase;
import io.ketju.tensor.memory.TensorLease;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One stage's order of work. Arrivals only fill its files; the schedule's list decides what runs next, one action at a
 * time. Pure: no clock, no thread, no arithmetic, and the same effects for every order of arrival. Not thread-safe.
 *
 * <p>An event that cannot happen in a correct run throws {@link IllegalStateException} naming stage, window and action;
 * a lease in that event stays with the caller. What a slow or repeating network can cause is no error: duplicates, other
 * incarnations and finished windows are discarded before any effect.
 */
public final class StageMachine {
    /** Most windows granted and not yet finished. */
    public static final int MAX_WINDOWS = 4;

    /** Most tensors that wait for their action. */
    public static final int MAX_FILED = 4096;

    private final StagePorts ports;
    private final Map<Kind, List<Port>> needs = new EnumMap<>(Kind.class);
    private final List<Port> needsToPredict;
    private final List<Port> predicts;
    private final Map<Kind, List<Port>> makes = new EnumMap<>(Kind.class);
    private final Map<Kind, List<Port>> makesLast = new EnumMap<>(Kind.class);
    private final Schedule schedule;
    private final int outputBuffers;
    private final Map<Integer, List<Action>> trainLists = new HashMap<>();
    private final Map<Integer, List<Action>> forwardLists = new HashMap<>();
    private final ArrayDeque<Window> windows = new ArrayDeque<>();
    private final StageInbox inbox;
    private long finishedWindows;
    private int nextAction;
    /** Actions of the current window, done, that made weight gradients. */
    private int weightActions;

    private int freeOutputBuffers;
    private int freePredictionBuffers = StagePlan.OUTPUT_BUFFERS;
    private @Nullable Action running;
    private @Nullable String abortReason;

    /**
     * @param incarnation the fencing number; tensors of any other are discarded
     * @param schedule what training windows run; others run {@link ForwardOnly}
     * @param outputBuffers buffers for bundles of activations to the next stage ({@link StagePlan#activationBuffers}), of which
     *     {@link StageEvent.OutputReleased} returns one; the last stage uses none
     */
    public StageMachine(StagePorts ports, int incarnation, Schedule schedule, int outputBuffers) {
        this.ports = ports;
        this.inbox = new StageInbox(ports, incarnation);
        for (Kind kind : Kind.values()) {
            needs.put(kind, ports.needs(kind));
            makes.put(kind, ports.makes(kind, false));
            makesLast.put(kind, ports.makes(kind, true));
        }
        this.needsToPredict = ports.needs(Phase.PREDICT, Kind.F);
        this.predicts = ports.predicts(Kind.F);
        this.schedule = schedule;
        this.outputBuffers = outputBuffers;
        this.freeOutputBuffers = outputBuffers;
    }

    /** Takes one event and says what to do, in order. */
    public List<StageEffect> on(StageEvent event) {
        List<StageEffect> effects = new ArrayList<>();
        switch (event) {
            case StageEvent.WindowGranted granted -> grant(granted.window());
            case StageEvent.TensorArrived arrived -> file(arrived.key(), arrived.lease(), effects);
            case StageEvent.ComputeDone done -> complete(done.action(), done.outputs(), effects);
            case StageEvent.OutputReleased ignored -> release();
            case StageEvent.PredictionReleased ignored -> releasePrediction();
            case StageEvent.Aborted aborted -> abort(aborted.reason(), effects);
        }
        if (abortReason == null) {
            advance(effects);
        }
        return effects;
    }

    /** Windows of which every action is done. */
    public long finishedWindows() {
        return finishedWindows;
    }

    /** What the stage does or waits for, for the log of a run that stands still. */
    public String describe() {
        Window window = windows.peek();
        if (abortReason != null) {
            return "stage " + ports.stage() + ": aborted, " + abortReason;
        } else if (window == null) {
            return "stage " + ports.stage() + ": waits for window " + finishedWindows;
        } else if (running != null) {
            return StagePorts.where(window.number(), running) + ": computing";
        }
        Action action = actions(window).get(nextAction);
        List<TensorKey> missing = new ArrayList<>(keys(window, action));
        missing.removeAll(inbox.keys());
        return StagePorts.where(window.number(), action) + ": waits for "
                + (missing.isEmpty() ? "an output buffer" : missing) + ", has " + inbox.keys();
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
        }
        String impossible = inbox.impossible(window);
        if (impossible != null) {
            throw illegal(impossible);
        }
        windows.add(window);
    }

    private void file(TensorKey key, TensorLease lease, List<StageEffect> effects) {
        String late = abortReason != null ? "aborted: " + abortReason : inbox.late(key, finishedWindows);
        if (late != null) {
            effects.add(new StageEffect.Discard(lease, late));
            return;
        }
        String impossible = inbox.impossible(key, finishedWindows, windows);
        if (impossible != null) {
            throw illegal("got " + key + ", " + impossible);
        }
        inbox.file(key, lease);
    }

    private void complete(Action action, List<TensorLease> outputs, List<StageEffect> effects) {
        if (abortReason != null) {
            outputs.forEach(output -> effects.add(new StageEffect.Discard(output, "aborted: " + abortReason)));
            return;
        }
        if (!action.equals(running)) {
            throw illegal(action + " is done, but " + (running == null ? "nothing" : running) + " was running");
        }
        List<Port> made = makes(windows.element(), action.kind());
        if (made.size() != outputs.size()) {
            throw illegal(action + " is done with " + outputs.size() + " outputs, expected " + made);
        }
        running = null;
        nextAction++;
        weightActions += action.kind() == Kind.B || action.kind() == Kind.W ? 1 : 0;
        for (int i = 0; i < made.size(); i++) {
            TensorKey key = inbox.key(windows.element(), made.get(i), action.microbatch());
            effects.add(new StageEffect.SendTensor(key, outputs.get(i)));
        }
    }

    private List<Port> makes(Window window, Kind action) {
        if (window.phase() == Phase.PREDICT) {
            return predicts;
        }
        boolean last = StagePorts.lastWeights(action, weightActions, window);
        return Objects.requireNonNull((last ? makesLast : makes).get(action));
    }

    private List<Port> needs(Window window, Kind action) {
        return window.phase() == Phase.PREDICT ? needsToPredict : Objects.requireNonNull(needs.get(action));
    }

    private void release() {
        if (abortReason == null && freeOutputBuffers == outputBuffers) {
            throw illegal("an output buffer came back, but none of " + outputBuffers + " is out");
        }
        freeOutputBuffers++;
    }

    private void releasePrediction() {
        if (abortReason == null && freePredictionBuffers == StagePlan.OUTPUT_BUFFERS) {
            throw illegal("outputs of the model came back, but none are out");
        }
        freePredictionBuffers++;
    }

    private void abort(String reason, List<StageEffect> effects) {
        if (abortReason == null) {
            abortReason = reason;
            inbox.drain().forEach(lease -> effects.add(new StageEffect.Discard(lease, "aborted: " + reason)));
            windows.clear();
        }
    }

    /** Starts the next action if nothing runs and all it needs is there; finishes windows whose list is done. */
    private void advance(List<StageEffect> effects) {
        while (running == null && !windows.isEmpty()) {
            Window window = windows.element();
            List<Action> actions = actions(window);
            if (nextAction < actions.size()) {
                if (!start(window, actions.get(nextAction), effects)) {
                    return;
                }
            } else {
                windows.remove();
                inbox.endWindow();
                nextAction = 0;
                weightActions = 0;
                finishedWindows++;
                effects.add(new StageEffect.FinishWindow(window));
            }
        }
    }

    private boolean start(Window window, Action action, List<StageEffect> effects) {
        boolean makesActivation =
                action.kind() == Kind.F && !ports.after().edges().isEmpty();
        boolean makesOutputs =
                window.phase() == Phase.PREDICT && !ports.outputs().isEmpty();
        List<TensorKey> keys = keys(window, action);
        if (!inbox.hasAll(keys)
                || (makesActivation && freeOutputBuffers == 0)
                || (makesOutputs && freePredictionBuffers == 0)) {
            return false;
        }
        freeOutputBuffers -= makesActivation ? 1 : 0;
        freePredictionBuffers -= makesOutputs ? 1 : 0;
        running = action;
        effects.add(new StageEffect.RunCompute(window, action, inbox.take(keys)));
        return true;
    }

    private List<Action> actions(Window window) {
        boolean train = window.phase() == Window.Phase.TRAIN;
        return (train ? trainLists : forwardLists)
                .computeIfAbsent(
                        window.microbatches(),
                        m -> (train ? schedule : new ForwardOnly()).actions(ports.stage(), ports.stages(), m));
    }

    private List<TensorKey> keys(Window window, Action action) {
        return needs(window, action.kind()).stream()
                .map(port -> inbox.key(window, port, action.microbatch()))
                .toList();
    }

    private IllegalStateException illegal(String what) {
        return new IllegalStateException(describe() + "; " + what);
    }
}
