package io.ketju.cluster;

import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import io.ketju.cluster.link.LinkMode;
import io.ketju.data.BatchOrder;
import io.ketju.data.GraphBatches;
import io.ketju.data.SampleBatches;
import io.ketju.data.column.ColumnSamples;
import io.ketju.data.column.LengthColumn;
import io.ketju.data.column.PaddedColumn;
import io.ketju.data.column.Sequences;
import io.ketju.layers.model.ModelText;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.tensor.Shape;
import io.ketju.testkit.Oracle;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Micro-batches of unequal types, several inputs and constants over sockets. */
class SocketBatchesTest {
    /** The token before, of sequences of 1 to 7 tokens; two inputs, of which a stage of its own reads the lengths. */
    private static JobBuilder padded() {
        int[][] tokens = IntStream.range(0, 23)
                .mapToObj(i -> IntStream.rangeClosed(0, i * 5 % 7)
                        .map(t -> (i + t * t) % 3)
                        .toArray())
                .toArray(int[][]::new);
        int[][] before = IntStream.range(0, 23)
                .mapToObj(i -> IntStream.range(0, tokens[i].length)
                        .map(t -> t == 0 ? -100 : tokens[i][t - 1])
                        .toArray())
                .toArray(int[][]::new);
        Sequences sequences = Sequences.of("tokens", tokens);
        ColumnSamples samples = new ColumnSamples(
                "before",
                new PaddedColumn("tokens", sequences, 3),
                new LengthColumn("lengths", sequences),
                new PaddedColumn("before", Sequences.of("before", before), -100));
        return new JobBuilder()
                .model(ModelText.parse(
                        Shape.of(1),
                        List.of(
                                "input tokens = int32[7]",
                                "input lengths = int32[]",
                                "embedding = Embedding(4, 3, padding_idx=3) <- tokens",
                                "lstm = LSTM(3, 5, batch_first=true) <- embedding, lengths",
                                "Linear(5, 3) <- lstm",
                                "head loss = CrossEntropyLoss(class_dim=-1) <- 2 targets before")))
                .data(
                        new SampleBatches(samples, 6, 2, BatchOrder.shuffled(1)),
                        new SampleBatches(samples, 6, 2, BatchOrder.sequential()))
                .epochs(2)
                .threads(1);
    }

    /** A ring of four nodes. */
    private static JobBuilder graph() {
        GraphBatches.Graph ring = new GraphBatches.Graph(
                new int[] {0, 2, 4, 6, 8},
                new int[] {0, 1, 1, 2, 2, 3, 3, 0},
                new float[] {0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f},
                new float[] {1, 2, -1, 0, 3, 1, 0, -2});
        String matrix = "row_pointers, column_indexes, edge_values";
        return new JobBuilder()
                .model(ModelText.parse(
                        Shape.of(1),
                        List.of(
                                "input features = constant float32[4, 2]",
                                "input row_pointers = constant int32[5]",
                                "input column_indexes = constant int32[8]",
                                "input edge_values = constant float32[8]",
                                "Linear(2, 5) <- features",
                                "SparseMatMul() <- 0, " + matrix,
                                "Linear(5, 2)",
                                "SparseMatMul() <- 2, " + matrix,
                                "head loss = CrossEntropyLoss() <- 3 targets half")))
                .data(new GraphBatches("ring", ring, "half", 0, -100, 1, -100))
                .epochs(5)
                .threads(1);
    }

    private static TrainingResult overSockets(TrainingJob job) {
        try (Training training = KetjuCluster.embedded(job, LinkMode.ALWAYS_SOCKETS)) {
            return training.await();
        }
    }

    @Test
    void unequalMicrobatchesCrossAsTheyAre() {
        Oracle.of(padded().build())
                .requireSameState(
                        overSockets(padded().stageBounds(List.of(0, 1, 2, 3)).build()));
    }

    @Test
    void constantsCrossOnceAndAreKept() {
        Oracle alone = Oracle.of(graph().build());
        alone.requireSameState(
                overSockets(graph().stageBounds(List.of(0, 1, 3, 4)).build()));
        // Both products on the second of two ranks.
        alone.requireSameState(overSockets(graph().stageBounds(List.of(0, 1, 2, 3, 4))
                .placement(Placement.looped(2, 2))
                .schedule(new GPipe())
                .build()));
    }
}
