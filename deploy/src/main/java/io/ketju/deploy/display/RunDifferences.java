package io.ketju.deploy.display;

import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.JobKey;
import io.ketju.data.BadDataException;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.config.JobSettings;
import io.ketju.records.RunBest;
import io.ketju.records.table.MetricsTable;
import io.ketju.records.text.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What tells runs apart: the settings in which their jobs differ, their numbers, and whether their weights are the same bits. */
public final class RunDifferences {
    private static final String NONE = "-";

    private RunDifferences() {}

    /** Numbers of a run, with the best of its epochs. */
    private record Judged(MetricsTable numbers, RunBest best) {
        static Judged of(RunDirectory run, JobSettings job) {
            MetricsTable numbers = MetricsTable.read(run.path());
            return new Judged(numbers, RunRows.best(run, job, numbers));
        }
    }

    /**
     * @param runs two or more folders
     * @throws io.ketju.actors.job.InvalidJobException if the job of one cannot be read
     */
    public static List<String> lines(List<RunDirectory> runs, Terminal terminal) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("", runs, RunDifferences::name));
        List<JobSettings> jobs =
                runs.stream().map(run -> JobFile.read(run.jobFile())).toList();
        settings(rows, jobs);
        numbers(
                rows,
                IntStream.range(0, runs.size())
                        .mapToObj(i -> Judged.of(runs.get(i), jobs.get(i)))
                        .toList());
        List<String> lines = new ArrayList<>(new Table(rows).lines(terminal.columns(), 1, terminal.unicode()));
        lines.add("");
        lines.addAll(weights(runs));
        return lines;
    }

    private static <T> List<String> row(String name, List<T> runs, Function<T, String> cell) {
        List<String> row = new ArrayList<>(List.of(name));
        runs.forEach(run -> row.add(cell.apply(run)));
        return row;
    }

    /** A row for each key that some say otherwise than others. Where a run was kept, and under what name, is no setting. */
    private static void settings(List<List<String>> rows, List<JobSettings> jobs) {
        for (JobKey key : JobKey.values()) {
            List<String> row = row(
                    key.path(),
                    jobs,
                    job -> job.get(key)
                            .map(setting -> String.valueOf(setting.value()))
                            .orElse(NONE));
            boolean same = row.stream().skip(1).distinct().count() == 1;
            if (!same && key != JobKey.RUN_DIR) {
                rows.add(row);
            }
        }
    }

    private static void numbers(List<List<String>> rows, List<Judged> runs) {
        rows.add(row(
                "epochs done", runs, run -> Units.count(run.numbers().epochs().size())));
        rows.add(row(
                "test loss at best",
                runs,
                run -> run.best().epoch().map(best -> Units.loss(best.loss())).orElse(NONE)));
        rows.add(row("best epoch", runs, run -> run.best().text().orElse(NONE)));
        List<String> names = runs.stream()
                .flatMap(run -> run.numbers().names().stream().skip(1))
                .distinct()
                .toList();
        for (String name : names) {
            List<String> row = row(name + " there", runs, run -> measured(run, name));
            if (row.stream().skip(1).anyMatch(cell -> !cell.equals(NONE))) {
                rows.add(row);
            }
        }
    }

    private static String measured(Judged run, String name) {
        int place = run.numbers().names().indexOf(name);
        Optional<Double> value = run.best()
                .epoch()
                .filter(best -> place >= 0)
                .map(best -> best.values().get(place));
        return value.filter(number -> !number.isNaN()).map(Units::loss).orElse(NONE);
    }

    /** Of each run after the first: whether it has come to the first one's weights. */
    private static List<String> weights(List<RunDirectory> runs) {
        List<String> lines = new ArrayList<>();
        RunDirectory first = runs.getFirst();
        for (RunDirectory run : runs.subList(1, runs.size())) {
            lines.add("weights of " + name(first) + " and " + name(run) + ": " + weights(first, run));
        }
        return lines;
    }

    private static String name(RunDirectory run) {
        return String.valueOf(run.path().getFileName());
    }

    private static String weights(RunDirectory run, RunDirectory other) {
        Path one = run.weights();
        Path two = other.weights();
        if (!Files.exists(one) || !Files.exists(two)) {
            return "not both written yet";
        }
        try {
            return Files.mismatch(one, two) < 0 ? "the same bits" : "not the same";
        } catch (IOException e) {
            throw BadDataException.unreadable(one + " and " + two, e);
        }
    }
}
