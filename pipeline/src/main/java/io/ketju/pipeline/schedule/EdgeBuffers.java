package io.ketju.pipeline.schedule;

import io.ketju.pipeline.schedule.Action.Kind;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How many buffers of a stage can be out at once in training, however slow or fast anyone is, in windows of as many
 * micro-batches as the plan has or fewer. A buffer goes out when the action that fills it starts and comes back when the
 * neighbour's last backward action of that micro-batch ends. What the stage has received of the neighbour proves how far
 * that one's rank has come in its list; everything later may still be out. Other cuts prove nothing: what crosses them may
 * need no gradient. Two windows in a row are looked at,
 * because weight gradients of one may still run when the next begins. Where the neighbour has several replicas, each is looked
 * at by itself, with the micro-batches that it has; what all of them have not given back is out.
 */
public final class EdgeBuffers {
    private final boolean sameRank;
    /** The lists of both ranks without steps, which neither fill nor prove nor release anything. */
    private final List<Action> produced;

    private final List<Action> consumed;
    private final boolean[] fills;
    private final boolean[] releases;
    /** Of each producer's action, the place in the consumer's list that has certainly ended when it starts; -1: none. */
    private final int[] proves;

    private EdgeBuffers(SchedulePlan plan, int producer, int consumer, Predicate<Action> filling) {
        int from = plan.placement().rankOf(producer);
        int to = plan.placement().rankOf(consumer);
        sameRank = from == to;
        produced = withoutSteps(plan.ranks().get(from));
        consumed = withoutSteps(plan.ranks().get(to));
        Set<Integer> common = microbatches(produced, producer);
        common.retainAll(microbatches(consumed, consumer));
        fills = flags(
                produced,
                action -> action.stage() == producer && filling.test(action) && common.contains(action.microbatch()));
        releases = flags(
                consumed,
                action -> action.stage() == consumer
                        && (action.kind() == Kind.B || action.kind() == Kind.W)
                        && common.contains(action.microbatch()));
        Map<Action, Integer> places = new HashMap<>();
        consumed.forEach(action -> places.put(action, places.size()));
        proves = produced.stream()
                .mapToInt(action -> ScheduleDependencies.of(action, plan.placement()).stream()
                        .filter(dependency -> action.stage() == producer && dependency.stage() == consumer)
                        .mapToInt(dependency -> places.getOrDefault(dependency, -1))
                        .max()
                        .orElse(-1))
                .toArray();
    }

    /**
     * {@return the most activations of a stage that are out at once; 0 for the last stage}
     *
     * @param plan a legal one for training
     * @param stage that makes them, from 0
     */
    public static int activations(SchedulePlan plan, int stage) {
        return most(plan, stage, 1, action -> action.kind() == Kind.F);
    }

    /**
     * {@return the most gradients of a stage that are out at once; 0 for the first stage}
     *
     * @param plan a legal one for training
     * @param stage that makes them, from 0
     */
    public static int gradients(SchedulePlan plan, int stage) {
        return most(plan, stage, -1, action -> action.kind() == Kind.B || action.kind() == Kind.I);
    }

    private static int most(SchedulePlan plan, int stage, int step, Predicate<Action> filling) {
        List<EdgeBuffers> neighbours = plan.placement().counts().neighbours(stage, step).stream()
                .map(consumer -> new EdgeBuffers(plan, stage, consumer, filling))
                .toList();
        return neighbours.isEmpty()
                ? 0
                : IntStream.rangeClosed(1, plan.microbatches())
                        .map(microbatches -> mostOut(neighbours, microbatches))
                        .max()
                        .orElse(0);
    }

    /** The most that are out to all of them in two windows of so many micro-batches. */
    private static int mostOut(List<EdgeBuffers> neighbours, int microbatches) {
        int[] all = {};
        for (EdgeBuffers neighbour : neighbours) {
            int[] out = neighbour.out(microbatches);
            all = all.length == 0 ? new int[out.length] : all;
            for (int i = 0; i < out.length; i++) {
                all[i] += out[i];
            }
        }
        return Arrays.stream(all).max().orElse(0);
    }

    /** How many are out to the neighbour when each action of the producer has started, in two windows of so many micro-batches. */
    private int[] out(int microbatches) {
        int[] places = places(microbatches);
        int all = places[consumed.size()];
        int[] released = released(microbatches, all);
        int certain = 0;
        int started = 0;
        int filled = 0;
        int[] out = new int[2 * fills.length];
        int next = 0;
        for (int window = 0; window < 2; window++) {
            for (int i = 0; i < fills.length; i++) {
                if (produced.get(i).microbatch() < microbatches) {
                    if (sameRank) {
                        certain = started;
                    } else if (proves[i] >= 0) {
                        certain = Math.max(certain, window * all + places[proves[i] + 1]);
                    }
                    started++;
                    filled += fills[i] ? 1 : 0;
                    out[next++] = filled - released[certain];
                }
            }
        }
        return out;
    }

    /** How many of the first so many actions of the consumer's list are left when later micro-batches are dropped. */
    private int[] places(int microbatches) {
        int[] places = new int[consumed.size() + 1];
        for (int i = 0; i < consumed.size(); i++) {
            places[i + 1] = places[i] + (consumed.get(i).microbatch() < microbatches ? 1 : 0);
        }
        return places;
    }

    /** How many buffers have come back when so many of those actions have ended, over both windows. */
    private int[] released(int microbatches, int all) {
        int[] released = new int[2 * all + 1];
        int ended = 0;
        for (int window = 0; window < 2; window++) {
            for (int i = 0; i < releases.length; i++) {
                if (consumed.get(i).microbatch() < microbatches) {
                    released[ended + 1] = released[ended] + (releases[i] ? 1 : 0);
                    ended++;
                }
            }
        }
        return released;
    }

    private static Set<Integer> microbatches(List<Action> list, int stage) {
        return list.stream()
                .filter(action -> action.stage() == stage)
                .map(Action::microbatch)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static List<Action> withoutSteps(List<Action> list) {
        return list.stream().filter(action -> !action.ofBatch()).toList();
    }

    private static boolean[] flags(List<Action> list, Predicate<Action> which) {
        boolean[] flags = new boolean[list.size()];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = which.test(list.get(i));
        }
        return flags;
    }
}
