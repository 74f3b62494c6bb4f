package io.ketju.actors.piece;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Pieces between the thread that brings them and the one that takes them. No larger than the buffers of the ways that lead here:
 * without a buffer nothing is brought. Keeps the leases until they are taken, so that none is lost with a taker. Thread-safe.
 */
public final class PieceQueue {
    private final Deque<PieceNews> news = new ArrayDeque<>();
    private Runnable listener = () -> {};
    private boolean ended;

    /** An empty one that nobody listens to. */
    public PieceQueue() {}

    /**
     * Has somebody told of the news, those included that are here already.
     *
     * @param told called once for each of them, on the thread that brings it; returns at once
     */
    public void onNews(Runnable told) {
        int waiting;
        synchronized (this) {
            listener = told;
            waiting = news.size();
        }
        for (int i = 0; i < waiting; i++) {
            told.run();
        }
    }

    /**
     * Something has come.
     *
     * @param one its lease is the queue's until it is polled; after the end it is closed at once
     */
    public void add(PieceNews one) {
        Runnable told = null;
        synchronized (this) {
            if (!ended) {
                news.add(one);
                notifyAll();
                told = listener;
            }
        }
        if (told != null) {
            told.run();
        } else {
            close(one);
        }
    }

    /** {@return the oldest that nobody has taken, with its lease; null if there is none} */
    public synchronized @Nullable PieceNews poll() {
        return news.poll();
    }

    /**
     * {@return the oldest that nobody has taken, with its lease, as soon as there is one; null if none comes in time} Where nobody
     * listens, one thread may wait.
     *
     * @param longest that it waits
     * @throws InterruptedException if it is ended meanwhile
     */
    public synchronized @Nullable PieceNews poll(Duration longest) throws InterruptedException {
        long begun = System.nanoTime();
        long left = longest.toNanos();
        while (news.isEmpty() && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = longest.toNanos() - (System.nanoTime() - begun);
        }
        return news.poll();
    }

    /** Nobody takes anything any more: closes the leases of what is here. */
    public void end() {
        Deque<PieceNews> left;
        synchronized (this) {
            ended = true;
            left = new ArrayDeque<>(news);
            news.clear();
        }
        left.forEach(PieceQueue::close);
    }

    private static void close(PieceNews one) {
        if (one instanceof PieceNews.Arrived arrived) {
            arrived.lease().close();
        }
    }
}
