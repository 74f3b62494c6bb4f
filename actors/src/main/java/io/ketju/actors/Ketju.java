package io.ketju.actors;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.checkpoint.RunState;
import io.ketju.actors.job.InitialState;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.ModelSource;
import io.ketju.actors.job.SavedModelText;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Runs;
import io.ketju.actors.run.SavedModels;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.Training;
import io.ketju.actors.run.TrainingSession;
import io.ketju.actors.run.WeightsOnDisk;
import io.ketju.actors.weights.WeightMapping;
import io.ketju.data.InputProfile;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.model.Sequential;
import io.ketju.tensor.Shape;
import java.nio.file.Path;
import java.util.List;

/**
 * The doorway: trains a network through a pipeline of stage actors inside the calling JVM.
 *
 * <pre>{@code
 * TrainingJob job = Ketju.job()
 *         .model("lenet5")
 *         .data(DataSource.named("fashion-mnist-5k"))
 *         .stages(4).microbatches(8).batchSize(64).epochs(10)
 *         .build();
 * try (Training training = Ketju.start(job, event -> System.out.println(event))) {
 *     TrainingResult result = training.await();
 *     float[] probabilities = training.model().predict(image);
 * }
 * }</pre>
 *
 * Nothing here ends the JVM, opens a port or leaves a thread behind.
 */
public final class Ketju {
    private static final System.Logger LOG = System.getLogger(Ketju.class.getName());

    private Ketju() {}

    /** {@return the description of a job, with nothing said yet} */
    public static JobBuilder job() {
        return new JobBuilder();
    }

    /**
     * Trains to the end, and frees everything.
     *
     * @param job with data of its own, so not one of {@link JobBuilder#stepByStep}
     * @param listeners are told of the run as it goes
     * @return what came out, also of a run that was stopped by an interrupt
     * @throws InvalidJobException before anything starts
     * @throws io.ketju.actors.job.TrainingFailedException if the run fails
     */
    public static TrainingResult fit(TrainingJob job, TrainingListener... listeners) {
        try (Training training = start(job, listeners)) {
            return training.await();
        }
    }

    /**
     * Starts a run in this JVM and returns at once.
     *
     * @param job with data of its own, so not one of {@link JobBuilder#stepByStep}
     * @param listeners are told of the run as it goes
     * @return the run, which the caller closes
     * @throws InvalidJobException before anything starts
     */
    public static Training start(TrainingJob job, TrainingListener... listeners) {
        return Runs.embedded(job, List.of(listeners));
    }

    /**
     * Opens a session in this JVM, in which the caller hands over one mini-batch after another, and returns at once.
     *
     * @param job says {@link JobBuilder#stepByStep} in place of its data
     * @param listeners are told of the run as it goes
     * @return the session, which the caller closes
     * @throws InvalidJobException before anything starts
     */
    public static TrainingSession session(TrainingJob job, TrainingListener... listeners) {
        return Runs.session(job, List.of(listeners));
    }

    /**
     * The model of a run with the weights of its newest checkpoint, or of its best one if the run restores its best weights.
     * If {@code model.safetensors} in the folder holds other weights, it is not used, and a warning says so; to use it
     * call {@link #model(TrainingJob, Path)}.
     *
     * @param job the run's
     * @param runDirectory folder of the run
     * @return for predictions; the caller closes it
     * @throws InvalidJobException if the folder holds no run, or the run no checkpoint
     * @throws io.ketju.actors.checkpoint.DamagedCheckpointException if the model has weights that the checkpoint has not
     */
    public static TrainedModel load(TrainingJob job, Path runDirectory) {
        RunDirectory directory = RunDirectory.open(runDirectory);
        Checkpoint given = given(directory, runDirectory);
        return noted(directory, given, SavedModels.load(job, given.directory(), InputProfile.read(runDirectory)));
    }

    /**
     * The same without the job, for whoever only predicts: model and loss are those that the run's folder names, and no data is
     * read.
     *
     * @param runDirectory folder of the run
     * @return for predictions; the caller closes it
     * @throws InvalidJobException if there is no checkpoint, or if the run had layers or a loss of its program's own
     *     that no jar on the class path names
     */
    public static TrainedModel load(Path runDirectory) {
        RunDirectory directory = RunDirectory.open(runDirectory);
        Checkpoint given = given(directory, runDirectory);
        return noted(
                directory,
                given,
                SavedModels.load(SavedModelText.read(directory.jobFile()), InputProfile.read(runDirectory), given));
    }

    private static Checkpoint given(RunDirectory directory, Path shown) {
        return directory
                .given()
                .orElseThrow(() ->
                        new InvalidJobException(shown + ": no checkpoint yet; the run has not come to its first one"));
    }

    private static TrainedModel noted(RunDirectory directory, Checkpoint given, TrainedModel model) {
        WeightsOnDisk.note(directory, given, model).ifPresent(line -> LOG.log(System.Logger.Level.WARNING, line));
        return model;
    }

    /**
     * The model of a run with the weights of its best epoch, of a job with {@link JobBuilder#bestEpoch}.
     *
     * @param job the run's
     * @param runDirectory folder of the run
     * @return for predictions; the caller closes it
     * @throws InvalidJobException if the folder holds no run, or the run keeps no best epoch
     * @throws io.ketju.actors.checkpoint.DamagedCheckpointException if the model has weights that the checkpoint has not
     */
    public static TrainedModel loadBest(TrainingJob job, Path runDirectory) {
        Checkpoint best = RunDirectory.open(runDirectory).best();
        return SavedModels.load(job, best.directory(), InputProfile.read(runDirectory));
    }

    /**
     * The job's model with the weights of a safetensors file: all parameters and no others.
     *
     * @param job says the model, and how its inputs were made
     * @param weights under the parameters' names
     * @return for predictions; the caller closes it
     * @throws InvalidJobException with a line that lists all that does not fit
     */
    public static TrainedModel model(TrainingJob job, Path weights) {
        return SavedModels.weights(job, weights);
    }

    /**
     * The same with tensors of other names, or some of them: what the file does not give is as the job's seed makes it.
     *
     * @param job says the model, and how its inputs were made
     * @param weights a safetensors file
     * @param mapping how its names become those of parameters, and whether some may be missing or left over
     * @return for predictions; the caller closes it
     * @throws InvalidJobException if nothing fits, or not all that the mapping wants
     */
    public static TrainedModel model(TrainingJob job, Path weights, WeightMapping mapping) {
        return SavedModels.weights(job, weights, mapping);
    }

    /**
     * A model from layers and the weights of a safetensors file alone: no job, no data.
     *
     * @param inputShape shape of one sample
     * @param layers one after the other
     * @param loss says what the outputs become as predictions: {@code new CrossEntropyLoss()} for classes
     * @param weights under the parameters' names, {@code 0.weight}: all of them and no others
     * @return for predictions; the caller closes it
     * @throws InvalidJobException with a line that lists all that does not fit
     */
    public static TrainedModel model(Shape inputShape, Sequential layers, Loss loss, Path weights) {
        return SavedModels.weights(new ModelSource("custom", inputShape, layers), loss, weights);
    }

    /**
     * Weights and optimizer state of a run's newest checkpoint, to start another job from.
     *
     * @param runDirectory folder of the run
     * @return for {@link JobBuilder#initialState}; its digest is known, its tensors are read when that job starts
     * @throws InvalidJobException if there is none that is whole
     */
    public static InitialState state(Path runDirectory) {
        return RunState.newest(runDirectory);
    }
}
