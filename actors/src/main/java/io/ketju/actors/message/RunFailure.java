package io.ketju.actors.message;

import java.util.List;
import java.util.stream.Collectors;

/** Why a run failed, as a value: what happened is told apart by type, not by reading {@link #line}. */
public sealed interface RunFailure {
    /** One line for people: what, where, why. */
    String line();

    /**
     * Whether nothing of the job itself is known to be wrong: the same run, resumed as it is, may well succeed.
     */
    boolean resumable();

    /**
     * Whether the run may go on by itself: another start, over whatever workers there are, can succeed although nobody has
     * mended anything. Less than {@link #resumable}: a full disk stays full.
     */
    default boolean recoverable() {
        return false;
    }

    /** What a stage says when it cannot go on. */
    sealed interface OfStage extends RunFailure {
        int stage();

        long step();

        /** Why, without the place. */
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
        public WorkerLost {
            stages = List.copyOf(stages);
        }

        /** {@code worker 127.0.0.1:43571 with stage 1 was lost after step 37}. */
        @Override
        public String line() {
            return line("worker " + address, "was lost");
        }

        /** The same line about a worker that is called otherwise and whose fate is known better. */
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

    /** A worker did not place or connect its stages. {@code worker} is what people call it. */
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

    /** What a stage computed threw: a layer, a loss, an optimizer, or the stage itself. */
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

    /** A stage's part of a checkpoint could not be written. */
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

    /** A stage's actor ended of an error that it could not report; where it stood is not known. */
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

    /** A NaN or an infinity was met. {@code found} says where it began, as far as that is known. */
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

    /** A data set threw, or gave what it may not. */
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

    /** The batch feeder found no way to its stages. */
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

    /** A stage's connection to the batch feeder broke. */
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

    /** All shards were written, but not the manifest over them; {@code cause} names step and folder. */
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

    /** Nobody reported anything for too long. */
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

    /** A listener, or the coordinator itself, threw; {@code cause} says on what. */
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

    /** One of the run's own actors ended of an error that it could not report. */
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

    /** The run was ended from outside, without a checkpoint. */
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
