package io.ketju.actors.message;

import io.ketju.pipeline.schedule.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which worker runs which rank, and so which stage.
 *
 * @param placement which rank runs which stage
 * @param workerOfRank the worker of every rank, in any order; workers count from 0
 */
public record Assignment(Placement placement, List<Integer> workerOfRank) {
    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException unless there is one worker for each rank
     */
    public Assignment {
        workerOfRank = List.copyOf(workerOfRank);
        if (workerOfRank.size() != placement.ranks()) {
            throw new IllegalArgumentException(
                    "expected a worker for each of " + placement.ranks() + " ranks, found " + workerOfRank);
        }
    }

    /**
     * Neighbours together, as even as possible.
     *
     * @param placement which rank runs which stage
     * @param workers that there are, at least 1; of more than there are ranks, the last get none
     * @return ranks ascending over the workers
     */
    public static Assignment contiguous(Placement placement, int workers) {
        int ranks = placement.ranks();
        int used = Math.min(ranks, workers);
        List<Integer> result = new ArrayList<>();
        for (int rank = 0; rank < ranks; rank++) {
            result.add((int) ((long) rank * used / ranks));
        }
        return new Assignment(placement, result);
    }

    /** {@return one more than the highest worker that runs a rank} */
    public int workers() {
        return workerOfRank.stream().mapToInt(Integer::intValue).max().orElseThrow() + 1;
    }

    /**
     * The worker that runs a stage.
     *
     * @param stage index of the stage, from 0
     * @return index of the worker, from 0
     */
    public int workerOf(int stage) {
        return workerOfRank.get(placement.rankOf(stage));
    }

    /**
     * The ranks of one worker.
     *
     * @param worker index of the worker, from 0
     * @return ascending; none where it has no part
     */
    public List<Integer> ranksOf(int worker) {
        return IntStream.range(0, workerOfRank.size())
                .filter(rank -> workerOfRank.get(rank) == worker)
                .boxed()
                .toList();
    }

    /**
     * The stages of one worker, by all its ranks.
     *
     * @param worker index of the worker, from 0
     * @return ascending; none where it has no part
     */
    public List<Integer> stagesOf(int worker) {
        return IntStream.range(0, placement.stages())
                .filter(stage -> workerOf(stage) == worker)
                .boxed()
                .toList();
    }
}
