package io.ketju.actors.run;

import io.ketju.actors.checkpoint.CheckpointReader;
import io.ketju.actors.job.InitialState;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.ModelSource;
import io.ketju.actors.job.PlannedMemory;
import io.ketju.actors.job.TrainingJob;
import io.ketju.data.Dataset;
import io.ketju.data.InputProfile;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes models for prediction from weights that lie somewhere: a checkpoint, a file, a job's seed. */
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

    /** The weights of a checkpoint. Throws if they are not of this job's model. */
    public static TrainedModel load(TrainingJob job, Path checkpoint) {
        return load(job, checkpoint, Optional.empty());
    }

    /** The same, with what the run kept of its inputs where it did. */
    public static TrainedModel load(TrainingJob job, Path checkpoint, Optional<InputProfile> kept) {
        return filled(empty(job, kept), tensors -> CheckpointReader.load(checkpoint, tensors));
    }

    /** The weights of a checkpoint, for prediction without the data that the run learnt from. */
    public static TrainedModel load(ModelSource source, Loss loss, InputProfile inputs, Path checkpoint) {
        return filled(
                empty(source, loss, new KnownInputs(() -> inputs)),
                tensors -> CheckpointReader.load(checkpoint, tensors));
    }

    /** The weights of a safetensors file, all of them and no more. Throws with all that does not fit. */
    public static TrainedModel weights(TrainingJob job, Path file) {
        InitialState state = fitting(file, job.pipeline().model());
        return filled(empty(job, Optional.empty()), state::load);
    }

    /** The same where there is no job: a model and the loss that says what its outputs mean. */
    public static TrainedModel weights(ModelSource source, Loss loss, Path file) {
        InitialState state = fitting(file, source.model());
        return filled(empty(source, loss, KnownInputs.none()), state::load);
    }

    private static InitialState fitting(Path file, Model model) {
        InitialState state = InitialState.weights(file);
        // Weights come without optimizer state, so any optimizer does.
        state.misfit(model, new SGD(1)).ifPresent(line -> {
            throw new InvalidJobException(line);
        });
        return state;
    }

    private static TrainedModel empty(TrainingJob job, Optional<InputProfile> kept) {
        Dataset train = job.data().train();
        KnownInputs inputs = new KnownInputs(() -> kept.orElseGet(() -> InputProfile.of(train)));
        TestSet testSet = new TestSet(job.loss(), job.batchSize(), job.microbatches());
        return empty(job.pipeline().model(), testSet, job.threads(), inputs);
    }

    private static TrainedModel empty(ModelSource source, Loss loss, KnownInputs inputs) {
        Model model = source.model();
        try {
            model = model.heads().isEmpty() ? model.withHead(loss) : model;
            BatchPorts.of(model).types(model, model.types(1));
        } catch (IllegalArgumentException e) {
            throw new InvalidJobException("model '" + source.name() + "': " + e.getMessage(), e);
        }
        TestSet testSet = new TestSet(loss, BATCH, 1);
        return empty(model, testSet, Runtime.getRuntime().availableProcessors(), inputs);
    }

    private static TrainedModel empty(Model model, TestSet testSet, int threads, KnownInputs inputs) {
        PlannedMemory.requireRoom(model, testSet.largest());
        return new TrainedModel(model, testSet, threads, inputs);
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
