package io.ketju.actors.checkpoint;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.data.file.FileErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What somebody sees of a run who stands by and does not hold it.
 *
 * @param incarnation how often the run was started; 0: not yet
 * @param held whether a process that lives, or stands still, holds the run
 * @param address where that process is reached, or was while it lived; empty: not known
 * @param end how that process left the run; empty: it has not, or had no time to say so
 */
public record RunSight(int incarnation, boolean held, Optional<String> address, Optional<DriverNote.End> end) {
    /**
     * Looks at a run.
     *
     * @param run its folder
     * @return empty if there is no run in the folder
     * @throws InvalidJobException if it cannot be looked at
     */
    public static Optional<RunSight> of(Path run) {
        if (!Files.isRegularFile(run.resolve(RunDirectory.JOB))) {
            return Optional.empty();
        }
        try {
            return Optional.of(RunLock.look(run, (held, text) -> inside(run, held, text)));
        } catch (NoSuchFileException e) {
            return Optional.empty(); // it was removed while it was looked at
        } catch (IOException e) {
            throw new InvalidJobException(run + ": the run cannot be watched: " + FileErrors.reason(e), e);
        }
    }

    /** The same for somebody who is behind the gate. */
    static RunSight inside(Path run, boolean held, LockText text) throws IOException {
        Incarnation incarnation = Incarnation.ofRun(run);
        int starts = incarnation.exists() ? incarnation.read() : 0;
        Optional<DriverNote> note = DriverNote.of(run);
        return new RunSight(
                starts,
                held,
                note.filter(of -> of.holder().equals(text.line().strip())).map(DriverNote::address),
                note.filter(of -> of.start() == starts).flatMap(DriverNote::end));
    }
}
