package io.ketju.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import io.ketju.data.BatchOrder;
import io.ketju.data.BatchSource;
import io.ketju.data.GraphBatches;
import io.ketju.data.SampleBatches;
import io.ketju.data.column.ColumnSamples;
import io.ketju.data.column.IntColumn;
import io.ketju.data.column.LengthColumn;
import io.ketju.data.column.PaddedColumn;
import io.ketju.data.column.Sequences;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.GCNConv;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.model.Value;
import io.ketju.layers.optimizer.Adam;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.random.CounterRandom;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose batches are made in code, for models of several inputs and targets. */
class BatchSourceJobTest {
    private static final int LONGEST = 9;

    /** Which of two symbols comes more often, in all of a sequence and up to each of its places. */
    private static final Model MAJORITY = ModelText.parse(
            Shape.of(1),
            List.of(
                    "input tokens = int32[" + LONGEST + "]",
                    "input lengths = int32[]",
                    "embedding = Embedding(3, 4, padding_idx=2) <- tokens",
                    "lstm = LSTM(4, 8, batch_first=true) <- embedding, lengths",
                    "running = Linear(8, 2) <- lstm",
                    "flat = Flatten() <- lstm:1",
                    "last = Linear(8, 2) <- flat",
                    "head places = CrossEntropyLoss(class_dim=-1) <- running targets running weight 0.5",
                    "head whole = CrossEntropyLoss() <- last targets majority",
                    "output last"));

    /** Two graph convolutions. */
    private static Model graphNetwork() {
        ModelBuilder model = new ModelBuilder();
        Value features = model.input(Input.constant("features", TensorType.floats(12, 3)));
        Value[] matrix = {
            model.input(Input.constant("row_pointers", TensorType.ints(13))),
            model.input(Input.constant("column_indexes", TensorType.ints(36))),
            model.input(Input.constant("edge_values", TensorType.floats(36)))
        };
        Value x = new GCNConv(3, 8).in(model.inside("conv1"), features, matrix);
        x = model.add("relu", Activations.relu(), x);
        x = new GCNConv(8, 2).in(model.inside("conv2"), x, matrix);
        return model.head("loss", new CrossEntropyLoss(), List.of(x), "community")
                .output(x)
                .build();
    }

    private static ColumnSamples majority(String name, int samples, long seed) {
        CounterRandom random = CounterRandom.of(seed, name);
        int[][] tokens = new int[samples][];
        int[][] running = new int[samples][];
        int[] last = new int[samples];
        for (int i = 0; i < samples; i++) {
            int length = 1 + random.below(10_000 + i, LONGEST);
            tokens[i] = new int[length];
            running[i] = new int[length];
            int ones = 0;
            for (int t = 0; t < length; t++) {
                tokens[i][t] = random.below(i * 16 + t, 2);
                ones += tokens[i][t];
                running[i][t] = 2 * ones > t + 1 ? 1 : 0;
            }
            last[i] = running[i][length - 1];
        }
        Sequences sequences = Sequences.of(name, tokens);
        return new ColumnSamples(
                name,
                new PaddedColumn("tokens", sequences, 2),
                new LengthColumn("lengths", sequences),
                new PaddedColumn("running", Sequences.of(name, running), -100),
                IntColumn.classes("majority", last));
    }

    private static JobBuilder majority(int epochs) {
        return new JobBuilder()
                .model(MAJORITY)
                .data(
                        new SampleBatches(majority("train", 61, 1), 10, 3, BatchOrder.shuffled(5)),
                        new SampleBatches(majority("test", 17, 2), 10, 3, BatchOrder.sequential()))
                .optimizer(new Adam(0.02))
                .epochs(epochs)
                .seed(3)
                .threads(1);
    }

    /** Two rings of six nodes, each with one node whose community is known. */
    private static GraphBatches rings(int... known) {
        int[] pointers = new int[13];
        int[] columns = new int[36];
        float[] values = new float[36];
        float[] features = new float[36];
        int[] classes = new int[12];
        Arrays.fill(values, 1 / 3f);
        Arrays.fill(classes, -100);
        CounterRandom random = CounterRandom.of(4, "features");
        for (int node = 0; node < 12; node++) {
            int ring = node / 6 * 6;
            pointers[node + 1] = 3 * (node + 1);
            columns[3 * node] = node;
            columns[3 * node + 1] = ring + (node + 1) % 6;
            columns[3 * node + 2] = ring + (node + 5) % 6;
            for (int f = 0; f < 3; f++) {
                features[3 * node + f] = random.normal(3 * node + f) + (f == 0 ? ring / 6 : 0);
            }
        }
        for (int node : known) {
            classes[node] = node / 6;
        }
        GraphBatches.Graph graph = new GraphBatches.Graph(pointers, columns, values, features);
        return new GraphBatches("rings", graph, "community", classes);
    }

    private static JobBuilder graph() {
        return new JobBuilder()
                .model(graphNetwork())
                .data(rings(0, 1, 6, 7, 8), rings(3, 4, 9))
                .optimizer(new Adam(0.05))
                .epochs(12)
                .seed(3)
                .threads(1);
    }

    private static TrainingResult run(TrainingJob job) {
        try (Training training = Ketju.start(job)) {
            return training.await();
        }
    }

    @Test
    void paddedSequencesOfUnequalLengthGiveTheBitsOfOneStage() {
        Oracle expected = Oracle.of(majority(2).build());
        expected.requireSameState(run(majority(2).stages(1).build()));
        expected.requireSameState(
                run(majority(2).stageBounds(List.of(0, 1, 3, 5)).build()));
    }

    @Test
    void theLengthsOfMicrobatchesDiffer() {
        BatchSource train = majority(1).build().train();
        long different = train.plan(0).microbatches().stream()
                .map(microbatch -> microbatch.types().get("tokens"))
                .distinct()
                .count();
        assertThat(different).isGreaterThan(1);
    }

    @Test
    void aNetworkOverPaddedSequencesLearns() {
        TrainingResult result = run(majority(25).stages(2).build());
        // Both heads by chance: 1.5 · log 2 = 1.04.
        assertThat(result.trainLoss().orElseThrow()).isLessThan(0.5);
        assertThat(result.testLoss().orElseThrow()).isLessThan(0.8);
    }

    @Test
    void aWholeGraphIsOneMicrobatchAndItsMatrixGoesOnce() {
        TrainingJob job = graph().stages(1).build();
        Oracle expected = Oracle.of(job);
        TrainingResult alone = run(job);
        expected.requireSameState(alone);
        assertThat(alone.trainLoss().orElseThrow()).isLessThan(0.4);
        TrainingJob three = graph().stageBounds(List.of(0, 1, 4, 7)).build();
        expected.requireSameState(run(three));
    }

    /** Round two ranks both products are on the second; there and back one is on each; then everything is on one. */
    @Test
    void stagesOfOneRankHaveTheMatrixEach() {
        Oracle expected = Oracle.of(graph().build());
        for (Placement placement :
                List.of(Placement.looped(2, 2), Placement.vee(2), new Placement(List.of(0, 0, 0, 0)))) {
            TrainingJob job = graph().stageBounds(List.of(0, 1, 2, 5, 7))
                    .placement(placement)
                    .schedule(new GPipe())
                    .build();
            expected.requireSameState(run(job));
            assertThat(RecordedRun.of(job, (int) job.totalSteps()).stateSha256())
                    .as("%s, all its stages on one thread", placement)
                    .isEqualTo(expected.stateSha256());
        }
    }

    @Test
    void aResumedRunNeedsOnlyItsNumber(@TempDir Path folder) {
        Path run = folder.resolve("run");
        TrainingJob job = majority(2).runDirectory(run).build();
        try (Training training = Ketju.start(job)) {
            training.stop("at once");
            assertThat(training.await().completed()).isFalse();
        }
        // The same batches from a source that has given none before.
        TrainingResult rest = run(majority(2).resume(run).build());
        Oracle.of(majority(2).build()).requireSameState(rest);
        TrainingResult complete = run(majority(2).resume(run).build());
        assertThat(complete.stateSha256()).isEqualTo(rest.stateSha256());
        assertThat(complete.testLoss()).isEqualTo(rest.testLoss());
    }

    @Test
    void whatDoesNotFitIsRefusedInOneLine() {
        BatchSource short_ = new SampleBatches(
                new ColumnSamples("mine", new PaddedColumn("tokens", Sequences.of("mine", new int[3]), 2)),
                1,
                1,
                BatchOrder.sequential());
        assertThatThrownBy(() -> majority(1).data(short_).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("data 'mine': expected 'lengths', which the model takes, found [tokens]");
        Sequences long_ = Sequences.of("mine", new int[LONGEST + 1]);
        BatchSource large = new SampleBatches(
                new ColumnSamples("mine", new PaddedColumn("tokens", long_, 2), new LengthColumn("lengths", long_)),
                1,
                1,
                BatchOrder.sequential());
        assertThatThrownBy(() -> majority(1).data(large).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("data 'mine': gives 'tokens' as int32[1, 10], but the model takes at most int32[1, 9];"
                        + " choose another model or other data");
        BatchSource noClasses = new SampleBatches(
                new ColumnSamples(
                        "mine",
                        new PaddedColumn("tokens", Sequences.of("mine", new int[3]), 2),
                        new LengthColumn("lengths", Sequences.of("mine", new int[3])),
                        IntColumn.classes("running", 1)),
                1,
                1,
                BatchOrder.sequential());
        assertThatThrownBy(() -> majority(1).data(noClasses).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage(
                        "data 'mine': gives 'running' as int32[1], but CrossEntropyLoss(class_dim=-1) takes int32[1, 3]");
    }
}
