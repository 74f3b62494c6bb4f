package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import io.ketju.cluster.KetjuCluster;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.launch.Address;
import io.ketju.testkit.Oracle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM of workers that hold stages of a run, in the middle of an epoch: its machine is about to go, as spot machines do. */
class HandOverProcessesTest {
    private static final int TERMINATED = 128 + 15;
    private static final int FIRST = 70;
    private static final int SECOND = 180;

    @TempDir
    private Path folder;

    private static boolean isStep(TrainingEvent event, long number) {
        return event instanceof TrainingEvent.StepFinished step && step.step() == number;
    }

    private static List<TrainingEvent.Repartitioned> moves(List<TrainingEvent> events) {
        return events.stream()
                .filter(TrainingEvent.Repartitioned.class::isInstance)
                .map(TrainingEvent.Repartitioned.class::cast)
                .toList();
    }

    private static List<TrainingEvent.Restarted> restarts(List<TrainingEvent> events) {
        return events.stream()
                .filter(TrainingEvent.Restarted.class::isInstance)
                .map(TrainingEvent.Restarted.class::cast)
                .toList();
    }

    /** One of these that holds stages. */
    private static ChildProcess holder(List<ChildProcess> nodes) {
        return nodes.stream()
                .filter(node -> node.out().stream().anyMatch(line -> line.contains(": assigned ")))
                .findFirst()
                .orElseThrow();
    }

    /** Until it has told its run. */
    private static void terminate(ChildProcess node) {
        node.terminate();
        node.awaitLine(line -> line.contains(": about to end, hands over stage"));
    }

    /**
     * A run over two of three nodes, from two of which something is wanted; the third is where they meet.
     *
     * @param first gets, after some steps, a node that holds stages
     * @param second gets, after more, the other one
     */
    private List<TrainingEvent> run(
            ProcessCluster cluster,
            List<ChildProcess> others,
            Consumer<ChildProcess> first,
            Consumer<ChildProcess> second) {
        cluster.startFirstWorker().awaitLine(line -> line.startsWith("ready: "));
        others.forEach(node -> node.awaitLine(line -> line.startsWith("ready: ")));
        TrainingJob job = cluster.job();
        List<TrainingEvent> events = new ArrayList<>();
        AtomicReference<@Nullable ChildProcess> gone = new AtomicReference<>();
        try (Training training = KetjuCluster.start(job, cluster.options(2), event -> {
            events.add(event);
            if (isStep(event, FIRST)) {
                gone.set(holder(others));
                first.accept(holder(others));
            } else if (isStep(event, SECOND)) {
                second.accept(others.stream()
                        .filter(node -> node != gone.get())
                        .findFirst()
                        .orElseThrow());
            }
        })) {
            TrainingResult result = training.await();
            assertThat(result.stateSha256()).isEqualTo(Oracle.of(job).stateSha256());
        }
        RecoveryTest.toldOnce(events, job);
        return events;
    }

    @Test
    void stagesGoToASpareAndThenToTheOneThatIsLeft() {
        try (ProcessCluster cluster = new ProcessCluster(folder, DigitsJob.lines(12))) {
            List<ChildProcess> others = List.of(cluster.startWorker(), cluster.startWorker());
            List<TrainingEvent> events =
                    run(cluster, others, HandOverProcessesTest::terminate, HandOverProcessesTest::terminate);
            assertThat(moves(events))
                    .extracting(TrainingEvent.Repartitioned::workers)
                    .containsExactly(2, 1);
            assertThat(moves(events))
                    .allMatch(moved -> moved.cause()
                            .matches("worker \\S+ with stage \\d left after step \\d+: it is on worker \\S+ now"));
            assertThat(restarts(events)).isEmpty();
            others.forEach(node -> {
                assertThat(node.awaitExit()).as("%s", node).isEqualTo(TERMINATED);
                assertThat(node.err()).as("%s", node).isEmpty();
            });
        }
    }

    /** Its state is kept, and it goes on with a worker that comes later, which finds the cluster at the run itself. */
    @Test
    @Tag("long")
    void whereNobodyIsLeftTheRunWaits() {
        try (ProcessCluster cluster = new ProcessCluster(folder, DigitsJob.lines(12))) {
            ChildProcess node = cluster.startFirstWorker();
            node.awaitLine(line -> line.startsWith("ready: "));
            TrainingJob job = cluster.job();
            Address own = Address.free("127.0.0.1");
            List<TrainingEvent> events = new ArrayList<>();
            List<TrainingEvent.WaitingForWorkers> waits = new ArrayList<>();
            try (Training training = KetjuCluster.start(job, cluster.options(1).withPort(own.port()), event -> {
                events.add(event);
                if (isStep(event, FIRST)) {
                    terminate(node);
                } else if (event instanceof TrainingEvent.WaitingForWorkers waiting
                        && !waiting.cause().isEmpty()
                        && waits.add(waiting)
                        && waits.size() == 1) {
                    cluster.start("node", "--seed-node", own.toString(), "--threads", "1");
                }
            })) {
                assertThat(training.await().stateSha256())
                        .isEqualTo(Oracle.of(job).stateSha256());
            }
            RecoveryTest.toldOnce(events, job);
            assertThat(restarts(events)).isEmpty();
            assertThat(moves(events)).hasSize(1);
            assertThat(waits.getFirst().present()).isZero();
            assertThat(waits.getFirst().cause()).matches("worker \\S+ with stages 0, 1 left after step \\d+");
            assertThat(node.awaitExit()).as("%s", node).isEqualTo(TERMINATED);
        }
    }

    /** The run's own thread waits for the end of the worker, so that it can hand over nothing: these are losses. */
    @Test
    @Tag("long")
    void aSecondSignalAndTheLimitEndAWorkerThatCannotHandOver() {
        try (ProcessCluster cluster = new ProcessCluster(folder, DigitsJob.lines(12))) {
            ChildProcess patient = cluster.startWorker();
            ChildProcess hasty =
                    cluster.start("node", "--seed-node", cluster.meeting(), "--threads", "1", "--leave-within", "1");
            Consumer<ChildProcess> ends = node -> {
                terminate(node);
                if (node == patient) {
                    node.terminate();
                }
                assertThat(node.awaitExit()).as("%s", node).isEqualTo(TERMINATED);
            };
            List<TrainingEvent> events = run(cluster, List.of(patient, hasty), ends, ends);
            assertThat(restarts(events)).hasSize(2);
            assertThat(moves(events)).isEmpty();
            assertThat(patient.err()).as("%s", patient).isEmpty();
            assertThat(hasty.err())
                    .as("%s", hasty)
                    .containsExactly(
                            "ketju: the stages were not handed over within 1 s; their run recovers as from a loss");
        }
    }

    /** Another process is started in its place. A run on a busy machine does not wait for it longer than three seconds. */
    @Test
    void aLaunchedWorkerThatHasToGoIsFollowedByAnother() {
        TrainingJob job = JobAssembly.build(
                JobFile.parse("spot.conf", String.join("\n", DigitsJob.lines(45)))); // a process starts meanwhile
        AtomicReference<@Nullable Process> gone = new AtomicReference<>();
        try (WatchedLaunch launch = new WatchedLaunch(job, 2, (event, own) -> {
            if (isStep(event, FIRST)) {
                gone.set(own.oldest());
                own.oldest().toHandle().destroy(); // the process would close its pipe as well, as if this JVM had gone
            }
        })) {
            TrainingResult result = launch.result();
            assertThat(result.stateSha256()).isEqualTo(Oracle.of(job).stateSha256());
            RecoveryTest.toldOnce(launch.events(), job);
            assertThat(restarts(launch.events())).isEmpty();
            assertThat(moves(launch.events())).hasSize(1).allSatisfy(moved -> {
                assertThat(moved.cause())
                        .matches("worker 1 \\(process \\d+\\) with stage \\d left after step \\d+: it is on worker "
                                + (moved.workers() == 2 ? 3 : 2) + " \\(process \\d+\\) now");
            });
            assertThat(launch.processes()).hasSize(3);
            assertThat(Objects.requireNonNull(gone.get()).onExit().join().exitValue())
                    .isEqualTo(TERMINATED);
        }
    }
}
