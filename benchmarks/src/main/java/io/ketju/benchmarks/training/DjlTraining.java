package io.ketju.benchmarks.training;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.UniformInitializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The same steps by Deep Java Library with its PyTorch engine on the CPU, which is on the class path with the Maven
 * profile {@code peers} only. All calls from one thread.
 */
final class DjlTraining implements AutoCloseable {
    private static final String ENGINE = "PyTorch";

    /** About what both sides' layers would choose by themselves for these sizes; DJL's default starts at a high loss. */
    private static final float WEIGHT_SCALE = 0.05f;

    private record Batch(NDList inputs, NDList labels) {}

    private final Model model;
    private final Trainer trainer;
    private final List<Batch> batches = new ArrayList<>();
    private int next;
    private float loss;

    DjlTraining(Workload workload, SyntheticBatches samples) {
        model = Model.newInstance(workload.name(), Device.cpu(), ENGINE);
        model.setBlock(block(workload));
        trainer = model.newTrainer(new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optDevices(new Device[] {Device.cpu()})
                .optInitializer(new UniformInitializer(WEIGHT_SCALE), Parameter.Type.WEIGHT)
                .optOptimizer(optimizer(workload)));
        Shape inputs = inputShape(workload);
        trainer.initialize(inputs);
        NDManager manager = trainer.getManager();
        for (SyntheticBatches.Batch batch : samples.all()) {
            long[] labels = Arrays.stream(batch.labels()).asLongStream().toArray();
            batches.add(new Batch(
                    new NDList(manager.create(batch.inputs(), inputs)),
                    new NDList(manager.create(labels, new Shape(labels.length)))));
        }
    }

    /** Versions of library and engine; throws {@link IllegalStateException} if the engine is not there. */
    static String version() {
        try {
            return "DJL " + Engine.getDjlVersion() + ", PyTorch "
                    + Engine.getEngine(ENGINE).getVersion();
        } catch (EngineException e) {
            throw new IllegalStateException(
                    "no PyTorch engine on the class path: build with the Maven profile 'peers', or use ./benchmarks/run",
                    e);
        }
    }

    /** Threads of one operation. Looked up by name: the engine is no dependency of the compiler. */
    static void threads(int count) {
        try {
            MethodHandles.lookup()
                    .findStatic(
                            Class.forName("ai.djl.pytorch.jni.JniUtils"),
                            "setNumThreads",
                            MethodType.methodType(void.class, int.class))
                    .invoke(count);
        } catch (Throwable e) {
            throw new IllegalStateException("cannot set PyTorch's number of threads", e);
        }
    }

    /** One whole step: forward, loss, backward, update. */
    void step() {
        Batch batch = batches.get(next);
        next = (next + 1) % batches.size();
        try (NDManager step = trainer.getManager().newSubManager()) {
            // What an operation makes belongs to the manager of its input: so all of it goes at the end of the step.
            batch.inputs().tempAttach(step);
            batch.labels().tempAttach(step);
            try (GradientCollector gradients = trainer.newGradientCollector()) {
                NDList outputs = trainer.forward(batch.inputs());
                NDArray mean = trainer.getLoss().evaluate(batch.labels(), outputs);
                gradients.backward(mean);
                loss = mean.getFloat();
            }
            trainer.step();
        }
    }

    /** Mean loss of the last step's mini-batch. */
    double loss() {
        return loss;
    }

    @Override
    public void close() {
        trainer.close();
        model.close();
    }

    private static Shape inputShape(Workload workload) {
        long[] sample =
                Arrays.stream(workload.inputShape().toArray()).asLongStream().toArray();
        return new Shape(workload.batchSize()).addAll(new Shape(sample));
    }

    private static Block block(Workload workload) {
        return switch (workload) {
            case LENET ->
                new SequentialBlock()
                        .add(convolution(6, 2))
                        .add(Activation.reluBlock())
                        .add(pool())
                        .add(convolution(16, 0))
                        .add(Activation.reluBlock())
                        .add(pool())
                        .add(Blocks.batchFlattenBlock())
                        .add(linear(120))
                        .add(Activation.reluBlock())
                        .add(linear(84))
                        .add(Activation.reluBlock())
                        .add(linear(SyntheticBatches.CLASSES));
            case MLP ->
                new SequentialBlock()
                        .add(linear(512))
                        .add(Activation.reluBlock())
                        .add(linear(256))
                        .add(Activation.reluBlock())
                        .add(linear(SyntheticBatches.CLASSES));
        };
    }

    private static Block convolution(int channels, int padding) {
        return Conv2d.builder()
                .setKernelShape(new Shape(5, 5))
                .optPadding(new Shape(padding, padding))
                .setFilters(channels)
                .build();
    }

    private static Block pool() {
        return Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2));
    }

    private static Block linear(int units) {
        return Linear.builder().setUnits(units).build();
    }

    private static Optimizer optimizer(Workload workload) {
        return switch (workload) {
            case LENET ->
                Optimizer.adam()
                        .optLearningRateTracker(Tracker.fixed(Workload.ADAM_LEARNING_RATE))
                        .build();
            case MLP ->
                Optimizer.sgd()
                        .setLearningRateTracker(Tracker.fixed(Workload.SGD_LEARNING_RATE))
                        .optMomentum(Workload.MOMENTUM)
                        .build();
        };
    }
}
