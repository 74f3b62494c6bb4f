package io.ketju.protocol.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.TensorKind;
import io.ketju.protocol.security.ClusterSecret;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Idle strangers from the address of the peers themselves: they cost their own connections and nobody else's. */
@Timeout(60)
class CrowdTest {
    private static final int PER_SECOND = 300;
    /** More than there is room for, at any moment. */
    private static final int OPEN = 600;

    @Test
    void peersConnectAndTrainBesideThreeHundredIdleConnectionsASecond() throws Exception {
        PlaneSecurity security = PlaneSecurity.of(ClusterSecret.random());
        List<String> lines = new CopyOnWriteArrayList<>();
        DataPlane from = DataPlane.open(DataPlaneOptions.defaults().withSecurity(security));
        DataPlane to = DataPlane.open(DataPlaneOptions.defaults().withSecurity(security), lines::add);
        AtomicBoolean over = new AtomicBoolean();
        CountDownLatch crowded = new CountDownLatch(OPEN);
        Thread crowd = Thread.ofPlatform().daemon().start(() -> crowd(to.address(), over, crowded));
        try (Traffic traffic = new Traffic(from, to, 1_000)) {
            assertThat(crowded.await(30, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 20; i++) {
                connectOnce(from, to, i);
                traffic.pass(20);
            }
            over.set(true);
            crowd.join();
            traffic.pass(20);
            from.close();
        }
        assertThat(lines)
                .as("some hundred connections were closed, and told together")
                .hasSizeBetween(1, 20)
                .anyMatch(line -> line.contains("closed unheard, as too many connections wait in their handshake")
                        && line.contains("more like it in a second"))
                .allMatch(line -> line.contains("/127.0.0.1:"));
    }

    /** An edge of its own, from nothing to its orderly end. */
    private static void connectOnce(DataPlane from, DataPlane to, int number) throws Exception {
        EdgeId id = new EdgeId(0x77, 0x88, 2 + number, 0, 1, TensorKind.GRADIENT);
        EndOfEdge end = new EndOfEdge();
        to.accept(id, end);
        OutboundEdge edge = from.connect(to.address(), id, cause -> {})
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
        edge.close();
        assertThat(end.await()).isEmpty();
        to.withdraw(id);
    }

    private static void crowd(InetSocketAddress at, AtomicBoolean over, CountDownLatch crowded) {
        Queue<Socket> idle = new ArrayDeque<>();
        long begin = System.nanoTime();
        try {
            for (long opened = 0; !over.get(); opened++) {
                long due = begin + opened * (1_000_000_000L / PER_SECOND);
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                idle.add(new Socket(at.getAddress(), at.getPort()));
                crowded.countDown();
                if (idle.size() > OPEN) {
                    idle.remove().close();
                }
            }
            for (Socket each : idle) {
                each.close();
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
