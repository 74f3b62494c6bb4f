package io.ketju.protocol.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.protocol.dataplane.DataPlaneOptions.Timing;
import io.ketju.protocol.dataplane.message.Refused;
import io.ketju.protocol.frame.Checksum;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameHeader;
import io.ketju.protocol.frame.FrameKind;
import io.ketju.protocol.frame.TensorKind;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Strangers that promise more than they send: a length that cannot be ends the connection, one that can takes no memory before its bytes come. */
@Timeout(120)
class PromisedLengthsTest {
    private static final EdgeId EDGE = new EdgeId(1, 2, 3, 0, 1, TensorKind.ACTIVATION);
    private static final int LENGTH_AT = 48;
    private static final int CHECKSUM_AT = FrameHeader.BYTES - Integer.BYTES;
    private static final int SLOW = 200;
    private static final long MOST_BYTES_EACH = 1 << 20;

    /** None is closed for its silence while this test looks. */
    private static final Timing PATIENT = new Timing(
            Duration.ofSeconds(100),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(90),
            Duration.ofMillis(50));

    @Test
    void aLengthThatCannotBeEndsItsConnectionAndNothingElse() throws Exception {
        DataPlane from = DataPlane.open(DataPlaneOptions.defaults());
        DataPlane to = DataPlane.open(DataPlaneOptions.defaults());
        try (Traffic traffic = new Traffic(from, to, 1_000)) {
            for (long length : new long[] {(1L << 31) - 1, (1L << 32) - 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1025}) {
                try (RawPeer peer = RawPeer.connect(to.address())) {
                    peer.write(promising(length));
                    RawPeer.Frame answer = peer.read();
                    assertThat(answer.header().kind()).as("%d", length).isEqualTo(FrameKind.REFUSED);
                    assertThat(Refused.parseFrom(answer.payload()).getReason())
                            .as("%d", length)
                            .contains(Long.toUnsignedString(length));
                    peer.awaitEnd();
                }
                traffic.pass(2);
            }
            from.close();
        }
    }

    @Test
    void slowConnectionsTakeMemoryForWhatTheyHaveSent() throws Exception {
        DataPlane from = DataPlane.open(DataPlaneOptions.defaults());
        DataPlane to = DataPlane.open(DataPlaneOptions.defaults()
                .withTiming(PATIENT)
                .withLimits(new ConnectionLimits(8, 8, 2 * SLOW, 2 * SLOW)));
        List<RawPeer> slow = new ArrayList<>();
        try (Traffic traffic = new Traffic(from, to, 1_000)) {
            traffic.pass(20);
            long before = held();
            byte[] promise = promising(1024);
            for (int i = 0; i < SLOW; i++) {
                RawPeer peer = RawPeer.connect(to.address());
                slow.add(peer);
                peer.write(promise);
            }
            for (int at = 0; at < 20; at++) {
                for (RawPeer peer : slow) {
                    peer.write(new byte[1]);
                }
                traffic.pass(5);
            }
            long each = (held() - before) / SLOW;
            System.out.printf("%d slow connections: %,d bytes of memory each%n", SLOW, each);
            assertThat(each).isLessThan(MOST_BYTES_EACH);
            traffic.pass(20);
            from.close();
        } finally {
            for (RawPeer peer : slow) {
                peer.close();
            }
        }
    }

    /** On the heap after a collection, and Netty's beside it. */
    private static long held() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
                + Math.max(0, PlatformDependent.usedDirectMemory());
    }

    /** The header of a greeting with this length and a right checksum. */
    private static byte[] promising(long length) {
        byte[] hello = RawPeer.message(FrameKind.HELLO, EDGE, Hellos.of(EDGE, "test", false));
        ByteBuffer header = ByteBuffer.allocate(FrameHeader.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.put(hello, 0, FrameHeader.BYTES).putLong(LENGTH_AT, length);
        header.putInt(CHECKSUM_AT, Checksum.of(header.duplicate().flip().limit(CHECKSUM_AT)));
        return header.array();
    }
}
