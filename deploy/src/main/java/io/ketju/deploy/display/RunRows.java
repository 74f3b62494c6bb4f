package io.ketju.deploy.display;

import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.BestEpochRule;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobKey;
import io.ketju.data.BadDataException;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.config.JobSettings;
import io.ketju.deploy.config.Setting;
import io.ketju.records.RunBest;
import io.ketju.records.table.MetricsTable;
import io.ketju.records.text.Units;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs side by side, a row each: what was trained, how far, and how well. */
public final class RunRows {
    private static final String NONE = "-";
    private static final int CURVE = 16;
    private static final int SHORT_CURVE = 8;

    /** Of the metrics, which are wrapped. */
    private static final int METRICS = 6;

    /** How narrow the run, the data and the model may become before the table is given up. */
    private static final List<Integer> NARROWEST = List.of(16, 12, 12);

    private RunRows() {}

    /**
     * Of folders that hold runs; one whose numbers cannot be read shows why in place of them. Where the terminal is too narrow,
     * long names are cut, in their middle, where they differ least.
     */
    public static List<String> lines(List<Path> runs, Terminal terminal) {
        List<List<String>> rows = rows(runs, terminal, CURVE);
        if (tooWide(rows, terminal) > 0) {
            rows = rows(runs, terminal, SHORT_CURVE);
        }
        return new Table(fitted(rows, terminal)).lines(terminal.columns(), METRICS, terminal.unicode());
    }

    private static List<List<String>> rows(List<Path> runs, Terminal terminal, int curve) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(terminal, "run", "data", "model", "epochs", "best", "test loss", "at it", "course"));
        for (Path run : runs) {
            rows.add(row(run, terminal, curve));
        }
        return rows;
    }

    private static int tooWide(List<List<String>> rows, Terminal terminal) {
        return new Table(rows).narrowest(METRICS) - terminal.columns();
    }

    /** The same with as much cut from the widest names as the table is too wide. */
    private static List<List<String>> fitted(List<List<String>> rows, Terminal terminal) {
        int[] widths = new int[NARROWEST.size()];
        rows.forEach(row -> {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        });
        for (int left = tooWide(rows, terminal); left > 0; left--) {
            int widest = -1;
            for (int column = 0; column < widths.length; column++) {
                if (widths[column] > NARROWEST.get(column) && (widest < 0 || widths[column] > widths[widest])) {
                    widest = column;
                }
            }
            if (widest < 0) {
                return rows;
            }
            widths[widest]--;
        }
        return rows.stream()
                .map(row -> {
                    List<String> cut = new ArrayList<>(row);
                    for (int column = 0; column < widths.length; column++) {
                        cut.set(column, cut(row.get(column), widths[column], terminal.unicode()));
                    }
                    return cut;
                })
                .<List<String>>map(List::copyOf)
                .toList();
    }

    private static String cut(String text, int width, boolean unicode) {
        if (text.length() <= width) {
            return text;
        }
        String mark = unicode ? "…" : "..";
        int front = (width - mark.length()) / 2;
        int back = width - mark.length() - front;
        return text.substring(0, front) + mark + text.substring(text.length() - back);
    }

    private static List<String> row(Path run, Terminal terminal, int curve) {
        String name = String.valueOf(run.getFileName());
        try {
            RunDirectory directory = RunDirectory.open(run);
            JobSettings job = JobFile.read(directory.jobFile());
            MetricsTable numbers = MetricsTable.read(run);
            RunBest best = best(directory, job, numbers);
            return row(
                    terminal,
                    name,
                    value(job, JobKey.DATA),
                    value(job, JobKey.MODEL_NAME),
                    numbers.epochs().size() + "/" + value(job, JobKey.EPOCHS),
                    best.text().orElse(NONE),
                    best.epoch().map(epoch -> Units.loss(epoch.loss())).orElse(NONE),
                    best.epoch().map(epoch -> metrics(numbers.names(), epoch)).orElse(NONE),
                    Sparkline.of(numbers.losses(), curve));
        } catch (InvalidJobException | BadDataException e) {
            return row(terminal, name, NONE, NONE, NONE, NONE, NONE, String.valueOf(e.getMessage()), "");
        }
    }

    /** By the rule of the job, if it has one. */
    static RunBest best(RunDirectory run, JobSettings job, MetricsTable numbers) {
        Optional<BestEpochRule> rule = job.get(JobKey.EARLY_STOPPING)
                .map(setting -> setting.as(BestEpochRule::parseEarlyStopping))
                .or(() ->
                        job.get(JobKey.BEST_CHECKPOINT).map(setting -> setting.as(BestEpochRule::parseBestCheckpoint)));
        return RunBest.of(run, rule, numbers);
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
