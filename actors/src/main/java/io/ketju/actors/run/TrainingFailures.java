package io.ketju.actors.run;

import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.WorkerLostException;
import io.ketju.actors.message.RunFailure;
import java.util.Optional;

/** A run's failure as the exception that its caller gets. */
final class TrainingFailures {
    private TrainingFailures() {}

    /**
     * @param thrown what was thrown in this JVM and made the run fail
     * @param launched what processes that were started here are called, and how they ended
     */
    static TrainingFailedException of(RunFailure failure, Optional<Throwable> thrown, LaunchedWorkers launched) {
        return failure instanceof RunFailure.WorkerLost lost
                ? new WorkerLostException(launched.line(lost))
                : new TrainingFailedException(failure.line(), thrown.orElse(null), failure.resumable());
    }
}
