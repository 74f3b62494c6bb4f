package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.schedule.StretchCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The order of a rank whose training windows overlap: see {@link StretchCursor}. */
final class StretchOrder implements RankOrder {
    private final StretchCursor cursor;
    private final List<Window> windows = new ArrayList<>();

    /** @param kinds whether sums of gradients stand before the steps, in windows that ask for them, and forwards run again */
    StretchOrder(Overlap overlap, int rank, Set<Kind> kinds) {
        cursor = new StretchCursor(overlap, rank, kinds);
    }

    @Override
    public void granted(Window window) {
        windows.add(window);
        cursor.add(window.microbatches(), window.phase() == Window.Phase.TRAIN, window.drains());
    }

    @Override
    public boolean known() {
        return !windows.isEmpty() && cursor.known();
    }

    @Override
    public Window window() {
        return windows.get(cursor.window());
    }

    @Override
    public Action action() {
        return cursor.action();
    }

    @Override
    public boolean isLastOfStage() {
        return cursor.endsWindow();
    }

    @Override
    public boolean pass() {
        boolean ends = cursor.endsWindow();
        cursor.pass();
        if (ends) {
            windows.removeFirst();
        }
        return ends;
    }

    @Override
    public List<Action> leftOfOldest() {
        return cursor.leftOfOldest();
    }

    @Override
    public void clear() {
        windows.clear();
    }
}
