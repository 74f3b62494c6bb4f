package io.ketju.pipeline.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How replicas of a pipeline share the micro-batches of a step: each takes as many gradient groups, one behind the other. Their
 * stages are numbered on: stage s of replica r is {@code r * stages + s}. The first replica, which has the optimizer's state,
 * takes the last groups: sums of gradients go from replica 1 to 2 and on, and from the last of them to replica 0, each adding its
 * groups to what arrives, so that they are added in the order of the groups.
 *
 * @param count of pipelines, a divisor of the groups
 * @param stages of each
 * @param groups of the step
 */
public record Replicas(int count, int stages, GradientGroups groups) {
    /**
     * Checks that the replicas share the groups evenly.
     *
     * @throws IllegalArgumentException if they do not, or there is none
     */
    public Replicas {
        if (count < 1 || groups.count() % count != 0) {
            throw new IllegalArgumentException(
                    "expected replicas that share the gradient groups evenly, of which there "
                            + (groups.count() == 1 ? "is 1" : "are " + groups.count()) + ", found " + count);
        }
    }

    /**
     * {@return the replica of a stage, from 0}
     *
     * @param stage counted over all replicas
     */
    public int replicaOf(int stage) {
        return stage / stages;
    }

    /**
     * {@return what the stage is in its pipeline, from 0}
     *
     * @param stage counted over all replicas
     */
    public int inPipeline(int stage) {
        return stage % stages;
    }

    /** The place of a replica among those that add their groups, from 0; the first replica is the last. */
    private int turn(int replica) {
        return (replica + count - 1) % count;
    }

    /**
     * {@return whether a replica adds its groups to sums of others}
     *
     * @param replica from 0
     */
    public boolean addsToOthers(int replica) {
        return turn(replica) > 0;
    }

    /**
     * {@return the replica that learns from a micro-batch}
     *
     * @param microbatch index within the step, from 0
     */
    public int of(int microbatch) {
        return (groups.of(microbatch) / groupsOfEach() + 1) % count;
    }

    private int groupsOfEach() {
        return groups.count() / count;
    }

    /**
     * {@return the first of a replica's micro-batches, which are contiguous}
     *
     * @param replica from 0
     */
    public int first(int replica) {
        return count == 1 ? 0 : groups.first(turn(replica) * groupsOfEach());
    }

    /**
     * {@return how many micro-batches a replica has in a step, perhaps none}
     *
     * @param replica from 0
     * @param microbatches of the step
     */
    public int present(int replica, int microbatches) {
        if (count == 1) {
            return microbatches;
        }
        int firstGroup = turn(replica) * groupsOfEach();
        return IntStream.range(firstGroup, firstGroup + groupsOfEach())
                .map(group -> groups.size(group, microbatches))
                .sum();
    }

    /**
     * {@return the order in which replicas get the micro-batches of a step: one each, again and again}
     *
     * @param microbatches of the step
     */
    public List<Integer> inTurn(int microbatches) {
        List<Integer> order = new ArrayList<>();
        for (int round = 0; order.size() < microbatches; round++) {
            for (int turn = 1; turn <= count; turn++) {
                int replica = turn % count;
                if (round < present(replica, microbatches)) {
                    order.add(first(replica) + round);
                }
            }
        }
        return order;
    }

    /**
     * {@return a replica's micro-batches by themselves, counted from 0, in its groups}
     *
     * @param replica from 0
     */
    public GradientGroups share(int replica) {
        return count == 1 ? groups : new GradientGroups(groupsOfEach(), present(replica, groups.microbatches()));
    }

    /**
     * {@return the plans of all replicas as one}
     *
     * @param placement of all their stages
     * @param ofEach by replica, the plan of one pipeline for its own micro-batches, counted from 0
     */
    public SchedulePlan together(Placement placement, List<SchedulePlan> ofEach) {
        List<List<Action>> ranks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int replica = i;
            ofEach.get(replica)
                    .ranks()
                    .forEach(list -> ranks.add(
                            list.stream().map(action -> of(replica, action)).toList()));
        }
        return new SchedulePlan(placement, ranks);
    }

    private Action of(int replica, Action action) {
        int microbatch = action.ofBatch() ? 0 : first(replica) + action.microbatch();
        return new Action(replica * stages + action.stage(), action.kind(), microbatch);
    }

    /**
     * {@return the plan of one pipeline, for the first replica alone; the others do nothing}
     *
     * @param placement of all replicas' stages
     * @param plan of one pipeline
     */
    public SchedulePlan first(Placement placement, SchedulePlan plan) {
        List<List<Action>> ranks = new ArrayList<>(plan.ranks());
        while (ranks.size() < placement.ranks()) {
            ranks.add(List.of());
        }
        return new SchedulePlan(placement, ranks);
    }
}
