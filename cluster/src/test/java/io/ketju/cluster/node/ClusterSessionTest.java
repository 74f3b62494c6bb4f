package io.ketju.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.WorkerLostException;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainingSession;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.TinySession;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.catalogue.ZB1P;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.ScheduleSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions over the workers of a cluster, all of which live in this JVM but reach each other over sockets alone. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ClusterSessionTest {
    private final WorkerProcess first = worker(List.of());
    private final WorkerProcess second = worker(List.of(first.address()));

    private static ClusterOptions options(List<String> seedNodes) {
        return new ClusterOptions("127.0.0.1", 0, seedNodes, 2, Duration.ofSeconds(60));
    }

    private static WorkerProcess worker(List<String> seedNodes) {
        return WorkerProcess.start(options(seedNodes), 1, event -> {});
    }

    private TrainingSession open() {
        return KetjuCluster.session(TinySession.byHand().build(), options(List.of(first.address())));
    }

    @AfterEach
    void close() {
        second.close();
        first.close();
    }

    /** One session after the other: what the first left, the second would stumble over. */
    @Test
    void sessionsGiveWhatALocalOneGivesUntilAWorkerIsLost() {
        TinySession.Outcome local = TinySession.local();
        try (TrainingSession session = open()) {
            assertThat(TinySession.run(session)).isEqualTo(local);
        }
        try (TrainingSession session = open()) {
            assertThat(TinySession.run(session)).isEqualTo(local);
            second.close();
            assertThatThrownBy(() -> {
                        while (true) { // until the loss is known
                            session.predict(TinySession.batches().getFirst());
                        }
                    })
                    .isInstanceOf(WorkerLostException.class);
            assertThatThrownBy(() -> session.step(TinySession.batches().getFirst()))
                    .isInstanceOf(WorkerLostException.class);
        }
    }

    /** Workers are told with every window which of the schedules it takes. */
    @Test
    void aSessionTakesAnotherScheduleAtEveryStep() {
        List<Schedule> all = List.of(new OneForwardOneBackward(), new GPipe(), new ZB1P());
        TrainingJob job = TinySession.byHand().schedule(new ScheduleSet(all)).build();
        try (TrainingSession session = KetjuCluster.session(job, options(List.of(first.address())))) {
            int step = 0;
            for (Map<String, TensorValues> batch : TinySession.batches()) {
                session.schedule(all.get(++step % all.size()));
                session.step(batch);
            }
            assertThat(session.stateSha256()).isEqualTo(TinySession.stateOfJob());
        }
    }
}
