package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.link.LinkMode;
import io.ketju.layers.optimizer.Optimizers;
import io.ketju.pipeline.StepRules;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.catalogue.ZB1P;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.testkit.Oracle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * However a job is run, the bits are those of the oracle: over a random grid of models, optimizers, cuts, schedules,
 * micro-batches, rules of the step, threads and links, and over processes. {@code -Dketju.test.seed=17} (in {@code -Dketju.test.flags} for Maven) runs one
 * point alone.
 */
class TransparencyTest {
    private static final int POINTS = 24;
    private static final int MANY_POINTS = 400;
    private static final int PROCESSES = 2;

    /** Points of the grid that run over processes too. */
    private static final int SHARED_POINTS = 3;

    static LongStream seeds() {
        Long replayed = Long.getLong("ketju.test.seed");
        return replayed == null ? LongStream.range(0, POINTS) : LongStream.of(replayed);
    }

    static LongStream manySeeds() {
        return LongStream.range(POINTS, POINTS + MANY_POINTS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyWayToRunGivesTheOraclesBits(long seed) {
        check(GridPoint.of(seed));
    }

    @Tag("long")
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("manySeeds")
    void everyWayToRunGivesTheOraclesBitsInManyMorePoints(long seed) {
        check(GridPoint.of(seed));
    }

    static List<Schedule> schedules() {
        return Schedules.placing(4);
    }

    /** In turn over all links: what a rank hands itself, as well. */
    @ParameterizedTest
    @MethodSource("schedules")
    void everyScheduleGivesTheOraclesBitsOverActors(Schedule schedule) {
        int microbatches = 1 + schedules().indexOf(schedule) % 3;
        for (LinkMode links : LinkMode.values()) {
            check(GridPoint.scheduled(schedule, microbatches++, links));
        }
    }

    static List<Schedule> sharedSchedules() {
        return TwelveStages.schedules();
    }

    /** With 2, 3 and 4 stages on a rank and all that belongs to a step; the links in turn. */
    @ParameterizedTest
    @MethodSource("sharedSchedules")
    void everyScheduleOfTwelveStagesGivesTheOraclesBits(Schedule schedule) {
        int draw = sharedSchedules().indexOf(schedule);
        check(TwelveStages.of(schedule, draw, List.of(LinkMode.values()).get(draw % LinkMode.values().length)));
    }

    /** What replicas tell each other goes over every kind of link. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 6})
    void replicasGiveTheOraclesBits(int replicas) {
        List<Schedule> schedules = Schedules.placing(3);
        List<LinkMode> modes = List.of(LinkMode.values());
        for (int mode = 0; mode < modes.size(); mode++) {
            check(ReplicatedJob.of(schedules.get((replicas + mode) % schedules.size()), modes.get(mode), replicas));
        }
    }

    /** Also where the stages have them in different numbers: what a stage makes goes to whoever has the micro-batch. */
    @Test
    void stagesOfDifferentReplicasGiveTheOraclesBits() {
        for (LinkMode links : LinkMode.values()) {
            check(ReplicatedJob.of(new OneForwardOneBackward(), links, 1, 2, 1));
            check(ReplicatedJob.of(new ZB1P(), links, 6, 1, 3));
        }
    }

    /** Some of both over two worker processes, whose vectors differ in width. */
    @Test
    void overProcessesTheBitsAreTheOracles(@TempDir Path folder) {
        try (ProcessCluster cluster = new ProcessCluster(folder)) {
            ChildProcess first = cluster.startFirstWorker("-Dketju.vector.bits=128");
            ChildProcess second = cluster.startWorker();
            cluster.await(first);
            cluster.await(second);
            for (GridPoint point : overProcesses()) {
                check(point, listener -> KetjuCluster.start(point.job(), cluster.options(PROCESSES), listener));
            }
        }
    }

    /** Points of the grid that two processes can share, schedules that put stages there and back or round and round, and replicas. */
    private static List<GridPoint> overProcesses() {
        Stream<GridPoint> grid = seeds().mapToObj(GridPoint::of)
                .filter(point -> point.job().pipeline().placement().ranks() >= PROCESSES)
                .limit(SHARED_POINTS);
        List<Schedule> schedules = TwelveStages.schedules();
        Stream<GridPoint> twelve = Stream.of("ZBV", "Interleaved1F1B(3)", "InterleavedZB(4)")
                .map(Schedules::parse)
                .map(schedule -> TwelveStages.of(schedule, schedules.indexOf(schedule), LinkMode.LOCAL_WHERE_POSSIBLE));
        Stream<GridPoint> replicated = Stream.of(new int[] {2}, new int[] {3}, new int[] {1, 2, 1})
                .map(replicas -> ReplicatedJob.of(new GPipe(), LinkMode.LOCAL_WHERE_POSSIBLE, replicas));
        return Stream.of(grid, twelve, replicated).flatMap(points -> points).toList();
    }

    /** Steps of several windows, with and without a line search, over all links. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "LBFGS(history_size=3, lr=0.5, max_iter=4)",
                "LBFGS(history_size=2, line_search_fn=strong_wolfe, max_iter=3)"
            })
    void searchedStepsGiveTheOraclesBits(String optimizer) {
        int microbatches = 1;
        for (LinkMode links : LinkMode.values()) {
            JobBuilder job = GridPoint.scheduled(new GPipe(), microbatches);
            job.gradientGroups((microbatches++ + 1) / 2);
            check(new GridPoint(
                    microbatches, job.optimizer(Optimizers.parse(optimizer)).build(), links));
        }
    }

    /** The grid is what it claims to be: a change of it cannot quietly lose a dimension. */
    @Test
    void theGridCoversEveryDimension() {
        Set<Object> seen = new HashSet<>();
        LongStream.range(0, POINTS).mapToObj(GridPoint::of).forEach(point -> {
            seen.add(point.job().stages() + " stages");
            seen.add(point.job().threads() + " threads");
            seen.add(point.job().schedule().name());
            seen.add(point.links());
            seen.add(point.job().optimizer().spec().name());
            seen.add(point.tied() ? "tied" : "nothing tied");
            seen.add(point.job().accumulate() > 1 ? "accumulates" : "a mini-batch for a step");
            seen.add(point.job().pipeline().recomputing().isEmpty() ? "recomputes nothing" : "recomputes");
            seen.addAll(rules(point));
            if (point.job().batchSize() % point.job().microbatches() != 0) {
                seen.add("ragged micro-batch");
            }
            if (point.job().microbatches() < point.job().stages()) {
                seen.add("fewer micro-batches than stages");
            }
            if (point.job().data().train().size() % point.job().batchSize() != 0) {
                seen.add("ragged last batch");
            }
        });
        assertThat(seen.stream().map(Object::toString))
                .contains(
                        "1 stages",
                        "2 stages",
                        "3 stages",
                        "4 stages",
                        "5 stages",
                        "6 stages",
                        "7 stages",
                        "1 threads",
                        "2 threads",
                        "3 threads",
                        "GPipe",
                        "1F1B",
                        "LOCAL_WHERE_POSSIBLE",
                        "ALWAYS_SOCKETS",
                        "ALWAYS_SHARED_MEMORY",
                        "tied",
                        "nothing tied",
                        "accumulates",
                        "a mini-batch for a step",
                        "recomputes",
                        "recomputes nothing",
                        "norm bounded",
                        "norm unbounded",
                        "values bounded",
                        "values unbounded",
                        "several groups",
                        "one group",
                        "replicas",
                        "one pipeline",
                        "SGD",
                        "Adam",
                        "ragged micro-batch",
                        "ragged last batch",
                        "fewer micro-batches than stages");
    }

    private static List<String> rules(GridPoint point) {
        StepRules rules = point.job().pipeline().recipe().rules();
        return List.of(
                rules.gradientGroups() > 1 ? "several groups" : "one group",
                point.job().pipeline().counts().several() ? "replicas" : "one pipeline",
                rules.clipGradNorm().isPresent() ? "norm bounded" : "norm unbounded",
                rules.clipGradValue().isPresent() ? "values bounded" : "values unbounded");
    }

    private static void check(GridPoint point) {
        check(point, listener -> KetjuCluster.embedded(point.job(), point.links(), listener));
    }

    private static void check(GridPoint point, Function<TrainingListener, Training> start) {
        Oracle oracle = Oracle.of(point.job());
        List<Double> losses = new ArrayList<>();
        try (Training training = start.apply(event -> {
            if (event instanceof TrainingEvent.StepFinished step) {
                losses.add(step.loss());
            }
        })) {
            TrainingResult result = training.await();
            assertThat(losses).as("losses of %s", point).isEqualTo(oracle.losses());
            assertThat(result.stateSha256()).as("state of %s", point).isEqualTo(oracle.stateSha256());
        }
    }
}
