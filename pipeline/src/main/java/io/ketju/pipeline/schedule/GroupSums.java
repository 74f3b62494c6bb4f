package io.ketju.pipeline.schedule;

import io.ketju.pipeline.schedule.Action.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where a stage adds up the weight gradients of each group, window after window. Place 0 is the sum, which the first group adds
 * to directly. Any other group takes the lowest place that is free with its first gradient, and gives it back when it is added
 * to the sum: as soon as it is complete and all groups before it are in. A list that goes from group to group so needs one
 * place beside the sum. Not thread-safe.
 */
public final class GroupSums {
    private static final int NONE = -1;

    private final GradientGroups groups;
    /** Whether the sum begins with groups of others, so that all of these wait for it. */
    private final boolean behindOthers;
    /** By group, where it is; {@link #NONE} before its first gradient, and when it is in the sum. */
    private final int[] places;
    /** By group, its micro-batches that have added what they had. */
    private final int[] added;
    /** Groups that are in the sum. */
    private int summed;

    /**
     * For a stage that has all groups.
     *
     * @param groups of the step
     */
    public GroupSums(GradientGroups groups) {
        this(groups, false);
    }

    /**
     * The same where others may have groups that come first, and give their sum when all is added: {@link #behindOthers} then says what is
     * added to it.
     *
     * @param groups those that are added here
     * @param behindOthers whether the sum begins with groups of others, so that all of these wait for it
     */
    public GroupSums(GradientGroups groups, boolean behindOthers) {
        this.groups = groups;
        this.behindOthers = behindOthers;
        places = new int[groups.count()];
        added = new int[groups.count()];
        begin();
    }

    private void begin() {
        Arrays.fill(places, NONE);
        Arrays.fill(added, 0);
        summed = 0;
    }

    /**
     * {@return where a micro-batch adds, which is about to: 0 is the sum; any other place must hold zeros when it is taken}
     *
     * @param microbatch index within the step, from 0
     */
    public int place(int microbatch) {
        int group = groups.of(microbatch);
        if (places[group] == NONE) {
            places[group] = group == 0 && !behindOthers ? 0 : lowestFree();
        }
        return places[group];
    }

    private int lowestFree() {
        int place = 1;
        while (isTaken(place)) {
            place++;
        }
        return place;
    }

    private boolean isTaken(int place) {
        return Arrays.stream(places).anyMatch(taken -> taken == place);
    }

    /**
     * A micro-batch has added what it had. With the last of a window the next one begins.
     *
     * @param microbatch index within the step, from 0
     * @param microbatches of the window
     * @return the places that are to be added to the sum now, in this order, and to be cleared
     */
    public List<Integer> added(int microbatch, int microbatches) {
        if (groups.count() == 1 || behindOthers) {
            return List.of();
        }
        added[groups.of(microbatch)]++;
        List<Integer> complete = new ArrayList<>();
        while (summed < places.length && isComplete(summed, microbatches)) {
            if (summed > 0) {
                complete.add(places[summed]);
            }
            places[summed++] = NONE;
        }
        if (summed == places.length || groups.size(summed, microbatches) == 0) {
            begin();
        }
        return complete;
    }

    /**
     * The sum of others is in place 0: the next window begins.
     *
     * @return the places that are to be added to it, in this order, and to be cleared
     */
    public List<Integer> behindOthers() {
        List<Integer> all =
                Arrays.stream(places).filter(place -> place != NONE).boxed().toList();
        begin();
        return all;
    }

    private boolean isComplete(int group, int microbatches) {
        int size = groups.size(group, microbatches);
        return size > 0 && added[group] == size;
    }

    /**
     * {@return how many places a stage's list takes, the sum among them; those of fewer micro-batches take no more}
     *
     * @param groups of the step
     * @param ofStage the actions of one stage, in their order
     */
    public static int places(GradientGroups groups, List<Action> ofStage) {
        return new GroupSums(groups).places(ofStage, 0);
    }

    /**
     * {@return how many places a stage's list takes, the sum among them; to be asked of one that nothing was added to}
     *
     * @param ofStage the actions of one stage, in their order
     * @param first what the first of the groups' micro-batches is called in the list
     */
    public int places(List<Action> ofStage, int first) {
        int most = 1;
        for (Action action : ofStage) {
            if (action.kind() == Kind.B || action.kind() == Kind.W) {
                most = Math.max(most, 1 + place(action.microbatch() - first));
                added(action.microbatch() - first, groups.microbatches());
            }
        }
        begin();
        return most;
    }
}
