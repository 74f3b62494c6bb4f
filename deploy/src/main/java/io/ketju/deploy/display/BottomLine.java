package io.ketju.deploy.display;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import me.tongfei.progressbar.ProgressBarConsumer;

/**
 * The last line of a terminal, rewritten in place, with lines printed above it. The bar is drawn from its own thread and
 * lines come from the run's, so each goes out in one piece under one lock.
 */
final class BottomLine implements ProgressBarConsumer {
    private static final char ESCAPE = 27;

    /** Back to the first column, and erase to the end of the line. */
    private static final String CLEAR = "\r" + ESCAPE + "[K";

    private final Terminal terminal;
    private final ReentrantLock lock = new ReentrantLock();
    private String current = "";
    private boolean closed;

    BottomLine(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Some less than the width: a full line would scroll some terminals, and Ctrl-C is echoed as two characters. */
    @Override
    public int getMaxRenderedLength() {
        return Math.max(1, terminal.columns() - 3);
    }

    @Override
    public void accept(String line) {
        lock.lock();
        try {
            if (!closed) {
                current = line;
                write(CLEAR + line);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Prints whole lines; the bar stays below them. */
    void printAbove(List<String> lines) {
        lock.lock();
        try {
            write((current.isEmpty() ? "" : CLEAR)
                    + String.join(System.lineSeparator(), lines)
                    + System.lineSeparator()
                    + current);
        } finally {
            lock.unlock();
        }
    }

    /** Removes the bar: the lines above stay. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed && !current.isEmpty()) {
                write(CLEAR);
            }
            closed = true;
            current = "";
        } finally {
            lock.unlock();
        }
    }

    private void write(String text) {
        PrintStream out = terminal.out();
        out.print(text);
        out.flush();
    }
}
