package io.ketju.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TimelineSample;
import io.ketju.actors.job.TimelineWatcher;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.run.Training;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.TinyJob;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.pipeline.trace.ProcessTrace;
import io.ketju.pipeline.trace.TracedAction;
import io.ketju.pipeline.trace.TracedTensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ranks on two workers do comes to whoever watches where the run is directed, and only then. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class WatchedWorkersTest {
    private record Eyes(boolean open, List<TimelineSample> seen) implements TrainingListener, TimelineWatcher {
        @Override
        public void on(TrainingEvent event) {}

        @Override
        public Optional<TimelineWatcher> timeline() {
            return Optional.of(this);
        }

        @Override
        public boolean watching() {
            return open;
        }

        @Override
        public void saw(TimelineSample sample) {
            seen.add(sample);
        }
    }

    private static ClusterOptions options(List<String> seedNodes) {
        return new ClusterOptions("127.0.0.1", 0, seedNodes, 2, Duration.ofSeconds(60));
    }

    private static TrainingJob job() {
        return TinyJob.builder().stages(2).build();
    }

    /** Hash of the state of a run over two workers, and what was seen of it. */
    private static String run(Eyes eyes) {
        try (WorkerProcess first = WorkerProcess.start(options(List.of()), 1, event -> {});
                WorkerProcess second = WorkerProcess.start(options(List.of(first.address())), 1, event -> {});
                Training training = KetjuCluster.start(job(), options(List.of(first.address())), eyes)) {
            assertThat(second.address()).isNotEqualTo(first.address());
            return training.await().stateSha256();
        }
    }

    @Test
    void bothWorkersTellOfTheSameStepsAndTheBitsStay() {
        Eyes eyes = new Eyes(true, new ArrayList<>());
        assertThat(run(eyes)).isEqualTo(Ketju.fit(job()).stateSha256());
        TimelineSample sample = eyes.seen().getFirst();
        assertThat(sample.ranks()).isEqualTo(2);
        assertThat(sample.processes()).hasSize(2);
        List<List<Action>> plan = job().pipeline().plan().ranks();
        for (int rank = 0; rank < 2; rank++) {
            List<Action> twice = new ArrayList<>(plan.get(rank));
            twice.addAll(plan.get(rank));
            assertThat(sample.processes().get(rank).actions().stream().map(TracedAction::action))
                    .containsExactlyElementsOf(twice);
        }
        byOneClockNothingArrivesBeforeItWasSent(sample.byOneClock());
    }

    private static void byOneClockNothingArrivesBeforeItWasSent(List<ProcessTrace> processes) {
        Map<TracedTensor, Long> sent = new HashMap<>();
        processes.forEach(process -> process.sent().forEach(tensor -> sent.put(identity(tensor), tensor.at())));
        for (ProcessTrace process : processes) {
            assertThat(process.arrived())
                    .filteredOn(tensor -> tensor.kind() != TensorKey.Kind.FED)
                    .hasSize(2 * 4)
                    .allSatisfy(tensor -> assertThat(sent.get(identity(tensor))).isLessThanOrEqualTo(tensor.at()));
        }
    }

    private static TracedTensor identity(TracedTensor tensor) {
        return new TracedTensor(
                tensor.kind(), tensor.window(), tensor.microbatch(), tensor.edge(), tensor.from(), tensor.to(), 0);
    }

    @Test
    void whileNobodyLooksNothingIsTold() {
        Eyes shut = new Eyes(false, new ArrayList<>());
        run(shut);
        assertThat(shut.seen()).isEmpty();
    }
}
