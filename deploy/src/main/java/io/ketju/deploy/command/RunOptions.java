package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.LivePage;
import io.ketju.actors.job.LivePages;
import io.ketju.actors.job.SpanExport;
import io.ketju.actors.run.SamplePredictions;
import io.ketju.data.file.FileErrors;
import io.ketju.deploy.config.JobSettings;
import io.ketju.deploy.config.Setting;
import io.ketju.tensor.Excerpt;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a run is kept and how it is shown. */
final class RunOptions implements AutoCloseable {
    private static final int HIGHEST_PORT = 65_535;

    /** Folder of the runs that were given none. */
    private final Path runs;

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            description = "Where the run is kept: absent or empty. Without it: runs/<name>-<number>.")
    private @Nullable String runDirectory;

    @Option(names = "--no-save", description = "Keep nothing on disk.")
    private boolean unsaved;

    @Option(names = "--plain", description = "Plain lines even on a terminal.")
    private boolean plain;

    @Option(
            names = "--trace",
            description = "Keep in the run's folder when everything happened; ketju trace RUN tells of it.")
    private boolean traced;

    @Option(
            names = "--max-restarts",
            paramLabel = "N",
            description = "How often within an hour a run over several processes goes on by itself after it lost a"
                    + " worker; 10 by default, 0 for never.")
    private @Nullable String maxRestarts;

    @Option(names = "--no-tensorboard", description = "Write no numbers for TensorBoard into the run's folder.")
    private boolean withoutTensorBoard;

    @Option(names = "--no-report", description = "Leave no report.html in the run's folder.")
    private boolean withoutReport;

    @Option(names = "--ui", description = "Show the run on a page of this machine while it goes on.")
    private boolean ui;

    @Option(names = "--ui-port", paramLabel = "PORT", description = "The page's port; one that is free by default.")
    private @Nullable String uiPort;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "Show after every checkpoint what the model says of N test samples; kept in samples.txt.")
    private @Nullable String samples;

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description = "Serve the run's numbers to Prometheus on 127.0.0.1:PORT/metrics; 0 for a free port,"
                    + " with --ui for the page's, which has them too.")
    private @Nullable String metricsPort;

    @Option(
            names = "--opentelemetry",
            description =
                    "Send the run as spans, one for each epoch and step, by OpenTelemetry's exporter: OTLP over HTTP to this"
                            + " machine, or as OTEL_EXPORTER_OTLP_ENDPOINT and its other variables say.")
    private boolean openTelemetry;

    private @Nullable MetricsPort metrics;

    private SpanExport.@Nullable Open spans;

    private @Nullable Path claimed;

    private boolean madeRuns;

    RunOptions() {
        this(Path.of("runs"));
    }

    RunOptions(Path runs) {
        this.runs = runs;
    }

    boolean plain() {
        return plain;
    }

    /** How many test samples are shown; 0: none. */
    int samples() {
        if (samples == null) {
            return 0;
        }
        if (!samples.matches("\\d{1,3}")
                || Integer.parseInt(samples) < 1
                || Integer.parseInt(samples) > SamplePredictions.MOST) {
            throw new InvalidJobException("--samples: expected a whole number from 1 to " + SamplePredictions.MOST
                    + ", found \"" + Excerpt.of(samples) + "\"");
        }
        return Integer.parseInt(samples);
    }

    /** Where the run's numbers are served, once it is opened; empty where they are not. Closed with this, after the page. */
    Optional<MetricsPort> metrics(Optional<LivePage> page) {
        if (metricsPort != null && metrics == null) {
            metrics = MetricsPort.open(metricsPort, page);
        }
        return Optional.ofNullable(metrics);
    }

    /** What sends the run as spans, once it is set up; empty where nothing does. Closed with this. */
    Optional<SpanExport.Open> spans() {
        if (openTelemetry && spans == null) {
            SpanExport export = ServiceLoader.load(SpanExport.class)
                    .findFirst()
                    .orElseThrow(() -> new InvalidJobException(
                            "--opentelemetry: expected the module ketju-metrics on the class path, found none"));
            try {
                spans = export.open();
            } catch (IllegalArgumentException e) {
                throw new InvalidJobException("--opentelemetry: " + e.getMessage(), e);
            }
        }
        return Optional.ofNullable(spans);
    }

    /** Sends what has not been sent of the run's spans; what went wrong with them, in one line. */
    Optional<String> endSpans() {
        if (spans == null) {
            return Optional.empty();
        }
        spans.close();
        return spans.problem();
    }

    boolean tensorBoard() {
        return !withoutTensorBoard;
    }

    boolean report() {
        return !withoutReport;
    }

    /** The page of a run, opened, where one is asked for; it is the caller's. */
    Optional<LivePage> page() {
        if (!ui) {
            if (uiPort != null) {
                throw new InvalidJobException("--ui-port: expected --ui beside it, found none");
            }
            return Optional.empty();
        }
        int port = port();
        return Optional.of(ServiceLoader.load(LivePages.class)
                .findFirst()
                .orElseThrow(() -> new InvalidJobException(
                        "--ui: expected the module ketju-web on the class path, found none; leave --ui out"))
                .open(port));
    }

    private int port() {
        String port = uiPort == null ? "0" : uiPort;
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > HIGHEST_PORT) {
            throw new InvalidJobException(
                    "--ui-port: expected a port, 0 to " + HIGHEST_PORT + ", found \"" + Excerpt.of(port) + "\"");
        }
        return Integer.parseInt(port);
    }

    /** The settings with the folder of a new run, which is made here unless somebody named one. */
    JobSettings placed(JobSettings settings) {
        return flagged(inFolder(settings));
    }

    private JobSettings flagged(JobSettings settings) {
        JobSettings flagged = traced ? settings.with(new Setting(JobKey.TRACE, "true", "--trace")) : settings;
        return maxRestarts == null
                ? flagged
                : flagged.with(new Setting(JobKey.MAX_RESTARTS, maxRestarts, "--max-restarts"));
    }

    private JobSettings inFolder(JobSettings settings) {
        if (unsaved) {
            if (runDirectory != null) {
                throw new InvalidJobException(
                        "--no-save: expected no --run-dir beside it, found " + Excerpt.ofPath(runDirectory));
            }
            return settings.without(JobKey.RUN_DIR);
        }
        if (runDirectory != null) {
            return settings.with(new Setting(JobKey.RUN_DIR, runDirectory, "--run-dir"));
        }
        if (settings.get(JobKey.RUN_DIR).isPresent()) {
            return settings;
        }
        String name = settings.get(JobKey.NAME).map(Setting::text).orElse("run");
        return settings.with(new Setting(JobKey.RUN_DIR, claim(name).toString(), "--run-dir"));
    }

    /** The settings with the folder of the run that goes on. */
    JobSettings placed(JobSettings settings, Path resumed) {
        if (unsaved || runDirectory != null) {
            throw new InvalidJobException("--resume: expected neither --run-dir nor --no-save beside it,"
                    + " found one: the run goes on in its own folder");
        }
        return goingOn(settings, resumed);
    }

    /** The same whatever says where that is. */
    JobSettings goingOn(JobSettings settings, Path folder) {
        return flagged(settings.with(new Setting(JobKey.RUN_DIR, folder.toString(), "--resume")));
    }

    /** Throws if these settings, or the flags, name no folder. */
    void requireNamed(JobSettings settings) {
        boolean named = runDirectory != null || settings.get(JobKey.RUN_DIR).isPresent();
        if (unsaved || !named) {
            throw new InvalidJobException(
                    "--standby: expected the run's folder, as --resume RUN or --run-dir DIR, found"
                            + (unsaved ? " --no-save" : " neither"));
        }
    }

    /** A folder that was there for nobody before: whoever makes it has it, however many start at this moment. */
    private Path claim(String name) {
        Path folder = runs;
        try {
            madeRuns = !Files.exists(runs);
            int number = 0;
            do {
                number++;
                folder = runs.resolve(name + "-" + number);
            } while (!make(folder));
            claimed = folder;
            return folder;
        } catch (InvalidPathException e) {
            throw new InvalidJobException(
                    "name: expected a name that can be a folder's, found \"" + Excerpt.of(name) + "\"", e);
        } catch (IOException e) {
            throw new InvalidJobException(
                    "run directory " + Excerpt.ofPath(folder) + ": cannot be made: " + FileErrors.reason(e)
                            + "; choose another with --run-dir, or keep nothing with --no-save",
                    e);
        }
    }

    private static boolean make(Path folder) throws IOException {
        Path parent = folder.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try {
            Files.createDirectory(folder);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    /** Gives a folder back that was chosen here, if no run came to be in it. */
    @Override
    public void close() {
        if (metrics != null) {
            metrics.meters().close();
        }
        endSpans();
        try {
            if (claimed != null) {
                Files.deleteIfExists(claimed);
            }
            if (madeRuns) {
                Files.deleteIfExists(runs);
            }
        } catch (IOException e) {
            // There is a run in it.
        }
    }
}
