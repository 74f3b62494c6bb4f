package io.ketju.pipeline.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How many replicas each stage of a pipeline has, and how all of them are numbered: those of replica 0, which has every stage,
 * then those of replica 1 that there are, and so on. Where stages have as many each, stage s of replica r is
 * {@code r * stages + s}.
 *
 * @param ofStage by stage of the pipeline, at least 1 each
 */
public record ReplicaCounts(List<Integer> ofStage) {
    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if it is empty or a stage has no replica
     */
    public ReplicaCounts {
        ofStage = List.copyOf(ofStage);
        if (ofStage.stream().anyMatch(count -> count < 1)) {
            throw new IllegalArgumentException("expected at least 1 replica of every stage, found " + ofStage);
        }
    }

    /**
     * {@return as many of each stage}
     *
     * @param count of replicas, at least 1
     * @param stages of the pipeline, at least 1
     */
    public static ReplicaCounts alike(int count, int stages) {
        return new ReplicaCounts(
                IntStream.range(0, stages).mapToObj(stage -> count).toList());
    }

    /** {@return whether all stages have as many} */
    public boolean alike() {
        for (int count : ofStage) {
            if (count != ofStage.getFirst()) {
                return false;
            }
        }
        return true;
    }

    /** {@return whether any stage has several} */
    public boolean several() {
        return most() > 1;
    }

    /** {@return the number of the stage that has most; where they are {@link #alike}, of each} */
    public int most() {
        return ofStage.stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    /** {@return the number of stages of the pipeline} */
    public int stages() {
        return ofStage.size();
    }

    /** {@return the number of stages of all replicas together} */
    public int all() {
        return ofStage.stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * {@return how many replicas there are of a stage, itself among them}
     *
     * @param stage of any replica
     */
    public int of(int stage) {
        return ofStage.get(inPipeline(stage));
    }

    /**
     * {@return what a stage is in its pipeline, from 0}
     *
     * @param stage of any replica
     */
    public int inPipeline(int stage) {
        if (stage < stages() || alike()) {
            return stage % stages();
        }
        List<Integer> there = inReplica(replicaOf(stage));
        return there.get(stage - before(replicaOf(stage)));
    }

    /**
     * {@return which replica a stage is of, from 0}
     *
     * @param stage of any replica
     */
    public int replicaOf(int stage) {
        if (stage < stages() || alike()) {
            return stage / stages();
        }
        int replica = 1;
        while (stage >= before(replica + 1)) {
            replica++;
        }
        return replica;
    }

    /**
     * {@return the number of a replica of a stage}
     *
     * @param inPipeline what the stage is in its pipeline, from 0
     * @param replica from 0, less than the stage has
     */
    public int stage(int inPipeline, int replica) {
        return before(replica) + inReplica(replica).indexOf(inPipeline);
    }

    /**
     * {@return all replicas of a stage, itself among them, in their order}
     *
     * @param stage of any replica
     */
    public List<Integer> replicas(int stage) {
        int inPipeline = inPipeline(stage);
        return IntStream.range(0, ofStage.get(inPipeline))
                .mapToObj(replica -> stage(inPipeline, replica))
                .toList();
    }

    /**
     * {@return all stages of the replica that one is of, itself among them}
     *
     * @param stage of any replica
     */
    public List<Integer> besides(int stage) {
        int first = before(replicaOf(stage));
        int there = inReplica(replicaOf(stage)).size();
        return IntStream.range(first, first + there).boxed().toList();
    }

    /** Stages of the replicas before one. */
    private int before(int replica) {
        return ofStage.stream().mapToInt(count -> Math.min(count, replica)).sum();
    }

    /** The stages of the pipeline that a replica has. */
    private List<Integer> inReplica(int replica) {
        List<Integer> there = new ArrayList<>();
        for (int stage = 0; stage < stages(); stage++) {
            if (ofStage.get(stage) > replica) {
                there.add(stage);
            }
        }
        return there;
    }

    /**
     * The stages that a stage may get micro-batches from or give them to: those of its own replica where all stages have as
     * many, else any replica of the neighbour.
     *
     * @param stage of any replica
     * @param step 1 for those behind it, -1 for those before it
     * @return none where the pipeline ends there
     */
    public List<Integer> neighbours(int stage, int step) {
        int next = inPipeline(stage) + step;
        if (next < 0 || next >= stages()) {
            return List.of();
        }
        return alike() ? List.of(stage + step) : replicas(next);
    }

    /** As jobs say it: {@code 2}, or {@code 1, 2, 1}. */
    @Override
    public String toString() {
        return alike()
                ? Integer.toString(most())
                : ofStage.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
