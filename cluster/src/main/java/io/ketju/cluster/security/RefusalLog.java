package io.ketju.cluster.security;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says that connections were refused, from where and why: a few lines a minute, however many there are. Thread-safe. */
final class RefusalLog {
    /** Lines within {@link #SPAN}. */
    static final int LINES = 10;

    static final Duration SPAN = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final int LONGEST = 200;

    private final Consumer<String> log;
    private final LongSupplier nanoTime;
    private long begin;
    private int lines;
    private long unsaid;

    /** Writes to the node's log. */
    RefusalLog() {
        this(LOG::warn, System::nanoTime);
    }

    /**
     * @param log takes a line
     * @param nanoTime as {@link System#nanoTime()}
     */
    RefusalLog(Consumer<String> log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
        this.begin = nanoTime.getAsLong();
    }

    /** One connection was refused. */
    synchronized void refused(String from, String why) {
        long now = nanoTime.getAsLong();
        if (now - begin >= SPAN.toNanos()) {
            if (unsaid > 0) {
                log.accept("control port: refused " + unsaid + " more connections in the minute before");
            }
            begin = now;
            lines = 0;
            unsaid = 0;
        }
        if (lines < LINES) {
            lines++;
            log.accept("control port: refused a connection from " + from + ": " + printable(why));
        } else {
            unsaid++;
        }
    }

    /** Reasons may hold what a stranger has sent. */
    private static String printable(String why) {
        String plain = why.replaceAll("\\p{Cntrl}+", " ");
        return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST) + "...";
    }
}
