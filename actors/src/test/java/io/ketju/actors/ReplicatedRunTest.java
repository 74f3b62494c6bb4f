package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.JobHash;
import io.ketju.actors.job.Rebalance;
import io.ketju.actors.job.Repartition;
import io.ketju.actors.run.TrainedModel;
import io.ketju.data.ArrayDataset;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.EMA;
import io.ketju.layers.regularization.Dropout;
import io.ketju.pipeline.Wire;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.Interleaved1F1B;
import io.ketju.pipeline.catalogue.PipeDream2BW;
import io.ketju.pipeline.catalogue.ZB1P;
import io.ketju.pipeline.catalogue.ZBV;
import io.ketju.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose pipeline has replicas, as actors of one JVM. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ReplicatedRunTest {
    @TempDir
    private Path folder;

    /** Running statistics, dropout by sample, averages; the last step of an epoch has fewer micro-batches. */
    private static JobBuilder job() {
        Sequential layers = Sequential.of(
                new Linear(4, 8), new BatchNorm1d(8), new Dropout(0.2), new Linear(8, 6), new Linear(6, 3));
        return SmallJobs.tiny()
                .model(Shape.of(4), layers)
                .data(new DataSource("custom", SmallJobs.samples("train", 29), SmallJobs.samples("test", 12)))
                .optimizer(new Adam(0.01))
                .clipGradNorm(0.3)
                .tellGradNorm()
                .average(new EMA(0.9))
                .batchSize(6)
                .microbatches(2)
                .accumulate(3)
                .gradientGroups(6);
    }

    @Test
    void everyNumberOfReplicasTellsTheSame() {
        ToldRun expected = ToldRun.of(job());
        for (int replicas : new int[] {2, 3, 6}) {
            assertThat(ToldRun.of(job().replicas(replicas)))
                    .as("%d of one stage", replicas)
                    .isEqualTo(expected);
        }
        assertThat(ToldRun.of(job().replicas(2).stages(3))).isEqualTo(expected);
        assertThat(ToldRun.of(job().replicas(3).stages(5).schedule(new GPipe())))
                .isEqualTo(expected);
        assertThat(ToldRun.of(job().replicas(3).stages(4).schedule(new ZBV()))).isEqualTo(expected);
        assertThat(ToldRun.of(job().replicas(2).stages(4).schedule(new Interleaved1F1B(2))))
                .isEqualTo(expected);
    }

    /** Stages with replicas of their own number: as one pipeline tells it, and also where these share the state. */
    @Test
    void everyStageMayHaveItsOwnNumberOfReplicas() {
        ToldRun expected = ToldRun.of(job());
        assertThat(ToldRun.of(job().stages(3).replicas(1, 2, 1))).isEqualTo(expected);
        assertThat(ToldRun.of(
                        job().stages(3).replicas(2, 6, 3).schedule(new GPipe()).threads(2)))
                .isEqualTo(expected);
        assertThat(ToldRun.of(job().stages(3).replicas(6, 1, 2).schedule(new ZB1P())))
                .isEqualTo(expected);
        assertThat(ToldRun.of(job().stages(2).replicas(1, 3).shardOptimizer(true)))
                .isEqualTo(expected);
        assertThat(ToldRun.of(job().stages(3).replicas(2, 2, 2)))
                .isEqualTo(ToldRun.of(job().stages(3).replicas(2)));
    }

    /** A run that is kept has a shard of each stage of one pipeline, and goes on with any other replicas. */
    @Test
    void aKeptRunGoesOnFromAndWithStagesOfOtherReplicas() throws Exception {
        String whole = ToldRun.of(job().epochs(3)).stateSha256();
        for (boolean shared : new boolean[] {false, true}) {
            Path run = folder.resolve("uneven-" + shared);
            ToldRun.of(job().stages(3).replicas(1, 3, 2).shardOptimizer(shared).runDirectory(run));
            assertThat(shards(run)).hasSize(shared ? 6 : 3);
            Path copy = folder.resolve("uneven-copy-" + shared);
            copy(run, copy);
            assertThat(ToldRun.of(job().stages(2).epochs(3).resume(run)).stateSha256())
                    .isEqualTo(whole);
            assertThat(ToldRun.of(job().stages(3).replicas(2, 1, 6).epochs(3).resume(copy))
                            .stateSha256())
                    .isEqualTo(whole);
        }
    }

    private static Set<String> shards(Path run) throws IOException {
        try (Stream<Path> files = Files.walk(run)) {
            return files.filter(file -> file.toString().contains("incarnation-"))
                    .map(file -> file.getFileName().toString().split("\\.", 2)[0])
                    .collect(Collectors.toSet());
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    /** What is rounded where the model is cut is rounded in every replica. */
    @Test
    void everyNumberOfReplicasRoundsWhatTravelsAlike() {
        JobBuilder job = job().stages(3).wire(Wire.BFLOAT16);
        ToldRun expected = ToldRun.of(job);
        assertThat(ToldRun.of(job.replicas(2))).isEqualTo(expected);
        assertThat(ToldRun.of(job.replicas(3).schedule(new GPipe()))).isEqualTo(expected);
        assertThat(ToldRun.of(job.replicas(1, 3, 2))).isEqualTo(expected);
        assertThat(expected.stateSha256())
                .isNotEqualTo(ToldRun.of(job().stages(3)).stateSha256());
    }

    @Test
    void aKeptRunIsWrittenOnceAndGoesOnWithOtherReplicas() throws Exception {
        Path run = folder.resolve("run");
        ToldRun.of(job().replicas(3).stages(2).runDirectory(run));
        assertThat(shards(run))
                .as("a shard for each stage of one pipeline")
                .containsExactlyInAnyOrder("stage-0", "stage-1");
        String whole = ToldRun.of(job().epochs(3)).stateSha256();
        assertThat(ToldRun.of(job().replicas(2).stages(3).epochs(3).resume(run)).stateSha256())
                .isEqualTo(whole);
        try (TrainedModel model = Ketju.load(job().epochs(3).build(), run)) {
            assertThat(model.evaluate(SmallJobs.samples("test", 12)).metrics())
                    .isEqualTo(ToldRun.of(job().epochs(3)).tests().getLast());
        }
    }

    /** State is written once, by whoever has it, and goes on in other hands. */
    @Test
    void replicasThatShareTheStateTellTheSameAndGoOnWithoutEachOther() throws Exception {
        ToldRun expected = ToldRun.of(job());
        assertThat(ToldRun.of(job().replicas(2).shardOptimizer(true))).isEqualTo(expected);
        assertThat(ToldRun.of(job().replicas(3).shardOptimizer(true).stages(3))).isEqualTo(expected);
        String whole = ToldRun.of(job().epochs(3)).stateSha256();
        Path shared = folder.resolve("shared");
        ToldRun.of(job().replicas(3).shardOptimizer(true).stages(2).runDirectory(shared));
        assertThat(ToldRun.of(job().stages(3).epochs(3).resume(shared)).stateSha256())
                .isEqualTo(whole);
        Path plain = folder.resolve("plain");
        ToldRun.of(job().runDirectory(plain));
        assertThat(ToldRun.of(job().replicas(2)
                                .shardOptimizer(true)
                                .stages(2)
                                .epochs(3)
                                .resume(plain))
                        .stateSha256())
                .isEqualTo(whole);
        assertThatThrownBy(() -> job().shardOptimizer(true).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("shard-optimizer: expected several replicas to share the optimizer's state, found 1");
    }

    /** One bad sample, which any replica may get: said in the same words. */
    @Test
    void aBadSampleEndsTheRunInTheSameWords() {
        float[] inputs = new float[29 * 4];
        int[] targets = new int[29];
        for (int i = 0; i < 29; i++) {
            targets[i] = i % 3;
        }
        Arrays.fill(inputs, 52, 56, Float.MAX_VALUE); // too large for the first layer
        DataSource data = new DataSource(
                "custom", new ArrayDataset("train", Shape.of(4), inputs, targets), SmallJobs.samples("test", 12));
        Model model = Model.of(Shape.of(4), Sequential.of(new Linear(4, 5), new Linear(5, 3)))
                .apply("*.weight", Initializers.constant(1));
        List<String> messages = Stream.of(new int[] {1}, new int[] {2}, new int[] {3}, new int[] {6}, new int[] {2, 1})
                .map(replicas -> job().model(model)
                        .data(data)
                        .replicas(replicas)
                        .stages(2)
                        .build())
                .map(bad -> Assertions.catchThrowable(() -> Ketju.fit(bad)).getMessage())
                .toList();
        assertThat(messages.getFirst()).contains("the loss is NaN", "it began in layer 0 Linear(4, 5)");
        assertThat(messages).containsOnly(messages.getFirst());
    }

    @Test
    void theyAreNoPartOfTheNumbers() {
        assertThat(JobHash.numbers(job().replicas(3).build())).isEqualTo(JobHash.numbers(job().build()));
        assertThat(JobHash.connection(job().replicas(3).build())).isNotEqualTo(JobHash.connection(job().build()));
        assertThat(JobHash.numbers(job().stages(2).replicas(1, 2).build())).isEqualTo(JobHash.numbers(job().build()));
        assertThat(JobHash.connection(job().stages(2).replicas(1, 2).build()))
                .isNotEqualTo(JobHash.connection(job().stages(2).replicas(2, 1).build()));
    }

    @Test
    void whatCannotBeIsRefusedInOneLine() {
        assertThatThrownBy(() -> job().replicas(0).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("replicas: expected at least 1, found 0");
        assertThatThrownBy(() -> job().replicas(4).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("replicas: expected replicas that share the gradient groups evenly, of which there are 6,"
                        + " found 4");
        assertThatThrownBy(() -> job().stages(3).replicas(1, 2).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("replicas: expected one number for all stages, or one for each of 3, found [1, 2]");
        assertThatThrownBy(() -> job().stages(3).replicas(1, 4, 1).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage(
                        "replicas: expected replicas of stage 1 that share the gradient groups evenly, of which there"
                                + " are 6, found 4");
        assertThatThrownBy(() ->
                        job().stages(4).replicas(1, 2, 2, 1).schedule(new ZBV()).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage(
                        "replicas: expected a rank for each stage where stages have different numbers of replicas, as"
                                + " 1F1B, GPipe and ZB1P have, found stages on ranks [0, 1, 1, 0]; others take as many of every"
                                + " stage");
        assertThatThrownBy(() -> job().stages(3)
                        .replicas(1, 2, 1)
                        .rebalance(Rebalance.AUTO)
                        .build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("rebalance: expected as many replicas of every stage, which share its work alike, found"
                        + " 1, 2, 1; a cut by hand, 'ketju repartition', can be taken");
        assertThatThrownBy(() -> Repartition.stages(2)
                        .of(job().stages(3).replicas(1, 2, 1).build()))
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("repartition: expected 3 stages, of which each has its own number of replicas, 1, 2, 1,"
                        + " found 2");
        assertThatThrownBy(() -> job().clipGradNorm(1)
                        .schedule(new PipeDream2BW())
                        .stages(2)
                        .replicas(2)
                        .build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageStartingWith("replicas: expected a schedule with a flush beside replicas");
    }
}
