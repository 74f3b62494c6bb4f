package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.BestEpochRule;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.Rebalance;
import io.ketju.actors.job.Repartition;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import io.ketju.layers.optimizer.Adam;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.Interleaved1F1B;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.catalogue.PipeDream;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.stage.Recompute;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that are cut anew while they go on: to the bits, and with the news, of runs that nobody touched. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RepartitionTest {
    /** Layers of the small model. */
    private static final int LAYERS = 6;

    /** So many that a wish after some step is met: 16 windows are granted ahead, and as many again while their reports wait. */
    private static final int EPOCHS = 12;

    @TempDir
    private Path folder;

    /** Six layers, twelve epochs of four steps, with state that no weight shows. */
    private static JobBuilder job() {
        return SmallJobs.tiny().optimizer(new Adam(0.01)).epochs(EPOCHS);
    }

    /** What is told of steps and epochs, without times. */
    private static List<String> numbers(List<TrainingEvent> events) {
        List<String> all = new ArrayList<>();
        for (TrainingEvent event : events) {
            switch (event) {
                case TrainingEvent.StepFinished step ->
                    all.add("step " + step.step() + " " + step.epoch() + " " + step.samples() + " " + step.metrics());
                case TrainingEvent.EpochFinished epoch ->
                    all.add("epoch " + epoch.epoch() + " " + epoch.train() + " " + epoch.test() + " "
                            + epoch.histograms());
                default -> {}
            }
        }
        return all;
    }

    private static List<TrainingEvent.Repartitioned> moves(List<TrainingEvent> events) {
        return events.stream()
                .filter(TrainingEvent.Repartitioned.class::isInstance)
                .map(TrainingEvent.Repartitioned.class::cast)
                .toList();
    }

    private static Repartition random(Random random) {
        List<Integer> bounds = new ArrayList<>(List.of(0));
        for (int layer = 1; layer < LAYERS; layer++) {
            if (random.nextInt(2) == 0) {
                bounds.add(layer);
            }
        }
        bounds.add(LAYERS);
        return Repartition.stageBounds(bounds);
    }

    /** Until the run has heard all wishes: more workers are refused in one JVM, in their turn. So no later step overtakes a wish. */
    private static void awaitHeard(Training training) {
        training.repartition(Repartition.workers(1))
                .handle((told, why) -> why)
                .toCompletableFuture()
                .join();
    }

    /** A run, and what it told. */
    private record Told(TrainingResult result, List<TrainingEvent> events) {
        static Told of(TrainingJob job) {
            List<TrainingEvent> events = new CopyOnWriteArrayList<>();
            return new Told(Ketju.fit(job, events::add), events);
        }

        /** One that hears after every step what it found out itself. */
        static Told ofHearing(TrainingJob job) {
            List<TrainingEvent> events = new CopyOnWriteArrayList<>();
            CompletableFuture<Training> running = new CompletableFuture<>();
            TrainingListener listener = event -> {
                events.add(event);
                if (event instanceof TrainingEvent.StepFinished) {
                    awaitHeard(running.join());
                }
            };
            try (Training training = Ketju.start(job, listener)) {
                running.complete(training);
                return new Told(training.await(), events);
            }
        }

        /** One that is asked for another cut whenever something happens that an oracle likes. */
        static Told movingAtRandom(TrainingJob job, long seed) {
            return movingAtRandom(job, seed, RepartitionTest::random);
        }

        static Told movingAtRandom(TrainingJob job, long seed, Function<Random, Repartition> cuts) {
            Random random = new Random(seed);
            List<TrainingEvent> events = new CopyOnWriteArrayList<>();
            CompletableFuture<Training> running = new CompletableFuture<>();
            TrainingListener listener = event -> {
                events.add(event);
                if (!(event instanceof TrainingEvent.Repartitioned) && random.nextInt(3) == 0) {
                    running.join().repartition(cuts.apply(random));
                    awaitHeard(running.join());
                }
            };
            try (Training training = Ketju.start(job, listener)) {
                running.complete(training);
                return new Told(training.await(), events);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void randomCutsAtRandomMomentsChangeNoBitAndNoNews(long seed) {
        JobBuilder job = job().stages(1 + (int) seed % 3)
                .schedule(seed % 2 == 0 ? new GPipe() : new OneForwardOneBackward())
                .histogramsEveryEpochs(2);
        Told expected = Told.of(job().histogramsEveryEpochs(2).build());
        Told found = Told.movingAtRandom(job.build(), seed);
        assertThat(moves(found.events())).as("seed %d", seed).isNotEmpty();
        assertThat(found.result().stateSha256())
                .as("seed %d", seed)
                .isEqualTo(expected.result().stateSha256());
        assertThat(numbers(found.events())).as("seed %d", seed).isEqualTo(numbers(expected.events()));
        assertThat(found.result().completed()).isTrue();
        assertThat(found.result().train()).isEqualTo(expected.result().train());
        assertThat(found.result().test()).isEqualTo(expected.result().test());
    }

    /** The stages of all replicas move alike. */
    @Test
    void replicasAreCutAnewTogether() {
        JobBuilder job = job().gradientGroups(4).stages(2);
        Told expected = Told.of(job.build());
        Told found = Told.movingAtRandom(job.replicas(2).build(), 11);
        assertThat(moves(found.events())).isNotEmpty();
        assertThat(found.result().stateSha256()).isEqualTo(expected.result().stateSha256());
        assertThat(numbers(found.events())).isEqualTo(numbers(expected.events()));
    }

    /** Where stages have replicas in different numbers, they keep these: the run takes cuts into as many stages. */
    @Test
    void stagesOfDifferentReplicasAreCutAnewToo() {
        JobBuilder job = job().gradientGroups(4).stages(2);
        Told expected = Told.of(job.build());
        Told found = Told.movingAtRandom(
                job.replicas(1, 4).build(),
                11,
                random -> Repartition.stageBounds(List.of(0, 1 + random.nextInt(LAYERS - 1), LAYERS)));
        assertThat(moves(found.events())).isNotEmpty();
        assertThat(found.result().stateSha256()).isEqualTo(expected.result().stateSha256());
        assertThat(numbers(found.events())).isEqualTo(numbers(expected.events()));
    }

    /** What goes by the epochs knows of all of them, also where a move comes between an epoch and its evaluation. */
    @Test
    void aRunThatLooksForItsBestEpochEndsWithTheSameOne() {
        JobBuilder watching =
                job().bestEpoch(BestEpochRule.earlyStopping("loss", 2).restoringBestWeights());
        Told expected = Told.of(watching.stages(1).build());
        Told found = Told.movingAtRandom(watching.stages(3).build(), 7);
        assertThat(moves(found.events())).isNotEmpty();
        assertThat(found.result().best()).isEqualTo(expected.result().best());
        assertThat(found.result().stateSha256()).isEqualTo(expected.result().stateSha256());
        assertThat(numbers(found.events())).isEqualTo(numbers(expected.events()));
    }

    @Test
    void whatIsToldOfAMoveIsTrueAndTheFolderKnowsTheCut() throws Exception {
        Path run = folder.resolve("run");
        TrainingJob job = job().stageBounds(List.of(0, 2, LAYERS))
                .recompute(new Recompute.All())
                .checkpointEveryEpochs(2)
                .runDirectory(run)
                .build();
        List<TrainingEvent> events = new CopyOnWriteArrayList<>();
        CompletableFuture<Training> running = new CompletableFuture<>();
        CompletableFuture<TrainingEvent.Repartitioned> answer = new CompletableFuture<>();
        TrainingListener listener = event -> {
            events.add(event);
            if (event instanceof TrainingEvent.StepFinished step && step.step() == 6) {
                running.join().repartition(Repartition.stages(3)).thenAccept(answer::complete);
                awaitHeard(running.join());
            }
        };
        TrainingResult result;
        try (Training training = Ketju.start(job, listener)) {
            running.complete(training);
            result = training.await();
        }
        TrainingEvent.Repartitioned told = answer.get();
        assertThat(moves(events)).containsExactly(told);
        assertThat(told.before()).containsExactly(0, 2, LAYERS);
        assertThat(told.job().stages()).isEqualTo(3);
        assertThat(told.job().pipeline().recomputing()).containsExactly(0, 1, 2);
        assertThat(told.cause()).isEqualTo("stages 3 was asked for");
        assertThat(told.workers()).isEqualTo(1);
        assertThat(told.stall().total()).isPositive();
        int at = events.indexOf(told);
        long before = events.subList(0, at).stream()
                .filter(TrainingEvent.StepFinished.class::isInstance)
                .count();
        assertThat(told.firstStep()).isEqualTo(before + 1).isGreaterThan(6);
        assertThat(Files.readString(run.resolve("job.conf")))
                .contains(
                        "\nstage-bounds = " + told.job().pipeline().partition().bounds() + "\n")
                .contains("\nrecompute = [0, 1, 2]\n");
        assertThat(run.resolve("incarnation")).hasContent("2");
        assertThat(result.stateSha256()).isEqualTo(Ketju.fit(job().build()).stateSha256());
        assertThat(Ketju.state(run).sha256()).isEqualTo(result.stateSha256());
    }

    /** Also without the listeners' threads: asked by another, as often as the run takes it, until it has ended. */
    @Test
    void oneWishAtATimeAndNoneAfterTheEnd() throws Exception {
        TrainingJob job = job().stageBounds(List.of(0, 3, LAYERS)).build();
        CompletableFuture<Training> running = new CompletableFuture<>();
        CompletableFuture<List<CompletionStage<TrainingEvent.Repartitioned>>> asked = new CompletableFuture<>();
        try (Training training = Ketju.start(job, event -> {
            if (event instanceof TrainingEvent.StepFinished step && step.step() == 2) {
                Training own = running.join();
                asked.complete(List.of(
                        own.repartition(Repartition.stages(2)),
                        own.repartition(Repartition.stageBounds(List.of(0, 1, LAYERS))),
                        own.repartition(Repartition.stages(3))));
                awaitHeard(own);
            }
        })) {
            running.complete(training);
            List<CompletableFuture<TrainingEvent.Repartitioned>> answers = asked.get().stream()
                    .map(CompletionStage::toCompletableFuture)
                    .toList();
            training.await();
            boolean balanced =
                    job().stages(2).build().pipeline().partition().bounds().equals(List.of(0, 3, LAYERS));
            assertThat(answers.get(0).isCompletedExceptionally()).isEqualTo(balanced);
            assertThat(answers.get(balanced ? 1 : 0).get().firstStep()).isGreaterThan(2);
            assertThatThrownBy(() -> answers.get(2).get())
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("repartition: the run is being cut anew: "
                            + answers.get(balanced ? 1 : 0).get().cause());
            assertThatThrownBy(() -> training.repartition(Repartition.stages(1))
                            .toCompletableFuture()
                            .get())
                    .hasRootCauseMessage("repartition: the run has ended");
        }
    }

    @Test
    void aRunThatIsStoppedIsNotCutAnewAndOneThatIsCutAnewCanBeStopped() {
        List<TrainingEvent> events = new CopyOnWriteArrayList<>();
        CompletableFuture<Training> running = new CompletableFuture<>();
        try (Training training = Ketju.start(job().stages(2).build(), event -> {
            events.add(event);
            if (event instanceof TrainingEvent.StepFinished step && step.step() == 3) {
                running.join().repartition(Repartition.stages(3));
                running.join().stop("enough");
                awaitHeard(running.join());
            }
        })) {
            running.complete(training);
            TrainingResult result = training.await();
            assertThat(result.stopReason()).contains("enough");
            assertThat(result.completed()).isFalse();
            assertThat(moves(events)).isEmpty();
        }
    }

    /** Nearly all work is in the second stage; whatever the clock says, another cut is better by far. */
    @Test
    void aRunRebalancesItselfByWhatItsStagesTake() {
        JobBuilder wide = SmallJobs.tiny()
                .model("mlp(4, 300, 300, 300, 3)")
                .epochs(EPOCHS)
                .threads(2);
        TrainingJob job = wide.stageBounds(List.of(0, 1, 8))
                .rebalance(new Rebalance(0.2, 3, 0))
                .build();
        Told found = Told.ofHearing(job);
        assertThat(moves(found.events())).isNotEmpty();
        TrainingEvent.Repartitioned first = moves(found.events()).getFirst();
        assertThat(first.before()).containsExactly(0, 1, 8);
        assertThat(first.job().pipeline().partition().bounds().get(1)).isGreaterThan(1);
        assertThat(first.cause())
                .matches(
                        "the busiest rank takes \\S+ ms of a step, and \\S+ ms with another cut, as was measured over 3 steps");
        Told expected = Told.of(SmallJobs.tiny()
                .model("mlp(4, 300, 300, 300, 3)")
                .epochs(EPOCHS)
                .build());
        assertThat(found.result().stateSha256()).isEqualTo(expected.result().stateSha256());
        assertThat(numbers(found.events())).isEqualTo(numbers(expected.events()));
    }

    @Test
    void whatCannotMoveIsOneLine() {
        TrainingJob two = job().stageBounds(List.of(0, 3, LAYERS)).build();
        refused(
                two,
                Repartition.stageBounds(List.of(0, 3, 99)),
                "repartition: partition [0, 3, 99] covers 99 layers, the model has 6");
        refused(two, Repartition.stageBounds(List.of(0, 4, 2, LAYERS)), "repartition: partition bounds must ascend");
        refused(two, Repartition.stages(7), "repartition: model has 6 layers, 7 stages asked");
        refused(
                job().stages(4).schedule(new Interleaved1F1B(2)).build(),
                Repartition.stages(3),
                "repartition: expected a multiple of 2 stages");
        refused(
                job().stages(3)
                        .placement(new Placement(List.of(0, 0, 1)))
                        .schedule(new GPipe())
                        .build(),
                Repartition.stages(1),
                "repartition: expected 3 stages, of which the job says itself on which 2 ranks they are, [0, 0, 1], found 1");
        refused(
                job().stages(3).recompute(new Recompute.Stages(Set.of(1))).build(),
                Repartition.stages(2),
                "repartition: expected 3 stages, of which [1] recompute, found 2");
        refused(
                job().stages(2).schedule(new PipeDream(false)).build(),
                Repartition.stages(3),
                "repartition: expected a schedule with a flush, with which every cut gives the same numbers, found PipeDream");
        refused(
                SmallJobs.tinyWithoutData().stepByStep().build(),
                Repartition.stages(2),
                "repartition: expected a run over data, found a session");
        assertThatThrownBy(() -> job().stages(2)
                        .schedule(new PipeDream(false))
                        .rebalance(Rebalance.AUTO)
                        .build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageStartingWith("rebalance: expected a schedule with a flush");
    }

    private static void refused(TrainingJob job, Repartition.Cut cut, String line) {
        assertThatThrownBy(() -> cut.of(job))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageStartingWith(line)
                .hasMessageNotContaining("\n");
    }

    /** Ranks that the job names itself stay where as many stages stay. */
    @Test
    void placementsOfOnesOwnKeepTheirRanks() {
        TrainingJob job = job().stageBounds(List.of(0, 2, 4, LAYERS))
                .placement(new Placement(List.of(0, 0, 1)))
                .schedule(new GPipe())
                .build();
        TrainingJob next = Repartition.stageBounds(List.of(0, 1, 3, LAYERS)).of(job);
        assertThat(next.pipeline().placement()).isEqualTo(job.pipeline().placement());
        assertThat(next.pipeline().recipe()).isSameAs(job.pipeline().recipe());
    }
}
