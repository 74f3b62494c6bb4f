package io.ketju.actors.run;

import io.ketju.actors.checkpoint.DriverNote;
import io.ketju.actors.coordinator.RunCopies;
import io.ketju.actors.coordinator.RunOutcome;
import io.ketju.actors.coordinator.RunReporter;
import io.ketju.actors.coordinator.ScheduleSwitch;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.message.RunFailure;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * What a run keeps from its first start to its last.
 *
 * @param current its last start so far; {@code RunGuardian} alone puts another in its place
 * @param windows which ones a start has
 * @param site where its stages are held; the run owns it
 * @param schedules which of the job's schedules steps take
 * @param copies those in the memory of workers that a start after a failure can go back to
 * @param end completed when no further start follows
 */
record OpenRun(
        AtomicReference<RunStart> current,
        Function<RunSetup, RunWindows> windows,
        RunSite site,
        ScheduleSwitch schedules,
        RunCopies copies,
        List<TrainingListener> listeners,
        CompletableFuture<RunEnd> end) {
    OpenRun {
        listeners = List.copyOf(listeners);
    }

    /**
     * How a run ended, and who kept the books.
     *
     * @param setup of its last start
     * @param note what else is to be known of a failure
     */
    record RunEnd(RunOutcome outcome, RunReporter reporter, RunSetup setup, Optional<String> note) {}

    TrainingJob job() {
        return start().setup().job();
    }

    /** The last one so far. */
    RunStart start() {
        return Objects.requireNonNull(current.get());
    }

    /** Whether a start may follow one that failed. */
    boolean recovers() {
        return site.recovers() && start().windows().repeatable();
    }

    /** Whether stages of a worker that is about to go may be taken elsewhere: a start goes on where the one before has paused. */
    boolean handsOver() {
        return recovers() && start().windows().keepsCheckpoints();
    }

    /** The run has ended with an outcome. First those are told who stand by, who may see at any moment that this process has gone. */
    void ended(RunEnd how) {
        if (!end.isDone()) {
            tellStandbys(RunLeaving.of(how));
            end.complete(how);
        }
    }

    /** The run has ended with a failure that another process would meet as well. */
    void ended(RuntimeException failure) {
        if (!end.isDone()) {
            tellStandbys(RunLeaving.of(failure));
            end.completeExceptionally(failure);
        }
    }

    private void tellStandbys(DriverNote.End how) {
        site.address().ifPresent(address -> start().setup().tellStandbys(address, Optional.of(how)));
    }

    /** The run ended without an outcome, by something that befell this process alone. After an outcome this does nothing. */
    void failed(RunFailure failure) {
        end.completeExceptionally(TrainingFailures.of(failure, Optional.empty(), site));
    }

    /** The run was stopped when no start was under way: that is an end like any other. */
    void stoppedEarly(String reason, RunReporter reporter) {
        RunSetup setup = start().setup();
        ended(new RunEnd(
                new RunOutcome(Optional.empty(), Optional.of(reason), setup.completedSteps(), false, Optional.empty()),
                reporter,
                setup,
                Optional.empty()));
    }
}
