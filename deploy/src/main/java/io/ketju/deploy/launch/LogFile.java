package io.ketju.deploy.launch;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.FileAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Warnings and errors of every library go to one file, never to the terminal. It is made when the first line is
 * written: most runs have none. Before a run has a folder the file is in the temporary folder.
 */
public final class LogFile {
    private static final String PATTERN = "%d{ISO8601} %-5level %logger{30} [%thread] %msg%n%ex";
    private static final String NAME = "ketju.log";

    private static @Nullable LazyFile appender;

    private LogFile() {}

    /** Logs to the temporary folder, under a name with this process's number. */
    public static synchronized void openTemporary() {
        open(Path.of(
                System.getProperty("java.io.tmpdir"),
                "ketju-" + ProcessHandle.current().pid() + ".log"));
    }

    /** Logs to {@code ketju.log} in a run's folder from now on. What was logged before moves there. */
    public static synchronized void moveTo(Path runDirectory) {
        Path before = path();
        close();
        Path now = runDirectory.resolve(NAME);
        try {
            if (before != null && Files.exists(before)) {
                Files.write(
                        now,
                        Files.readAllBytes(before),
                        java.nio.file.StandardOpenOption.CREATE,
                        java.nio.file.StandardOpenOption.APPEND);
                Files.delete(before);
            }
        } catch (IOException e) {
            // Both files stay readable where they are; the new one is used from now on.
            LoggerFactory.getLogger(LogFile.class).warn("earlier lines stay in {}", before, e);
        }
        open(now);
    }

    /** Logs what no code catches, and says where. */
    public static void catchUncaught() {
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) ->
                System.err.println("ketju: " + unexpected("thread " + thread.getName() + ": ", failure)));
    }

    /** Logs a failure with its cause, and gives its own message and where the rest is. */
    public static String logged(Exception failure) {
        LoggerFactory.getLogger(LogFile.class).error("{}", failure.getMessage(), failure);
        Path file = path();
        return failure.getMessage() + (file == null ? "" : "; details in " + file);
    }

    /** Logs a failure that is a fault of the program, and gives the one line to show for it. */
    public static String unexpected(String where, Throwable failure) {
        LoggerFactory.getLogger(LogFile.class).error("{}{}", where, failure.toString(), failure);
        Path file = path();
        String line = where + failure.toString().replaceAll("\\s*\\R\\s*", " ");
        return file == null ? line : line + "; details in " + file;
    }

    public static synchronized void close() {
        if (appender != null) {
            root().detachAppender(appender);
            appender.stop();
            appender = null;
        }
    }

    private static synchronized @Nullable Path path() {
        return appender == null ? null : appender.file;
    }

    private static void open(Path file) {
        close();
        LazyFile opened = new LazyFile(file);
        opened.setContext(root().getLoggerContext());
        opened.start();
        root().addAppender(opened);
        appender = opened;
    }

    private static Logger root() {
        return ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    /** A file appender that makes its file with the first line: most runs have none. */
    private static final class LazyFile extends AppenderBase<ILoggingEvent> {
        private final Path file;
        private @Nullable FileAppender<ILoggingEvent> target;

        LazyFile(Path file) {
            this.file = file;
        }

        @Override
        protected void append(ILoggingEvent event) {
            if (target == null) {
                target = openTarget();
            }
            target.doAppend(event);
        }

        private FileAppender<ILoggingEvent> openTarget() {
            PatternLayoutEncoder encoder = new PatternLayoutEncoder();
            encoder.setContext(getContext());
            encoder.setPattern(PATTERN);
            encoder.start();
            FileAppender<ILoggingEvent> opened = new FileAppender<>();
            opened.setContext(getContext());
            opened.setFile(file.toString());
            opened.setEncoder(encoder);
            opened.start();
            return opened;
        }

        @Override
        public void stop() {
            super.stop();
            if (target != null) {
                target.stop();
            }
        }
    }
}
