package io.ketju.benchmarks.pipeline;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.benchmarks.measure.Contest;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Turn;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.config.JobSettings;
import io.ketju.deploy.config.Setting;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What checkpoints cost a run at the interval that it has by default, one an epoch: whole runs in one JVM that are kept in a folder, with
 * a checkpoint after every epoch and with none before the last. Timed is what lies between the end of the first epoch and that of the
 * last, in which all checkpoints but the last are taken and written.
 */
final class CheckpointCost implements Measured {
    private static final double MOST = 0.035;
    private static final String WITH = "with";
    private static final String WITHOUT = "without";

    private static final String LSTM = "language_model(vocabulary=81, context=64, embedding=64, hidden=128, cell=lstm)";
    private static final String MLP = """
            model.name = "mlp(784, 1024, 1024, 10)"
            data = fashion-mnist-5k
            optimizer = "Adam(lr=0.001)"
            batch = 64
            stages = 2
            """;

    /** A job and how many epochs of it take some seconds. */
    private record Work(String name, String text, int epochs) {}

    private final Effort effort;

    CheckpointCost(Effort effort) {
        this.effort = effort;
    }

    @Override
    public String name() {
        return "checkpoints";
    }

    @Override
    public void run(PrintStream out) throws Exception {
        Report report = new Report(
                "A checkpoint an epoch: seconds of an epoch, one JVM, the job's own stages, every processor",
                "job",
                "parameters",
                "without",
                "with",
                "costs",
                "spread");
        addRow(report, new Work("the default job", JobFile.defaultText(), 6));
        addRow(report, new Work("LSTM of characters, Adam", language(LSTM), 3));
        addRow(report, new Work("MLP of 1.9 million weights, Adam", MLP, 8));
        report.note("Bar: at most " + 100 * MOST + " %.");
        report.note(effort.note());
        report.printMarkdown(out, Runtime.getRuntime().availableProcessors());
    }

    private static String language(String model) {
        return """
                model.name = "%s"
                data = "text(dickens, tokens=characters, context=64)"
                optimizer = "Adam(lr=0.002)"
                batch = 64
                stages = 2
                """.formatted(model);
    }

    private void addRow(Report report, Work work) throws Exception {
        Path folder = Files.createTempDirectory("checkpoints");
        try {
            Contest.Results results = new Contest()
                    .with(WITH, turn(work, folder.resolve(WITH), 1))
                    .with(WITHOUT, turn(work, folder.resolve(WITHOUT), work.epochs()))
                    .run(effort);
            report.row(
                    work.name(),
                    Report.count((double)
                            job(work, folder.resolve("none"), 1).model().parameterCount()),
                    Report.number(1 / results.of(WITHOUT).median(), 3),
                    Report.number(1 / results.of(WITH).median(), 3),
                    Report.percent(results.of(WITHOUT).ratioTo(results.of(WITH)) - 1),
                    Report.percent(results.of(WITHOUT).spread()));
        } finally {
            delete(folder);
        }
    }

    /** A run from its begin to its end: epochs per second. */
    private static Turn turn(Work work, Path run, int interval) {
        return () -> {
            List<Long> ends = new ArrayList<>();
            Ketju.fit(job(work, run, interval), event -> {
                if (event instanceof TrainingEvent.EpochFinished) {
                    ends.add(System.nanoTime());
                }
            });
            delete(run);
            return (ends.size() - 1) * 1e9 / (ends.getLast() - ends.getFirst());
        };
    }

    private static TrainingJob job(Work work, Path run, int interval) {
        JobSettings settings = JobFile.parse(work.name(), work.text())
                .with(new Setting(JobKey.EPOCHS, Integer.toString(work.epochs()), work.name()))
                .with(new Setting(JobKey.CHECKPOINT_EPOCHS, Integer.toString(interval), work.name()))
                .with(new Setting(JobKey.RUN_DIR, run.toString(), work.name()));
        return JobAssembly.build(settings);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
