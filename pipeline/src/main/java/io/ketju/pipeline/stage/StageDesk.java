package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.pipeline.stage.StagePorts.Port;
import io.ketju.tensor.memory.TensorLease;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One stage of a rank, as its machine sees it: what waits for it, what its actions need and make, which buffers are free. */
final class StageDesk {
    private final StagePorts ports;
    private final StageInbox inbox;
    /** Bundles of each kind that may be out at a time; of others the schedule sees to it that there are buffers. */
    private final Map<TensorKey.Kind, Integer> bundles = new EnumMap<>(TensorKey.Kind.class);
    /** How many more of them may go out. */
    private final Map<TensorKey.Kind, Integer> free = new EnumMap<>(TensorKey.Kind.class);
    /** What actions need and make, by the variant of the window's ports. */
    private final List<WindowPorts> variants;

    /** Actions of the current window, done, that made weight gradients. */
    private int weightActions;

    /** Whether any action was started: the first one takes what never changes. */
    private boolean begun;

    private @Nullable String stopped;

    StageDesk(StageMachine.Stage stage, int incarnation) {
        this.ports = stage.ports();
        this.variants = WindowPorts.variants(ports);
        this.inbox = new StageInbox(ports, variants, incarnation);
        bundles.put(TensorKey.Kind.ACTIVATION, stage.outputBuffers());
        bundles.put(TensorKey.Kind.OUTPUT, StagePlan.OUTPUT_BUFFERS);
        free.putAll(bundles);
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

    /** Whether the stage's step waits for sums over the whole model. */
    boolean sums(Window window) {
        return ports.of(window).sums();
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
        List<TensorKey> keys = keys(window, action);
        if (!inbox.hasAll(keys)) {
            return null;
        }
        Set<TensorKey.Kind> making = limited(window, action);
        if (making.stream().anyMatch(kind -> free(kind) == 0)) {
            return null;
        }
        making.forEach(kind -> free.put(kind, free(kind) - 1));
        begun = true;
        return inbox.take(keys);
    }

    /** Of what an action makes, the kinds whose bundles are counted. */
    private Set<TensorKey.Kind> limited(Window window, Action action) {
        Set<TensorKey.Kind> kinds = EnumSet.noneOf(TensorKey.Kind.class);
        ports(window).makes(action.kind(), false).forEach(port -> kinds.add(port.kind()));
        kinds.retainAll(bundles.keySet());
        return kinds;
    }

    private int free(TensorKey.Kind kind) {
        return Objects.requireNonNull(free.get(kind));
    }

    /** What an action that has ended made, in the order of its outputs. */
    List<Port> made(Window window, Action action) {
        boolean last = StagePorts.lastWeights(action.kind(), weightActions, window);
        return ports(window).makes(action.kind(), last);
    }

    void done(Action action) {
        weightActions += action.kind() == Kind.B || action.kind() == Kind.W ? 1 : 0;
    }

    /** The buffers of a bundle came back; says what is wrong if none was out. */
    @Nullable
    String release(TensorKey.Kind kind) {
        if (free(kind) == Objects.requireNonNull(bundles.get(kind))) {
            return (kind == TensorKey.Kind.OUTPUT ? "outputs of the model" : "an output buffer")
                    + " came back, but none of " + free(kind) + " is out";
        }
        free.merge(kind, 1, Integer::sum);
        return null;
    }

    void endWindow() {
        inbox.endWindow();
        weightActions = 0;
    }
}
