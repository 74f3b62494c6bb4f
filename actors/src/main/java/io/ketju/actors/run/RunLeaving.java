package io.ketju.actors.run;

import io.ketju.actors.checkpoint.DriverNote;
import io.ketju.actors.message.RunFailure;
import java.util.Optional;

/** How a process leaves a run, for those who stand by. */
final class RunLeaving {
    private RunLeaving() {}

    static DriverNote.End of(OpenRun.RunEnd end) {
        Optional<RunFailure> failure = end.outcome().failure();
        if (failure.isPresent()) {
            String line =
                    failure.get().line() + end.note().map(more -> "; " + more).orElse("");
            return failure.get() instanceof RunFailure.Aborted
                    ? new DriverNote.End(DriverNote.Outcome.STOPPED, line)
                    : new DriverNote.End(DriverNote.Outcome.FAILED, line);
        }
        return end.outcome()
                .stopReason()
                .map(reason -> new DriverNote.End(DriverNote.Outcome.STOPPED, reason))
                .orElseGet(() -> new DriverNote.End(
                        DriverNote.Outcome.COMPLETE, "step " + end.outcome().completedSteps()));
    }

    static DriverNote.End of(RuntimeException failure) {
        return new DriverNote.End(DriverNote.Outcome.FAILED, String.valueOf(failure.getMessage()));
    }
}
