package io.ketju.actors.run;

import io.ketju.actors.checkpoint.CheckpointReader;
import io.ketju.actors.job.InitialState;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.Measured;
import io.ketju.actors.job.ModelSource;
import io.ketju.actors.job.PlannedMemory;
import io.ketju.actors.job.TrainingJob;
import io.ketju.data.BatchOrder;
import io.ketju.data.BatchPlan;
import io.ketju.data.BatchSource;
import io.ketju.data.BatchTensors;
import io.ketju.data.Dataset;
import io.ketju.data.DatasetSamples;
import io.ketju.data.InputProfile;
import io.ketju.data.SampleBatches;
import io.ketju.data.file.DurableFile;
import io.ketju.data.image.ImageFile;
import io.ketju.data.image.Inversion;
import io.ketju.data.image.Normalization;
import io.ketju.data.safetensors.NamedTensor;
import io.ketju.data.safetensors.SafeTensorsWriter;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.loss.Prediction;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.pipeline.stage.StagePlan;
import io.ketju.pipeline.stage.StageState;
import io.ketju.pipeline.stage.WindowMetrics;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;

/**
 * A model with weights, whole in this JVM, for prediction and evaluation. Any thread may use it, one at a time.
 *
 * <p>{@link #predict} takes samples as the data set gives them to training: normalised. For pixels from 0 to 255 and
 * for image files there are {@link #predictPixels} and {@link #predictImage}, which apply the normalisation of the
 * training data. A sample with a value far outside of what training saw, which is what pixels look like that were not
 * normalised, is warned about once per model on the logger of this class ({@link System.Logger}, which prints to
 * standard error unless told otherwise). Far means farther outside than the range of (at most 1,000 of) the training
 * samples is wide: a smaller mistake of scale is not noticed.
 */
public final class TrainedModel implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(TrainedModel.class.getName());

    private final PipelineSpec spec;
    private final TensorCore core;
    private final InProcessRunner runner;
    private final KnownInputs inputs;
    private long windows;

    private TrainedModel(PipelineSpec spec, int threads, KnownInputs inputs) {
        this.spec = spec.onOneStage();
        PlannedMemory.requireRoom(this.spec, List.of(0));
        this.core = TensorCore.open(threads);
        this.runner = new InProcessRunner(this.spec, core);
        this.inputs = inputs;
    }

    /** The weights before the first step. */
    static TrainedModel initial(TrainingJob job) {
        return of(job, tensors -> {});
    }

    /** The weights (and optimizer state) of a checkpoint. Throws if they are not of this job's model. */
    public static TrainedModel load(TrainingJob job, Path checkpoint) {
        return load(job, checkpoint, Optional.empty());
    }

    /** The same, with what the run kept of its inputs where it did. */
    public static TrainedModel load(TrainingJob job, Path checkpoint, Optional<InputProfile> kept) {
        KnownInputs inputs = kept.map(profile -> new KnownInputs(() -> profile)).orElseGet(() -> inputs(job));
        return filled(
                new TrainedModel(job.pipeline(), job.threads(), inputs),
                tensors -> CheckpointReader.load(checkpoint, tensors));
    }

    /** The weights of a checkpoint, for prediction without the data that the run learnt from. */
    public static TrainedModel load(ModelSource source, Loss loss, InputProfile inputs, Path checkpoint) {
        return filled(
                new TrainedModel(
                        Inference.spec(source, loss),
                        Runtime.getRuntime().availableProcessors(),
                        new KnownInputs(() -> inputs)),
                tensors -> CheckpointReader.load(checkpoint, tensors));
    }

    /** The weights of a safetensors file, all of them and no more. Throws with all that does not fit. */
    public static TrainedModel weights(TrainingJob job, Path file) {
        return of(job, fitting(file, job.pipeline())::load);
    }

    /** The same where there is no job: a model and the loss that says what its outputs mean. */
    public static TrainedModel weights(ModelSource source, Loss loss, Path file) {
        PipelineSpec spec = Inference.spec(source, loss);
        InitialState state = fitting(file, spec);
        return filled(
                new TrainedModel(spec, Runtime.getRuntime().availableProcessors(), KnownInputs.none()), state::load);
    }

    private static InitialState fitting(Path file, PipelineSpec spec) {
        InitialState state = InitialState.weights(file);
        state.misfit(spec.recipe()).ifPresent(line -> {
            throw new InvalidJobException(line);
        });
        return state;
    }

    /** For a run that starts from a state. */
    static TrainedModel startingFrom(TrainingJob job, InitialState state) {
        return of(job, state::load);
    }

    private static TrainedModel of(TrainingJob job, Consumer<Map<String, Tensor>> load) {
        return filled(new TrainedModel(job.pipeline(), job.threads(), inputs(job)), load);
    }

    /** Nothing is known of inputs that are no samples of a data set. */
    private static KnownInputs inputs(TrainingJob job) {
        return job.datasets()
                .map(data -> new KnownInputs(() -> InputProfile.of(data.train())))
                .orElseGet(KnownInputs::none);
    }

    private static TrainedModel filled(TrainedModel model, Consumer<Map<String, Tensor>> load) {
        try {
            load.accept(model.runner.tensors());
            return model;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** Mean loss and metrics over all samples. */
    public Evaluation evaluate(Dataset samples) {
        List<String> names = BatchPorts.of(spec.model()).names();
        return evaluate(new SampleBatches(
                new DatasetSamples(samples, names.getFirst(), names.getLast()),
                spec.recipe().batchSize(),
                spec.recipe().microbatches(),
                BatchOrder.sequential()));
    }

    /** Mean loss and metrics over one data epoch. */
    public synchronized Evaluation evaluate(BatchSource source) {
        WindowMetrics total = WindowMetrics.NONE;
        int samples = 0;
        try (BatchTensors tensors = new BatchTensors(source)) {
            for (int index = 0; index < source.stepsPerEpoch(); index++) {
                BatchPlan batch = source.plan(index);
                total = total.plus(runner.evaluate(windows++, tensors.read(batch)));
                samples += batch.samples();
            }
        }
        return new Evaluation(new Measured(total.values(spec.model().heads())), samples);
    }

    /** What the predictions are: the loss says. */
    public Prediction prediction() {
        return spec.recipe().loss().prediction();
    }

    /**
     * Prediction of one sample: for cross-entropy the probabilities of the classes, for a loss that says nothing else
     * the model's outputs as they are.
     *
     * @param sample row-major, as many values as the model's input shape has, normalised as in training
     */
    public float[] predict(float[] sample) {
        return predict(new float[][] {sample})[0];
    }

    /** Predictions of many samples, in their order: the same bits as one by one. */
    public float[][] predict(float[][] samples) {
        return compute(samples, prediction());
    }

    /** The model's outputs for one sample, whatever the loss. */
    public float[] outputs(float[] sample) {
        return outputs(new float[][] {sample})[0];
    }

    /** The model's outputs for many samples, in their order: the same bits as one by one. */
    public float[][] outputs(float[][] samples) {
        return compute(samples, Prediction.OUTPUTS);
    }

    /**
     * Prediction of one image by its pixels, which are normalised as the training data was.
     *
     * @param pixels row-major, from 0 to 255, as many as the model's input shape has values
     * @throws IllegalStateException if the training data was not made of pixels
     */
    public float[] predictPixels(int[] pixels) {
        Normalization normalization = normalization();
        float[] sample = new float[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            if (pixels[i] < 0 || pixels[i] > 255) {
                throw new IllegalArgumentException("pixel " + i + ": expected 0 to 255, found " + pixels[i]);
            }
            sample[i] = normalization.apply(pixels[i], 255);
        }
        return predict(sample);
    }

    /**
     * Prediction of an image file (PNG, JPEG, BMP, GIF), which is made grey, resized, inverted if its border is bright,
     * and normalised as the training data was.
     *
     * @throws IllegalStateException if the training data was not made of pixels
     * @throws io.ketju.data.BadDataException if the file is no image
     */
    public float[] predictImage(Path image) {
        return predict(ImageFile.read(image, spec.model().inputShape(), normalization(), Inversion.AUTO)
                .values());
    }

    /** SHA-256 (hex) of all parameters and optimizer state: equal runs have equal hashes. */
    public synchronized String stateSha256() {
        return runner.stateHash();
    }

    /** A copy of one parameter's values, row-major, by its global name: {@code 0.weight}. */
    public synchronized float[] parameter(String name) {
        Tensor tensor = runner.tensors().get(name);
        if (tensor == null || name.startsWith(StageState.OPTIMIZER)) {
            throw new IllegalArgumentException("no parameter '" + name + "'; there are " + parameterNames());
        }
        return tensor.toFloats();
    }

    /** Global names of all parameters, in the model's order. */
    public List<String> parameterNames() {
        return runner.tensors().keySet().stream()
                .filter(name -> !name.startsWith(StageState.OPTIMIZER))
                .toList();
    }

    /** Writes the weights, without optimizer state, as safetensors under PyTorch's names. */
    public synchronized void save(Path file) throws IOException {
        List<NamedTensor> weights = new ArrayList<>();
        runner.tensors().forEach((name, tensor) -> {
            if (!name.startsWith(StageState.OPTIMIZER)) {
                weights.add(new NamedTensor(name, tensor));
            }
        });
        DurableFile.write(file, out -> SafeTensorsWriter.write(out, weights, Map.of("format", "pt")));
    }

    @Override
    public synchronized void close() {
        runner.close();
        core.close();
    }

    /** The live tensors: parameters and optimizer state. */
    SequencedMap<String, Tensor> tensors() {
        return Collections.unmodifiableSequencedMap(runner.tensors());
    }

    private synchronized float[][] compute(float[][] samples, Prediction prediction) {
        Shape shape = spec.model().inputShape();
        requireSizes(samples, shape);
        inputs.warnOnce(samples).ifPresent(line -> LOG.log(System.Logger.Level.WARNING, line));
        int most = Math.max(1, Math.min(samples.length, StagePlan.largestMicrobatch(spec)));
        Shape output = spec.model().outputShape();
        float[][] results = new float[samples.length][];
        long bytes = TensorArena.bytesFor(shape.batched(most)) + 2 * TensorArena.bytesFor(output.batched(most));
        try (TensorArena arena = new TensorArena(bytes)) {
            for (int first = 0; first < samples.length; first += most) {
                arena.reset();
                int count = Math.min(most, samples.length - first);
                Tensor input = arena.allocate(shape.batched(count));
                for (int i = 0; i < count; i++) {
                    input.samples(i, 1).copyFrom(samples[first + i]);
                }
                Tensor outputs = arena.allocate(output.batched(count));
                runner.predict(input, outputs);
                Tensor predictions = arena.allocate(output.batched(count));
                prediction.apply(core.kernels(), outputs, predictions);
                for (int i = 0; i < count; i++) {
                    results[first + i] = predictions.samples(i, 1).toFloats();
                }
            }
        }
        return results;
    }

    private static void requireSizes(float[][] samples, Shape shape) {
        for (int i = 0; i < samples.length; i++) {
            if (samples[i].length != shape.elements()) {
                throw new IllegalArgumentException("sample " + i + ": expected " + shape.elements() + " values of "
                        + shape + ", found " + samples[i].length);
            }
        }
    }

    private Normalization normalization() {
        return inputs.profile()
                .flatMap(InputProfile::normalization)
                .orElseThrow(() -> new IllegalStateException(
                        "the data that this model learnt from says nothing of pixels: normalise the sample as that data"
                                + " was, and call predict"));
    }
}
