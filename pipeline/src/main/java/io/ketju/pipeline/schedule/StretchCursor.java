package io.ketju.pipeline.schedule;

import io.ketju.pipeline.schedule.Action.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The list of one rank over overlapping windows, action by action, as windows become known. Before the backward of a
 * micro-batch stand the forwards of as many as the rank is ahead, of this window and later ones of the stretch; behind the last
 * backward of a window stands its step. A forward that runs again does so right before its backward. Where the next forward would be of a window that is not known, nor whether there is
 * one, the list goes on when it is: so the order never depends on how early windows are granted. Not thread-safe.
 */
public final class StretchCursor {
    private record Known(int microbatches, boolean trains, boolean drains) {}

    private final Overlap overlap;
    private final int rank;
    private final boolean sums;
    private final boolean recomputes;
    /** From the oldest on that is not done. */
    private final List<Known> windows = new ArrayList<>();
    /** The next forward: its window, from the oldest on, and its micro-batch. */
    private int forwardWindow;

    private int forward;
    /** The next backward, of the oldest window. */
    private int backward;

    private int inFlight;
    private boolean summed;
    /** Whether the forward of the next backward has run again. */
    private boolean recomputed;

    /**
     * A rank at the start of its first window, of which none is known yet.
     *
     * @param overlap how windows overlap
     * @param rank from 0, which is its stage too
     * @param kinds which of N, before each step, and R, before each backward, the list has besides the others
     */
    public StretchCursor(Overlap overlap, int rank, Set<Kind> kinds) {
        this.overlap = overlap;
        this.rank = rank;
        sums = kinds.contains(Kind.N);
        recomputes = kinds.contains(Kind.R);
    }

    /**
     * The next window becomes known.
     *
     * @param microbatches of the window, at least 1
     * @param trains whether it has backwards; one that has none never overlaps with others
     * @param drains whether it is the last of its stretch
     */
    public void add(int microbatches, boolean trains, boolean drains) {
        windows.add(new Known(microbatches, trains, drains || !trains));
    }

    /** {@return whether it is known what comes next; while it is not, no other question may be asked} */
    public boolean known() {
        return !windows.isEmpty() && !awaitsWindow();
    }

    private boolean awaitsWindow() {
        return wantsForward() && forwardWindow == windows.size();
    }

    /** Whether a forward stands here, should the stretch have one more. */
    private boolean wantsForward() {
        Known oldest = windows.getFirst();
        boolean ended = forwardWindow > 0 && windows.get(forwardWindow - 1).drains();
        return !ended
                && !recomputed
                && backward < oldest.microbatches()
                && inFlight <= overlap.ahead().get(rank)
                && forwardWindow <= overlap.windowsAhead();
    }

    /** {@return how many windows stand between the oldest that is not done and that of the next action; 0 is the oldest itself} */
    public int window() {
        return windows.getFirst().trains() && wantsForward() ? forwardWindow : 0;
    }

    /** {@return the next action, by its window's micro-batches} */
    public Action action() {
        Known oldest = windows.getFirst();
        if (!oldest.trains() || wantsForward()) {
            return new Action(rank, Kind.F, forward);
        } else if (backward < oldest.microbatches()) {
            return new Action(rank, recomputes && !recomputed ? Kind.R : Kind.B, backward);
        }
        return sums && !summed ? Action.sums(rank) : Action.step(rank);
    }

    /** {@return whether the next action is the last of its window} */
    public boolean endsWindow() {
        Known oldest = windows.getFirst();
        return oldest.trains()
                ? !wantsForward() && backward == oldest.microbatches() && (summed || !sums)
                : forward == oldest.microbatches() - 1;
    }

    /** The next action is done. */
    public void pass() {
        Kind kind = action().kind();
        if (endsWindow()) {
            windows.removeFirst();
            forwardWindow = Math.max(0, forwardWindow - 1);
            forward = kind == Kind.F ? 0 : forward;
            backward = 0;
            summed = false;
            return;
        }
        switch (kind) {
            case F -> {
                inFlight += windows.getFirst().trains() ? 1 : 0;
                forward++;
                if (forward == windows.get(forwardWindow).microbatches()) {
                    forward = 0;
                    forwardWindow++;
                }
            }
            case B -> {
                inFlight--;
                backward++;
                recomputed = false;
            }
            case R -> recomputed = true;
            case N -> summed = true;
            case I, W, G, S, V -> throw new IllegalStateException(kind + " does not stand in overlapping windows");
        }
    }

    /** {@return all that is left to do of the oldest window, in order, without forwards} */
    public List<Action> leftOfOldest() {
        List<Action> left = new ArrayList<>();
        Known oldest = windows.getFirst();
        for (int m = backward; m < oldest.microbatches() && oldest.trains(); m++) {
            if (recomputes && !(recomputed && m == backward)) {
                left.add(new Action(rank, Kind.R, m));
            }
            left.add(new Action(rank, Kind.B, m));
        }
        if (oldest.trains() && sums && !summed) {
            left.add(Action.sums(rank));
        }
        if (oldest.trains()) {
            left.add(Action.step(rank));
        }
        return left;
    }
}
