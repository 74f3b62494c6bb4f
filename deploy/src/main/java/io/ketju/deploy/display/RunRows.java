package io.ketju.deploy.display;

import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobKey;
import io.ketju.data.BadDataException;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.config.JobSettings;
import io.ketju.deploy.config.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs side by side, a row each: what was trained, how far, and how well. */
public final class RunRows {
    private static final String NONE = "-";
    private static final int CURVE = 16;

    private RunRows() {}

    /** Of folders that hold runs; one whose numbers cannot be read shows why in place of them. */
    public static List<String> lines(List<Path> runs, Terminal terminal) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(terminal, "run", "data", "model", "epochs", "best", "test loss", "at it", "course"));
        for (Path run : runs) {
            rows.add(row(run, terminal));
        }
        return new Table(rows).lines(terminal.columns(), 6, terminal.unicode());
    }

    private static List<String> row(Path run, Terminal terminal) {
        String name = String.valueOf(run.getFileName());
        try {
            JobSettings job = JobFile.read(RunDirectory.open(run).jobFile());
            MetricsTable numbers = MetricsTable.read(run);
            return row(
                    terminal,
                    name,
                    value(job, JobKey.DATA),
                    value(job, JobKey.MODEL_NAME),
                    numbers.epochs().size() + " of " + value(job, JobKey.EPOCHS),
                    numbers.best().map(best -> "epoch " + best.number()).orElse(NONE),
                    numbers.best().map(best -> Units.loss(best.loss())).orElse(NONE),
                    numbers.best().map(best -> metrics(numbers.names(), best)).orElse(NONE),
                    Sparkline.of(numbers.losses(), CURVE));
        } catch (InvalidJobException | BadDataException e) {
            return row(terminal, name, NONE, NONE, NONE, NONE, NONE, String.valueOf(e.getMessage()), "");
        }
    }

    /** A curve takes blocks, which not every terminal has. */
    private static List<String> row(Terminal terminal, String... cells) {
        return List.of(cells).subList(0, terminal.unicode() ? cells.length : cells.length - 1);
    }

    private static String value(JobSettings job, JobKey key) {
        return job.get(key).map(Setting::value).map(String::valueOf).orElse(NONE);
    }

    /** {@code accuracy 0.8823, top_5 0.9970}: what was measured beside the loss. */
    static String metrics(List<String> names, MetricsTable.Epoch epoch) {
        List<String> parts = new ArrayList<>();
        for (int i = 1; i < names.size(); i++) {
            double value = epoch.values().get(i);
            if (!Double.isNaN(value)) {
                parts.add(names.get(i) + " " + Units.loss(value));
            }
        }
        return parts.isEmpty() ? NONE : String.join(", ", parts);
    }
}
