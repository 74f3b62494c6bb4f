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
     * @param site says what is known of a lost worker
     */
    static TrainingFailedException of(RunFailure failure, Optional<Throwable> thrown, RunSite site) {
        return of(failure, thrown, site, Optional.empty());
    }

    /** @param note what else is to be said, behind the failure */
    static TrainingFailedException of(
            RunFailure failure, Optional<Throwable> thrown, RunSite site, Optional<String> note) {
        String more = note.map(text -> "; " + text).orElse("");
        return failure instanceof RunFailure.WorkerLost lost
                ? new WorkerLostException(site.describe(lost) + more)
                : new TrainingFailedException(failure.line() + more, thrown.orElse(null), failure.resumable());
    }
}
