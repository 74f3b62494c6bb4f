package io.ketju.deploy.command;

import io.ketju.actors.job.MetricsEndpoint;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.job.WorkerLostException;
import io.ketju.actors.run.Training;
import io.ketju.deploy.display.ConfusionCsv;
import io.ketju.deploy.display.ConfusionText;
import io.ketju.deploy.display.Invocation;
import io.ketju.deploy.display.JobHeader;
import io.ketju.deploy.display.Machine;
import io.ketju.deploy.display.MetricsCsv;
import io.ketju.deploy.display.ResultLines;
import io.ketju.deploy.display.RunDisplay;
import io.ketju.deploy.display.RunSamples;
import io.ketju.deploy.display.StageTable;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.launch.LogFile;
import io.ketju.deploy.launch.StopOnSignal;
import io.ketju.deploy.tensorboard.TensorBoardEvents;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One training run on the terminal, from the first line to the last, wherever its stages are. */
final class TerminalRun {
    /** How long a run may take to stop and save itself after Ctrl-C. */
    static final Duration STOP_PATIENCE = Duration.ofSeconds(60);

    private final Terminal terminal;
    private final TrainingJob job;
    private final ResumeCommand resume;
    private final RunOptions options;

    TerminalRun(Terminal terminal, TrainingJob job, ResumeCommand resume, RunOptions options) {
        this.terminal = terminal;
        this.job = job;
        this.resume = resume;
        this.options = options;
    }

    /**
     * Runs to the end or to a signal, which the caller waits for too; the exit code. {@code start} throws before anything
     * runs if it cannot.
     */
    int run(StopOnSignal signal, Function<TrainingListener[], Training> start) {
        RunSamples samples = new RunSamples(job, options.samples());
        Optional<MetricsEndpoint.Open> served = options.metrics();
        terminal.printText(JobHeader.lines("Training", job, Machine.describe(job.threads())));
        terminal.print(List.of(""));
        terminal.print(StageTable.lines(job, terminal));
        terminal.print(List.of(""));
        served.ifPresent(metrics -> terminal.print(List.of("metrics at " + metrics.address(), "")));
        List<TrainingListener> listeners = new ArrayList<>();
        served.ifPresent(listeners::add);
        job.runDirectory()
                .ifPresent(folder -> listeners.add(event -> {
                    if (event instanceof TrainingEvent.Started) {
                        LogFile.moveTo(folder);
                    }
                }));
        try (MetricsCsv metrics = job.runDirectory().map(MetricsCsv::new).orElseGet(MetricsCsv::nowhere);
                ConfusionCsv confusion =
                        job.runDirectory().map(ConfusionCsv::new).orElseGet(ConfusionCsv::nowhere);
                TensorBoardEvents events =
                        new TensorBoardEvents(job.runDirectory().filter(folder -> options.tensorBoard()))) {
            listeners.addAll(List.of(metrics, confusion, events));
            samples.writesTo(events);
            return run(signal, start, listeners, samples);
        } catch (RuntimeException e) {
            // What is said of it goes where the run is, if it has come that far.
            job.runDirectory()
                    .filter(folder -> Files.exists(folder.resolve("job.conf")))
                    .ifPresent(LogFile::moveTo);
            throw e;
        }
    }

    private int run(
            StopOnSignal signal,
            Function<TrainingListener[], Training> start,
            List<TrainingListener> others,
            RunSamples samples) {
        RunDisplay display = RunDisplay.of(terminal, job);
        List<TrainingListener> listeners = new ArrayList<>(others);
        listeners.add(display);
        samples.listener(display::show).ifPresent(listeners::add);
        try (Training training = start.apply(listeners.toArray(TrainingListener[]::new))) {
            signal.stops(training::stop);
            TrainingResult result;
            try {
                result = training.await();
            } catch (WorkerLostException e) {
                throw resume.suggestedIn(e, job);
            } finally {
                display.close();
            }
            terminal.print(List.of(""));
            terminal.printText(ResultLines.of(result, job));
            terminal.print(ResultLines.next(result, job.data(), Invocation.ofProcess()));
            terminal.print(ConfusionText.lines(result.test(), job.data().test().classNames(), terminal));
            terminal.out().flush();
            return CommandLineInterface.OK;
        }
    }
}
