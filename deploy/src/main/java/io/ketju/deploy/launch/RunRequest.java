package io.ketju.deploy.launch;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.data.file.FileErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Asks something of a run that another process of this machine directs, and waits for what it says. */
public final class RunRequest {
    /** A run that goes on looks several times a second. */
    private static final Duration UNTIL_TAKEN = Duration.ofSeconds(5);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private final Path run;
    private final Duration untilAnswered;

    /**
     * @param run the folder of the run
     * @param untilAnswered longest wait for the answer to what was taken
     */
    public RunRequest(Path run, Duration untilAnswered) {
        this.run = run;
        this.untilAnswered = untilAnswered;
    }

    /**
     * What the run says, one line. Throws {@link InvalidJobException} if nobody directs it, or it refuses; {@link
     * TrainingFailedException} if it took the request and says nothing in time.
     */
    public String ask(String text) {
        String name = "ketju-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());
        Path request = RequestFiles.request(run, name);
        Path answer = RequestFiles.answer(request);
        try {
            RequestFiles.write(request, text);
            if (!await(UNTIL_TAKEN, () -> !Files.exists(request)) && Files.deleteIfExists(request)) {
                throw new InvalidJobException(
                        run + ": expected a run that goes on, found none that answers: it has ended, or"
                                + " it is directed by a program that takes no requests");
            }
            if (!await(untilAnswered, () -> Files.exists(answer))) {
                throw new TrainingFailedException(
                        run + ": the run took the request and said nothing within " + untilAnswered.toSeconds() + " s");
            }
            String said = RequestFiles.read(answer);
            Files.deleteIfExists(answer);
            if (said.startsWith(RequestFiles.DONE)) {
                return said.substring(RequestFiles.DONE.length());
            }
            throw new InvalidJobException(
                    said.startsWith(RequestFiles.REFUSED) ? said.substring(RequestFiles.REFUSED.length()) : said);
        } catch (IOException e) {
            throw new InvalidJobException(run + ": cannot be asked: " + FileErrors.reason(e), e);
        }
    }

    private interface Sight {
        boolean seen();
    }

    private static boolean await(Duration patience, Sight wanted) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!wanted.seen()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
        return true;
    }
}
