package io.ketju.actors.run;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.CheckpointReader;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.InitialState;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.ModelSource;
import io.ketju.actors.job.PlannedMemory;
import io.ketju.actors.job.SavedModelText;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.weights.Rename;
import io.ketju.actors.weights.Strictness;
import io.ketju.actors.weights.WeightMapping;
import io.ketju.data.InputProfile;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.Recipe;
import io.ketju.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes models for prediction from weights that lie somewhere: a checkpoint, a file, a job's seed. Of a run that keeps
 * averages of its weights they have those.
 */
public final class SavedModels {
    /** Samples that go through a model at once that has no job. */
    private static final int BATCH = 64;

    private SavedModels() {}

    /** The weights before the first step. */
    static TrainedModel initial(TrainingJob job) {
        TrainedModel model = empty(job, Optional.empty());
        model.initialize(job.seed());
        return model;
    }

    /**
     * {@return the job's model with the weights of a checkpoint; the caller closes it, as all of these}
     *
     * @param job of the run
     * @param checkpoint its folder
     * @throws RuntimeException with one line if a weight is missing or of another shape
     */
    public static TrainedModel load(TrainingJob job, Path checkpoint) {
        return load(job, checkpoint, Optional.empty());
    }

    /**
     * {@return the same, without a look at the training data where the run kept what is to be known of its inputs}
     *
     * @param job of the run
     * @param checkpoint its folder
     * @param kept what the run kept of its inputs; empty: the job's data is asked
     * @throws RuntimeException with one line if a weight is missing or of another shape
     */
    public static TrainedModel load(TrainingJob job, Path checkpoint, Optional<InputProfile> kept) {
        return filled(empty(job, kept), tensors -> CheckpointReader.loadWeights(checkpoint, tensors));
    }

    /**
     * {@return the model of a run with the weights of a checkpoint, for prediction without the job}
     *
     * @param saved model and loss, as the run's folder has them
     * @param kept what the run kept of its inputs; empty: nothing is known of pixels and ranges
     * @param checkpoint of the run
     * @throws RuntimeException with one line if a weight is missing or of another shape
     */
    public static TrainedModel load(SavedModelText saved, Optional<InputProfile> kept, Checkpoint checkpoint) {
        ModelSource source =
                kept.map(inputs -> saved.source().fitting(inputs.shape())).orElse(saved.source());
        KnownInputs inputs = kept.map(profile -> new KnownInputs(() -> profile)).orElseGet(KnownInputs::none);
        return filled(
                empty(recipe(source, saved.loss()), inputs),
                tensors -> CheckpointReader.loadWeights(checkpoint.directory(), tensors));
    }

    /**
     * {@return a model with the weights of a checkpoint, for prediction without the data that the run learnt from}
     *
     * @param source the model
     * @param loss says what its outputs mean
     * @param inputs what is to be known of that data
     * @param checkpoint its folder
     * @throws RuntimeException with one line if a weight is missing or of another shape
     */
    public static TrainedModel load(ModelSource source, Loss loss, InputProfile inputs, Path checkpoint) {
        return filled(
                empty(recipe(source, loss), new KnownInputs(() -> inputs)),
                tensors -> CheckpointReader.loadWeights(checkpoint, tensors));
    }

    /** Writes the weights of a run that has ended for others to read; those of its best epoch beside them if they are others. */
    static void writeWeights(TrainingJob job, RunDirectory directory, TrainedModel given) throws IOException {
        given.save(directory.weights());
        if (job.bestEpoch().isPresent()
                && directory.bestEpoch().filter(best -> !best.restored()).isPresent()) {
            try (TrainedModel best = load(job, directory.best().directory())) {
                best.save(directory.bestWeights());
            }
        }
    }

    /**
     * {@return the job's model with the weights of a safetensors file, all of them and no more}
     *
     * @param job of the model
     * @param file or the index of several
     * @throws InvalidJobException with all that does not fit
     * @throws io.ketju.data.BadDataException if the file cannot be read
     */
    public static TrainedModel weights(TrainingJob job, Path file) {
        return weights(job, file, WeightMapping.STRICT);
    }

    /**
     * {@return the same with renamed tensors, or some of them; the job's seed gives the others}
     *
     * @param job of the model
     * @param file or the index of several
     * @param mapping what tensors are called here, and how strictly they must fit
     * @throws InvalidJobException with all that does not fit
     * @throws io.ketju.data.BadDataException if the file cannot be read
     */
    public static TrainedModel weights(TrainingJob job, Path file, WeightMapping mapping) {
        InitialState state = fitting(file, mapping, job.pipeline().recipe());
        return filled(initial(job), state::load);
    }

    /**
     * {@return a model with the weights of a safetensors file, all of them and no more, where there is no job}
     *
     * @param source the model
     * @param loss says what its outputs mean
     * @param file or the index of several
     * @throws InvalidJobException with all that does not fit
     * @throws io.ketju.data.BadDataException if the file cannot be read
     */
    public static TrainedModel weights(ModelSource source, Loss loss, Path file) {
        return weights(source, loss, file, List.of());
    }

    /**
     * {@return the job's model with the weights of a checkpoint, and those of a safetensors file over them that the mapping takes}
     *
     * @param job of the run
     * @param checkpoint its folder
     * @param file or the index of several
     * @param mapping what tensors of the file are called here, and how strictly they must fit
     * @throws InvalidJobException with all that does not fit
     * @throws io.ketju.data.BadDataException if the file cannot be read
     */
    public static TrainedModel over(TrainingJob job, Path checkpoint, Path file, WeightMapping mapping) {
        InitialState state = fitting(file, mapping, job.pipeline().recipe());
        return filled(load(job, checkpoint), state::load);
    }

    /**
     * {@return the same without the data that the run learnt from}
     *
     * @param source the model
     * @param loss says what its outputs mean
     * @param inputs what is to be known of that data
     * @param checkpoint its folder
     * @param file or the index of several
     * @param mapping what tensors of the file are called here, and how strictly they must fit
     * @throws InvalidJobException with all that does not fit
     * @throws io.ketju.data.BadDataException if the file cannot be read
     */
    public static TrainedModel over(
            ModelSource source, Loss loss, InputProfile inputs, Path checkpoint, Path file, WeightMapping mapping) {
        InitialState state = fitting(file, mapping, recipe(source, loss));
        return filled(load(source, loss, inputs, checkpoint), state::load);
    }

    /**
     * {@return a model with the weights of a safetensors file, renamed, all of them and no more, where there is no job}
     *
     * @param source the model
     * @param loss says what its outputs mean
     * @param file or the index of several
     * @param renames each is applied to what those before it made
     * @throws InvalidJobException with all that does not fit
     * @throws io.ketju.data.BadDataException if the file cannot be read
     */
    public static TrainedModel weights(ModelSource source, Loss loss, Path file, List<Rename> renames) {
        Recipe recipe = recipe(source, loss);
        InitialState state = fitting(file, new WeightMapping(Strictness.STRICT, renames), recipe);
        return filled(empty(recipe, KnownInputs.none()), state::load);
    }

    private static InitialState fitting(Path file, WeightMapping mapping, Recipe recipe) {
        InitialState state = InitialState.weights(file, mapping);
        state.misfit(recipe).ifPresent(line -> {
            throw new InvalidJobException(line);
        });
        return state;
    }

    private static TrainedModel empty(TrainingJob job, Optional<InputProfile> kept) {
        KnownInputs inputs = kept.map(profile -> new KnownInputs(() -> profile)).orElseGet(() -> inputs(job));
        return empty(job.pipeline().recipe(), job.threads(), inputs);
    }

    /** Nothing is known of inputs that are no samples of a data set. */
    private static KnownInputs inputs(TrainingJob job) {
        return job.datasets()
                .map(data -> new KnownInputs(() -> InputProfile.of(data.train())))
                .orElseGet(KnownInputs::none);
    }

    private static TrainedModel empty(Recipe recipe, KnownInputs inputs) {
        return empty(recipe, Runtime.getRuntime().availableProcessors(), inputs);
    }

    private static TrainedModel empty(Recipe recipe, int threads, KnownInputs inputs) {
        TestSet testSet = TestSet.of(recipe);
        PlannedMemory.requireRoom(recipe.model(), testSet.largest());
        return new TrainedModel(recipe.model(), testSet, threads, inputs);
    }

    /** A model that nobody trains here. Throws {@link InvalidJobException} if the layers do not fit each other. */
    private static Recipe recipe(ModelSource source, Loss loss) {
        try {
            return new Recipe(source.model(), loss, new SGD(1), new ConstantLR(), BATCH, 1, 0, 0);
        } catch (IllegalArgumentException e) {
            throw new InvalidJobException("model '" + source.name() + "': " + e.getMessage(), e);
        }
    }

    private static TrainedModel filled(TrainedModel model, Consumer<Map<String, Tensor>> load) {
        try {
            load.accept(model.weights());
            return model;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }
}
