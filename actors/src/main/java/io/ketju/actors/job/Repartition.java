package io.ketju.actors.job;

import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.partition.Partitioner;
import io.ketju.tensor.Excerpt;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a run is to go on with in place of the stages that it has: layers move between stages, or stages between workers, with all that
 * they have learnt, at a step boundary. The text of each reads back to an equal one.
 */
public sealed interface Repartition {
    /** Another cut of the model. */
    sealed interface Cut extends Repartition {
        /**
         * The job of the run, with this cut.
         *
         * @param job as it is cut now
         * @return with another pipeline, and the same numbers
         * @throws InvalidJobException with one line if a run cannot take it
         */
        TrainingJob of(TrainingJob job);
    }

    /**
     * Cuts by hand.
     *
     * @param bounds index of the first layer of every stage, then the number of layers
     */
    record StageBounds(List<Integer> bounds) implements Cut {
        /** Copies the list. */
        public StageBounds {
            bounds = List.copyOf(bounds);
        }

        @Override
        public TrainingJob of(TrainingJob job) {
            return Recut.of(job, model -> JobChecks.partition(model, bounds));
        }

        @Override
        public String toString() {
            return "stage-bounds " + bounds;
        }
    }

    /**
     * So many stages of balanced cost.
     *
     * @param count stages of one pipeline, at least 1
     */
    record Stages(int count) implements Cut {
        @Override
        public TrainingJob of(TrainingJob job) {
            return Recut.of(job, model -> Partitioner.balanced(model, count));
        }

        @Override
        public String toString() {
            return "stages " + count;
        }
    }

    /**
     * So many workers more, or fewer. The cut stays as it is, unless there are more workers than ranks: then the model is cut into a stage
     * for each.
     *
     * @param change not 0
     */
    record Workers(int change) implements Repartition {
        /**
         * A change of any size but none.
         *
         * @throws InvalidJobException for 0
         */
        public Workers {
            if (change == 0) {
                throw new InvalidJobException("repartition: expected a change of workers such as +1 or -1, found 0");
            }
        }

        @Override
        public String toString() {
            return "workers " + (change > 0 ? "+" : "") + change;
        }
    }

    /**
     * Cuts by hand.
     *
     * @param bounds index of the first layer of every stage, then the number of layers
     * @return checked when a job takes it: {@link Cut#of}
     */
    static Cut stageBounds(List<Integer> bounds) {
        return new StageBounds(bounds);
    }

    /**
     * The cuts of a partition.
     *
     * @param partition of the same model
     * @return with its bounds
     */
    static Cut at(Partition partition) {
        return new StageBounds(partition.bounds());
    }

    /**
     * So many stages of balanced cost.
     *
     * @param count stages of one pipeline, at least 1
     * @return checked when a job takes it: {@link Cut#of}
     */
    static Cut stages(int count) {
        return new Stages(count);
    }

    /**
     * So many workers more, or fewer.
     *
     * @param change above 0: more; below 0: fewer
     * @return for a run over a cluster
     * @throws InvalidJobException for 0
     */
    static Repartition workers(int change) {
        return new Workers(change);
    }

    /**
     * Reads what {@code toString} writes.
     *
     * @param text {@code stages 3}, {@code stage-bounds [0, 2, 5]} or {@code workers +1}
     * @return an equal one
     * @throws InvalidJobException for anything else
     */
    static Repartition parse(String text) {
        String stripped = text.strip();
        Matcher bounds = Texts.BOUNDS.matcher(stripped);
        if (bounds.matches()) {
            return new StageBounds(Arrays.stream(bounds.group(1).split(",", -1))
                    .map(number -> Integer.valueOf(number.strip()))
                    .toList());
        }
        Matcher one = Texts.ONE.matcher(stripped);
        if (one.matches()) {
            int number = Integer.parseInt(one.group(2));
            boolean workers = one.group(1).startsWith("workers");
            return workers ? new Workers(one.group(1).endsWith("-") ? -number : number) : new Stages(number);
        }
        throw new InvalidJobException(
                "repartition: expected 'stages 3', 'stage-bounds [0, 2, 5]' or 'workers +1', found '" + Excerpt.of(text)
                        + "'");
    }

    /** How they are written. */
    final class Texts {
        private static final String NUMBER = "\\d{1,9}";
        private static final Pattern ONE = Pattern.compile("(stages +|workers +[+-])(" + NUMBER + ")");
        private static final Pattern BOUNDS =
                Pattern.compile("stage-bounds +\\[ *(NUM(?: *, *NUM){0,9999}) *]".replace("NUM", NUMBER));

        private Texts() {}
    }
}
