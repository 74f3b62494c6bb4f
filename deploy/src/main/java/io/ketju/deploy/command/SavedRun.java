package io.ketju.deploy.command;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.SavedModels;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.WeightsOnDisk;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.config.JobSettings;
import io.ketju.deploy.config.Setting;
import io.ketju.deploy.display.Terminal;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The job of a run that is on disk, to be looked at or used: as it was, apart from what suits this machine. */
public record SavedRun(RunDirectory directory, TrainingJob job) {
    /**
     * The weights of the run, or those of another file; a line on {@code terminal}'s error output says if
     * {@code model.safetensors} holds others than the run's checkpoint. Throws {@code InvalidJobException} if there are
     * none.
     */
    TrainedModel model(WeightsOptions weights, Terminal terminal) {
        Optional<Path> file = weights.file();
        if (file.isPresent()) {
            return weights.of(this, file.get());
        }
        Checkpoint given = weights.checkpoint(directory);
        TrainedModel model = SavedModels.load(job, given.directory());
        if (weights.givesModelFile()) {
            say(WeightsOnDisk.note(directory, given, model), terminal);
        }
        return model;
    }

    /** The newest checkpoint; throws {@code InvalidJobException} if there is none. */
    public static Checkpoint newest(RunDirectory directory) {
        return directory
                .newest()
                .orElseThrow(() -> new InvalidJobException(
                        directory.path() + ": no checkpoint yet; the run has not come to its first one"));
    }

    static void say(Optional<String> note, Terminal terminal) {
        note.ifPresent(line -> {
            terminal.err().println("note: " + line + "; --weights FILE uses those of a file");
            terminal.err().flush();
        });
    }

    /**
     * Throws {@code InvalidJobException} if there is no run, or its job cannot be read.
     *
     * @param data in place of the run's own, if given
     * @param threads if given, otherwise all processors
     */
    public static SavedRun open(Path path, @Nullable String data, @Nullable String threads) {
        RunDirectory directory = RunDirectory.open(path);
        JobSettings settings = JobFile.read(directory.jobFile()).without(JobKey.THREADS);
        if (data != null) {
            settings = settings.with(new Setting(JobKey.DATA, data, "--data"));
        }
        if (threads != null) {
            settings = settings.with(new Setting(JobKey.THREADS, threads, "--threads"));
        }
        return new SavedRun(directory, JobAssembly.build(settings, Optional.of(path)));
    }
}
