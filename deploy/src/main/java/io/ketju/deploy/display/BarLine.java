package io.ketju.deploy.display;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.records.text.MetricText;
import io.ketju.records.text.Units;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;
import org.jspecify.annotations.Nullable;

/**
 * The text of the live bar: {@code epoch 3/15 ████████▌        18 %  loss 0.5121  accuracy 81.2 %  4,210 samples/s
 * bubble 19.0 %  ETA 0:41}. Where a terminal is
 * narrow the labels get shorter, then the bar; then the last figures but the ETA go.
 */
final class BarLine implements ProgressBarRenderer {
    private static final int SHORTEST_BAR = 4;
    private static final int LONGEST_BAR = 40;
    private static final String EIGHTHS = " ▏▎▍▌▋▊▉";

    private final int epochs;
    private final MetricText metrics;
    private final boolean unicode;
    private volatile TrainingEvent.@Nullable StepFinished last;
    private volatile long firstStep;

    BarLine(int epochs, MetricText metrics, boolean unicode) {
        this.epochs = epochs;
        this.metrics = metrics;
        this.unicode = unicode;
    }

    /** Steps that were done before this run: they say nothing about its speed. */
    void startAt(long step) {
        firstStep = step;
    }

    void show(TrainingEvent.StepFinished step) {
        last = step;
    }

    @Override
    public String render(ProgressState progress, int columns) {
        return line(progress.getCurrent(), progress.getMax(), progress.getElapsedAfterStart(), columns);
    }

    /** The line for a moment of a run. */
    String line(long step, long steps, Duration elapsed, int columns) {
        TrainingEvent.StepFinished now = last;
        double share = steps <= 0 ? 0 : Math.min(1, (double) step / steps);
        String head = RunDisplay.epochLabel(now == null ? 1 : now.epoch(), epochs) + " ";
        String percent = String.format(java.util.Locale.ROOT, " %3d %%", (int) (share * 100));
        String eta = "  ETA " + eta(step, steps, elapsed);
        int room = columns - head.length() - percent.length() - eta.length();
        List<String> figures = figures(now);
        if (length(figures) + SHORTEST_BAR > room) {
            figures = shortFigures(now);
        }
        while (!figures.isEmpty() && length(figures) + SHORTEST_BAR > room) {
            figures.removeLast();
        }
        int bar = Math.min(LONGEST_BAR, room - length(figures));
        String line = head + (bar > 0 ? bar(share, bar) : "") + percent + String.join("", figures) + eta;
        return line.length() <= columns ? line : line.substring(0, columns);
    }

    private List<String> figures(TrainingEvent.@Nullable StepFinished now) {
        List<String> figures = new ArrayList<>();
        if (now != null) {
            metrics.parts(now.metrics()).forEach(part -> figures.add("  " + part));
            figures.add("  " + Units.rate(now.samplesPerSecond()) + " samples/s");
            figures.add("  bubble " + Units.percent(now.bubble()));
        }
        return figures;
    }

    /** The same in fewer letters, for a terminal of 80 columns. */
    private List<String> shortFigures(TrainingEvent.@Nullable StepFinished now) {
        List<String> figures = new ArrayList<>();
        if (now != null) {
            MetricText.shortened(metrics.parts(now.metrics())).forEach(part -> figures.add(" " + part));
            figures.add(" " + Units.rate(now.samplesPerSecond()) + "/s");
            figures.add(" bubble " + Units.percent(now.bubble()));
        }
        return figures;
    }

    private static int length(List<String> texts) {
        return texts.stream().mapToInt(String::length).sum();
    }

    private String eta(long step, long steps, Duration elapsed) {
        long done = step - firstStep;
        return done <= 0
                ? "-:--"
                : Units.clock(elapsed.multipliedBy(steps - step).dividedBy(done));
    }

    private String bar(double share, int width) {
        if (!unicode) {
            int full = (int) Math.round(share * (width - 2));
            return "[" + "=".repeat(full) + " ".repeat(width - 2 - full) + "]";
        }
        int eighths = (int) Math.round(share * width * 8);
        String full = "█".repeat(eighths / 8);
        String part = eighths % 8 == 0 ? "" : EIGHTHS.substring(eighths % 8, eighths % 8 + 1);
        return full + part + " ".repeat(width - full.length() - part.length());
    }
}
