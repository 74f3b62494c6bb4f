package io.ketju.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Server-sent events (WHATWG HTML, 9.2). Each stream has a thread that looks now and then what is new since it looked last, and writes
 * that: one that takes long to be written misses nothing, as the next then says more, and nobody else hears of it.
 */
final class EventStreams {
    /** Pages that may be open at once. */
    static final int MOST = 8;

    private static final long PACE_MILLIS = 250;

    /** Looks without news before a sign of life, by which it is noticed that a page was closed. */
    private static final int QUIET_LOOKS = 8;

    private final LiveRun run;
    private final AtomicInteger open = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);

    EventStreams(LiveRun run) {
        this.run = run;
    }

    /** Returns false if too many are open; otherwise {@link #leave} must follow. */
    boolean enter() {
        if (open.incrementAndGet() > MOST) {
            open.decrementAndGet();
            return false;
        }
        return true;
    }

    void leave() {
        open.decrementAndGet();
    }

    int open() {
        return open.get();
    }

    /** Writes until there is no more to come or nobody reads. */
    void write(OutputStream out) throws IOException {
        LiveRun.Seen seen = LiveRun.Seen.NOTHING;
        int quiet = 0;
        boolean more = true;
        while (more) {
            boolean last = closed.getCount() == 0;
            boolean ended = false;
            if (run.version() != seen.version()) {
                LiveRun.News news = run.since(seen);
                seen = news.seen();
                ended = news.ended();
                event(out, NewsJson.of(news));
                quiet = 0;
            } else if (++quiet % QUIET_LOOKS == 0) {
                out.write(":\n\n".getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
            more = !last && !ended && pause();
        }
    }

    /** Returns false if interrupted. Once closed, it returns at once: what is new by then is told. */
    private boolean pause() {
        try {
            closed.await(PACE_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void event(OutputStream out, String json) throws IOException {
        out.write(("data: " + json + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    void close() {
        closed.countDown();
    }
}
