package io.ketju.protocol.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.protocol.dataplane.DataPlaneException.Reason;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.protocol.frame.TensorKind;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Between two planes stands a relay that changes one byte of what the sender says, as a bad switch does that computes the checksums of TCP
 * anew: the connection ends for that reason, nothing that was changed has arrived, and the next connection sends it
 * again. Which byte and what it becomes follow from the seed: {@code -Dketju.corruptions=1000 -Dketju.corruptions.seed=7}.
 */
@Timeout(600)
class CorruptedStreamTest {
    private static final int CORRUPTIONS = Integer.getInteger("ketju.corruptions", 40);
    private static final long SEED = Long.getLong("ketju.corruptions.seed", 1);
    private static final EdgeId EDGE = new EdgeId(1, 2, 3, 0, 1, TensorKind.ACTIVATION);
    private static final int FLOATS = 50;
    private static final int TENSORS = 6;

    @Test
    void everyChangedByteEndsItsConnectionAndNoneArrives() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        Map<Reason, Integer> reasons = new EnumMap<>(Reason.class);
        int afterTensors = 0;
        try (DataPlane from = DataPlane.open(DataPlaneOptions.defaults());
                DataPlane to = DataPlane.open(DataPlaneOptions.defaults());
                Receiver receiver =
                        new Receiver(to, EDGE, TENSORS, Shape.of(FLOATS).bytes())) {
            long hello = bytesOfHello(from, to, receiver);
            long all = hello + (long) TENSORS * RawPeer.tensor(EDGE, key(0), Shape.of(FLOATS)).length;
            for (int number = 0; number < CORRUPTIONS; number++) {
                long at = random.nextLong(hello, all);
                int change = random.nextInt(1, 256);
                String what = "seed " + SEED + ", corruption " + number + ": byte " + at + " with " + change;
                Optional<Throwable> cause = corrupted(from, to, receiver, at, change, what);
                assertThat(cause).as(what).isPresent().get().isInstanceOf(DataPlaneException.class);
                reasons.merge(((DataPlaneException) cause.orElseThrow()).reason(), 1, Integer::sum);
                afterTensors += requireOnlySound(receiver, what);
            }
            // The edge is as it was: what was lost is sent again.
            assertThat(corrupted(from, to, receiver, Long.MAX_VALUE, 0, "the end"))
                    .isEmpty();
            assertThat(requireOnlySound(receiver, "the end")).isEqualTo(TENSORS);
        }
        assertThat(reasons.keySet()).as("reasons").isSubsetOf(Reason.CORRUPT, Reason.PROTOCOL);
        System.out.printf(
                "%,d changed bytes (seed %d): all noticed %s, %,d tensors before them arrived, none that was changed%n",
                CORRUPTIONS, SEED, reasons, afterTensors);
    }

    /** Sends tensors over a connection of its own; returns how that ended on the receiving side. */
    private static Optional<Throwable> corrupted(
            DataPlane from, DataPlane to, Receiver receiver, long at, int change, String what) throws Exception {
        CompletableFuture<Optional<Throwable>> ended = new CompletableFuture<>();
        try (Relay relay = new Relay(to.address(), at, change);
                TensorPool source = new TensorPool("source", Shape.of(FLOATS).bytes(), TENSORS)) {
            OutboundEdge edge = from.connect(relay.address(), EDGE, ended::complete)
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            Semaphore returned = new Semaphore(0);
            source.onRelease(returned::release);
            for (int i = 0; i < TENSORS; i++) {
                TensorLease lease = source.lease(Shape.of(FLOATS));
                for (int j = 0; j < FLOATS; j++) {
                    lease.tensor().setFloat(j, value(i, j));
                }
                edge.send(key(i), lease);
            }
            edge.close();
            Optional<Throwable> cause = receiver.awaitClosed();
            ended.get(20, TimeUnit.SECONDS);
            // One that was given while the edge ended comes back after the news of the end.
            assertThat(returned.tryAcquire(TENSORS, 20, TimeUnit.SECONDS))
                    .as(what)
                    .isTrue();
            assertThat(source.outstanding()).as(what).isZero();
            return cause;
        }
    }

    /** What arrived is what was sent first; lets go of it, and returns how many it were. */
    private static int requireOnlySound(Receiver receiver, String what) {
        int arrived = 0;
        for (Receiver.Arrival each = receiver.arrivals.poll(); each != null; each = receiver.arrivals.poll()) {
            try (TensorLease lease = each.lease()) {
                assertThat(each.key()).as(what).isEqualTo(key(arrived));
                for (int j = 0; j < FLOATS; j++) {
                    assertThat(lease.tensor().getFloat(j)).as(what).isEqualTo(value(arrived, j));
                }
            }
            arrived++;
        }
        assertThat(receiver.pool.outstanding()).as(what).isZero();
        return arrived;
    }

    /** A change of the greeting would be one of the handshake, which is another test's. */
    private static long bytesOfHello(DataPlane from, DataPlane to, Receiver receiver) throws Exception {
        try (Relay relay = new Relay(to.address(), Long.MAX_VALUE, 0)) {
            OutboundEdge edge = from.connect(relay.address(), EDGE, cause -> {})
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            long hello = relay.passed;
            edge.close();
            assertThat(receiver.awaitClosed()).isEmpty();
            return hello;
        }
    }

    private static FrameKey key(int tensor) {
        return new FrameKey(0, tensor, 0);
    }

    private static float value(int tensor, int element) {
        return tensor * 1000 + element;
    }

    /** Passes one connection on, and changes one byte of what is sent to the target. */
    private static final class Relay implements AutoCloseable {
        private final ServerSocket entrance;
        private final Socket target;
        private final long at;
        private final int change;
        private final Thread there;
        private volatile long passed;

        Relay(InetSocketAddress to, long at, int change) throws IOException {
            this.at = at;
            this.change = change;
            entrance = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            target = new Socket(to.getAddress(), to.getPort());
            target.setTcpNoDelay(true);
            there = Thread.ofVirtual().start(this::pass);
        }

        InetSocketAddress address() {
            return (InetSocketAddress) entrance.getLocalSocketAddress();
        }

        private void pass() {
            try (Socket peer = entrance.accept()) {
                peer.setTcpNoDelay(true);
                Thread back = Thread.ofVirtual().start(() -> copyBack(peer));
                byte[] bytes = new byte[64];
                long done = 0;
                InputStream in = peer.getInputStream();
                OutputStream out = target.getOutputStream();
                for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                    if (at >= done && at < done + count) {
                        bytes[(int) (at - done)] ^= (byte) change;
                    }
                    out.write(bytes, 0, count);
                    done += count;
                    passed = done;
                }
                target.shutdownOutput();
                back.join();
            } catch (IOException e) {
                // Whoever was told of the change has closed.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void copyBack(Socket peer) {
            try {
                target.getInputStream().transferTo(peer.getOutputStream());
                peer.shutdownOutput();
            } catch (IOException e) {
                // As there.
            }
        }

        @Override
        public void close() {
            try (entrance;
                    target) {
                there.join(20_000);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
