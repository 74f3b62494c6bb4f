package io.ketju.protocol.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.protocol.frame.TensorKind;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DataPlaneTest {
    private static final EdgeId FORWARD = new EdgeId(1, 2, 3, 0, 1, TensorKind.ACTIVATION);
    private static final EdgeId BACKWARD = new EdgeId(1, 2, 3, 1, 0, TensorKind.GRADIENT);

    @AfterEach
    void noThreadIsLeft() {
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("ketju-"));
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void thousandsOfTensorsOfAllShapesArriveBitForBitAndInOrder(Transport transport) throws Exception {
        assumeThat(SocketKind.isAvailable(transport)).isTrue();
        assertThatAllArrive(DataPlaneOptions.defaults().withTransport(transport), "sockets");
    }

    @Test
    void thousandsOfTensorsArriveThroughSharedMemoryJustTheSame(@TempDir Path folder) throws Exception {
        assertThatAllArrive(DataPlaneOptions.defaults().withSharing(Sharing.in(folder)), "shared memory");
    }

    private static void assertThatAllArrive(DataPlaneOptions options, String carrier) throws Exception {
        int count = 3000;
        try (TensorPool source = new TensorPool("source", 1 << 18, 8);
                DataPlane sender = DataPlane.open(options);
                DataPlane plane = DataPlane.open(options);
                Receiver receiver = new Receiver(plane, FORWARD, 4, 1 << 18)) {
            Semaphore free = new Semaphore(8);
            source.onRelease(free::release);
            CompletableFuture<Optional<Throwable>> ended = new CompletableFuture<>();
            OutboundEdge edge = connect(sender, plane, FORWARD, ended::complete);
            assertThat(edge.carrier()).isEqualTo(carrier);
            Thread feeder = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < count; i++) {
                    free.acquireUninterruptibly();
                    edge.send(key(i), tensor(source, i));
                }
            });
            for (int i = 0; i < count; i++) {
                Receiver.Arrival arrival = receiver.take();
                assertThat(arrival.key()).isEqualTo(key(i));
                try (TensorLease lease = arrival.lease();
                        TensorPool oracle = new TensorPool("oracle", 1 << 18, 1);
                        TensorLease expected = tensor(oracle, i)) {
                    assertThat(lease.tensor().toString())
                            .isEqualTo(expected.tensor().toString());
                    assertThat(lease.tensor()
                                    .segment()
                                    .mismatch(expected.tensor().segment()))
                            .as("tensor %d", i)
                            .isEqualTo(-1);
                }
            }
            feeder.join();
            edge.close();
            assertThat(ended.get(20, TimeUnit.SECONDS)).isEmpty();
            assertThat(receiver.awaitClosed()).isEmpty();
            closeAll(sender, plane);
            assertThat(source.outstanding()).isZero();
            assertThat(receiver.pool.outstanding()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSlowConsumerNeverHoldsMoreThanItsCredits(boolean shared, @TempDir Path folder) throws Exception {
        try (TensorPool source = new TensorPool("source", 64, 9);
                DataPlane sender = DataPlane.open(options(shared, folder));
                DataPlane plane = DataPlane.open(options(shared, folder));
                Receiver receiver = new Receiver(plane, FORWARD, 3, 64)) {
            OutboundEdge edge = connect(sender, plane, FORWARD, cause -> {});
            for (int i = 0; i < 9; i++) {
                edge.send(key(i), source.lease(Shape.of(16)));
            }
            for (int i = 0; i < 9; i++) {
                Receiver.Arrival arrival = receiver.take();
                assertThat(arrival.key()).isEqualTo(key(i));
                // The pool itself would throw for a fourth: it has as many buffers as the edge has credits.
                assertThat(receiver.leases.get()).isLessThanOrEqualTo(i + 3);
                assertThat(receiver.isClosed()).isFalse();
                arrival.lease().close();
            }
            closeAll(sender);
            assertThat(source.outstanding()).isZero();
            assertThat(receiver.awaitClosed()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFullQueueThrowsAndLeavesTheLeaseWithTheCaller(boolean shared, @TempDir Path folder) throws Exception {
        try (TensorPool source = new TensorPool("source", 64, 20);
                DataPlane sender = DataPlane.open(options(shared, folder));
                DataPlane plane = DataPlane.open(options(shared, folder));
                Receiver receiver = new Receiver(plane, FORWARD, 2, 64)) {
            CompletableFuture<Optional<Throwable>> ended = new CompletableFuture<>();
            OutboundEdge edge = connect(sender, plane, FORWARD, ended::complete);
            edge.send(key(0), source.lease(Shape.of(16)));
            edge.send(key(1), source.lease(Shape.of(16)));
            try (TensorLease first = receiver.take().lease();
                    TensorLease second = receiver.take().lease()) {
                assertThat(first).isNotSameAs(second);
                for (int i = 2; i < 6; i++) {
                    edge.send(key(i), source.lease(Shape.of(16)));
                }
                TensorLease extra = source.lease(Shape.of(16));
                assertThatThrownBy(() -> edge.send(key(6), extra))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("holds 4 tensors that wait for credit");
                extra.close();
                edge.close();
                assertThat(ended.get(20, TimeUnit.SECONDS)).isEmpty();
                assertThat(source.outstanding()).isZero();
            }
            edge.send(key(7), source.lease(Shape.of(16)));
            closeAll(sender);
            edge.send(key(8), source.lease(Shape.of(16)));
            edge.close();
            assertThat(source.outstanding())
                    .as("a send on an ended edge closes")
                    .isZero();
            assertThat(receiver.leases.get()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void twoEdgesRunInBothDirections(boolean shared, @TempDir Path folder) throws Exception {
        try (TensorPool source = new TensorPool("source", 1 << 18, 8);
                DataPlane left = DataPlane.open(options(shared, folder));
                DataPlane right = DataPlane.open(options(shared, folder));
                Receiver activations = new Receiver(right, FORWARD, 2, 1 << 18);
                Receiver gradients = new Receiver(left, BACKWARD, 2, 1 << 18)) {
            OutboundEdge forward = connect(left, right, FORWARD, cause -> {});
            OutboundEdge backward = connect(right, left, BACKWARD, cause -> {});
            // Ping-pong: the arrived activation's own lease goes back as the gradient.
            for (int i = 0; i < 200; i++) {
                forward.send(key(i), tensor(source, i));
                backward.send(key(i), activations.take().lease());
                try (TensorLease back = gradients.take().lease();
                        TensorPool oracle = new TensorPool("oracle", 1 << 18, 1);
                        TensorLease expected = tensor(oracle, i)) {
                    assertThat(back.tensor()
                                    .segment()
                                    .mismatch(expected.tensor().segment()))
                            .as("tensor %d", i)
                            .isEqualTo(-1);
                }
            }
            closeAll(left, right);
            assertThat(source.outstanding()).isZero();
            assertThat(activations.pool.outstanding()).isZero();
            assertThat(gradients.pool.outstanding()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void creditsOfABrokenConnectionCountAgainstTheNext(boolean shared, @TempDir Path folder) throws Exception {
        try (TensorPool source = new TensorPool("source", 64, 20);
                DataPlane sender = DataPlane.open(options(shared, folder));
                DataPlane plane = DataPlane.open(options(shared, folder));
                Receiver receiver = new Receiver(plane, FORWARD, 2, 64)) {
            OutboundEdge first = connect(sender, plane, FORWARD, cause -> {});
            first.send(key(0), source.lease(Shape.of(16)));
            TensorLease held = receiver.take().lease();
            first.close();
            assertThat(receiver.awaitClosed()).isEmpty();

            OutboundEdge second = connect(sender, plane, FORWARD, cause -> {});
            for (int i = 1; i < 5; i++) {
                second.send(key(i), source.lease(Shape.of(16)));
            }
            TensorLease next = receiver.take().lease();
            assertThat(receiver.leases.get()).as("one old, one new").isEqualTo(2);
            held.close();
            next.close();
            for (int i = 2; i < 5; i++) {
                Receiver.Arrival arrival = receiver.take();
                assertThat(arrival.key()).isEqualTo(key(i));
                arrival.lease().close();
            }
            assertThat(receiver.isClosed()).isFalse();
        }
    }

    @Test
    void aWithdrawnEdgeEndsInAnOrderlyWayAndIsUnknownFromThenOn() throws Exception {
        try (DataPlane sender = DataPlane.open(DataPlaneOptions.defaults());
                DataPlane plane = DataPlane.open(DataPlaneOptions.defaults());
                Receiver receiver = new Receiver(plane, FORWARD, 2, 64)) {
            CompletableFuture<Optional<Throwable>> ended = new CompletableFuture<>();
            connect(sender, plane, FORWARD, ended::complete);
            assertThatThrownBy(() -> plane.accept(FORWARD, receiver)).hasMessageContaining("already has a receiver");
            plane.withdraw(FORWARD);
            assertThat(ended.get(20, TimeUnit.SECONDS)).isEmpty();
            assertThat(receiver.awaitClosed()).isEmpty();
            plane.creditReturned(FORWARD, 1);
            assertThatThrownBy(() -> connect(sender, plane, FORWARD, cause -> {}))
                    .hasMessageContaining("no such edge is registered on this node");
        }
    }

    @Test
    void onlyLoopbackIsBoundOrReached() throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getByAddress(new byte[4]), 0);
        InetSocketAddress far = new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, 1}), 7070);
        assertThatThrownBy(() -> DataPlaneOptions.defaults().withBind(any))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the data plane will not listen on 0.0.0.0: tensors would travel unencrypted; give all nodes"
                                + " certificates, or set the host to 127.0.0.1 or ::1");
        assertThatThrownBy(() ->
                        DataPlaneOptions.defaults().withBind(InetSocketAddress.createUnresolved("nowhere.invalid", 1)))
                .hasMessageContaining("nowhere.invalid: the name has no address");
        try (DataPlane plane = DataPlane.open(DataPlaneOptions.defaults())) {
            assertThatThrownBy(() -> plane.connect(far, FORWARD, cause -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("will not connect to 10.0.0.1");
        }
    }

    @Test
    void aTakenPortIsOneLine() {
        try (DataPlane plane = DataPlane.open(DataPlaneOptions.defaults())) {
            assertThatThrownBy(() -> DataPlane.open(DataPlaneOptions.defaults().withBind(plane.address())))
                    .isInstanceOfSatisfying(
                            DataPlaneException.class,
                            e -> assertThat(e.reason()).isEqualTo(DataPlaneException.Reason.BIND))
                    .hasMessageMatching("the data plane cannot listen on .*127\\.0\\.0\\.1:"
                            + plane.address().getPort()
                            + ": .*[Aa]ddress already in use.*; stop the process that has the port, choose another, or 0"
                            + " for any free one");
        }
    }

    @Test
    void closingTwiceIsFineAndAClosedPlaneTakesNothing() {
        DataPlane plane = DataPlane.open(DataPlaneOptions.defaults());
        assertThat(plane.transportName()).isIn("epoll", "io_uring", "nio");
        plane.close();
        plane.close();
        assertThatThrownBy(() -> plane.connect(plane.address(), FORWARD, cause -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the data plane is closed");
    }

    private static DataPlaneOptions options(boolean shared, Path folder) {
        return DataPlaneOptions.defaults().withSharing(shared ? Sharing.in(folder) : Sharing.NONE);
    }

    /** Earlier than the end of the block, so that the test can look at what is left. */
    private static void closeAll(DataPlane... planes) {
        for (DataPlane plane : planes) {
            plane.close();
        }
    }

    private static OutboundEdge connect(DataPlane from, DataPlane to, EdgeId edge, EdgeListener listener)
            throws Exception {
        return from.connect(to.address(), edge, listener).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static FrameKey key(int index) {
        return new FrameKey(index / 16, index % 16, 0);
    }

    /** Bits, not numbers: also the patterns that are NaNs travel unchanged. */
    private static TensorLease tensor(TensorPool pool, int seed) {
        Random random = new Random(seed);
        int[] dimensions = new int[random.nextInt(5)];
        Arrays.setAll(dimensions, i -> random.nextInt(i == 0 ? 24 : 13));
        TensorLease lease = pool.lease(random.nextBoolean() ? DType.FLOAT32 : DType.INT32, Shape.of(dimensions));
        Tensor tensor = lease.tensor();
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.segment().setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i, random.nextInt());
        }
        return lease;
    }
}
