package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobKey;
import io.ketju.deploy.config.JobSettings;
import io.ketju.deploy.config.Setting;
import io.ketju.tensor.Excerpt;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a run is kept and how it is shown. */
final class RunOptions {
    /** Folder of the runs that were given none. */
    private static final Path RUNS = Path.of("runs");

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            description = "Where the run is kept: absent or empty. Without it: runs/<name>-<number>.")
    private @Nullable String runDirectory;

    @Option(names = "--no-save", description = "Keep nothing on disk.")
    private boolean unsaved;

    @Option(names = "--plain", description = "Plain lines even on a terminal.")
    private boolean plain;

    boolean plain() {
        return plain;
    }

    /** The settings with the folder of a new run. */
    JobSettings placed(JobSettings settings) {
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
        return settings.with(new Setting(JobKey.RUN_DIR, free(name).toString(), "--run-dir"));
    }

    /** The settings with the folder of the run that goes on. */
    JobSettings placed(JobSettings settings, Path resumed) {
        if (unsaved || runDirectory != null) {
            throw new InvalidJobException("--resume: expected neither --run-dir nor --no-save beside it,"
                    + " found one: the run goes on in its own folder");
        }
        return settings.with(new Setting(JobKey.RUN_DIR, resumed.toString(), "--resume"));
    }

    private static Path free(String name) {
        try {
            int number = 1;
            while (Files.exists(RUNS.resolve(name + "-" + number))) {
                number++;
            }
            return RUNS.resolve(name + "-" + number);
        } catch (InvalidPathException e) {
            throw new InvalidJobException(
                    "name: expected a name that can be a folder's, found \"" + Excerpt.of(name) + "\"", e);
        }
    }
}
