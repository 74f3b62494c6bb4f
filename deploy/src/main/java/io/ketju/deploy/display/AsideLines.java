package io.ketju.deploy.display;

import java.util.List;
import java.util.function.Consumer;

/** Lines that come at any time from elsewhere: each is printed at once, above the bar while there is one. Any thread may print. */
public final class AsideLines {
    private final Consumer<List<String>> plainly;
    private Consumer<List<String>> shown;

    public AsideLines(Terminal terminal) {
        plainly = lines -> {
            terminal.print(lines);
            terminal.out().flush();
        };
        shown = plainly;
    }

    /** Prints a line. */
    public synchronized void print(String line) {
        shown.accept(List.of(line));
    }

    /** From now on they are shown there. */
    public synchronized void to(RunDisplay display) {
        shown = display::show;
    }

    /** That display is no more. */
    public synchronized void back() {
        shown = plainly;
    }
}
