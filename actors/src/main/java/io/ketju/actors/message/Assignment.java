package io.ketju.actors.message;

import java.util.ArrayList;
import java.util.List;

/**
 * Which worker holds which stage: neighbours together, as even as possible.
 *
 * @param workerOfStage the worker of every stage, ascending
 */
public record Assignment(List<Integer> workerOfStage) {
    public Assignment {
        workerOfStage = List.copyOf(workerOfStage);
    }

    /** Spreads the stages over at most this many workers; with more workers than stages, some get none. */
    public static Assignment contiguous(int stages, int workers) {
        int used = Math.min(stages, workers);
        List<Integer> result = new ArrayList<>();
        for (int stage = 0; stage < stages; stage++) {
            result.add((int) ((long) stage * used / stages));
        }
        return new Assignment(result);
    }

    /** Number of workers that hold at least one stage. */
    public int workers() {
        return workerOfStage.getLast() + 1;
    }

    public int workerOf(int stage) {
        return workerOfStage.get(stage);
    }

    /** The stages of one worker, ascending. */
    public List<Integer> stagesOf(int worker) {
        List<Integer> result = new ArrayList<>();
        for (int stage = 0; stage < workerOfStage.size(); stage++) {
            if (workerOfStage.get(stage) == worker) {
                result.add(stage);
            }
        }
        return result;
    }
}
