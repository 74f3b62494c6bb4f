package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import io.ketju.cluster.KetjuCluster;
import io.ketju.deploy.launch.LogFile;
import io.ketju.testkit.Oracle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A worker that has stages stands still for a while (SIGSTOP) and wakes (SIGCONT), beside one that waits: {@code -Dketju.stops=true}, since it takes
 * minutes. While it wakes the run is in the middle of an epoch, and goes on when it has said what it has to say.
 */
@EnabledIfSystemProperty(named = "ketju.stops", matches = "true")
class StopsTest {
    private static final int EPOCHS = 6;

    /** A node then prints its log, which says who refuses its messages. */
    private static final String LOGS = "-D" + LogFile.TO_STANDARD_ERROR + "=true";

    @TempDir
    private Path folder;

    private final List<TrainingEvent> events = new ArrayList<>();
    private final CompletableFuture<ChildProcess> stopped = new CompletableFuture<>();

    private static boolean isEndOf(TrainingEvent event, int epoch) {
        return event instanceof TrainingEvent.EpochFinished done && done.epoch() == epoch;
    }

    private static long count(ChildProcess node, String part) {
        return node.out().stream().filter(line -> line.contains(part)).count();
    }

    /** One that has stages, other than the one that all others meet at. */
    private static ChildProcess holder(List<ChildProcess> nodes) {
        return nodes.stream()
                .skip(1)
                .filter(node -> count(node, ": assigned ") > 0)
                .findFirst()
                .orElseThrow();
    }

    private static void stop(ChildProcess node, int seconds) {
        node.signal("STOP");
        CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS).execute(() -> node.signal("CONT"));
    }

    private long restarts() {
        return events.stream().filter(TrainingEvent.Restarted.class::isInstance).count();
    }

    /** It let go of what it held, or has ended and joined anew: whichever comes first when it is shut out. */
    private static void awaitFresh(ChildProcess node) {
        int[] joined = {0};
        node.awaitLine(line -> line.contains(": ended: ") || (line.startsWith("ready: ") && ++joined[0] == 2));
    }

    private void run(int seconds) {
        try (ProcessCluster cluster = new ProcessCluster(folder, DigitsJob.lines(EPOCHS))) {
            List<ChildProcess> nodes = new ArrayList<>(List.of(cluster.startFirstWorker()));
            nodes.add(cluster.startWorker(LOGS));
            nodes.add(cluster.startWorker(LOGS));
            nodes.forEach(node -> node.awaitLine(line -> line.startsWith("ready: ")));
            TrainingJob job = cluster.job();
            try (Training training = KetjuCluster.start(job, cluster.options(2), event -> {
                events.add(event);
                if (isEndOf(event, 2)) {
                    stopped.complete(holder(nodes));
                    stop(stopped.join(), seconds);
                } else if (event instanceof TrainingEvent.StepFinished && restarts() > 0) {
                    awaitFresh(stopped.join());
                }
            })) {
                TrainingResult result = training.await();
                assertThat(result.stateSha256()).isEqualTo(Oracle.of(job).stateSha256());
            }
            RecoveryTest.toldOnce(events, job);
        }
    }

    /** Nobody is lost by a pause that is shorter than the silence that counts as one. */
    @ParameterizedTest
    @ValueSource(ints = {3, 6})
    void aShortStopIsNoLoss(int seconds) {
        run(seconds);
        assertThat(restarts()).isZero();
    }

    /** It has messages of its start to send when it wakes: all that it knew refuse them. */
    @ParameterizedTest
    @ValueSource(ints = {15, 60})
    void whoWakesIsRefusedByAllAndChangesNothing(int seconds) {
        run(seconds);
        assertThat(restarts()).isEqualTo(1);
        List<String> refusals = stopped.join().err().stream()
                .filter(line -> line.contains(" quarantined this node"))
                .toList();
        System.out.printf("stopped for %d s: %d of its messages were refused%n", seconds, refusals.size());
        assertThat(refusals).as("%s", stopped.join()).isNotEmpty();
    }
}
