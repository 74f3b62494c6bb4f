package io.ketju.deploy.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a run that goes on takes what other processes ask of it, by files in its folder ({@link RunRequest} asks). It looks
 * several times a second, on a thread of its own.
 */
public final class RequestDesk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RequestDesk.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private final Path run;
    private final Function<String, CompletionStage<String>> served;
    private final Thread thread =
            Thread.ofPlatform().name("ketju-requests").daemon().unstarted(this::watch);
    private volatile boolean closed;
    private boolean blind;

    private RequestDesk(Path run, Function<String, CompletionStage<String>> served) {
        this.run = run;
        this.served = served;
    }

    /**
     * Opens one.
     *
     * @param run the folder
     * @param served does what a text asks, and says in one line what came of it; what it throws, at once or later, is the refusal
     */
    public static RequestDesk open(Path run, Function<String, CompletionStage<String>> served) {
        RequestDesk desk = new RequestDesk(run, served);
        desk.clear();
        desk.thread.start();
        return desk;
    }

    /** What is there was for nobody, or for the run before: whoever waits is told. */
    private void clear() {
        try {
            RequestFiles.removeAnswers(run);
            for (Path request : RequestFiles.requests(run)) {
                if (Files.deleteIfExists(request)) {
                    say(RequestFiles.answer(request), RequestFiles.REFUSED + "the run begins only now; ask again");
                }
            }
        } catch (IOException e) {
            unseen(e);
        }
    }

    private void watch() {
        while (!closed) {
            look();
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    private void look() {
        try {
            for (Path request : RequestFiles.requests(run)) {
                serve(request);
            }
        } catch (IOException | RuntimeException e) {
            unseen(e);
        }
    }

    /** Said once: a folder that cannot be looked at will not be seen the next time either. */
    private void unseen(Exception e) {
        if (!blind) {
            blind = true;
            LOG.warn("{}: requests cannot be taken: {}", run, e.toString());
        }
    }

    private void serve(Path request) throws IOException {
        String text;
        try {
            text = RequestFiles.read(request);
        } catch (IOException e) {
            LOG.warn("not taken: {}", e.getMessage());
            Files.deleteIfExists(request);
            return;
        }
        if (!Files.deleteIfExists(request)) {
            return; // whoever asked does not wait any more
        }
        Path answer = RequestFiles.answer(request);
        CompletionStage<String> outcome;
        try {
            outcome = served.apply(text.strip());
        } catch (RuntimeException e) {
            outcome = CompletableFuture.failedFuture(e);
        }
        outcome.whenComplete((line, refused) -> {
            Throwable cause = refused == null || refused.getCause() == null ? refused : refused.getCause();
            say(answer, cause == null ? RequestFiles.DONE + line : RequestFiles.REFUSED + cause.getMessage());
        });
    }

    private static void say(Path answer, String line) {
        try {
            RequestFiles.write(answer, line);
        } catch (IOException e) {
            LOG.warn("{}: cannot be written: {}", answer, e.toString());
        }
    }

    /** Takes no more; what was taken is still answered. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
