package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.SchedulePlan;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The lists of one rank, for windows of either phase and of any number of micro-batches up to the plan's. */
final class WindowLists {
    /** A list, and the places in it where a stage has its last action. */
    private record Ranked(List<Action> actions, BitSet last) {}

    private record Form(Window.Phase phase, int microbatches, int schedule) {}

    private final List<SchedulePlan> training;
    private final SchedulePlan evaluation;
    private final int rank;
    private final Map<Form, Ranked> known = new HashMap<>();
    /** That of the last window asked for: most are alike. */
    private @Nullable Form lastForm;

    private @Nullable Ranked last;

    /**
     * @param training what training windows run, by the number of their schedule
     * @param evaluation what others run
     */
    WindowLists(List<SchedulePlan> training, SchedulePlan evaluation, int rank) {
        this.training = List.copyOf(training);
        this.evaluation = evaluation;
        this.rank = rank;
    }

    List<Action> of(Window window) {
        return ranked(window).actions();
    }

    /** Whether no action of the same stage comes behind this place of the window's list. */
    boolean isLastOfStage(Window window, int place) {
        return ranked(window).last().get(place);
    }

    private Ranked ranked(Window window) {
        Form form = lastForm;
        Ranked ranked = last;
        if (form == null
                || ranked == null
                || form.phase() != window.phase()
                || form.microbatches() != window.microbatches()
                || form.schedule() != window.schedule()) {
            form = new Form(window.phase(), window.microbatches(), window.schedule());
            ranked = known.computeIfAbsent(form, this::ranked);
            lastForm = form;
            last = ranked;
        }
        return ranked;
    }

    private Ranked ranked(Form form) {
        SchedulePlan plan = form.phase() == Window.Phase.TRAIN ? training.get(form.schedule()) : evaluation;
        List<Action> actions = plan.restrictedTo(form.microbatches()).ranks().get(rank);
        BitSet last = new BitSet();
        Set<Integer> behind = new HashSet<>();
        for (int i = actions.size() - 1; i >= 0; i--) {
            last.set(i, behind.add(actions.get(i).stage()));
        }
        return new Ranked(actions, last);
    }
}
