package io.ketju.deploy.command;

import io.ketju.actors.job.LivePage;
import io.ketju.actors.job.Repartition;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.job.WorkerLostException;
import io.ketju.actors.run.Training;
import io.ketju.deploy.display.AsideLines;
import io.ketju.deploy.display.ConfusionText;
import io.ketju.deploy.display.Invocation;
import io.ketju.deploy.display.LossCourse;
import io.ketju.deploy.display.ResultLines;
import io.ketju.deploy.display.RunDisplay;
import io.ketju.deploy.display.StageTable;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.launch.LogFile;
import io.ketju.deploy.launch.RequestDesk;
import io.ketju.deploy.launch.StopOnSignal;
import io.ketju.records.RunRecords;
import io.ketju.records.sample.RunSamples;
import io.ketju.records.text.JobHeader;
import io.ketju.records.text.Machine;
import io.ketju.records.timeline.WatchedSteps;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;

/** One training run on the terminal, from the first line to the last, wherever its stages are. */
final class TerminalRun {
    /** How long a run may take to stop and save itself after Ctrl-C. */
    static final Duration STOP_PATIENCE = Duration.ofSeconds(60);

    private static final String STOPPING = "Stops after this step; another signal ends it at once";

    private final Terminal terminal;
    private final TrainingJob job;
    private final ResumeCommand resume;
    private final RunOptions options;
    private final AsideLines aside;
    private final WatchedSteps watched = new WatchedSteps();

    TerminalRun(Terminal terminal, TrainingJob job, ResumeCommand resume, RunOptions options) {
        this(terminal, job, resume, options, new AsideLines(terminal));
    }

    /** @param aside what else is printed while the run goes on */
    TerminalRun(Terminal terminal, TrainingJob job, ResumeCommand resume, RunOptions options, AsideLines aside) {
        this.terminal = terminal;
        this.job = job;
        this.resume = resume;
        this.options = options;
        this.aside = aside;
    }

    /**
     * Runs to the end or to a signal, which the caller waits for too; the exit code. {@code start} throws before anything
     * runs if it cannot.
     */
    int run(StopOnSignal signal, Function<TrainingListener[], Training> start) {
        try {
            return shown(signal, start);
        } finally {
            options.endSpans().ifPresent(problem -> {
                terminal.err().println("note: not all spans of this run were sent: " + problem);
                terminal.err().flush();
            });
        }
    }

    private int shown(StopOnSignal signal, Function<TrainingListener[], Training> start) {
        Optional<LivePage> opened = options.page();
        if (opened.isEmpty()) {
            return run(signal, start, shownBy(opened));
        }
        try (LivePage page = opened.get()) {
            return run(signal, start, shownBy(Optional.of(page)));
        }
    }

    /** Says where the run can be seen. */
    private List<TrainingListener> shownBy(Optional<LivePage> page) {
        List<TrainingListener> listeners = new ArrayList<>();
        options.metrics(page).ifPresent(metrics -> {
            terminal.print(
                    List.of("Metrics of this run, on this machine: " + String.join(" and ", metrics.addresses()), ""));
            listeners.add(metrics.meters());
        });
        options.spans().ifPresent(spans -> {
            terminal.print(List.of("Spans of this run go to " + spans.destination(), ""));
            listeners.add(spans);
        });
        page.ifPresent(shown -> {
            terminal.print(List.of("Page of this run, on this machine: " + shown.address(), ""));
            listeners.add(shown);
        });
        terminal.out().flush();
        return listeners;
    }

    private RunRecords records() {
        List<RunRecords.Form> forms = options.tensorBoard()
                ? List.of(RunRecords.Form.values())
                : List.of(RunRecords.Form.CSV, RunRecords.Form.JSON_LINES);
        return job.runDirectory().map(folder -> RunRecords.in(folder, forms)).orElseGet(RunRecords::nowhere);
    }

    private int run(
            StopOnSignal signal, Function<TrainingListener[], Training> start, List<TrainingListener> listeners) {
        RunSamples samples = new RunSamples(job, options.samples());
        terminal.printText(JobHeader.lines("Training", job, Machine.describe(job.threads())));
        terminal.print(List.of(""));
        terminal.print(StageTable.lines(job, terminal));
        terminal.print(List.of(""));
        job.runDirectory()
                .ifPresent(folder -> listeners.add(event -> {
                    if (event instanceof TrainingEvent.Started) {
                        LogFile.moveTo(folder);
                    }
                }));
        try (RunRecords files = records()) {
            listeners.add(files);
            files.board().ifPresent(samples::writesTo);
            return run(signal, start, listeners, files, samples);
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
            RunRecords files,
            RunSamples samples) {
        RunDisplay display = RunDisplay.of(terminal, job);
        LossCourse course = new LossCourse();
        List<TrainingListener> listeners = new ArrayList<>(others);
        listeners.addAll(List.of(course, display));
        samples.listener(display::show).ifPresent(listeners::add);
        if (leavesReport()) {
            listeners.add(watched);
        }
        try (Training training = start.apply(listeners.toArray(TrainingListener[]::new))) {
            aside.to(display);
            signal.stops(reason -> {
                aside.print(STOPPING);
                training.stop(reason);
            });
            TrainingResult result;
            Optional<RequestDesk> desk = desk(training);
            try {
                result = training.await();
            } catch (WorkerLostException e) {
                throw resume.suggestedIn(e, job);
            } finally {
                desk.ifPresent(RequestDesk::close);
                aside.back();
                display.close();
            }
            files.close();
            terminal.print(List.of(""));
            terminal.printText(ResultLines.of(result, job));
            terminal.print(course.lines(terminal));
            report(result, training);
            terminal.print(ResultLines.next(result, job.data(), Invocation.ofProcess()));
            terminal.print(ConfusionText.lines(result.test(), job.data().test().classNames(), terminal));
            terminal.out().flush();
            return CommandLineInterface.OK;
        }
    }

    /** A run without a folder of its own has no place where anybody could ask. */
    private Optional<RequestDesk> desk(Training training) {
        return job.runDirectory()
                .map(folder -> RequestDesk.open(
                        folder,
                        text -> training.repartition(Repartition.parse(text)).thenApply(RunDisplay::moveLine)));
    }

    private boolean leavesReport() {
        return options.report() && job.runDirectory().isPresent();
    }

    /** Where a module is that makes one. A run is worth more than its report: what goes wrong is a note, and in the log. */
    private void report(TrainingResult result, Training training) {
        if (result.runDirectory().isEmpty() || !leavesReport()) {
            return;
        }
        Path folder = result.runDirectory().get();
        for (AddedReport added : ServiceLoader.load(AddedReport.class)) {
            try {
                Path file = added.write(job, folder, result, training.model(), watched.sample());
                terminal.print(List.of(JobHeader.field("report") + file));
            } catch (RuntimeException e) {
                terminal.err().println("note: " + LogFile.unexpected("the run has no report: ", e));
                terminal.err().flush();
            }
        }
    }
}
