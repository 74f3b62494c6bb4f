package io.ketju.tests;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.data.Batch;
import io.ketju.data.BatchOrder;
import io.ketju.data.Batches;
import io.ketju.data.Dataset;
import io.ketju.data.Datasets;
import io.ketju.data.TrainTest;
import io.ketju.data.file.DurableFile;
import io.ketju.data.safetensors.NamedTensor;
import io.ketju.data.safetensors.SafeTensorsWriter;
import io.ketju.layers.model.zoo.LeNet;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.testkit.Oracle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The run whose losses are pinned: LeNet-5 on real images with default seed and optimizer. {@link #main} makes what the
 * golden file is made of; {@code src/test/golden/lenet_losses.py} says how.
 */
final class GoldenRun {
    static final int STEPS = 10;

    private GoldenRun() {}

    static TrainingJob job() {
        TrainTest data = Datasets.named("fashion-mnist-5k");
        return Ketju.job()
                .name("golden")
                .model(Shape.of(1, 28, 28), LeNet.five())
                .data(new DataSource("fashion-mnist-5k", data.train(), data.test()))
                .batchSize(64)
                .microbatches(8)
                .threads(1)
                .build();
    }

    /** Prints one line per step, and writes initial weights and all batches to a safetensors file. */
    public static void main(String[] arguments) throws IOException {
        TrainingJob job = job();
        Oracle.of(job, STEPS)
                .losses()
                .forEach(loss -> System.out.println(
                        Long.toHexString(Double.doubleToRawLongBits(loss)) + " " + Double.toString(loss)));
        Dataset train = job.data().train();
        int samples = STEPS * job.batchSize();
        long bytes =
                TensorArena.bytesFor(train.inputShape().batched(samples)) + TensorArena.bytesFor(Shape.of(samples));
        try (TensorCore core = TensorCore.open(1);
                InProcessRunner initial = new InProcessRunner(Oracle.oneStage(job.pipeline()), core);
                TensorArena arena = new TensorArena(bytes)) {
            Tensor inputs = arena.allocate(train.inputShape().batched(samples));
            Tensor targets = arena.allocate(train.targetType(), Shape.of(samples));
            Batches batches = new Batches(train.size(), job.batchSize(), BatchOrder.shuffled(job.seed()));
            for (int step = 0; step < STEPS; step++) {
                Batch batch = batches.batch(step);
                batch.copyInputs(train, 0, inputs.samples(step * job.batchSize(), batch.size()));
                batch.copyTargets(train, 0, targets.samples(step * job.batchSize(), batch.size()));
            }
            List<NamedTensor> all = new ArrayList<>();
            initial.tensors().forEach((name, tensor) -> all.add(new NamedTensor(name, tensor)));
            all.add(new NamedTensor("inputs", inputs));
            all.add(new NamedTensor("targets", targets));
            DurableFile.write(Path.of(arguments[0]), out -> SafeTensorsWriter.write(out, all, Map.of()));
        }
    }
}
