package io.ketju.pipeline.schedule;

import io.ketju.pipeline.schedule.Action.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What every rank does from one drain to the next, in overlapping windows: the lists that run, action by action, with the window of each.
 *
 * @param overlap how they overlap
 * @param windows micro-batches of every window
 * @param recomputing stages that run every forward again, right before its backward
 * @param ranks one list per rank, in order of execution
 */
public record Stretch(Overlap overlap, List<Integer> windows, Set<Integer> recomputing, List<List<Turn>> ranks) {
    /**
     * An action and its window.
     *
     * @param window counted from 0 at the start of the stretch
     * @param action of the window; its micro-batch counts from 0 in the window
     */
    public record Turn(int window, Action action) {
        @Override
        public String toString() {
            return action + " of window " + window;
        }
    }

    /** Copies the lists. */
    public Stretch {
        windows = List.copyOf(windows);
        recomputing = Set.copyOf(recomputing);
        ranks = ranks.stream().map(List::copyOf).toList();
    }

    /**
     * {@return the lists of a stretch}
     *
     * @param overlap how its windows overlap
     * @param windows micro-batches of every window, each at least 1
     */
    public static Stretch of(Overlap overlap, List<Integer> windows) {
        return of(overlap, windows, Set.of());
    }

    /**
     * {@return the same where some stages run every forward again, right before its backward}
     *
     * @param overlap how its windows overlap
     * @param windows micro-batches of every window, each at least 1
     * @param recomputing the stages that do
     */
    public static Stretch of(Overlap overlap, List<Integer> windows, Set<Integer> recomputing) {
        List<List<Turn>> ranks = new ArrayList<>();
        for (int rank = 0; rank < overlap.ranks(); rank++) {
            StretchCursor cursor =
                    new StretchCursor(overlap, rank, recomputing.contains(rank) ? Set.of(Kind.R) : Set.of());
            for (int i = 0; i < windows.size(); i++) {
                cursor.add(windows.get(i), true, i == windows.size() - 1);
            }
            List<Turn> list = new ArrayList<>();
            int done = 0;
            while (cursor.known()) {
                list.add(new Turn(done + cursor.window(), cursor.action()));
                done += cursor.endsWindow() ? 1 : 0;
                cursor.pass();
            }
            ranks.add(list);
        }
        return new Stretch(overlap, windows, recomputing, ranks);
    }

    /** The index of a window's first micro-batch among those of the whole stretch. */
    int firstMicrobatch(int window) {
        return windows.subList(0, window).stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * {@return the same lists with micro-batches that count on from window to window, for pictures and for the simulator; a rank has a step
     * for every window}
     */
    public SchedulePlan flat() {
        List<List<Action>> lists = new ArrayList<>();
        for (List<Turn> rank : ranks) {
            lists.add(rank.stream()
                    .map(turn -> turn.action().ofBatch()
                            ? turn.action()
                            : new Action(
                                    turn.action().stage(),
                                    turn.action().kind(),
                                    firstMicrobatch(turn.window())
                                            + turn.action().microbatch()))
                    .toList());
        }
        return new SchedulePlan(Placement.oneEach(overlap.ranks()), lists);
    }
}
