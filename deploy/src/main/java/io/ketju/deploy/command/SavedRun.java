package io.ketju.deploy.command;

import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.TrainingJob;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.config.JobSettings;
import io.ketju.deploy.config.Setting;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The job of a run that is on disk, to be looked at or used: as it was, apart from what suits this machine. */
record SavedRun(RunDirectory directory, TrainingJob job) {
    /** Throws {@code InvalidJobException} if there is no run, or its job cannot be read. */
    static SavedRun open(Path path, @Nullable String data, @Nullable String threads) {
        RunDirectory directory = RunDirectory.open(path);
        JobSettings settings = JobFile.read(directory.jobFile()).without(JobKey.THREADS);
        if (data != null) {
            settings = settings.with(new Setting(JobKey.DATA, data, "--data"));
        }
        if (threads != null) {
            settings = settings.with(new Setting(JobKey.THREADS, threads, "--threads"));
        }
        return new SavedRun(directory, JobAssembly.build(settings));
    }
}
