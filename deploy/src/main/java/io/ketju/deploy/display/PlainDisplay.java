package io.ketju.deploy.display;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.records.text.MetricText;
import io.ketju.records.text.Units;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Plain lines, for files, pipes and continuous integration: one per epoch, and one per some seconds in between so that
 * a long epoch is seen to live. Nothing is ever rewritten.
 */
final class PlainDisplay implements RunDisplay {
    private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

    private final Terminal terminal;
    private final TrainingJob job;
    private final MetricText metrics;
    private final LongSupplier nanoTime;
    private long lastLine;

    PlainDisplay(Terminal terminal, TrainingJob job, LongSupplier nanoTime) {
        this.terminal = terminal;
        this.job = job;
        metrics = new MetricText(job.model().heads());
        this.nanoTime = nanoTime;
        lastLine = nanoTime.getAsLong();
    }

    @Override
    public void on(TrainingEvent event) {
        switch (event) {
            case TrainingEvent.WaitingForWorkers waiting -> print(RunDisplay.waitingLine(waiting));
            case TrainingEvent.Started started -> {
                if (started.firstStep() > 1) {
                    print("resumed after step " + Units.count(started.firstStep() - 1));
                }
            }
            case TrainingEvent.Restarted again -> print(RunDisplay.restartLine(again));
            case TrainingEvent.Repartitioned moved -> print(RunDisplay.moveLine(moved));
            case TrainingEvent.StepFinished step -> {
                if (nanoTime.getAsLong() - lastLine >= INTERVAL_NANOS) {
                    print(stepLine(step));
                }
            }
            case TrainingEvent.EpochFinished epoch -> print(RunDisplay.epochLine(epoch, job.epochs(), metrics));
            case TrainingEvent.CheckpointCommitted checkpoint -> {
                // The end of the run says where everything is; until then it is only noise.
            }
        }
    }

    @Override
    public void show(List<String> lines) {
        lines.forEach(this::print);
    }

    private String stepLine(TrainingEvent.StepFinished step) {
        return RunDisplay.epochLabel(step.epoch(), job.epochs()) + "  step " + Units.count(step.step()) + " of "
                + Units.count(job.totalSteps()) + "  " + metrics.line(step.metrics()) + "  "
                + Units.rate(step.samplesPerSecond())
                + " samples/s, bubble "
                + Units.percent(step.bubble());
    }

    private void print(String line) {
        terminal.out().println(line);
        terminal.out().flush();
        lastLine = nanoTime.getAsLong();
    }

    @Override
    public void close() {
        terminal.out().flush();
    }
}
