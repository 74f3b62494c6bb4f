package io.ketju.tensor.core;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says, once per JVM, that the scalar kernels compute because the vector kernels cannot: nothing else would tell it but
 * the time that a run takes.
 */
final class ScalarFallback {
    private static final Logger LOG = LoggerFactory.getLogger(ScalarFallback.class);

    private static final AtomicBoolean SAID = new AtomicBoolean();

    private ScalarFallback() {}

    /** Warns the log, or standard error where the log takes no warnings: without an SLF4J provider it takes none. */
    static void announce(String obstacle) {
        if (SAID.getAndSet(true)) {
            return;
        }
        String line = "Ketju computes with its scalar kernels, slowly but with the same bits: " + obstacle;
        if (LOG.isWarnEnabled()) {
            LOG.warn(line);
        } else {
            System.err.println(line);
        }
    }
}
