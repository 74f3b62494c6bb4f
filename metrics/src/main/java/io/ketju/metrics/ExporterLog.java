package io.ketju.metrics;

import io.ketju.tensor.Excerpt;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/** What OpenTelemetry's SDK says, which it says to the JDK's log, and that to the terminal: it goes to the log of everything else. */
final class ExporterLog extends Handler {
    /** Kept, as the JDK forgets loggers that nobody holds, with their handlers. */
    private static final Logger SOURCE = Logger.getLogger("io.opentelemetry");

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(ExporterLog.class);

    private volatile Optional<String> first = Optional.empty();
    private final SimpleFormatter formatter = new SimpleFormatter();

    static ExporterLog open() {
        ExporterLog log = new ExporterLog();
        SOURCE.setUseParentHandlers(false);
        SOURCE.addHandler(log);
        return log;
    }

    /** The first warning, in one line. */
    Optional<String> problem() {
        return first;
    }

    @Override
    public void publish(LogRecord entry) {
        if (entry.getLevel().intValue() < Level.WARNING.intValue()) {
            return;
        }
        String message = formatter.formatMessage(entry);
        synchronized (this) {
            if (first.isEmpty()) {
                first = Optional.of(Excerpt.escaped(message));
            }
        }
        LOG.warn("{}", message, entry.getThrown());
    }

    @Override
    public void flush() {
        // Nothing waits here.
    }

    @Override
    public void close() {
        SOURCE.removeHandler(this);
        SOURCE.setUseParentHandlers(true);
    }
}
