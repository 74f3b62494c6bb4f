package io.ketju.deploy.display;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.records.text.MetricText;
import io.ketju.records.text.Units;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** One live bar for the whole run at the foot of the terminal; finished epochs scroll away above it. */
final class LiveDisplay implements RunDisplay {
    private static final int REDRAW_MILLIS = 100;

    private final Terminal terminal;
    private final TrainingJob job;
    private final MetricText metrics;
    private final BarLine line;
    private final BottomLine bottom;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable ProgressBar bar;

    LiveDisplay(Terminal terminal, TrainingJob job) {
        this.terminal = terminal;
        this.job = job;
        metrics = new MetricText(job.model().heads());
        line = new BarLine(job.epochs(), metrics, terminal.unicode());
        bottom = new BottomLine(terminal);
    }

    @Override
    public void on(TrainingEvent event) {
        switch (event) {
            case TrainingEvent.WaitingForWorkers waiting ->
                bottom.accept(terminal.cut(RunDisplay.waitingLine(waiting)));
            case TrainingEvent.Started started -> start(started.firstStep());
            case TrainingEvent.Restarted again -> show(List.of(RunDisplay.restartLine(again)));
            case TrainingEvent.Repartitioned moved -> show(List.of(RunDisplay.moveLine(moved)));
            case TrainingEvent.StepFinished step -> {
                line.show(step);
                stepTo(step.step());
            }
            case TrainingEvent.EpochFinished epoch ->
                bottom.printAbove(RunDisplay.epochLines(epoch, job.epochs(), metrics, terminal.columns()));
            case TrainingEvent.CheckpointCommitted checkpoint -> {
                // The end of the run says where everything is.
            }
        }
    }

    @Override
    public void show(List<String> lines) {
        bottom.printAbove(lines.stream()
                .flatMap(line -> Wrapping.lines(line, terminal.columns(), 4).stream())
                .toList());
    }

    private void start(long firstStep) {
        if (firstStep > 1) {
            bottom.printAbove(List.of("resumed after step " + Units.count(firstStep - 1)));
        }
        lock.lock();
        try {
            line.startAt(firstStep - 1);
            bar = new ProgressBarBuilder()
                    .setInitialMax(job.totalSteps())
                    .setUpdateIntervalMillis(REDRAW_MILLIS)
                    .setRenderer(line)
                    .setConsumer(bottom)
                    .build();
            bar.stepTo(firstStep - 1);
        } finally {
            lock.unlock();
        }
    }

    private void stepTo(long step) {
        lock.lock();
        try {
            if (bar != null) {
                bar.stepTo(step);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (bar != null) {
                bar.close();
                bar = null;
            }
        } finally {
            lock.unlock();
        }
        bottom.close();
    }
}
