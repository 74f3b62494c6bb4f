package io.ketju.pipeline.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How replicas of stages share the micro-batches of a step: each takes as many gradient groups as the others of its stage, one
 * behind the other. The first replica of a stage, which has the optimizer's state,
 * takes the last groups: sums of gradients go from replica 1 to 2 and on, and from the last of them to replica 0, each adding its
 * groups to what arrives, so that they are added in the order of the groups.
 *
 * @param counts of replicas, by stage; each divides the groups
 * @param groups of the step
 */
public record Replicas(ReplicaCounts counts, GradientGroups groups) {
    /**
     * Checks that groups can be shared.
     *
     * @throws IllegalArgumentException if the replicas of a stage do not divide the groups
     */
    public Replicas {
        for (int stage = 0; stage < counts.stages(); stage++) {
            int count = counts.of(stage);
            if (groups.count() % count != 0) {
                throw new IllegalArgumentException("expected replicas "
                        + (counts.alike() ? "" : "of stage " + stage + " ")
                        + "that share the gradient groups evenly, of which there "
                        + (groups.count() == 1 ? "is 1" : "are " + groups.count()) + ", found " + count);
            }
        }
    }

    /**
     * {@return the first replica of every stage, whatever it is asked for}
     *
     * @param stages of the pipeline
     */
    public static Replicas alone(int stages) {
        return new Replicas(ReplicaCounts.alike(1, stages), GradientGroups.ONE);
    }

    /** The place of a stage among its replicas that add their groups, from 0; the first replica is the last. */
    private int turn(int stage) {
        int count = counts.of(stage);
        return (counts.replicaOf(stage) + count - 1) % count;
    }

    /**
     * {@return whether a stage adds its groups to sums of others}
     *
     * @param stage of any replica
     */
    public boolean addsToOthers(int stage) {
        return turn(stage) > 0;
    }

    /**
     * {@return the stage that runs a micro-batch}
     *
     * @param inPipeline which one of the pipeline
     * @param trains whether replicas share the window's micro-batches; else the first has all
     * @param microbatch index within the window
     */
    public int stage(int inPipeline, boolean trains, int microbatch) {
        int count = counts.of(inPipeline);
        return count == 1 || !trains
                ? inPipeline
                : counts.stage(inPipeline, (groups.of(microbatch) / groupsOfEach(inPipeline) + 1) % count);
    }

    /**
     * {@return the stages that a micro-batch goes through, in their order}
     *
     * @param trains whether its window does
     * @param microbatch index within the window
     */
    public List<Integer> path(boolean trains, int microbatch) {
        return IntStream.range(0, counts.stages())
                .mapToObj(inPipeline -> stage(inPipeline, trains, microbatch))
                .toList();
    }

    private int groupsOfEach(int stage) {
        return groups.count() / counts.of(stage);
    }

    /**
     * {@return the index of the first of a stage's micro-batches}
     *
     * @param stage of any replica
     */
    public int first(int stage) {
        return counts.of(stage) == 1 ? 0 : groups.first(turn(stage) * groupsOfEach(stage));
    }

    /**
     * {@return how many micro-batches a stage has of a step}
     *
     * @param stage of any replica
     * @param microbatches of the step
     */
    public int present(int stage, int microbatches) {
        return counts.of(stage) == 1
                ? microbatches
                : present(turn(stage) * groupsOfEach(stage), groupsOfEach(stage), microbatches);
    }

    private int present(int firstGroup, int some, int microbatches) {
        return IntStream.range(firstGroup, firstGroup + some)
                .map(group -> groups.size(group, microbatches))
                .sum();
    }

    /**
     * {@return the order in which the micro-batches of a step are begun, so that all replicas have something to do: one of each
     * part, again and again; there are so many parts that each replica of every stage has whole ones}
     *
     * @param microbatches of the step
     */
    public List<Integer> inTurn(int microbatches) {
        int parts = counts.ofStage().stream().reduce(1, Replicas::leastMultiple);
        int groupsOfEach = groups.count() / parts;
        List<Integer> order = new ArrayList<>();
        for (int round = 0; order.size() < microbatches; round++) {
            for (int part = 0; part < parts; part++) {
                int first = part * groupsOfEach;
                if (parts == 1 || round < present(first, groupsOfEach, microbatches)) {
                    order.add((parts == 1 ? 0 : groups.first(first)) + round);
                }
            }
        }
        return order;
    }

    private static int leastMultiple(int a, int b) {
        int divisor = a;
        for (int rest = b; rest > 0; ) {
            int next = divisor % rest;
            divisor = rest;
            rest = next;
        }
        return a / divisor * b;
    }

    /**
     * {@return a stage's micro-batches by themselves, counted from 0, in its groups}
     *
     * @param stage of any replica
     */
    public GradientGroups share(int stage) {
        return counts.of(stage) == 1
                ? groups
                : new GradientGroups(groupsOfEach(stage), present(stage, groups.microbatches()));
    }

    /**
     * {@return the plans of all replicas of a whole pipeline as one}
     *
     * @param placement of all replicas' stages
     * @param ofEach the plan of each, its micro-batches counted from 0
     */
    public SchedulePlan together(Placement placement, List<SchedulePlan> ofEach) {
        List<List<Action>> ranks = new ArrayList<>();
        for (int i = 0; i < ofEach.size(); i++) {
            int begin = i * counts.stages();
            ofEach.get(i)
                    .ranks()
                    .forEach(list -> ranks.add(
                            list.stream().map(action -> of(begin, action)).toList()));
        }
        return new SchedulePlan(placement, ranks);
    }

    private Action of(int begin, Action action) {
        int microbatch = action.ofBatch() ? 0 : first(begin) + action.microbatch();
        return new Action(begin + action.stage(), action.kind(), microbatch);
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
