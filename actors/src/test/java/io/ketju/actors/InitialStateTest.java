package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.checkpoint.CheckpointReader;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.JobHash;
import io.ketju.actors.job.JobText;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.Training;
import io.ketju.data.Batch;
import io.ketju.data.BatchOrder;
import io.ketju.data.Batches;
import io.ketju.data.Dataset;
import io.ketju.data.safetensors.NamedTensor;
import io.ketju.data.safetensors.SafeTensorsReader;
import io.ketju.data.safetensors.SafeTensorsWriter;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.zoo.MLP;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.SGD;
import io.ketju.layers.optimizer.StepLR;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that start from weights of a file, or from the state of another run. */
class InitialStateTest {
    @TempDir
    private Path folder;

    private Path old;
    private Path weights;

    @BeforeEach
    void trainTheOldRun() {
        old = folder.resolve("old");
        weights = old.resolve("model.safetensors");
        Ketju.fit(adam().stages(2).runDirectory(old).build());
    }

    /** Rates fall to a tenth after 3 steps: a schedule that went on from the old run's 8 steps would start with it. */
    @ParameterizedTest
    @CsvSource({"1", "2", "3"})
    void aStateGoesOnWithItsOptimizerWhileTheScheduleBegins(int stages) {
        TrainingJob job = again().stages(stages).initialState(Ketju.state(old)).build();
        assertThat(job.pipeline().recipe().optimizerSteps()).isEqualTo(8);
        try (Training training = Ketju.start(job)) {
            TrainingResult result = training.await();
            assertThat(result.stateSha256()).isEqualTo(oracle(job, true, 8));
            assertThat(result.stateSha256()).isNotEqualTo(oracle(job, true, 0));
            assertThat(result.steps()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "3"})
    void weightsAloneBeginWithAFreshOptimizer(int stages) {
        TrainingJob job = again().stages(stages).initialWeights(weights).build();
        assertThat(Ketju.fit(job).stateSha256()).isEqualTo(oracle(job, false, 0));
    }

    @Test
    void bothGoOnToTheSameBitsWithoutTheirSource() throws IOException {
        for (boolean state : new boolean[] {true, false}) {
            Path run = folder.resolve("run-" + state);
            TrainingJob job = from(again().epochs(3), state).runDirectory(run).build();
            String whole = Ketju.fit(job).stateSha256();
            assertThat(run.resolve("checkpoints")).isDirectoryContaining("glob:**/step-000000012");
            Path stopped = folder.resolve("stopped-" + state);
            TrainingJob again =
                    from(again().epochs(3), state).runDirectory(stopped).build();
            try (Training training = Ketju.start(again)) {
                training.stop("at once");
                assertThat(training.await().completed()).isFalse();
            }
            TrainingJob rest = from(again().epochs(3), state).resume(stopped).build();
            assertThat(Ketju.fit(rest).stateSha256()).isEqualTo(whole);
        }
    }

    @Test
    void aChainOfRunsCountsAllStepsOfItsOptimizer() {
        Path second = folder.resolve("second");
        Ketju.fit(from(again(), true).runDirectory(second).build());
        TrainingJob third = again().initialState(Ketju.state(second)).build();
        assertThat(third.pipeline().recipe().optimizerSteps()).isEqualTo(12);
        assertThat(JobText.print(third)).contains("from-steps = 12\n");
    }

    @Test
    void whatARunStartsFromIsPartOfItsIdentity() {
        String plain = JobHash.numbers(again().build());
        String init = JobHash.numbers(from(again(), false).build());
        String state = JobHash.numbers(from(again(), true).build());
        assertThat(List.of(plain, init, state)).doesNotHaveDuplicates();
        assertThat(JobHash.numbers(from(again(), true).stages(3).build())).isEqualTo(state);
        Path run = folder.resolve("run");
        Ketju.fit(from(again(), false).runDirectory(run).build());
        assertThatThrownBy(() -> Ketju.start(from(again(), true).resume(run).build()))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("another job");
    }

    @Test
    void anotherOptimizerOrModelIsOneLine() {
        assertThatThrownBy(() -> from(again(), true).optimizer(new SGD(0.1)).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("from: " + old + ": its optimizer keeps exp_avg, exp_avg_sq for each parameter, SGD(lr=0.1)"
                        + " keeps nothing; take the optimizer of that run, or its weights alone with --init "
                        + weights);
        assertThatThrownBy(() ->
                        from(again(), true).model(Shape.of(4), MLP.of(4, 8, 3)).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("from: " + old + ": does not fit the model: 2 unexpected: '5.weight' [3, 6], '5.bias' [3];"
                        + " 2 misshapen: '3.weight' expected [3, 8], found [6, 8], '3.bias' expected [3], found [6]");
        assertThatThrownBy(() -> Ketju.state(folder)).hasMessageContaining("not a run");
    }

    @Test
    void allThatDoesNotFitIsSaidAtOnce() throws IOException {
        Path file = folder.resolve("other.safetensors");
        try (TensorArena arena = new TensorArena(1 << 16)) {
            write(
                    file,
                    new NamedTensor("1.weight", arena.allocate(Shape.of(8, 5))),
                    new NamedTensor("1.bias", arena.allocate(Shape.of(8))),
                    new NamedTensor("3.weight", arena.allocate(Shape.of(6, 8))),
                    new NamedTensor("3.bias", arena.allocate(Shape.of(6))),
                    new NamedTensor("5.bias", arena.allocate(Shape.of(3))),
                    new NamedTensor("fc.weight", arena.allocate(Shape.of(3, 6))));
        }
        String line = file + ": does not fit the model: 1 missing: '5.weight' [3, 6]; 1 unexpected: 'fc.weight' [3, 6];"
                + " 1 misshapen: '1.weight' expected [8, 4], found [8, 5]; init-fit = partial takes the 4 that fit";
        assertThatThrownBy(() -> again().initialWeights(file).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("init: " + line);
        assertThatThrownBy(() -> Ketju.model(again().build(), file)).hasMessage(line);
    }

    @Test
    void aValueThatIsNoNumberIsRefused() throws IOException {
        Path file = folder.resolve("nan.safetensors");
        try (TrainedModel model = Ketju.load(adam().build(), old);
                TensorArena arena = new TensorArena(1 << 16)) {
            List<NamedTensor> tensors = new ArrayList<>();
            for (String name : model.parameterNames()) {
                float[] values = model.parameter(name);
                Shape shape = name.endsWith("bias") ? Shape.of(values.length) : shapeOf(name);
                Tensor tensor = arena.allocate(shape);
                tensor.copyFrom(values);
                tensors.add(new NamedTensor(name, tensor));
            }
            tensors.get(2).tensor().setFloat(5, Float.NaN);
            write(file, tensors.toArray(NamedTensor[]::new));
        }
        assertThatThrownBy(() -> again().initialWeights(file).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("tensor '3.weight', value 5: expected a finite float32, found NaN");
    }

    @Test
    void weightsAloneMakeAModel() throws IOException {
        float[] sample = {0.1f, -0.2f, 0.3f, 0.4f};
        try (TrainedModel run = Ketju.load(adam().build(), old);
                TrainedModel job = Ketju.model(adam().build(), weights);
                TrainedModel alone = Ketju.model(Shape.of(4), MLP.of(4, 8, 6, 3), new CrossEntropyLoss(), weights)) {
            assertThat(job.predict(sample)).containsExactly(run.predict(sample));
            assertThat(alone.predict(sample)).containsExactly(run.predict(sample));
            assertThat(alone.outputs(sample)).containsExactly(run.outputs(sample));
            assertThat(alone.evaluate(adam().build().data().test()).samples()).isEqualTo(7);
        }
        assertThatThrownBy(() -> Ketju.model(Shape.of(5), MLP.of(5, 3), new CrossEntropyLoss(), weights))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("does not fit the model");
        assertThatThrownBy(() -> again().initialWeights(folder.resolve("none")).build())
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> again().initialWeights(old).build()).hasMessageContaining("found a folder");
        Files.writeString(folder.resolve("text"), "no tensors");
        assertThatThrownBy(() -> again().initialWeights(folder.resolve("text")).build())
                .hasMessageContaining("is it a safetensors file?");
    }

    private JobBuilder from(JobBuilder job, boolean state) {
        return state ? job.initialState(Ketju.state(old)) : job.initialWeights(weights);
    }

    private static JobBuilder adam() {
        return SmallJobs.tiny().optimizer(new Adam(0.01));
    }

    private static JobBuilder again() {
        return adam().epochs(1)
                .optimizer(new Adam(0.02))
                .learningRateSchedule(new StepLR(3, 0.1))
                .seed(5);
    }

    private static Shape shapeOf(String weight) {
        return switch (weight) {
            case "1.weight" -> Shape.of(8, 4);
            case "3.weight" -> Shape.of(6, 8);
            default -> Shape.of(3, 6);
        };
    }

    private static void write(Path file, NamedTensor... tensors) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            SafeTensorsWriter.write(out, List.of(tensors), Map.of());
        }
    }

    /** The plain loop from the old run's tensors, with or without their optimizer state. */
    private String oracle(TrainingJob job, boolean state, long optimizerSteps) {
        Dataset samples = job.data().train();
        Batches batches = new Batches(samples.size(), job.batchSize(), BatchOrder.shuffled(job.seed()));
        try (TensorCore core = TensorCore.open(1);
                TensorArena arena = new TensorArena(1 << 20);
                InProcessRunner runner = new InProcessRunner(oneStage(job.pipeline(), optimizerSteps), core)) {
            if (state) {
                CheckpointReader.load(old.resolve("checkpoints/step-000000008"), runner.tensors());
            } else {
                loadWeights(runner.tensors());
            }
            for (int step = 1; step <= job.totalSteps(); step++) {
                Batch batch = batches.batch(step - 1);
                Tensor inputs = arena.allocate(samples.inputShape().batched(batch.size()));
                Tensor targets = arena.allocate(
                        samples.targetType(), samples.targetShape().batched(batch.size()));
                batch.copyInputs(samples, 0, inputs);
                batch.copyTargets(samples, 0, targets);
                runner.train(step, inputs, targets);
            }
            return runner.stateHash();
        }
    }

    private void loadWeights(Map<String, Tensor> tensors) {
        try (SafeTensorsReader file = SafeTensorsReader.open(weights)) {
            file.entries().forEach(entry -> file.read(entry.name(), Objects.requireNonNull(tensors.get(entry.name()))));
        }
    }

    private static PipelineSpec oneStage(PipelineSpec spec, long optimizerSteps) {
        return new PipelineSpec(
                spec.recipe().withOptimizerSteps(optimizerSteps), Partition.single(spec.model()), spec.schedule());
    }
}
