package io.ketju.cluster.security;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says that connections were refused, and why: a few lines a minute, however many there are. */
final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final int LINES = 10;
    private static final long SPAN = Duration.ofMinutes(1).toNanos();
    private static final int LONGEST = 200;

    private long begin = System.nanoTime();
    private int lines;
    private long unsaid;

    /** One connection was refused. */
    synchronized void refused(String why) {
        long now = System.nanoTime();
        if (now - begin >= SPAN) {
            if (unsaid > 0) {
                LOG.warn("control port: refused {} more connections in the minute before", unsaid);
            }
            begin = now;
            lines = 0;
            unsaid = 0;
        }
        if (lines < LINES) {
            lines++;
            LOG.warn("control port: refused a connection: {}", printable(why));
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
