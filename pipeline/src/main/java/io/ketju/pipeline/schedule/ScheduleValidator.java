package io.ketju.pipeline.schedule;

import io.ketju.pipeline.schedule.Action.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether a plan is legal, and if not, why: one line per violation, naming the stage and the action. A plan that is
 * legal is so for fewer micro-batches too: see {@link SchedulePlan#restrictedTo}.
 */
public final class ScheduleValidator {
    /** What kind of plan it should be. */
    public enum Purpose {
        /** Every micro-batch forward and backward, then one optimizer step. */
        TRAIN,
        /** Every micro-batch forward only. */
        EVALUATE
    }

    /** What is wrong, and where; action is what the marked plan points at. */
    private record Violation(int rank, Action action, String text) {}

    /** Violations that an error says; mostly one mistake makes many. */
    private static final int MOST_SAID = 6;

    /** Characters of a plan that an error shows. */
    private static final int MOST_SHOWN = 2000;

    private final SchedulePlan plan;
    private final Purpose purpose;
    private final int mostInFlight;
    private final GradientGroups groups;
    /** The stages that recompute anything. */
    private final Set<Integer> recomputing;

    private final List<Violation> violations = new ArrayList<>();

    private ScheduleValidator(SchedulePlan plan, Purpose purpose, int mostInFlight, GradientGroups groups) {
        this.plan = plan;
        this.purpose = purpose;
        this.mostInFlight = mostInFlight;
        this.groups = groups;
        recomputing = plan.actions().stream()
                .filter(action -> action.kind() == Kind.R)
                .map(Action::stage)
                .collect(Collectors.toSet());
    }

    /**
     * {@return all violations, one line each; empty for a legal plan}
     *
     * @param plan of one pipeline
     * @param purpose what it should do
     */
    public static List<String> violations(SchedulePlan plan, Purpose purpose) {
        return violations(plan, purpose, Integer.MAX_VALUE);
    }

    /**
     * {@return the same, where a rank may not hold more than so many activations}
     *
     * @param plan of one pipeline
     * @param purpose what it should do
     * @param mostInFlight see {@link Schedule#mostInFlight}
     */
    public static List<String> violations(SchedulePlan plan, Purpose purpose, int mostInFlight) {
        return violations(plan, purpose, mostInFlight, GradientGroups.ONE);
    }

    /**
     * {@return the same where only the micro-batches of a group must add their weight gradients in order}
     *
     * @param plan of one pipeline
     * @param purpose what it should do
     * @param mostInFlight see {@link Schedule#mostInFlight}
     * @param groups of as many micro-batches as the plan has
     */
    public static List<String> violations(SchedulePlan plan, Purpose purpose, int mostInFlight, GradientGroups groups) {
        return new ScheduleValidator(plan, purpose, mostInFlight, groups)
                .check().stream().map(Violation::text).toList();
    }

    /**
     * Checks a plan.
     *
     * @param plan of one pipeline
     * @param purpose what it should do
     * @throws IllegalArgumentException if it is not legal, with the first violations and, if it is not large, the plan, marked where they
     *     are
     */
    public static void requireLegal(SchedulePlan plan, Purpose purpose) {
        requireLegal(plan, purpose, Integer.MAX_VALUE, GradientGroups.ONE);
    }

    /**
     * The same, where a rank may not hold more than so many activations, and groups fold in their order wherever their micro-batches stand.
     *
     * @param plan of one pipeline
     * @param purpose what it should do
     * @param mostInFlight see {@link Schedule#mostInFlight}
     * @param groups of as many micro-batches as the plan has
     * @throws IllegalArgumentException if it is not legal
     */
    public static void requireLegal(SchedulePlan plan, Purpose purpose, int mostInFlight, GradientGroups groups) {
        ScheduleValidator validator = new ScheduleValidator(plan, purpose, mostInFlight, groups);
        List<Violation> violations = validator.check();
        if (!violations.isEmpty()) {
            String lines =
                    violations.stream().limit(MOST_SAID).map(Violation::text).collect(Collectors.joining("\n"));
            String more = violations.size() <= MOST_SAID ? "" : "\nand " + (violations.size() - MOST_SAID) + " more";
            String marked = validator.marked();
            throw new IllegalArgumentException(
                    "illegal schedule:\n" + lines + more + (marked.length() <= MOST_SHOWN ? "\n" + marked : ""));
        }
    }

    private List<Violation> check() {
        int microbatches = plan.microbatches();
        for (int rank = 0; rank < plan.ranks().size(); rank++) {
            checkRank(rank);
            checkRoom(rank);
        }
        for (int stage = 0; stage < plan.stages(); stage++) {
            checkStage(stage, microbatches);
        }
        for (Action stuck : ScheduleSimulator.stuck(plan)) {
            List<Action> waitsFor = ScheduleDependencies.of(stuck, plan.placement());
            if (stuck.stage() >= plan.stages() || waitsFor.isEmpty()) {
                continue; // said already: a step that waits for sums waits for another rank that is stuck itself
            }
            violate(stuck.stage(), stuck, "waits forever for " + waitsFor.getFirst());
        }
        return violations;
    }

    /**
     * A rank has actions of its own stages only. Its steps stand last and ascend: in its step, a stage that shares a
     * parameter with others waits for their gradients or, if it does not own it, for the owner's step. Sums stand before
     * all of them: the step of any stage may wait for those of every other.
     */
    private void checkRank(int rank) {
        @Nullable Action step = null;
        @Nullable Action sums = null;
        for (Action action : plan.ranks().get(rank)) {
            int stage = action.stage();
            if (stage >= plan.stages()) {
                violate(rank, stage, action, "belongs to no stage: there are " + plan.stages());
            } else if (plan.placement().rankOf(stage) != rank) {
                violate(
                        rank,
                        stage,
                        action,
                        "belongs to rank " + plan.placement().rankOf(stage));
            } else if (step != null && step.stage() != stage && action.kind() != Kind.S) {
                violate(rank, stage, action, "comes after " + step + "; the steps of a rank are its last actions");
            } else if (step != null && step.stage() > stage) {
                violate(rank, stage, action, "comes after " + step + "; the steps of a rank ascend by stage");
            } else if (sums != null && !action.ofBatch()) {
                violate(rank, stage, action, "comes after " + sums + "; after sums a rank has steps only");
            }
            sums = action.kind() == Kind.N ? action : sums;
            step = action.kind() == Kind.S ? action : step;
        }
    }

    /** The first action that holds more than there is room for. */
    private void checkRoom(int rank) {
        List<Integer> held = InFlight.during(plan.ranks().get(rank));
        for (int i = 0; i < held.size(); i++) {
            if (held.get(i) > mostInFlight) {
                Action action = plan.ranks().get(rank).get(i);
                violate(
                        rank,
                        action.stage(),
                        action,
                        "makes " + held.get(i) + " activations that rank " + rank + " holds, at most " + mostInFlight
                                + " are allowed");
                return;
            }
        }
    }

    private void checkStage(int stage, int microbatches) {
        List<Action> list = plan.ofStage(stage);
        Set<Action> seen = new HashSet<>();
        int[] last = new int[groups.count()];
        Arrays.fill(last, -1);
        for (Action action : list) {
            if (!seen.add(action)) {
                violate(stage, action, "stands twice");
            }
            checkOrder(stage, action, seen);
            if (action.kind() == Kind.B || action.kind() == Kind.W) {
                int group = groups.of(action.microbatch());
                if (action.microbatch() < last[group]) {
                    violate(
                            stage,
                            action,
                            "comes after micro-batch " + last[group] + "; weight gradients "
                                    + (groups.count() == 1 ? "" : "of a group ") + "fold in micro-batch order");
                }
                last[group] = action.microbatch();
            }
        }
        for (int m = 0; m < microbatches; m++) {
            checkComplete(stage, m, seen);
        }
        Action step = Action.step(stage);
        if (purpose == Purpose.TRAIN && (list.isEmpty() || !list.getLast().equals(step))) {
            violate(stage, step, seen.contains(step) ? "is not the last action" : "is missing");
        }
    }

    /** What must stand before this action in its own list. */
    private void checkOrder(int stage, Action action, Set<Action> seen) {
        Action forward = new Action(stage, Kind.F, action.microbatch());
        Action again = new Action(stage, Kind.R, action.microbatch());
        Action input = new Action(stage, Kind.I, action.microbatch());
        if (purpose == Purpose.EVALUATE && action.kind() != Kind.F) {
            violate(stage, action, "has no place in an evaluation");
        }
        switch (action.kind()) {
            case R -> {
                if (!seen.contains(forward)) {
                    violate(stage, action, "comes before " + forward);
                }
            }
            case B, I -> {
                if (!seen.contains(forward)) {
                    violate(stage, action, "comes before " + forward);
                } else if (recomputing.contains(stage) && !seen.contains(again)) {
                    violate(stage, action, "comes before " + again + "; a stage recomputes all micro-batches or none");
                }
            }
            case W -> {
                if (!seen.contains(input)) {
                    violate(stage, action, "comes before " + input);
                }
            }
            case G, V -> violate(stage, action, "has no place in the plan of one pipeline");
            case F, N, S -> {}
        }
    }

    /** Forward once and, in training, either B or both I and W. */
    private void checkComplete(int stage, int microbatch, Set<Action> seen) {
        Action forward = new Action(stage, Kind.F, microbatch);
        if (!seen.contains(forward)) {
            violate(stage, forward, "is missing");
        }
        if (purpose == Purpose.EVALUATE) {
            return;
        }
        Action full = new Action(stage, Kind.B, microbatch);
        Action input = new Action(stage, Kind.I, microbatch);
        Action weight = new Action(stage, Kind.W, microbatch);
        Action again = new Action(stage, Kind.R, microbatch);
        if (recomputing.contains(stage) && !seen.contains(again)) {
            violate(stage, again, "is missing; a stage recomputes all micro-batches or none");
        }
        boolean split = seen.contains(input) || seen.contains(weight);
        if (seen.contains(full) && split) {
            violate(
                    stage,
                    full,
                    "stands beside " + (seen.contains(input) ? input : weight) + ": the backward ran twice");
        } else if (!seen.contains(full) && !split) {
            violate(stage, full, "is missing");
        } else if (split && !(seen.contains(input) && seen.contains(weight))) {
            violate(stage, seen.contains(input) ? weight : input, "is missing");
        }
    }

    private void violate(int stage, Action action, String what) {
        violate(plan.placement().rankOf(stage), stage, action, what);
    }

    private void violate(int rank, int stage, Action action, String what) {
        violations.add(new Violation(rank, action, "stage " + stage + ": " + action + " " + what));
    }

    /** The lists, with the offending actions of each rank named behind it. */
    private String marked() {
        String[] lines = plan.lists().split("\n", -1);
        StringBuilder text = new StringBuilder();
        for (int rank = 0; rank < plan.ranks().size(); rank++) {
            Set<String> here = new TreeSet<>();
            for (Violation violation : violations) {
                if (violation.rank() == rank) {
                    here.add(violation.action().toString());
                }
            }
            text.append(plan.label(rank)).append(lines[rank]);
            text.append(here.isEmpty() ? "" : "  <-- here: " + String.join(", ", here))
                    .append('\n');
        }
        return text.toString();
    }
}
