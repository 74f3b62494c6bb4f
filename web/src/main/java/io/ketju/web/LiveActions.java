package io.ketju.web;

import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.trace.TracedAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** The newest actions of every rank that this JVM holds, so many at most. Ranks add, browsers look, neither waits long. */
final class LiveActions {
    /** Of each rank. */
    static final int KEPT = 512;

    /** Training windows that are shown. */
    private static final int WINDOWS = 2;

    private final Map<Integer, Ring> ranks = new ConcurrentSkipListMap<>();

    private static final class Ring {
        private final TracedAction[] actions = new TracedAction[KEPT];
        private long added;

        synchronized void add(TracedAction action) {
            actions[(int) (added++ % KEPT)] = action;
        }

        synchronized List<TracedAction> all() {
            List<TracedAction> all = new ArrayList<>();
            for (long i = Math.max(0, added - KEPT); i < added; i++) {
                all.add(actions[(int) (i % KEPT)]);
            }
            return all;
        }
    }

    void add(TracedAction action) {
        if (action.phase() == Window.Phase.TRAIN) {
            ranks.computeIfAbsent(action.rank(), rank -> new Ring()).add(action);
        }
    }

    /**
     * The newest windows that all ranks are done with, a row of actions for each rank; empty until there is one. A window of more
     * actions than are kept is not shown whole.
     */
    List<List<TracedAction>> latest() {
        List<List<TracedAction>> all = ranks.values().stream().map(Ring::all).toList();
        long done = all.stream()
                .mapToLong(rank -> rank.getLast().window() - 1)
                .min()
                .orElse(Long.MIN_VALUE);
        List<Long> windows = all.stream()
                .flatMap(List::stream)
                .map(TracedAction::window)
                .filter(window -> window <= done)
                .distinct()
                .sorted()
                .toList();
        if (windows.isEmpty()) {
            return List.of();
        }
        long first = windows.get(Math.max(0, windows.size() - WINDOWS));
        return all.stream()
                .map(rank -> rank.stream()
                        .filter(action -> action.window() >= first && action.window() <= done)
                        .toList())
                .toList();
    }
}
