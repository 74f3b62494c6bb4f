package io.ketju.records;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.BestEpochRule;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobKey;
import io.ketju.data.BadDataException;
import io.ketju.records.table.MetricsTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A run in a few words: what was trained, how far, and how well.
 *
 * @param folder of the run
 * @param data what it learnt from, as the job names it
 * @param model its name, {@code custom} for one that is written out in layers
 * @param epochs how many were asked for
 * @param numbers of the epochs that were done; without any where the run wrote none
 * @param best which of them is the best, and by what
 */
public record RunSummary(Path folder, String data, String model, int epochs, MetricsTable numbers, RunBest best) {
    private static final String CUSTOM = "custom";

    /**
     * Reads the job and the numbers of a run.
     *
     * @param run its folder
     * @return as it is now; a run that goes on may write meanwhile
     * @throws InvalidJobException if it is no folder of a run, or its job cannot be read
     * @throws BadDataException if its {@code metrics.csv} cannot be read
     */
    public static RunSummary read(Path run) {
        RunDirectory directory = RunDirectory.open(run);
        Path file = directory.jobFile();
        try {
            Config job = ConfigFactory.parseFile(
                    file.toFile(),
                    ConfigParseOptions.defaults().setAllowMissing(false).setSyntax(ConfigSyntax.CONF));
            String model = job.hasPath(JobKey.MODEL_NAME.path()) ? job.getString(JobKey.MODEL_NAME.path()) : CUSTOM;
            MetricsTable numbers = MetricsTable.read(run);
            return new RunSummary(
                    run,
                    job.getString(JobKey.DATA.path()),
                    model,
                    job.getInt(JobKey.EPOCHS.path()),
                    numbers,
                    RunBest.of(directory, rule(job), numbers));
        } catch (ConfigException | IllegalArgumentException e) {
            throw new InvalidJobException(file + ": the job cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static Optional<BestEpochRule> rule(Config job) {
        return text(job, JobKey.EARLY_STOPPING)
                .map(BestEpochRule::parseEarlyStopping)
                .or(() -> text(job, JobKey.BEST_CHECKPOINT).map(BestEpochRule::parseBestCheckpoint));
    }

    private static Optional<String> text(Config job, JobKey key) {
        return job.hasPath(key.path()) ? Optional.of(job.getString(key.path())) : Optional.empty();
    }

    /**
     * The runs of a folder.
     *
     * @param folder in which runs are, a folder each
     * @return their folders, the one that was written to last behind the others; none where there is no such folder
     * @throws UncheckedIOException if it cannot be read
     */
    public static List<Path> runsIn(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> Files.isRegularFile(entry.resolve("job.conf")))
                    .sorted(Comparator.comparing(RunSummary::written).thenComparing(Comparator.naturalOrder()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileTime written(Path run) {
        try {
            return Files.getLastModifiedTime(run);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
