package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.ForwardOnly;
import io.ketju.pipeline.schedule.SchedulePlan;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The lists of one rank, for windows of either phase and of any number of micro-batches up to the plan's. */
final class WindowLists {
    /** A list, and the places in it where a stage has its last action. */
    private record Ranked(List<Action> actions, BitSet last) {}

    private record Form(Window.Phase phase, int microbatches) {}

    private final SchedulePlan training;
    private final SchedulePlan evaluation;
    private final int rank;
    private final Map<Form, Ranked> known = new HashMap<>();

    WindowLists(SchedulePlan training, int rank) {
        this.training = training;
        this.evaluation = new ForwardOnly().plan(training.placement(), training.microbatches());
        this.rank = rank;
    }

    /** The most that a window may have. */
    int microbatches() {
        return training.microbatches();
    }

    List<Action> of(Window window) {
        return ranked(window).actions();
    }

    /** Whether no action of the same stage comes behind this place of the window's list. */
    boolean isLastOfStage(Window window, int place) {
        return ranked(window).last().get(place);
    }

    private Ranked ranked(Window window) {
        return known.computeIfAbsent(new Form(window.phase(), window.microbatches()), this::ranked);
    }

    private Ranked ranked(Form form) {
        SchedulePlan plan = form.phase() == Window.Phase.TRAIN ? training : evaluation;
        List<Action> actions = plan.restrictedTo(form.microbatches()).ranks().get(rank);
        BitSet last = new BitSet();
        Set<Integer> behind = new HashSet<>();
        for (int i = actions.size() - 1; i >= 0; i--) {
            last.set(i, behind.add(actions.get(i).stage()));
        }
        return new Ranked(actions, last);
    }
}
