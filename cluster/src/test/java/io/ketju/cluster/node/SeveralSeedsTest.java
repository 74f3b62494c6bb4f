package io.ketju.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import io.ketju.actors.worker.WorkerEvent;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.TinyJob;
import io.ketju.cluster.status.NodeStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cluster with two places to meet at, of which the first is down at the start. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SeveralSeedsTest {
    @Test
    void theSecondBeginsTheClusterAndTheFirstJoinsItLater() throws Exception {
        List<String> seeds = List.of(free(), free());
        CountDownLatch begun = new CountDownLatch(1);
        try (WorkerProcess second = worker(seeds, 1, begun)) {
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            try (Training training = KetjuCluster.start(
                    TinyJob.builder().build(), new ClusterOptions("127.0.0.1", 0, seeds, 1, Duration.ofSeconds(60)))) {
                TrainingResult result = training.await();
                assertThat(result.completed()).isTrue();
            }
            CountDownLatch joined = new CountDownLatch(1);
            try (WorkerProcess first = worker(seeds, 0, joined)) {
                assertThat(joined.await(60, TimeUnit.SECONDS)).isTrue();
                ClusterStatus status =
                        ClusterStatus.ask(List.of(first.address()), Optional.empty(), Duration.ofSeconds(20));
                assertThat(status.nodes().getFirst().status().orElseThrow().members())
                        .extracting(NodeStatus.Member::address)
                        .contains(first.address(), second.address());
            }
        }
    }

    private static WorkerProcess worker(List<String> seeds, int seed, CountDownLatch joined) {
        String own = seeds.get(seed);
        int port = Integer.parseInt(own.substring(own.indexOf(':') + 1));
        ClusterOptions options = new ClusterOptions("127.0.0.1", port, seeds, 1, Duration.ofSeconds(60));
        return WorkerProcess.start(options, 1, event -> {
            if (event instanceof WorkerEvent.Joined) {
                joined.countDown();
            }
        });
    }

    private static String free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }
}
