package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.pipeline.stage.StagePorts.Port;
import io.ketju.tensor.memory.TensorLease;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One stage of a rank, as its machine sees it: what waits for it, what its actions need and make, which buffers are free. */
final class StageDesk {
    private final StagePorts ports;
    private final StageInbox inbox;
    private final int outputBuffers;
    /** What actions need and make, by the variant of the window's ports. */
    private final List<WindowPorts> variants;

    private int freeOutputBuffers;
    /** Actions of the current window, done, that made weight gradients. */
    private int weightActions;

    /** Whether any action was started: the first one takes what never changes. */
    private boolean begun;

    private @Nullable String stopped;

    StageDesk(StageMachine.Stage stage, int incarnation) {
        this.ports = stage.ports();
        this.inbox = new StageInbox(ports, incarnation);
        this.outputBuffers = stage.outputBuffers();
        this.freeOutputBuffers = outputBuffers;
        this.variants = ports.variants().stream().map(WindowPorts::of).toList();
    }

    int stage() {
        return ports.stage();
    }

    StageInbox inbox() {
        return inbox;
    }

    /** Why the stage does nothing more; null: it goes on. */
    @Nullable
    String stopped() {
        return stopped;
    }

    /** Ends the stage's work; hands out what waits for it. */
    List<TensorLease> stop(String reason) {
        stopped = reason;
        return inbox.drain();
    }

    /** Throws {@link IllegalArgumentException} if the window is for an objective that there is not. */
    void requireObjective(Window window) {
        ports.variant(window);
    }

    private WindowPorts ports(Window window) {
        return variants.get(ports.variant(window));
    }

    List<TensorKey> keys(Window window, Action action) {
        List<TensorKey> keys = new ArrayList<>();
        if (!begun) {
            ports.needsOnce().forEach(port -> keys.add(inbox.key(window, port, 0)));
        }
        ports(window).needs(action.kind()).forEach(port -> keys.add(inbox.key(window, port, action.microbatch())));
        return keys;
    }

    /** What an action waits for. */
    String missing(Window window, Action action) {
        List<TensorKey> missing = new ArrayList<>(keys(window, action));
        missing.removeAll(inbox.keys());
        return (missing.isEmpty() ? "an output buffer" : missing) + ", has " + inbox.keys();
    }

    /** Takes all that an action needs; null if something is not there yet. */
    @Nullable
    List<TensorLease> begin(Window window, Action action) {
        boolean makesActivation =
                action.kind() == Kind.F && !ports(window).makes(Kind.F, false).isEmpty();
        List<TensorKey> keys = keys(window, action);
        if (!inbox.hasAll(keys) || (makesActivation && freeOutputBuffers == 0)) {
            return null;
        }
        freeOutputBuffers -= makesActivation ? 1 : 0;
        begun = true;
        return inbox.take(keys);
    }

    /** What an action that has ended made, in the order of its outputs. */
    List<Port> made(Window window, Action action) {
        boolean last = StagePorts.lastWeights(action.kind(), weightActions, window);
        return ports(window).makes(action.kind(), last);
    }

    void done(Action action) {
        weightActions += action.kind() == Kind.B || action.kind() == Kind.W ? 1 : 0;
    }

    /** A buffer came back; says what is wrong if none was out. */
    @Nullable
    String release() {
        if (freeOutputBuffers == outputBuffers) {
            return "an output buffer came back, but none of " + outputBuffers + " is out";
        }
        freeOutputBuffers++;
        return null;
    }

    void endWindow() {
        inbox.endWindow();
        weightActions = 0;
    }
}
