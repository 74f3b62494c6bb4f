package io.ketju.actors.message;

import java.util.List;
import java.util.stream.Collectors;

/** Why a run failed, as a value: what happened is told apart by type, not by reading {@link #line}. */
public sealed interface RunFailure {
    /** {@return one line for people: what, where, why} */
    String line();

    /** {@return whether nothing of the job itself is known to be wrong: the same run, resumed as it is, may well succeed} */
    boolean resumable();

    /**
     * Whether the run may go on by itself: another start, over whatever workers there are, can succeed although nobody has
     * mended anything. Less than {@link #resumable}: a full disk stays full.
     *
     * @return false unless a kind of failure says otherwise
     */
    default boolean recoverable() {
        return false;
    }

    /** What a stage says when it cannot go on. */
    sealed interface OfStage extends RunFailure {
        /** {@return index of the stage, from 0} */
        int stage();

        /** {@return the optimizer step that it was at; 0: none yet, or not known} */
        long step();

        /** {@return why, without the place} */
        String cause();
    }

    /**
     * A worker is gone, or no way leads to it any more.
     *
     * @param address where it was reached: {@code host:port}
     * @param stages what it held
     * @param completedSteps steps that all stages had taken by then
     */
    record WorkerLost(String address, List<Integer> stages, long completedSteps) implements RunFailure {
        /** Copies the list. */
        public WorkerLost {
            stages = List.copyOf(stages);
        }

        /** {@code worker 127.0.0.1:43571 with stage 1 was lost after step 37}. */
        @Override
        public String line() {
            return line("worker " + address, "was lost");
        }

        /**
         * The same line about a worker that is called otherwise and whose fate is known better.
         *
         * @param name what people call it
         * @param fate the verb: {@code was killed}
         * @return {@code NAME with stage 1 FATE after step 37}
         */
        public String line(String name, String fate) {
            String held = stages.stream().map(String::valueOf).collect(Collectors.joining(", "));
            String when = completedSteps == 0 ? "before the first step" : "after step " + completedSteps;
            return name + " with " + (stages.size() == 1 ? "stage " : "stages ") + held + " " + fate + " " + when;
        }

        @Override
        public boolean resumable() {
            return true;
        }

        @Override
        public boolean recoverable() {
            return true;
        }
    }

    /**
     * A worker did not place or connect its stages.
     *
     * @param worker what people call it
     * @param refusal what it said; its reason tells whether the run may go on
     */
    record WorkerRefused(String worker, Refusal refusal) implements RunFailure {
        @Override
        public String line() {
            return worker + ": " + refusal.cause();
        }

        @Override
        public boolean resumable() {
            return refusal.reason().resumable();
        }

        @Override
        public boolean recoverable() {
            return resumable();
        }
    }

    /**
     * What a stage computed threw: a layer, a loss, an optimizer, or the stage itself.
     *
     * @param stage index of the stage, from 0
     * @param step that it was at; 0: none yet
     * @param cause which action, and what was thrown
     */
    record StageFailed(int stage, long step, String cause) implements OfStage {
        @Override
        public String line() {
            return at(stage, step) + cause;
        }

        @Override
        public boolean resumable() {
            return false;
        }
    }

    /**
     * A stage's part of a checkpoint could not be written.
     *
     * @param stage index of the stage, from 0
     * @param step of the checkpoint: optimizer steps taken
     * @param cause which folder, and why
     */
    record ShardNotWritten(int stage, long step, String cause) implements OfStage {
        @Override
        public String line() {
            return at(stage, step) + "checkpoint failed: " + cause;
        }

        @Override
        public boolean resumable() {
            return true;
        }
    }

    /**
     * A stage's actor ended of an error that it could not report; where it stood is not known.
     *
     * @param stage the first of its rank, which stands for all
     */
    record StageDied(int stage) implements OfStage {
        @Override
        public long step() {
            return 0;
        }

        @Override
        public String cause() {
            return "its actor died; the log says why";
        }

        @Override
        public String line() {
            return at(stage, step()) + cause();
        }

        @Override
        public boolean resumable() {
            return false;
        }
    }

    /**
     * A NaN or an infinity was met.
     *
     * @param found the whole line: when and where it began, as far as that is known
     */
    record NotFinite(String found) implements RunFailure {
        @Override
        public String line() {
            return found;
        }

        @Override
        public boolean resumable() {
            return false;
        }
    }

    /**
     * A data set threw, or gave what it may not.
     *
     * @param cause what is wrong with it, or what it threw
     */
    record BadData(String cause) implements RunFailure {
        @Override
        public String line() {
            return "batch feeder: " + cause;
        }

        @Override
        public boolean resumable() {
            return false;
        }
    }

    /**
     * The batch feeder found no way to its stages.
     *
     * @param cause what the way was refused with, or broke of
     */
    record FeederUnconnected(String cause) implements RunFailure {
        @Override
        public String line() {
            return "batch feeder: no way to the stages: " + cause;
        }

        @Override
        public boolean resumable() {
            return true;
        }

        @Override
        public boolean recoverable() {
            return true;
        }
    }

    /**
     * A stage's connection to the batch feeder broke.
     *
     * @param step that the stage was at; 0: none yet
     * @param cause why, without the place
     */
    record FeederLost(long step, String cause) implements RunFailure {
        @Override
        public String line() {
            return "the batch feeder was lost in step " + step + ": " + cause;
        }

        @Override
        public boolean resumable() {
            return true;
        }

        @Override
        public boolean recoverable() {
            return true;
        }
    }

    /**
     * All shards were written, but not the manifest over them.
     *
     * @param cause the whole line, with step and folder
     */
    record ManifestNotWritten(String cause) implements RunFailure {
        @Override
        public String line() {
            return cause;
        }

        @Override
        public boolean resumable() {
            return true;
        }
    }

    /**
     * Nobody reported anything for too long.
     *
     * @param seconds that may go by without a report
     * @param waitsFor whose reports are missing
     */
    record Stalled(long seconds, String waitsFor) implements RunFailure {
        @Override
        public String line() {
            return "no progress for " + seconds + " s: " + waitsFor;
        }

        @Override
        public boolean resumable() {
            return true;
        }
    }

    /**
     * A listener, or the coordinator itself, threw.
     *
     * @param cause the whole line, which says on what
     */
    record CoordinatorFailed(String cause) implements RunFailure {
        @Override
        public String line() {
            return cause;
        }

        @Override
        public boolean resumable() {
            return false;
        }
    }

    /**
     * One of the run's own actors ended of an error that it could not report.
     *
     * @param actor as people call it: {@code the batch feeder}
     */
    record ActorEnded(String actor) implements RunFailure {
        @Override
        public String line() {
            return actor + " ended unexpectedly; the log says why";
        }

        @Override
        public boolean resumable() {
            return false;
        }
    }

    /**
     * The run was ended from outside, without a checkpoint.
     *
     * @param reason the whole line
     */
    record Aborted(String reason) implements RunFailure {
        @Override
        public String line() {
            return reason;
        }

        @Override
        public boolean resumable() {
            return true;
        }
    }

    private static String at(int stage, long step) {
        return "stage " + stage + ", step " + step + ": ";
    }
}
