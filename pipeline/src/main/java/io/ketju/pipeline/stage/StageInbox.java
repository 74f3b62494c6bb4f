package io.ketju.pipeline.stage;

import io.ketju.tensor.memory.TensorLease;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tensors that wait for their action, and what decides which may. */
final class StageInbox {
    private final StagePorts ports;
    private final int incarnation;
    private final List<WindowPorts> variants;
    /** What never changes: it comes with the first window, whether that needs it or not. */
    private final Set<StagePorts.Port> once;

    private final Map<TensorKey, TensorLease> filed = new LinkedHashMap<>();
    private final Set<TensorKey> used = new HashSet<>();

    /** @param variants of the ports */
    StageInbox(StagePorts ports, List<WindowPorts> variants, int incarnation) {
        this.ports = ports;
        this.variants = variants;
        once = Set.copyOf(ports.needsOnce());
        this.incarnation = incarnation;
    }

    /** The key of a tensor of this incarnation. */
    TensorKey key(Window window, StagePorts.Port port, int microbatch) {
        int index = port.kind().ofMicrobatch() ? microbatch : 0;
        return new TensorKey(incarnation, window.number(), port.kind(), index, port.edge());
    }

    /** Why a tensor must be discarded, something that a slow or repeating network can cause; null if it need not. */
    @Nullable
    String late(TensorKey key, long currentWindow) {
        if (key.incarnation() != incarnation) {
            return "incarnation " + key.incarnation() + " is not the current " + incarnation;
        } else if (key.window() < currentWindow) {
            return "window " + key.window() + " is finished";
        }
        return used.contains(key) || filed.containsKey(key) ? "duplicate of " + key : null;
    }

    /** Why a tensor cannot exist in a correct run; null if it can. Its window need not be granted here yet. */
    @Nullable
    String impossible(TensorKey key, long currentWindow, Collection<Window> granted) {
        if (!variants.getFirst().takes(port(key)) || key.microbatch() < 0) {
            return "which never comes to stage " + ports.stage() + " of " + ports.stages();
        } else if (key.window() >= currentWindow + StageMachine.MAX_WINDOWS) {
            return "but no window from " + (currentWindow + StageMachine.MAX_WINDOWS) + " on can have been granted";
        } else if (filed.size() == StageMachine.MAX_FILED) {
            return "but " + StageMachine.MAX_FILED + " tensors wait already";
        }
        for (Window window : granted) {
            if (window.number() == key.window()) {
                return foreign(key, window);
            }
        }
        return null;
    }

    /** Why something that was filed before its window was known does not belong to it; null if all does. */
    @Nullable
    String impossible(Window window) {
        for (TensorKey key : filed.keySet()) {
            String reason = key.window() == window.number() ? foreign(key, window) : null;
            if (reason != null) {
                return "got " + key + ", " + reason;
            }
        }
        return null;
    }

    private @Nullable String foreign(TensorKey key, Window window) {
        if (key.microbatch() >= window.microbatches()) {
            return "but the window has " + window.microbatches() + " micro-batches";
        }
        StagePorts.Port port = port(key);
        boolean backward = switch (key.kind()) {
            case GRADIENT, TIED_WEIGHT, TIED_GRADIENT -> true;
            case FED, ACTIVATION, OUTPUT -> false;
        };
        boolean taken =
                variants.get(ports.variant(window)).takes(port) && (!backward || window.phase() == Window.Phase.TRAIN);
        return taken || once.contains(port)
                ? null
                : switch (window.phase()) {
                    case TRAIN -> "but the window's objective does not need it";
                    case EVALUATE -> "but the window only evaluates";
                    case PREDICT -> "but the window only predicts";
                };
    }

    private static StagePorts.Port port(TensorKey key) {
        return new StagePorts.Port(key.kind(), key.edge());
    }

    void file(TensorKey key, TensorLease lease) {
        filed.put(key, lease);
    }

    boolean hasAll(List<TensorKey> keys) {
        return filed.keySet().containsAll(keys);
    }

    /** Hands out tensors that are there, and remembers them until the window ends. */
    List<TensorLease> take(List<TensorKey> keys) {
        List<TensorLease> leases = new ArrayList<>();
        for (TensorKey key : keys) {
            leases.add(Objects.requireNonNull(filed.remove(key)));
            used.add(key);
        }
        return List.copyOf(leases);
    }

    /** The current window is finished: from now on its number says that its tensors are late. */
    void endWindow() {
        used.clear();
    }

    /** Hands out everything. */
    List<TensorLease> drain() {
        List<TensorLease> leases = List.copyOf(filed.values());
        filed.clear();
        return leases;
    }

    List<TensorKey> keys() {
        return List.copyOf(filed.keySet());
    }
}
