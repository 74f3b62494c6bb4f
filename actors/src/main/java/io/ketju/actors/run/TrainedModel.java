package io.ketju.actors.run;

import io.ketju.actors.checkpoint.CheckpointReader;
import io.ketju.actors.job.PlannedMemory;
import io.ketju.actors.job.TrainingJob;
import io.ketju.data.Batch;
import io.ketju.data.BatchOrder;
import io.ketju.data.Batches;
import io.ketju.data.Dataset;
import io.ketju.data.file.DurableFile;
import io.ketju.data.safetensors.NamedTensor;
import io.ketju.data.safetensors.SafeTensorsWriter;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.pipeline.stage.StageState;
import io.ketju.pipeline.stage.WindowMetrics;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A model with weights, whole in this JVM, for prediction and evaluation. Any thread may use it, one at a time. */
public final class TrainedModel implements AutoCloseable {
    private final PipelineSpec spec;
    private final TensorCore core;
    private final InProcessRunner runner;
    private long windows;

    private TrainedModel(PipelineSpec spec, int threads) {
        this.spec = spec;
        this.core = TensorCore.open(threads);
        this.runner = new InProcessRunner(spec, core);
    }

    /** The weights before the first step. */
    static TrainedModel initial(TrainingJob job) {
        return new TrainedModel(wholeModel(job.pipeline()), job.threads());
    }

    /** The weights (and optimizer state) of a checkpoint. Throws if they are not of this job's model. */
    public static TrainedModel load(TrainingJob job, Path checkpoint) {
        PlannedMemory.requireRoom(wholeModel(job.pipeline()), List.of(0));
        TrainedModel model = new TrainedModel(wholeModel(job.pipeline()), job.threads());
        try {
            CheckpointReader.load(checkpoint, model.runner.tensors());
            return model;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** Mean loss and accuracy over all samples. */
    public synchronized Evaluation evaluate(Dataset samples) {
        Batches batches = new Batches(samples.size(), spec.batchSize(), BatchOrder.sequential());
        double lossSum = 0;
        long correct = 0;
        try (TensorArena arena = new TensorArena(2 * batchBytes(samples))) {
            for (int step = 0; step < batches.stepsPerEpoch(); step++) {
                arena.reset();
                Batch batch = batches.batch(step);
                Tensor inputs =
                        arena.allocate(samples.inputType(), samples.inputShape().batched(batch.size()));
                Tensor targets = arena.allocate(
                        samples.targetType(), samples.targetShape().batched(batch.size()));
                batch.copyInputs(samples, 0, inputs);
                batch.copyTargets(samples, 0, targets);
                WindowMetrics metrics = runner.evaluate(windows++, inputs, targets);
                lossSum += metrics.lossSum();
                correct += metrics.correct();
            }
        }
        return new Evaluation(lossSum / samples.size(), (double) correct / samples.size(), samples.size());
    }

    /**
     * Class probabilities of one sample: softmax over the model's output.
     *
     * @param sample row-major, as many values as the model's input shape has, normalised as in training
     */
    public synchronized float[] predict(float[] sample) {
        Shape output = spec.model().outputShape();
        try (TensorArena arena =
                new TensorArena(TensorArena.bytesFor(spec.model().inputShape()) + 2 * TensorArena.bytesFor(output))) {
            Tensor input = arena.allocate(spec.model().inputShape().batched(1));
            input.copyFrom(sample);
            Tensor scores = arena.allocate(output.batched(1));
            runner.predict(input, scores);
            Tensor probabilities = arena.allocate(output.batched(1));
            core.kernels().softmax().softmaxForward(scores, probabilities);
            return probabilities.toFloats();
        }
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

    private long batchBytes(Dataset samples) {
        return Math.max(
                TensorArena.bytesFor(samples.inputShape().batched(spec.batchSize())),
                TensorArena.bytesFor(samples.targetShape().batched(spec.batchSize())));
    }

    /** The same numbers as one stage. */
    private static PipelineSpec wholeModel(PipelineSpec spec) {
        return new PipelineSpec(
                spec.model(),
                spec.loss(),
                spec.optimizer(),
                spec.learningRateSchedule(),
                spec.schedule(),
                Partition.single(spec.model()),
                spec.batchSize(),
                spec.microbatches(),
                spec.totalSteps(),
                spec.seed());
    }
}
