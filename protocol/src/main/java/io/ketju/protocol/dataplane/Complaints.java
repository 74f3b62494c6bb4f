package io.ketju.protocol.dataplane;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Lines about connections that are refused, at most one of a kind per second: whoever floods the port fills no disk. The
 * first one is written at once; what comes within the second after it is counted, and told with the last of them at its end.
 * Thread-safe.
 */
final class Complaints {
    private final Consumer<String> log;
    private final Consumer<Runnable> aSecondLater;
    private final Map<Object, Kept> kept = new HashMap<>();

    private record Kept(int count, String last) {}

    /**
     * @param log takes a line
     * @param aSecondLater runs what it is given a second later, on any thread
     */
    Complaints(Consumer<String> log, Consumer<Runnable> aSecondLater) {
        this.log = log;
        this.aSecondLater = aSecondLater;
    }

    /** Writes the line, or keeps it because one of its kind was written less than a second ago. */
    void about(Object kind, String line) {
        synchronized (this) {
            Kept before = kept.get(kind);
            if (before != null) {
                kept.put(kind, new Kept(before.count() + 1, line));
                return;
            }
            kept.put(kind, new Kept(0, ""));
        }
        log.accept(line);
        aSecondLater.accept(() -> tell(kind));
    }

    private void tell(Object kind) {
        Kept now;
        synchronized (this) {
            now = kept.remove(kind);
            if (now == null || now.count() == 0) {
                return;
            }
            kept.put(kind, new Kept(0, ""));
        }
        log.accept(now.count() == 1 ? now.last() : now.count() + " more like it in a second, the last: " + now.last());
        aSecondLater.accept(() -> tell(kind));
    }
}
