package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.SchedulePlan;
import java.util.ArrayDeque;
import java.util.List;

/** The order of a rank that finishes every window before the next: the list of each from its start to its end. */
final class WindowOrder implements RankOrder {
    private final WindowLists lists;
    private final ArrayDeque<Window> windows = new ArrayDeque<>();
    private int next;

    WindowOrder(List<SchedulePlan> plans, SchedulePlan evaluation, int rank) {
        lists = new WindowLists(plans, evaluation, rank);
    }

    @Override
    public void granted(Window window) {
        windows.add(window);
    }

    @Override
    public boolean known() {
        return !windows.isEmpty();
    }

    @Override
    public Window window() {
        return windows.element();
    }

    @Override
    public boolean idle() {
        return lists.of(windows.element()).isEmpty();
    }

    @Override
    public Action action() {
        return lists.of(windows.element()).get(next);
    }

    @Override
    public boolean isLastOfStage() {
        return lists.isLastOfStage(windows.element(), next);
    }

    @Override
    public boolean pass() {
        next++;
        if (next < lists.of(windows.element()).size()) {
            return false;
        }
        windows.remove();
        next = 0;
        return true;
    }

    @Override
    public List<Action> leftOfOldest() {
        List<Action> all = lists.of(windows.element());
        return all.subList(next, all.size());
    }

    @Override
    public void clear() {
        windows.clear();
    }
}
