package io.ketju.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.Ketju;
import io.ketju.actors.SmallJobs;
import io.ketju.data.ArrayDataset;
import io.ketju.data.BatchOrder;
import io.ketju.data.BatchSource;
import io.ketju.data.DatasetSamples;
import io.ketju.data.SampleBatches;
import io.ketju.layers.Layer;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.loss.MSELoss;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.model.Value;
import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.LearningRateSchedules;
import io.ketju.layers.shape.Flatten;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.PipeDream;
import io.ketju.pipeline.stage.StagePlan;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class JobBuilderTest {
    static Stream<Arguments> badJobs() {
        return Stream.concat(badModelsAndNumbers(), badCheckpoints());
    }

    private static Stream<Arguments> badCheckpoints() {
        return Stream.of(
                bad(
                        "checkpoint-every: expected at least 0, found -1",
                        job -> job.checkpoints(JobCheckpoints.USUAL.everySteps(-1))),
                bad(
                        "checkpoint-every: expected none with the schedule PipeDream",
                        job -> job.schedule(new PipeDream(false))
                                .stages(2)
                                .checkpoints(JobCheckpoints.USUAL.everySteps(3))),
                bad(
                        "checkpoints-kept: expected at least 1, found 0",
                        job -> job.checkpoints(JobCheckpoints.USUAL.keeping(0))),
                bad(
                        "checkpoints-kept: expected at most 1000, found 1001",
                        job -> job.checkpoints(JobCheckpoints.USUAL.keeping(1001))));
    }

    private static Stream<Arguments> badModelsAndNumbers() {
        return Stream.of(
                bad("stages: expected at least 1, found 0", job -> job.stages(0)),
                bad("microbatches: expected at least 1, found 0", job -> job.microbatches(0)),
                bad("batch: expected at least 1, found -3", job -> job.batchSize(-3)),
                bad("epochs: expected at least 1, found 0", job -> job.epochs(0)),
                bad("threads: expected at least 1, found 0", job -> job.threads(0)),
                bad("checkpoint-epochs: expected at least 1, found 0", job -> job.checkpointEveryEpochs(0)),
                bad("microbatches: expected at most the 6 samples of a batch, found 7", job -> job.microbatches(7)),
                bad("microbatches: expected at most the 1 sample of a batch, found 4", job -> job.batchSize(1)),
                bad(
                        "microbatches: expected at most 1024, found 1025",
                        job -> job.batchSize(5000).microbatches(1025)),
                bad("threads: expected at most 1024, found 100000", job -> job.threads(100_000)),
                bad("stages: expected at most 1024, found 2000", job -> job.stages(2000)),
                bad(
                        "batch: expected at most 536870911, found 2147483647: an input is [4]",
                        job -> job.batchSize(Integer.MAX_VALUE)),
                bad(
                        "model: expected at most 10000 layers, found 10001",
                        job -> job.model(Shape.of(4), new Sequential(Collections.nCopies(10_001, Activations.relu())))),
                bad(
                        "layer 0 Linear(4, 2000000000): shape [2000000000, 4] has over 2^31-1 elements",
                        job -> job.model(Shape.of(4), Sequential.of(new Linear(4, 2_000_000_000)))),
                bad("stages: ", job -> job.stages(99)),
                bad("parameter-groups: '7.*' matches none of the 6 parameters; near are ", job -> job.freeze("7.*")),
                bad("parameter-groups: all 6 parameters are frozen: nothing would learn", job -> job.freeze("*")),
                bad("parameter-groups: expected the names of parameters", job -> job.freeze("a b")),
                bad("stages: ", job -> job.stageBounds(List.of(0, 3, 2, 6))),
                bad("model: ", job -> job.model("nothing")),
                bad("samples are ", job -> job.model("lenet5")),
                bad("has 3 classes, but the model has only 2 outputs", job -> job.model("mlp(4, 2)")),
                bad(
                        "microbatches: the smallest of them has 1 sample, too few for layer 0 BatchNorm1d(4): ",
                        job -> job.model(Shape.of(4), Sequential.of(new BatchNorm1d(4), new Linear(4, 3)))
                                .microbatches(6)),
                bad(
                        "model: expected one input and one target, which a data set has of each sample, found [x, y, target]",
                        job -> job.model(twoInputs())),
                bad("samples are float32[4], but the model takes int32[4]", job -> job.model(ofTokens())),
                bad(
                        "loss: expected none beside those of the heads that the model brings itself, [CrossEntropyLoss()],"
                                + " found MSELoss(); leave it out",
                        job -> job.model(Model.of(Shape.of(4), Sequential.of(new Linear(4, 3)))
                                        .withHead(new CrossEntropyLoss()))
                                .loss(new MSELoss())),
                bad(
                        "batch: expected the 5 of data 'train', which has batches of its own, found 6",
                        job -> job.data(batchesOfFive()).microbatches(2)),
                bad(
                        "microbatches: expected the 2 of data 'train', which has batches of its own, found 4",
                        job -> job.data(batchesOfFive())));
    }

    private static BatchSource batchesOfFive() {
        DatasetSamples samples = new DatasetSamples(SmallJobs.samples("train", 23), "input", "target");
        return new SampleBatches(samples, 5, 2, BatchOrder.sequential());
    }

    private static Model twoInputs() {
        ModelBuilder builder = new ModelBuilder();
        Value x = builder.input(Input.samples("x", DType.FLOAT32, Shape.of(4)));
        Value y = builder.input(Input.samples("y", DType.FLOAT32, Shape.of(4)));
        return builder.output(builder.add("out", new Linear(4, 3), builder.add("sum", new Add(), x, y)))
                .build();
    }

    private static Model ofTokens() {
        ModelBuilder builder = new ModelBuilder();
        Value tokens = builder.input(Input.samples("tokens", DType.INT32, Shape.of(4)));
        Value embedded = builder.add("embedding", new Embedding(5, 3), tokens);
        Value flat = builder.add("flat", new Flatten(), embedded);
        return builder.output(builder.add("out", new Linear(12, 3), flat)).build();
    }

    @ParameterizedTest
    @MethodSource("badJobs")
    void everyBadJobIsOneClearLine(String expected, UnaryOperator<JobBuilder> change) {
        assertThatThrownBy(() -> change.apply(SmallJobs.tiny()).build())
                .isInstanceOf(InvalidJobException.class)
                .message()
                .contains(expected)
                .doesNotContain("\n");
    }

    @Test
    void theMachineMustHaveTheMemory() {
        TrainingJob job = SmallJobs.tiny().stages(2).build();
        long first = StagePlan.of(job.pipeline(), 0).bytes();
        long both = first + StagePlan.of(job.pipeline(), 1).bytes();
        PlannedMemory.requireRoom(job.pipeline(), List.of(0, 1), false, both);
        PlannedMemory.requireRoom(job.pipeline(), List.of(0), false, first);
        PlannedMemory.requireRoom(job);
        assertThatThrownBy(() -> PlannedMemory.requireRoom(job.pipeline(), List.of(0, 1), false, both - 1))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageStartingWith(
                        "memory: expected at most the 0.0 GiB of this machine, found 0.0 GiB planned for"
                                + " 2 stages; ");
    }

    @Test
    void tooMuchMemoryIsRefusedBeforeAnythingStarts() {
        Sequential tall = new Sequential(Collections.nCopies(500, new Linear(46_000, 46_000)));
        TrainingJob job = SmallJobs.tiny()
                .model(
                        Shape.of(4),
                        Sequential.of(new Linear(4, 46_000)).then(tall.layers().toArray(Layer[]::new)))
                .build();
        assertThatThrownBy(() -> Ketju.start(job))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("GiB planned for 1 stage");
    }

    @Test
    void absentClassesAreNoted() {
        assertThat(SmallJobs.tiny().build().notes()).isEmpty();
        ArrayDataset whole = dataset("whole", 0, 1, 2, 3, 0);
        assertThat(notes(whole, dataset("test", 0, 1)))
                .containsExactly("test has no sample of classes 2, 3: test results say nothing about them");
        assertThat(notes(whole, dataset("test", 0, 1, 3)))
                .containsExactly("test has no sample of class 2: test results say nothing about it");
        assertThat(notes(dataset("train", 0, 1, 3), whole))
                .containsExactly("train has no sample of class 2: it cannot be learnt");
        assertThat(notes(dataset("train", 0, 2), whole))
                .containsExactly("train has no sample of classes 1, 3: they cannot be learnt");
        assertThat(notes(dataset("train", 1000), dataset("test", 1000)))
                .allMatch(note -> note.length() < 150)
                .hasSize(2);
    }

    /** The default, mode=min, watches an accuracy the wrong way round, as it does in PyTorch. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ReduceLROnPlateau()|",
                "ReduceLROnPlateau(max, metric=accuracy)|",
                "ReduceLROnPlateau(metric=accuracy)|ReduceLROnPlateau takes less of 'accuracy' for better (mode=min), so the"
                        + " rate falls while it improves; mode=max watches it the right way round",
                "ReduceLROnPlateau(max)|ReduceLROnPlateau takes more of 'loss' for better (mode=max), so the rate falls while it"
                        + " improves; mode=min watches it the right way round",
            })
    void aPlateauThatIsWatchedTheWrongWayRoundIsNoted(String rates, String note) {
        assertThat(SmallJobs.tiny()
                        .metrics(List.of("accuracy"))
                        .learningRateSchedule(LearningRateSchedules.parse(rates))
                        .build()
                        .notes())
                .isEqualTo(note == null ? List.of() : List.of(note));
    }

    private static List<String> notes(ArrayDataset train, ArrayDataset test) {
        return SmallJobs.tiny()
                .model(Shape.of(4), Sequential.of(new Linear(4, 1001)))
                .data(new DataSource("custom", train, test))
                .build()
                .notes();
    }

    private static ArrayDataset dataset(String name, int... targets) {
        return new ArrayDataset(name, Shape.of(4), new float[4 * targets.length], targets);
    }

    @Test
    void modelAndDataAreNeeded() {
        assertThatThrownBy(() -> new JobBuilder().build()).hasMessageContaining("the job has no data");
        assertThatThrownBy(
                        () -> new JobBuilder().data(DataSource.named("digits")).build())
                .hasMessageContaining("the job has no model");
        assertThatThrownBy(() -> DataSource.named("no such data")).hasMessageContaining("no such data");
    }

    @Test
    void theHashIsOfWhatDecidesTheNumbers() {
        String hash = JobHash.numbers(SmallJobs.tiny().build());
        for (JobBuilder same : List.of(
                SmallJobs.tiny().stages(3),
                SmallJobs.tiny().schedule(new GPipe()),
                SmallJobs.tiny().threads(2),
                SmallJobs.tiny().name("other"),
                SmallJobs.tiny().checkpointEveryEpochs(7),
                SmallJobs.tiny().runDirectory(Path.of("x")))) {
            assertThat(JobHash.numbers(same.build())).isEqualTo(hash);
        }
        for (JobBuilder other : List.of(
                SmallJobs.tiny().seed(12),
                SmallJobs.tiny().epochs(3),
                SmallJobs.tiny().batchSize(7),
                SmallJobs.tiny().microbatches(3),
                SmallJobs.tiny().optimizer(new Adam()),
                SmallJobs.tiny().model("mlp(4, 3)"),
                SmallJobs.tiny().data(new DataSource("x", SmallJobs.samples("a", 24), SmallJobs.samples("b", 7))))) {
            assertThat(JobHash.numbers(other.build())).isNotEqualTo(hash);
        }
    }

    @Test
    void connectionsAgreeOnTheCutAndRunsDifferByTheirFolder() {
        TrainingJob job = SmallJobs.tiny().stages(2).build();
        assertThat(JobHash.connection(job))
                .isEqualTo(JobHash.connection(SmallJobs.tiny().stages(2).build()));
        assertThat(JobHash.connection(job))
                .isNotEqualTo(JobHash.connection(SmallJobs.tiny().stages(3).build()));
        assertThat(JobHash.run(job, Path.of("a"))).isNotEqualTo(JobHash.run(job, Path.of("b")));
        assertThat(JobHash.run(job, Path.of("a"))).isEqualTo(JobHash.run(job, Path.of("b", "..", "a")));
    }

    private static Arguments bad(String expected, UnaryOperator<JobBuilder> change) {
        return Arguments.of(expected, change);
    }

    @Test
    void aJobIsOneShortLine() {
        assertThat(SmallJobs.tiny().build())
                .hasToString("job 'tiny': custom on train, SGD(lr=0.1), 2 epochs of batch 6, 1 stage");
        String longest = "n".repeat(300);
        TrainingJob job = SmallJobs.tiny()
                .name(longest)
                .data(new DataSource(longest, SmallJobs.samples(longest, 23), SmallJobs.samples(longest, 7)))
                .build();
        assertThat(job.toString()).hasSizeLessThan(200).doesNotContain("\n");
    }
}
