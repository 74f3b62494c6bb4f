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
    private static final int[] NOTHING = {};

    /** Buffers for bundles of one kind; of kinds that are not counted the schedule sees to it that there are buffers. */
    private static final class Bundles {
        private final int all;
        private int free;

        Bundles(int all) {
            this.all = all;
            this.free = all;
        }
    }

    private final StagePorts ports;
    private final StageInbox inbox;
    private final Bundles activations;
    private final Bundles outputs;
    /** What actions need and make, by the variant of the window's ports. */
    private final List<WindowPorts> variants;

    private final int[] once;

    /** Actions of the current window, done, that made weight gradients. */
    private int weightActions;

    /** Whether any action was started: the first one takes what never changes. */
    private boolean begun;

    private @Nullable String stopped;

    StageDesk(StageMachine.Stage stage, int incarnation) {
        this.ports = stage.ports();
        this.variants = WindowPorts.variants(ports);
        this.once = new ArrivingPorts(ports).places(ports.needsOnce());
        this.inbox = new StageInbox(ports, variants, incarnation);
        activations = new Bundles(stage.outputBuffers());
        outputs = new Bundles(StagePlan.OUTPUT_BUFFERS);
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

    /** Whether the stage's step waits for sums over the whole model. */
    boolean sums(Window window) {
        return ports.of(window).sums();
    }

    /** What an action waits for. */
    String missing(Window window, Action action) {
        List<TensorKey> missing = new ArrayList<>();
        if (!begun) {
            ports.needsOnce().forEach(port -> missing.add(inbox.key(window, port, 0)));
        }
        ports(window).needs(action.kind()).forEach(port -> missing.add(inbox.key(window, port, action.microbatch())));
        List<TensorKey> there = inbox.keys(window);
        missing.removeAll(there);
        return (missing.isEmpty() ? "an output buffer" : missing) + ", has " + there;
    }

    /** Takes all that an action needs; null if something is not there yet. */
    @Nullable
    List<TensorLease> begin(Window window, Action action) {
        WindowPorts ofWindow = ports(window);
        int[] first = begun ? NOTHING : once;
        int[] places = ofWindow.places(action.kind());
        if (!inbox.hasAll(window, first, 0) || !inbox.hasAll(window, places, action.microbatch())) {
            return null;
        }
        List<Port> made = ofWindow.makes(action.kind(), false);
        boolean activation = makes(made, TensorKey.Kind.ACTIVATION);
        boolean output = makes(made, TensorKey.Kind.OUTPUT);
        if ((activation && activations.free == 0) || (output && outputs.free == 0)) {
            return null;
        }
        activations.free -= activation ? 1 : 0;
        outputs.free -= output ? 1 : 0;
        begun = true;
        List<TensorLease> leases = new ArrayList<>(first.length + places.length);
        inbox.take(window, first, 0, leases);
        inbox.take(window, places, action.microbatch(), leases);
        return leases;
    }

    private static boolean makes(List<Port> made, TensorKey.Kind kind) {
        for (int i = 0; i < made.size(); i++) {
            if (made.get(i).kind() == kind) {
                return true;
            }
        }
        return false;
    }

    /** What an action that has ended made, in the order of its outputs. */
    List<Port> made(Window window, Action action) {
        boolean last = StagePorts.lastWeights(action.kind(), weightActions, window);
        return ports(window).makes(action.kind(), last);
    }

    /** Where something goes that an action made. */
    int receiver(Window window, TensorKey key) {
        return ports.receiver(window.phase() == Window.Phase.TRAIN, key);
    }

    void done(Action action) {
        weightActions += action.kind() == Kind.B || action.kind() == Kind.W ? 1 : 0;
    }

    /** The buffers of a bundle came back; says what is wrong if none was out. */
    @Nullable
    String release(TensorKey.Kind kind) {
        Bundles bundles = kind == TensorKey.Kind.OUTPUT ? outputs : activations;
        if (bundles.free == bundles.all) {
            return (kind == TensorKey.Kind.OUTPUT ? "outputs of the model" : "an output buffer")
                    + " came back, but none of " + bundles.free + " is out";
        }
        bundles.free++;
        return null;
    }

    void endWindow(Window window) {
        inbox.endWindow(window);
        weightActions = 0;
    }
}
