package io.ketju.pipeline.schedule;

import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.pipeline.schedule.Stretch.Turn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a stretch of overlapping windows is legal, and if not, why: one line per violation. Legal is one in which every
 * rank runs each micro-batch forward and backward once, in their order, updates once behind each window's backwards and
 * before the next one's, never holds more micro-batches or versions than its {@link Overlap} says, finds the version that each
 * forward and backward uses, and waits for nothing that waits for it.
 */
public final class StretchValidator {
    private final Stretch stretch;
    private final List<String> violations = new ArrayList<>();

    private StretchValidator(Stretch stretch) {
        this.stretch = stretch;
    }

    /**
     * {@return all violations, one line each; empty for a legal stretch}
     *
     * @param stretch made by {@link Stretch#of(Overlap, List)} or by hand
     */
    public static List<String> violations(Stretch stretch) {
        StretchValidator validator = new StretchValidator(stretch);
        for (int rank = 0; rank < stretch.ranks().size(); rank++) {
            validator.checkOrder(rank);
            validator.checkComplete(rank);
            validator.checkVersions(rank);
        }
        if (validator.violations.isEmpty()) {
            ScheduleSimulator.stuck(stretch.flat())
                    .forEach(stuck -> validator.violations.add("rank " + stuck.stage() + ": " + stuck
                            + " waits forever, micro-batches counted over all windows"));
        }
        return List.copyOf(validator.violations);
    }

    /**
     * Checks a stretch.
     *
     * @param stretch legal or not
     * @throws IllegalArgumentException with the first violation, unless it is legal
     */
    public static void requireLegal(Stretch stretch) {
        List<String> violations = violations(stretch);
        if (!violations.isEmpty()) {
            throw new IllegalArgumentException("illegal schedule of overlapping windows: " + violations.getFirst()
                    + (violations.size() == 1 ? "" : ", and " + (violations.size() - 1) + " more"));
        }
    }

    /** Forwards ascend, backwards ascend, a step is where it belongs, and no more is in flight than there is room for. */
    private void checkOrder(int rank) {
        int forward = -1;
        int backward = -1;
        int steps = 0;
        for (Turn turn : stretch.ranks().get(rank)) {
            Action action = turn.action();
            if (action.stage() != rank) {
                violate(rank, turn, "belongs to stage " + action.stage());
                continue;
            }
            if (turn.window() >= stretch.windows().size()
                    || action.microbatch() >= stretch.windows().get(turn.window())) {
                violate(rank, turn, "is of no micro-batch that there is");
                continue;
            }
            int index = stretch.firstMicrobatch(turn.window()) + action.microbatch();
            switch (action.kind()) {
                case F -> {
                    requireNext(rank, turn, forward, index);
                    forward = index;
                }
                case B -> {
                    requireNext(rank, turn, backward, index);
                    backward = index;
                    if (index > forward) {
                        violate(rank, turn, "comes before its forward");
                    }
                    if (steps != turn.window()) {
                        violate(rank, turn, "comes after " + steps + " steps; gradients of two windows would mix");
                    }
                }
                case S -> {
                    if (turn.window() != steps) {
                        violate(rank, turn, "is step " + steps);
                    } else if (backward + 1 != stretch.firstMicrobatch(turn.window() + 1)) {
                        violate(rank, turn, "does not stand right behind its window's backwards");
                    }
                    steps++;
                }
                case R -> {
                    if (!stretch.recomputing().contains(rank)) {
                        violate(rank, turn, "is of a stage that runs no forward again");
                    } else if (index > forward || index != backward + 1) {
                        violate(rank, turn, "does not stand between its forward and its backward, with none between");
                    }
                }
                case I, W, G, N, V -> violate(rank, turn, "has no place in overlapping windows");
            }
            if (forward - backward > stretch.overlap().inFlight(rank)) {
                violate(
                        rank,
                        turn,
                        "makes " + (forward - backward) + " micro-batches in flight, at most "
                                + stretch.overlap().inFlight(rank) + " are allowed");
            }
        }
    }

    private void requireNext(int rank, Turn turn, int before, int index) {
        if (index != before + 1) {
            violate(rank, turn, "comes after micro-batch " + before + " of the stretch; they run in their order");
        }
    }

    private void checkComplete(int rank) {
        Set<Turn> there = new HashSet<>(stretch.ranks().get(rank));
        if (there.size() != stretch.ranks().get(rank).size()) {
            violations.add("rank " + rank + ": an action stands twice");
        }
        for (int window = 0; window < stretch.windows().size(); window++) {
            List<Turn> expected = new ArrayList<>(List.of(new Turn(window, Action.step(rank))));
            for (int m = 0; m < stretch.windows().get(window); m++) {
                expected.add(new Turn(window, new Action(rank, Kind.F, m)));
                expected.add(new Turn(window, new Action(rank, Kind.B, m)));
                if (stretch.recomputing().contains(rank)) {
                    expected.add(new Turn(window, new Action(rank, Kind.R, m)));
                }
            }
            expected.removeAll(there);
            expected.forEach(turn -> violate(rank, turn, "is missing"));
        }
    }

    /** Every version that is used is there, and no more are than the rank keeps. */
    private void checkVersions(int rank) {
        Overlap overlap = stretch.overlap();
        long newest = 0;
        for (Turn turn : stretch.ranks().get(rank)) {
            long used = switch (turn.action().kind()) {
                case F, R -> overlap.forwardVersion(rank, turn.window());
                case B -> overlap.backwardVersion(rank, turn.window());
                case I, W, G, N, S, V -> newest;
            };
            if (used > newest) {
                violate(rank, turn, "uses version " + used + " of the weights, the newest is " + newest);
            } else if (overlap.weights() == Overlap.Weights.STASHED && newest - used >= overlap.versions(rank)) {
                violate(
                        rank,
                        turn,
                        "uses version " + used + " of the weights, the newest is " + newest + ", and the rank keeps "
                                + overlap.versions(rank));
            } else if (overlap.weights() != Overlap.Weights.STASHED && used != newest) {
                violate(rank, turn, "uses version " + used + " of the weights, and only " + newest + " is kept");
            }
            newest += turn.action().kind() == Kind.S ? 1 : 0;
        }
    }

    /**
     * {@return how many versions of the weights a rank keeps at once in a stretch, at most: those still to be used, and the newest}
     *
     * @param stretch a legal one
     * @param rank from 0
     */
    public static int mostVersions(Stretch stretch, int rank) {
        Overlap overlap = stretch.overlap();
        List<Turn> list = stretch.ranks().get(rank);
        long newest = 0;
        int most = 1;
        for (int i = 0; i < list.size(); i++) {
            newest += list.get(i).action().kind() == Kind.S ? 1 : 0;
            Set<Long> kept = new TreeSet<>(Set.of(newest));
            for (Turn turn : list.subList(i + 1, list.size())) {
                if (turn.action().kind() == Kind.F || turn.action().kind() == Kind.B) {
                    kept.add(Math.min(newest, overlap.forwardVersion(rank, turn.window())));
                }
            }
            most = Math.max(most, kept.size());
        }
        return most;
    }

    private void violate(int rank, Turn turn, String what) {
        violations.add("rank " + rank + ": " + turn + " " + what);
    }
}
