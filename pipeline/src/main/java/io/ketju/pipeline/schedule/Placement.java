package io.ketju.pipeline.schedule;

import io.ketju.tensor.Excerpt;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which rank runs which stage. A rank does one action at a time, in the order of its list; it has one stage or several.
 *
 * @param rankOfStage the rank of every stage; ranks count from 0, and each has a stage
 * @param counts replicas of each stage. Where all have as many, these are placed alike: each replica of the pipeline on ranks of
 *     its own, in the same way, one after the other. Where they have not, each stage has a rank of its own, in their order
 */
public record Placement(List<Integer> rankOfStage, ReplicaCounts counts) {
    /**
     * Of one pipeline.
     *
     * @param rankOfStage the rank of every stage; ranks count from 0, and each has a stage
     */
    public Placement(List<Integer> rankOfStage) {
        this(rankOfStage, ReplicaCounts.alike(1, rankOfStage.size()));
    }

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if some rank has no stage, or replicas are not placed alike
     */
    public Placement {
        rankOfStage = List.copyOf(rankOfStage);
        int ranks = (int) rankOfStage.stream().distinct().count();
        if (ranks == 0 || !new HashSet<>(rankOfStage).equals(new HashSet<>(range(ranks)))) {
            throw new IllegalArgumentException(
                    "placement: expected the rank of every stage, ranks counted from 0 without gaps, found "
                            + rankOfStage);
        }
        if (rankOfStage.size() != counts.all()) {
            throw new IllegalArgumentException("placement: expected the rank of each of " + counts.all() + " stages of "
                    + counts + " replicas, found " + rankOfStage);
        } else if (counts.alike()) {
            requireAlike(rankOfStage, counts.stages(), ranks);
        } else if (!rankOfStage.equals(range(counts.all()))) {
            throw new IllegalArgumentException("placement: expected a rank for each of " + counts.all() + " stages of "
                    + counts + " replicas, in their order, found " + rankOfStage);
        }
    }

    private static void requireAlike(List<Integer> rankOfStage, int pipeline, int ranks) {
        int stages = rankOfStage.size();
        int ofEach = ranks / (stages / pipeline);
        for (int stage = pipeline; stage < stages; stage++) {
            if (rankOfStage.get(stage) != rankOfStage.get(stage - pipeline) + ofEach) {
                throw new IllegalArgumentException("placement: expected replicas that are placed alike, each on "
                        + ofEach + " ranks of its own, found " + rankOfStage);
            }
        }
    }

    /**
     * {@return the same with so many pipelines in all; to be asked of the placement of one}
     *
     * @param count of pipelines, at least 1
     */
    public Placement replicated(int count) {
        List<Integer> all = new ArrayList<>();
        for (int replica = 0; replica < count; replica++) {
            int first = replica * ranks();
            rankOfStage.forEach(rank -> all.add(first + rank));
        }
        return new Placement(all, ReplicaCounts.alike(count, stages()));
    }

    /**
     * {@return the same with so many replicas of each stage in all; to be asked of the placement of one pipeline}
     *
     * @param of each of its stages
     * @throws IllegalArgumentException if that cannot be, in one line
     */
    public Placement replicated(ReplicaCounts of) {
        if (of.stages() != stages()) {
            throw new IllegalArgumentException(
                    "expected a number of replicas for each of " + stages() + " stages, or one for all, found " + of);
        }
        if (of.alike()) {
            return replicated(of.most());
        } else if (!rankOfStage.equals(range(stages()))) {
            throw new IllegalArgumentException("expected a rank for each stage where stages have different numbers of"
                    + " replicas, as 1F1B, GPipe and ZB1P have, found stages on ranks " + Excerpt.of(rankOfStage)
                    + "; others take as many of every stage");
        }
        return new Placement(range(of.all()), of);
    }

    /** {@return the placement of the first pipeline alone} */
    public Placement ofOne() {
        return new Placement(rankOfStage.subList(0, pipeline()));
    }

    /** {@return the number of stages of one pipeline} */
    public int pipeline() {
        return counts.stages();
    }

    /**
     * {@return a rank for each stage}
     *
     * @param stages at least 1
     */
    public static Placement oneEach(int stages) {
        return new Placement(range(stages));
    }

    /**
     * {@return stages that go round the ranks, again and again: 0 1 2 0 1 2}
     *
     * @param ranks at least 1
     * @param chunks stages of each rank, at least 1
     */
    public static Placement looped(int ranks, int chunks) {
        List<Integer> rankOfStage = new ArrayList<>();
        for (int chunk = 0; chunk < chunks; chunk++) {
            rankOfStage.addAll(range(ranks));
        }
        return new Placement(rankOfStage);
    }

    /**
     * {@return two stages for each rank, there and back: 0 1 2 2 1 0; the first rank has the model's start and its end}
     *
     * @param ranks at least 1
     */
    public static Placement vee(int ranks) {
        List<Integer> rankOfStage = new ArrayList<>(range(ranks));
        rankOfStage.addAll(range(ranks).reversed());
        return new Placement(rankOfStage);
    }

    /**
     * {@return so many stages round the ranks}
     *
     * @param stages in all
     * @param chunks stages of each rank
     * @throws IllegalArgumentException if some ranks would have more than others
     */
    public static Placement loopedOver(int stages, int chunks) {
        if (stages % chunks != 0) {
            throw new IllegalArgumentException(
                    "expected a multiple of " + chunks + " stages, " + chunks + " for each rank, found " + stages);
        }
        return looped(stages / chunks, chunks);
    }

    /**
     * {@return so many stages there and back, two for each rank}
     *
     * @param stages in all
     * @throws IllegalArgumentException if one would be alone
     */
    public static Placement veeOver(int stages) {
        if (stages % 2 != 0) {
            throw new IllegalArgumentException("expected an even number of stages, 2 for each rank, found " + stages);
        }
        return vee(stages / 2);
    }

    /**
     * Checks that it is the placement that a schedule is made for.
     *
     * @param expected the one that it is made for
     * @throws IllegalArgumentException if it is another
     */
    public void requireBe(Placement expected) {
        if (!equals(expected)) {
            throw new IllegalArgumentException("expected the stages on ranks " + Excerpt.of(expected.rankOfStage)
                    + ", found " + Excerpt.of(rankOfStage) + "; GPipe takes any");
        }
    }

    /** {@return the number of stages, of all pipelines} */
    public int stages() {
        return rankOfStage.size();
    }

    /** {@return the number of ranks, of all pipelines} */
    public int ranks() {
        return rankOfStage.stream().mapToInt(Integer::intValue).max().orElseThrow() + 1;
    }

    /**
     * {@return the rank that has a stage}
     *
     * @param stage from 0
     */
    public int rankOf(int stage) {
        return rankOfStage.get(stage);
    }

    /**
     * {@return the stages of one rank, ascending}
     *
     * @param rank from 0
     */
    public List<Integer> stagesOf(int rank) {
        return IntStream.range(0, stages())
                .filter(stage -> rankOfStage.get(stage) == rank)
                .boxed()
                .toList();
    }

    /** {@return how many stages the rank has that has most} */
    public int mostOnOneRank() {
        return IntStream.range(0, ranks())
                .map(rank -> stagesOf(rank).size())
                .max()
                .orElseThrow();
    }

    /** {@return whether each rank has one stage only} */
    public boolean isOneEach() {
        return ranks() == stages();
    }

    private static List<Integer> range(int end) {
        return IntStream.range(0, end).boxed().toList();
    }
}
