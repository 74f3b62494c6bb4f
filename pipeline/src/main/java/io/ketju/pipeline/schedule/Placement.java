package io.ketju.pipeline.schedule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which rank runs which stage. A rank does one action at a time, in the order of its list; it has one stage or several.
 *
 * @param rankOfStage the rank of every stage; ranks count from 0, and each has a stage
 */
public record Placement(List<Integer> rankOfStage) {
    public Placement {
        rankOfStage = List.copyOf(rankOfStage);
        int ranks = (int) rankOfStage.stream().distinct().count();
        if (ranks == 0 || !new HashSet<>(rankOfStage).equals(new HashSet<>(range(ranks)))) {
            throw new IllegalArgumentException(
                    "placement: expected the rank of every stage, ranks counted from 0 without gaps, found "
                            + rankOfStage);
        }
    }

    /** A rank for each stage. */
    public static Placement oneEach(int stages) {
        return new Placement(range(stages));
    }

    /** Stages go round the ranks, {@code chunks} times: 0 1 2 0 1 2. */
    public static Placement looped(int ranks, int chunks) {
        List<Integer> rankOfStage = new ArrayList<>();
        for (int chunk = 0; chunk < chunks; chunk++) {
            rankOfStage.addAll(range(ranks));
        }
        return new Placement(rankOfStage);
    }

    /** Two stages for each rank, there and back: 0 1 2 2 1 0. The first rank has the model's start and its end. */
    public static Placement vee(int ranks) {
        List<Integer> rankOfStage = new ArrayList<>(range(ranks));
        rankOfStage.addAll(range(ranks).reversed());
        return new Placement(rankOfStage);
    }

    public int stages() {
        return rankOfStage.size();
    }

    public int ranks() {
        return rankOfStage.stream().mapToInt(Integer::intValue).max().orElseThrow() + 1;
    }

    public int rankOf(int stage) {
        return rankOfStage.get(stage);
    }

    /** The stages of one rank, ascending. */
    public List<Integer> stagesOf(int rank) {
        return IntStream.range(0, stages())
                .filter(stage -> rankOfStage.get(stage) == rank)
                .boxed()
                .toList();
    }

    /** Whether each rank has one stage only. */
    public boolean isOneEach() {
        return ranks() == stages();
    }

    private static List<Integer> range(int end) {
        return IntStream.range(0, end).boxed().toList();
    }
}
