package io.ketju.deploy.command;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.ModelSource;
import io.ketju.actors.run.SavedModels;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.WeightsOnDisk;
import io.ketju.data.InputProfile;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.config.JobSettings;
import io.ketju.deploy.display.Terminal;
import io.ketju.layers.loss.Loss;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A saved run as far as a prediction needs it: without the data that it learnt from, which may be large, or gone.
 *
 * @param inputs what the run kept of its inputs
 */
public record UsableRun(RunDirectory directory, ModelSource source, Loss loss, InputProfile inputs) {
    /** Throws {@code InvalidJobException} if there is no run, or its job cannot be read. */
    public static UsableRun open(Path path) {
        RunDirectory directory = RunDirectory.open(path);
        JobSettings settings = JobFile.read(directory.jobFile()).without(JobKey.THREADS);
        // A run of an earlier version kept nothing: then the data must say.
        InputProfile inputs = InputProfile.read(path)
                .orElseGet(() -> InputProfile.of(
                        SavedRun.open(path, null, null).job().data().train()));
        return new UsableRun(
                directory, JobAssembly.model(settings).fitting(inputs.shape()), JobAssembly.loss(settings), inputs);
    }

    /**
     * The weights of the run, or those of another file; a line on {@code terminal}'s error output says if {@code
     * model.safetensors} holds others than the newest checkpoint. Throws {@code InvalidJobException} if there are none.
     */
    public TrainedModel model(WeightsOptions weights, Terminal terminal) {
        Optional<Path> file = weights.file();
        if (file.isPresent()) {
            return weights.of(this, file.get());
        }
        Checkpoint given = weights.checkpoint(directory);
        TrainedModel model = SavedModels.load(source, loss, inputs, given.directory());
        if (weights.givesModelFile()) {
            SavedRun.say(WeightsOnDisk.note(directory, given, model), terminal);
        }
        return model;
    }
}
