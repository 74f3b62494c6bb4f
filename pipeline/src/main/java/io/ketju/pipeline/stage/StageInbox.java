package io.ketju.pipeline.stage;

import io.ketju.pipeline.stage.StagePorts.Port;
import io.ketju.tensor.memory.TensorLease;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The tensors that wait for their action, and what decides which may. One table for each window that may be granted, by
 * port and micro-batch.
 */
final class StageInbox {
    /** What came for one window. */
    private static final class Table {
        private @Nullable TensorLease[] filed = {};
        private boolean[] used = {};

        /** Makes room up to a place. */
        void grow(int places) {
            if (places > filed.length) {
                filed = Arrays.copyOf(filed, places);
                used = Arrays.copyOf(used, places);
            }
        }
    }

    private final StagePorts ports;
    private final ArrivingPorts arriving;
    private final int incarnation;
    private final List<WindowPorts> variants;
    /** By place of the port: it never changes, and comes with the first window, whether that needs it or not. */
    private final boolean[] once;
    /** Of the current window and those behind it, in turn. */
    private final Table[] tables = new Table[StageMachine.MAX_WINDOWS];

    private int filed;

    /** @param variants of the ports */
    StageInbox(StagePorts ports, List<WindowPorts> variants, int incarnation) {
        this.ports = ports;
        this.variants = variants;
        this.incarnation = incarnation;
        arriving = new ArrivingPorts(ports);
        once = new boolean[arriving.count()];
        for (int place : arriving.places(ports.needsOnce())) {
            once[place] = true;
        }
        Arrays.setAll(tables, i -> new Table());
    }

    /** The key of a tensor of this incarnation. */
    TensorKey key(Window window, Port port, int microbatch) {
        int index = port.kind().ofMicrobatch() ? microbatch : 0;
        return new TensorKey(incarnation, window.number(), port.kind(), index, port.edge());
    }

    private Table table(long window) {
        return tables[(int) (window % tables.length)];
    }

    /** Where in a table a tensor of a micro-batch is; ports stand side by side. */
    private int index(int place, int microbatch) {
        return (arriving.port(place).kind().ofMicrobatch() ? microbatch : 0) * arriving.count() + place;
    }

    /** Whether a micro-batch of this number can exist: no window has more than may wait. */
    private static boolean countable(int microbatch) {
        return microbatch >= 0 && microbatch < StageMachine.MAX_FILED;
    }

    /** Why a tensor must be discarded, something that a slow or repeating network can cause; null if it need not. */
    @Nullable
    String late(TensorKey key, long currentWindow) {
        if (key.incarnation() != incarnation) {
            return "incarnation " + key.incarnation() + " is not the current " + incarnation;
        } else if (key.window() < currentWindow) {
            return "window " + key.window() + " is finished";
        }
        int place = arriving.place(key.kind(), key.edge());
        if (place < 0 || !countable(key.microbatch()) || key.window() >= currentWindow + tables.length) {
            return null;
        }
        Table table = table(key.window());
        int index = index(place, key.microbatch());
        boolean known = index < table.filed.length && (table.used[index] || table.filed[index] != null);
        return known ? "duplicate of " + key : null;
    }

    /** Why a tensor cannot exist in a correct run; null if it can. Its window need not be granted here yet. */
    @Nullable
    String impossible(TensorKey key, long currentWindow, Collection<Window> granted) {
        int place = arriving.place(key.kind(), key.edge());
        if (place < 0 || !countable(key.microbatch())) {
            return "which never comes to stage " + ports.stage() + " of " + ports.stages();
        } else if (key.window() >= currentWindow + tables.length) {
            return "but no window from " + (currentWindow + tables.length) + " on can have been granted";
        } else if (filed == StageMachine.MAX_FILED) {
            return "but " + StageMachine.MAX_FILED + " tensors wait already";
        }
        for (Window window : granted) {
            if (window.number() == key.window()) {
                return foreign(place, key.microbatch(), window);
            }
        }
        return null;
    }

    /** Why something that was filed before its window was known does not belong to it; null if all does. */
    @Nullable
    String impossible(Window window) {
        @Nullable TensorLease[] waiting = table(window.number()).filed;
        for (int index = 0; index < waiting.length; index++) {
            int microbatch = index / arriving.count();
            String reason = waiting[index] == null ? null : foreign(index % arriving.count(), microbatch, window);
            if (reason != null) {
                return "got " + key(window, arriving.port(index % arriving.count()), microbatch) + ", " + reason;
            }
        }
        return null;
    }

    private @Nullable String foreign(int place, int microbatch, Window window) {
        if (microbatch >= window.microbatches()) {
            return "but the window has " + window.microbatches() + " micro-batches";
        }
        boolean backward = switch (arriving.port(place).kind()) {
            case GRADIENT, TIED_WEIGHT, TIED_GRADIENT, GROUP_SUM, SHARE_GRADIENT, REPLICA_WEIGHT -> true;
            case FED, ACTIVATION, OUTPUT -> false;
        };
        boolean taken =
                variants.get(ports.variant(window)).takes(place) && (!backward || window.phase() == Window.Phase.TRAIN);
        return taken || once[place]
                ? null
                : switch (window.phase()) {
                    case TRAIN -> "but the window's objective does not need it";
                    case EVALUATE -> "but the window only evaluates";
                    case PREDICT -> "but the window only predicts";
                };
    }

    /** Takes a tensor in that is neither late nor impossible. */
    void file(TensorKey key, TensorLease lease) {
        Table table = table(key.window());
        int index = index(arriving.place(key.kind(), key.edge()), key.microbatch());
        table.grow((index / arriving.count() + 1) * arriving.count());
        table.filed[index] = lease;
        filed++;
    }

    /** Whether what comes at these places is there, of a micro-batch. */
    boolean hasAll(Window window, int[] places, int microbatch) {
        @Nullable TensorLease[] waiting = table(window.number()).filed;
        for (int place : places) {
            int index = index(place, microbatch);
            if (index >= waiting.length || waiting[index] == null) {
                return false;
            }
        }
        return true;
    }

    /** Hands out what is there, in the order of the places, and remembers it until the window ends. */
    void take(Window window, int[] places, int microbatch, List<TensorLease> leases) {
        Table table = table(window.number());
        for (int place : places) {
            int index = index(place, microbatch);
            leases.add(Objects.requireNonNull(table.filed[index]));
            table.filed[index] = null;
            table.used[index] = true;
            filed--;
        }
    }

    /** The current window is finished: from now on its number says that its tensors are late. */
    void endWindow(Window window) {
        Arrays.fill(table(window.number()).used, false);
    }

    /** Hands out everything. */
    List<TensorLease> drain() {
        List<TensorLease> leases = new ArrayList<>();
        for (Table table : tables) {
            for (int index = 0; index < table.filed.length; index++) {
                TensorLease lease = table.filed[index];
                if (lease != null) {
                    leases.add(lease);
                    table.filed[index] = null;
                }
            }
        }
        filed = 0;
        return leases;
    }

    /** What is there for a window, for messages. */
    List<TensorKey> keys(Window window) {
        @Nullable TensorLease[] waiting = table(window.number()).filed;
        List<TensorKey> keys = new ArrayList<>();
        for (int index = 0; index < waiting.length; index++) {
            if (waiting[index] != null) {
                keys.add(key(window, arriving.port(index % arriving.count()), index / arriving.count()));
            }
        }
        return keys;
    }
}
