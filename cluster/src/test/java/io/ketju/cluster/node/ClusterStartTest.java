package io.ketju.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.TinyJob;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs over a cluster that do not come to their first step. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ClusterStartTest {
    private static final ClusterOptions ALONE =
            new ClusterOptions("127.0.0.1", 0, List.of(), 1, Duration.ofSeconds(90));

    @TempDir
    private Path folder;

    @Test
    void whatCannotStartLeavesNoFolder() throws IOException {
        Path run = folder.resolve("run");
        TrainingJob job = TinyJob.builder().runDirectory(run).build();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            ClusterOptions options =
                    new ClusterOptions("127.0.0.1", taken.getLocalPort(), List.of(address), 1, Duration.ofSeconds(5));
            assertThatThrownBy(() -> KetjuCluster.start(job, options))
                    .isInstanceOf(InvalidClusterException.class)
                    .hasMessageStartingWith("cannot listen on " + address);
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -5})
    void thereIsSomeTimeToJoin(long seconds) {
        assertThatThrownBy(() -> ALONE.withJoinTimeout(Duration.ofSeconds(seconds)))
                .isInstanceOf(InvalidClusterException.class)
                .hasMessage("join timeout: expected a time above 0, found " + Duration.ofSeconds(seconds));
    }

    @Test
    void workersThatDoNotComeAreOneLine() {
        TrainingJob job = TinyJob.builder().build();
        ClusterOptions hasty = new ClusterOptions("127.0.0.1", 0, List.of(), 3, Duration.ofMillis(1));
        try (Training training = KetjuCluster.start(job, hasty)) {
            assertThatThrownBy(training::await)
                    .isInstanceOf(InvalidClusterException.class)
                    .hasMessage("expected 3 workers, found 0 after 0 s; start more with 'ketju node', ask for"
                            + " fewer with --workers, or wait longer with --join-timeout");
        }
    }

    @Test
    void aRunThatWaitsForWorkersCanBeStopped() {
        TrainingListener stops = TrainingListener.controlling((event, run) -> {
            if (event instanceof TrainingEvent.WaitingForWorkers) {
                run.stop("nobody comes");
            }
        });
        try (Training training = KetjuCluster.start(TinyJob.builder().build(), ALONE, stops)) {
            TrainingResult result = training.await();
            assertThat(result.completed()).isFalse();
            assertThat(result.steps()).isZero();
            assertThat(result.stopReason()).contains("nobody comes");
        }
    }

    @Test
    void aListenerThatThrowsWhileTheRunWaitsEndsIt() {
        TrainingListener throwing = event -> {
            throw new IllegalStateException("enough");
        };
        try (Training training = KetjuCluster.start(TinyJob.builder().build(), ALONE, throwing)) {
            assertThatThrownBy(training::await)
                    .isInstanceOf(TrainingFailedException.class)
                    .hasMessage("a listener failed on WaitingForWorkers: java.lang.IllegalStateException: enough");
        }
    }
}
