package io.ketju.actors.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.SmallJobs;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.trace.ProcessTrace;
import io.ketju.pipeline.trace.TraceAnalysis;
import io.ketju.pipeline.trace.TraceReport;
import io.ketju.pipeline.trace.TracedAction;
import io.ketju.pipeline.trace.TracedTensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run leaves everything that it did, and does nothing else than it would do untraced. */
class TracedRunTest {
    private static final int STEPS = 8;

    @TempDir
    Path folder;

    private static JobBuilder job() {
        return SmallJobs.tiny().stages(3).threads(2);
    }

    private static TrainingResult run(TrainingJob job) {
        try (Training training = Ketju.start(job)) {
            return training.await();
        }
    }

    private ProcessTrace traced() {
        return traced(job());
    }

    private ProcessTrace traced(JobBuilder job) {
        run(job.runDirectory(folder).traced().build());
        assertThat(TraceFile.in(folder)).containsExactly(folder.resolve("trace-0.csv"));
        return TraceFile.read(folder.resolve("trace-0.csv"));
    }

    @Test
    void theBitsAreThoseOfAnUntracedRun() {
        TrainingResult plain = run(job().build());
        TrainingResult traced = run(job().runDirectory(folder).traced().build());
        assertThat(traced.stateSha256()).isEqualTo(plain.stateSha256());
    }

    @Test
    void everyActionOfEveryTrainingWindowIsThereOnceInTheOrderOfItsRank() {
        List<TracedAction> training = traced().actions().stream()
                .filter(action -> action.phase() == Window.Phase.TRAIN)
                .toList();
        Map<Long, List<TracedAction>> windows = training.stream().collect(Collectors.groupingBy(TracedAction::window));
        assertThat(windows).hasSize(STEPS);
        List<List<Action>> plan = job().build().pipeline().plan().ranks();
        windows.values().forEach(actions -> {
            int microbatches = actions.stream()
                            .mapToInt(action -> action.action().microbatch())
                            .max()
                            .orElseThrow()
                    + 1;
            for (int rank = 0; rank < plan.size(); rank++) {
                int wanted = rank;
                assertThat(actions.stream()
                                .filter(action -> action.rank() == wanted)
                                .map(TracedAction::action))
                        .containsExactlyElementsOf(plan.get(rank).stream()
                                .filter(action -> action.microbatch() < microbatches)
                                .toList());
            }
        });
    }

    @Test
    void timesOfARankAscend() {
        ProcessTrace trace = traced();
        trace.actions().stream()
                .collect(Collectors.groupingBy(TracedAction::rank))
                .values()
                .forEach(actions -> {
                    long last = Long.MIN_VALUE;
                    for (TracedAction action : actions) {
                        assertThat(action.ready()).isGreaterThanOrEqualTo(last);
                        assertThat(action.started()).isGreaterThanOrEqualTo(action.ready());
                        assertThat(action.ended()).isGreaterThanOrEqualTo(action.started());
                        assertThat(action.heard()).isGreaterThanOrEqualTo(action.ended());
                        last = action.heard();
                    }
                });
    }

    @Test
    void whatWasSentArrivedOnceAndLater() {
        Set<TracedTensor> arrived = requireAllArrived(traced());
        // Both epochs train on 4 + 4 + 4 + 4 micro-batches, over two cuts and back; they evaluate others.
        assertThat(arrived.stream().filter(tensor -> tensor.kind() == TensorKey.Kind.GRADIENT))
                .hasSize(2 * 2 * (4 + 4 + 4 + 4));
    }

    /** Evaluation goes through the first replicas, training through those that have the micro-batch. */
    @Test
    void whatReplicasOfDifferentNumbersSentArrivedOnceAndLater() {
        ProcessTrace trace = traced(job().gradientGroups(4).replicas(2, 1, 4));
        Set<TracedTensor> arrived = requireAllArrived(trace);
        assertThat(arrived.stream()
                        .filter(tensor -> tensor.kind() == TensorKey.Kind.ACTIVATION && tensor.to() == 1)
                        .map(TracedTensor::from))
                .contains(0, 3);
        Set<TracedTensor> sent =
                trace.sent().stream().map(TracedRunTest::identity).collect(Collectors.toSet());
        assertThat(trace.actions().stream()
                        .filter(action -> action.cause().tensor().isPresent())
                        .map(action -> new TracedTensor(
                                action.cause().tensor().orElseThrow(),
                                action.window(),
                                action.action().microbatch(),
                                action.cause().edge(),
                                action.cause().from(),
                                action.action().stage(),
                                0))
                        .filter(tensor -> tensor.kind() != TensorKey.Kind.FED))
                .isNotEmpty()
                .allMatch(sent::contains);
    }

    private static Set<TracedTensor> requireAllArrived(ProcessTrace trace) {
        Map<TracedTensor, Long> sent =
                trace.sent().stream().collect(Collectors.toMap(TracedRunTest::identity, TracedTensor::at));
        Set<TracedTensor> arrived = new HashSet<>();
        for (TracedTensor tensor : trace.arrived()) {
            assertThat(arrived.add(identity(tensor))).isTrue();
            if (tensor.kind() != TensorKey.Kind.FED) {
                assertThat(sent.remove(identity(tensor))).isLessThanOrEqualTo(tensor.at());
            }
        }
        assertThat(sent).isEmpty();
        assertThat(trace.dropped()).isZero();
        return arrived;
    }

    @Test
    void theReportIsOfAllRanks() {
        TraceReport report = TraceAnalysis.report(List.of(traced()));
        assertThat(report.windows() + report.skipped()).isEqualTo(STEPS);
        assertThat(report.ranks())
                .hasSize(3)
                .allSatisfy(rank -> assertThat(rank.computing()).isPositive());
        assertThat(report.pace()).isPresent();
    }

    @Test
    void aResumedRunReplacesTheTraceOfAllWorkersBefore() throws Exception {
        traced();
        Files.writeString(TraceFile.of(folder, 1), "of a worker that is gone");
        run(SmallJobs.tiny().epochs(3).stages(2).resume(folder).traced().build());
        assertThat(TraceFile.in(folder)).containsExactly(TraceFile.of(folder, 0));
        assertThat(TraceFile.read(TraceFile.of(folder, 0)).actions())
                .noneMatch(action -> action.action().stage() == 2)
                .anyMatch(action -> action.action().stage() == 1);
    }

    private static TracedTensor identity(TracedTensor tensor) {
        return new TracedTensor(
                tensor.kind(), tensor.window(), tensor.microbatch(), tensor.edge(), tensor.from(), tensor.to(), 0);
    }
}
