package io.ketju.actors.run;

import io.ketju.data.BatchSource;
import io.ketju.data.Dataset;
import io.ketju.data.file.DurableFile;
import io.ketju.data.safetensors.NamedTensor;
import io.ketju.data.safetensors.SafeTensorsWriter;
import io.ketju.data.safetensors.ShardedWriter;
import io.ketju.layers.loss.Prediction;
import io.ketju.layers.model.IncrementalModel;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Value;
import io.ketju.pipeline.stage.IncrementalPredictor;
import io.ketju.pipeline.stage.Predictor;
import io.ketju.pipeline.stage.StateHash;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A model with weights, whole in this JVM, for prediction and evaluation. Any thread may use it, one at a time.
 *
 * <p>It takes the memory of its weights and of one micro-batch, forward only: no gradients, no optimizer state.
 *
 * <p>A model has named inputs and outputs. {@link #outputs(Map)} gives what it computes, {@link #predict(Map)} what that
 * means by the loss it learnt by: probabilities of classes, of labels, or the numbers themselves. For the usual model of one
 * input there are short forms for one sample and for many; they speak of its first output.
 *
 * <p>{@link #predict(float[])} takes samples as the data set gives them to training: normalised. For pixels from 0 to 255 and
 * for image files there are {@link #predictPixels} and {@link #predictImage}, which apply the normalisation of the
 * training data. A sample with a value far outside of what training saw, which is what pixels look like that were not
 * normalised, is warned about once per model on the logger of this class ({@link System.Logger}, which prints to
 * standard error unless told otherwise). Far means farther outside than the range of (at most 1,000 of) the training
 * samples is wide: a smaller mistake of scale is not noticed.
 */
public final class TrainedModel implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(TrainedModel.class.getName());

    private final Model model;
    private final TestSet testSet;
    private final int largest;
    private final TensorCore core;
    private final Predictor predictor;
    private final PartByPart parts;
    private final GivenInputs givenInputs;
    private final KnownInputs inputs;
    private final PixelSamples pixels;
    private final List<Prediction> views;

    /** Takes the memory; {@link #weights} are zero until somebody fills them. */
    TrainedModel(Model model, TestSet testSet, int threads, KnownInputs inputs) {
        this.model = model;
        this.testSet = testSet;
        this.inputs = inputs;
        largest = testSet.largest();
        core = TensorCore.open(threads);
        predictor = new Predictor(model, largest, core);
        parts = new PartByPart(predictor, largest, core.kernels());
        givenInputs = new GivenInputs(model);
        pixels = new PixelSamples(inputs);
        views = model.outputs().stream().map(this::view).toList();
    }

    /** What the loss says that reads an output; without one, the numbers are what they are. */
    private Prediction view(Value output) {
        return model.heads().stream()
                .filter(head -> head.inputs().getFirst().equals(output))
                .findFirst()
                .map(head -> head.loss().prediction())
                .orElse(Prediction.OUTPUTS);
    }

    /** {@return the graph: its {@link Model#inputs} and {@link Model#outputNames} are the names to predict by} */
    public Model model() {
        return model;
    }

    /**
     * {@return mean loss and metrics over all samples, in the mini-batches of the job's size}
     *
     * @param samples as training was given them: normalised, at least one
     * @throws io.ketju.actors.job.InvalidJobException if the model does not take them, or metrics would have to keep too much of them
     */
    public synchronized Evaluation evaluate(Dataset samples) {
        return testSet.evaluate(predictor, samples);
    }

    /**
     * {@return mean loss and metrics over one data epoch}
     *
     * @param source of inputs and targets
     * @throws io.ketju.actors.job.InvalidJobException if metrics would have to keep too much of them
     */
    public synchronized Evaluation evaluate(BatchSource source) {
        return testSet.evaluate(predictor, source);
    }

    /** {@return what predictions of the first output are: its loss says} */
    public Prediction prediction() {
        return views.getFirst();
    }

    /**
     * {@return what predictions of an output are}
     *
     * @param output its name
     * @throws IllegalArgumentException if the model has none of this name
     */
    public Prediction prediction(String output) {
        int index = model.outputNames().indexOf(output);
        if (index < 0) {
            throw new IllegalArgumentException("no output '" + output + "'; there are " + model.outputNames());
        }
        return views.get(index);
    }

    /**
     * {@return the prediction of one sample: for cross-entropy the probabilities of the classes, for a loss that says nothing else
     * the model's outputs as they are}
     *
     * @param sample row-major, as many values as the model's input shape has, normalised as in training
     * @throws IllegalArgumentException if it has another number of values
     * @throws IllegalStateException if the model takes other inputs than one of float32
     */
    public float[] predict(float[] sample) {
        return predict(new float[][] {sample})[0];
    }

    /**
     * {@return predictions of many samples, in their order: the same bits as one by one}
     *
     * @param samples each as {@link #predict(float[])} takes it, and with what that throws; may be none
     */
    public float[][] predict(float[][] samples) {
        return compute(samples, views);
    }

    /**
     * {@return the model's first output for one sample, whatever the loss}
     *
     * @param sample as {@link #predict(float[])} takes it, and with what that throws
     */
    public float[] outputs(float[] sample) {
        return outputs(new float[][] {sample})[0];
    }

    /**
     * {@return the model's first output for many samples, in their order: the same bits as one by one}
     *
     * @param samples each as {@link #predict(float[])} takes it, and with what that throws; may be none
     */
    public float[][] outputs(float[][] samples) {
        return compute(samples, raw());
    }

    /**
     * {@return predictions of all outputs, by name, for as many samples as the inputs have: the same bits as one by one}
     *
     * @param given every input that an output reads, by its name, samples outermost; others may be left out
     * @throws IllegalArgumentException with one line if one is missing, unknown, or not what the model takes
     */
    public SequencedMap<String, TensorValues> predict(Map<String, TensorValues> given) {
        return compute(given, views);
    }

    /**
     * {@return all outputs as they are, by name}
     *
     * @param given as {@link #predict(Map)} takes it, and with what that throws
     */
    public SequencedMap<String, TensorValues> outputs(Map<String, TensorValues> given) {
        return compute(given, raw());
    }

    /**
     * {@return the prediction of one image by its pixels, which are normalised as the training data was}
     *
     * @param pixels row-major, from 0 to 255, as many as the model's input shape has values
     * @throws IllegalStateException if the training data was not made of pixels
     */
    public float[] predictPixels(int[] pixels) {
        return predict(this.pixels.ofPixels(pixels));
    }

    /**
     * {@return the prediction of an image file, which is made grey, resized, inverted if its border is bright, and normalised as the
     * training data was}
     *
     * @param image PNG, JPEG, BMP or GIF
     * @throws IllegalStateException if the training data was not made of pixels
     * @throws io.ketju.data.BadDataException if the file is no image
     */
    public float[] predictImage(Path image) {
        return predict(pixels.ofImage(image, model.inputShape()));
    }

    /**
     * Predicts samples of zeros, one at a time and as many as go through at once in turn, for so long: what a service does before it
     * answers its first request, so that this is not what has kernels compiled.
     *
     * @param atLeast how long; one of each are predicted in any case
     */
    public void warmUp(Duration atLeast) {
        long deadline = System.nanoTime() + atLeast.toNanos();
        do {
            for (int samples : new int[] {1, largest}) {
                warmUp(samples);
            }
        } while (System.nanoTime() < deadline);
    }

    private synchronized void warmUp(int samples) {
        parts.predict(
                model.inputs().stream()
                        .map(input -> TensorValues.zeros(input.type(samples)))
                        .toList(),
                views);
    }

    /** {@return how many samples go through the model at once, at most; more are put through part by part} */
    public int samplesAtOnce() {
        return largest;
    }

    /** Throws {@link IllegalArgumentException} unless this is a sample of a model with one input of float32. */
    void requireSample(float[] sample) {
        requireSizes(new float[][] {sample}, requireOneInput());
    }

    /** {@return SHA-256 (hex) of all parameters: equal weights have equal hashes} That of a run covers its optimizer too. */
    public synchronized String weightsSha256() {
        return StateHash.of(predictor.weights());
    }

    /**
     * {@return a copy of one parameter's values, row-major}
     *
     * @param name its global name: {@code 0.weight}
     * @throws IllegalArgumentException if the model has none of this name
     */
    public synchronized float[] parameter(String name) {
        Tensor tensor = predictor.weights().get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no parameter '" + name + "'; there are " + parameterNames());
        }
        return tensor.toFloats();
    }

    /** {@return global names of all parameters, in the model's order} */
    public List<String> parameterNames() {
        return List.copyOf(predictor.weights().keySet());
    }

    /**
     * Writes the weights into a folder: as {@code model.safetensors}, or, where they are larger than a file may be, as several
     * files and their index.
     *
     * @param folder made if it is not there; files of the same names are replaced
     * @param mostBytes of a file's weights; one tensor is never cut
     * @return what was written, the index last
     * @throws IOException if a file cannot be written; those before it are then new
     */
    public synchronized List<Path> saveShards(Path folder, long mostBytes) throws IOException {
        return ShardedWriter.write(folder, named(), mostBytes, Map.of("format", "pt"));
    }

    private List<NamedTensor> named() {
        List<NamedTensor> weights = new ArrayList<>();
        predictor.weights().forEach((name, tensor) -> weights.add(new NamedTensor(name, tensor)));
        return weights;
    }

    /**
     * Writes the weights as safetensors under PyTorch's names.
     *
     * @param file replaced, if there is one, when the new one is whole
     * @throws IOException if it cannot be written
     */
    public synchronized void save(Path file) throws IOException {
        List<NamedTensor> weights = named();
        DurableFile.write(file, out -> SafeTensorsWriter.write(out, weights, Map.of("format", "pt")));
    }

    @Override
    public synchronized void close() {
        predictor.close();
        core.close();
    }

    /** Gives every parameter the initial values of a seed. */
    void initialize(long seed) {
        predictor.initialize(seed);
    }

    /**
     * Sequences that grow token by token; empty if a layer of the model has to see all of a sequence for each token.
     *
     * @param growing the input that grows
     * @param lengths the input that counts its tokens, if there is one of that name
     * @param most how many grow together
     */
    synchronized Optional<GrowingSequences> growing(String growing, String lengths, int most) {
        return IncrementalModel.of(model, growing, lengths)
                .map(found -> new GrowingSequences(this, new IncrementalPredictor(found, predictor, most, largest)));
    }

    /** The live parameters. */
    SequencedMap<String, Tensor> weights() {
        return predictor.weights();
    }

    private List<Prediction> raw() {
        return Collections.nCopies(views.size(), Prediction.OUTPUTS);
    }

    private synchronized SequencedMap<String, TensorValues> compute(
            Map<String, TensorValues> given, List<Prediction> wanted) {
        List<TensorValues> results = parts.predict(givenInputs.of(given), wanted);
        SequencedMap<String, TensorValues> byName = new LinkedHashMap<>();
        for (int i = 0; i < results.size(); i++) {
            byName.put(model.outputNames().get(i), results.get(i));
        }
        return byName;
    }

    private synchronized float[][] compute(float[][] samples, List<Prediction> wanted) {
        Shape shape = requireOneInput();
        requireSizes(samples, shape);
        inputs.warnOnce(samples).ifPresent(line -> LOG.log(System.Logger.Level.WARNING, line));
        float[][] results = new float[samples.length][];
        for (int first = 0; first < samples.length; first += largest) {
            int count = Math.min(largest, samples.length - first);
            float[] all = new float[count * shape.elements()];
            for (int i = 0; i < count; i++) {
                System.arraycopy(samples[first + i], 0, all, i * shape.elements(), shape.elements());
            }
            TensorValues part = TensorValues.of(all, shape.batched(count).toArray());
            float[] outputs = parts.predict(List.of(part), wanted).getFirst().floats();
            int ofOne = outputs.length / count;
            for (int i = 0; i < count; i++) {
                results[first + i] = Arrays.copyOfRange(outputs, i * ofOne, (i + 1) * ofOne);
            }
        }
        return results;
    }

    /** The shape of a sample of a model with one input of float32. */
    private Shape requireOneInput() {
        Input first = model.inputs().getFirst();
        if (model.inputs().size() > 1 || !first.batched() || first.type().dtype() != DType.FLOAT32) {
            throw new IllegalStateException("the model takes "
                    + model.inputs().stream()
                            .map(input -> input.name() + " " + input.type())
                            .toList() + ": give them by name");
        }
        return model.inputShape();
    }

    private static void requireSizes(float[][] samples, Shape shape) {
        for (int i = 0; i < samples.length; i++) {
            if (samples[i].length != shape.elements()) {
                throw new IllegalArgumentException("sample " + i + ": expected " + shape.elements() + " values of "
                        + shape + ", found " + samples[i].length);
            }
        }
    }
}
