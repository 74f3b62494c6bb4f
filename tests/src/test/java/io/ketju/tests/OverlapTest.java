package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.link.LinkMode;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.catalogue.PipeDream;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.testkit.Oracle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However a job runs whose updates overlap, the bits are those of its stages on one thread. */
class OverlapTest {
    @TempDir
    private Path folder;

    static List<Schedule> schedules() {
        return Schedules.overlapping();
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void everyScheduleGivesTheOraclesBitsOverActors(Schedule schedule) {
        int microbatches = 2;
        for (LinkMode links : LinkMode.values()) {
            TrainingJob job =
                    GridPoint.scheduled(schedule, microbatches++).epochs(3).build();
            Oracle oracle = Oracle.of(job);
            List<Double> losses = new ArrayList<>();
            try (Training training = KetjuCluster.embedded(job, links, event -> {
                if (event instanceof TrainingEvent.StepFinished step) {
                    losses.add(step.loss());
                }
            })) {
                TrainingResult result = training.await();
                assertThat(losses).as("losses, %s, %s", schedule, links).isEqualTo(oracle.losses());
                assertThat(result.stateSha256())
                        .as("state, %s, %s", schedule, links)
                        .isEqualTo(oracle.stateSha256());
            }
        }
    }

    /** With more updates under way than are granted ahead of a schedule with a flush. */
    @ParameterizedTest
    @MethodSource("schedules")
    void longPipelinesGiveTheOraclesBits(Schedule schedule) {
        TrainingJob job = GridPoint.scheduled(schedule, 4)
                .stageBounds(List.of(0, 1, 2, 3, 4, 5))
                .batchSize(4)
                .epochs(4)
                .build();
        try (Training training = Ketju.start(job)) {
            assertThat(training.await().stateSha256()).isEqualTo(Oracle.of(job).stateSha256());
        }
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void aRunThatGoesOnFromACheckpointHasTheBitsOfTheWhole(Schedule schedule) {
        Path run = folder.resolve("run");
        TrainingResult begun =
                Ketju.fit(job(schedule).epochs(2).runDirectory(run).build());
        TrainingResult resumed = Ketju.fit(job(schedule).resume(run).build());
        assertThat(resumed.steps()).isEqualTo(2 * begun.steps());
        assertThat(resumed.stateSha256())
                .isEqualTo(Ketju.fit(job(schedule).build()).stateSha256())
                .isNotEqualTo(begun.stateSha256());
        assertThatThrownBy(() -> Ketju.fit(
                        job(schedule).resume(run).stageBounds(List.of(0, 2, 5)).build()))
                .hasMessageContaining("another job");
    }

    private static JobBuilder job(Schedule schedule) {
        return GridPoint.scheduled(schedule, 2)
                .optimizer(new SGD(0.05).withMomentum(0.9))
                .epochs(4);
    }

    /** Stopped in the middle of an epoch, a run drains, and keeps what it has. */
    @Test
    void aStopDrains() {
        for (int step : List.of(1, 3, 4, 7)) {
            Path run = folder.resolve("stopped-" + step);
            TrainingResult stopped = Ketju.fit(
                    job(new PipeDream(false)).runDirectory(run).build(),
                    TrainingListener.controlling((event, control) -> {
                        if (event instanceof TrainingEvent.StepFinished done && done.step() == step) {
                            control.stop("enough");
                        }
                    }));
            assertThat(stopped.steps()).isGreaterThanOrEqualTo(step);
            assertThat(Ketju.fit(job(new PipeDream(false)).resume(run).build()).completed())
                    .isTrue();
        }
    }

    /** The cut decides which weights a layer runs on, and so the numbers. */
    @Test
    void schedulesAndCutsDiffer() {
        Set<String> states = new HashSet<>();
        for (Schedule schedule : schedules()) {
            states.add(Ketju.fit(job(schedule).build()).stateSha256());
        }
        assertThat(states).hasSize(schedules().size());
        states.add(Ketju.fit(
                        job(new PipeDream(false)).stageBounds(List.of(0, 2, 5)).build())
                .stateSha256());
        assertThat(states).hasSize(schedules().size() + 1);
    }
}
