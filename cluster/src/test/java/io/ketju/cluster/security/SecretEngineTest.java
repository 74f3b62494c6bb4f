package io.ketju.cluster.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.protocol.security.ClusterSecret;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretEngineTest {
    private static final String HERE = "127.0.0.1:7355";
    private static final int LONGEST = 256 << 10;
    private static final byte[] STATUS = "all is well".getBytes(StandardCharsets.US_ASCII);

    private final ClusterSecret secret = ClusterSecret.random();
    private final SSLEngine connecting = SecretEngine.connecting(secret, HERE);
    private final SSLEngine accepting = guarded(SecretEngine.accepting(secret, HERE));

    private static SSLEngine guarded(SSLEngine engine) {
        return new GuardedEngine(engine, new FrameLengths(LONGEST), why -> {}, () -> STATUS);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000}) // bytes that arrive at a time
    void whoeverKnowsTheSecretGetsThrough(int atATime) throws SSLException {
        shakeHands(connecting, accepting, atATime);

        ByteBuffer wire = wrapped(connecting, frames(5, 0, LONGEST));
        ByteBuffer plain = ByteBuffer.allocate(wire.remaining());
        while (wire.hasRemaining()) {
            accepting.unwrap(wire, plain);
        }
        assertThat(plain.flip()).isEqualTo(frames(5, 0, LONGEST));
    }

    @Test
    void anotherSecretIsRefusedBothWays() {
        ClusterSecret another = ClusterSecret.random();
        assertThatThrownBy(() -> shakeHands(SecretEngine.connecting(another, HERE), accepting, 100))
                .isInstanceOf(SSLException.class)
                .hasMessage("the node there does not know the secret of this user's clusters");
        assertThatThrownBy(() -> shakeHands(liar(), guarded(SecretEngine.accepting(another, HERE)), 100))
                .isInstanceOf(SSLException.class)
                .hasMessage("whoever connected does not know the secret of this user's clusters");
    }

    /** Whoever takes a port and passes on what it hears to a node at another gets nowhere. */
    @Test
    void aProofForAnotherAddressIsNone() {
        SSLEngine meant = SecretEngine.connecting(secret, "127.0.0.1:9999");
        assertThatThrownBy(() -> shakeHands(meant, accepting, 100)).isInstanceOf(SSLException.class);
    }

    /** To whoever reads the connection it looks like a handshake that ends in the end of the connection. */
    @ParameterizedTest
    @ValueSource(ints = {1, 1000}) // bytes that arrive at a time
    void whoAsksForTheStatusGetsItAndNothingElse(int atATime) throws SSLException {
        SSLEngine asking = SecretEngine.connecting(secret, HERE, ConnectionPurpose.STATUS);
        deliver(asking, accepting, atATime);
        deliver(accepting, asking, atATime);
        deliver(asking, accepting, atATime);
        assertThat(accepting.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_WRAP);

        ByteBuffer wire = ByteBuffer.allocate(1000);
        SSLEngineResult result = accepting.wrap(ByteBuffer.allocate(0), wire);
        assertThat(result.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_WRAP);
        assertThat(accepting.wrap(ByteBuffer.allocate(0), wire).getStatus()).isEqualTo(SSLEngineResult.Status.CLOSED);
        assertThat(accepting.isInboundDone() && accepting.isOutboundDone()).isTrue();

        ByteBuffer plain = ByteBuffer.allocate(1000);
        asking.unwrap(wire.flip(), plain);
        assertThat(plain.flip())
                .isEqualTo(ByteBuffer.allocate(4 + STATUS.length)
                        .putInt(STATUS.length)
                        .put(STATUS)
                        .flip());
    }

    /** What proves who asks for the status is no proof of who sends messages. */
    @Test
    void aPurposeCannotBeExchangedOnTheWay() throws SSLException {
        SSLEngine asking = SecretEngine.connecting(secret, HERE, ConnectionPurpose.STATUS);
        ByteBuffer hello = wrapped(asking, ByteBuffer.allocate(0));
        hello.put(6, ConnectionPurpose.CONTROL.code());
        hello.put(7, ConnectionPurpose.CONTROL.version());
        ByteBuffer answer = ByteBuffer.allocate(1000);
        assertThatThrownBy(() -> {
                    accepting.unwrap(hello, ByteBuffer.allocate(100));
                    accepting.wrap(ByteBuffer.allocate(0), answer);
                    asking.unwrap(answer.flip(), ByteBuffer.allocate(100));
                })
                .isInstanceOf(SSLException.class)
                .hasMessage("the node there does not know the secret of this user's clusters");
    }

    /** The one before, as a node has that is not upgraded yet, and one to come. */
    @ParameterizedTest
    @ValueSource(ints = {2, 9})
    void anotherVersionIsRefusedByItsNumber(int version) {
        ByteBuffer other = ByteBuffer.wrap(new byte[] {'K', 'E', 'T', 'J', 'U', 0, 0, (byte) version});
        assertThatThrownBy(() -> accepting.unwrap(other, ByteBuffer.allocate(100)))
                .isInstanceOf(SSLException.class)
                .hasMessage("it speaks ketju-control/" + version
                        + ", this node ketju-control/3; run one version of Ketju on all nodes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AKKA", "GET / HTTP/1.1", "\u0016\u0003\u0001"})
    void whatIsNoNodeIsRefusedByItsFirstByte(String sent) {
        ByteBuffer bytes = ByteBuffer.wrap(sent.getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> accepting.unwrap(bytes, ByteBuffer.allocate(100)))
                .isInstanceOf(SSLException.class)
                .hasMessage("it is no node of a cluster within this machine");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x7fffffff, 0xffffffff, 0x80000000, LONGEST + 1})
    void lengthsThatNoFrameHasAreRefusedFromThoseWhoKnowTheSecretToo(int length) throws SSLException {
        shakeHands(connecting, accepting, 100);
        ByteBuffer wire = wrapped(connecting, frames(5, length));

        assertThatThrownBy(() -> accepting.unwrap(wire, ByteBuffer.allocate(1000)))
                .isInstanceOf(SSLException.class)
                .hasMessage("a control message of " + Integer.toUnsignedString(length) + " bytes, expected at most "
                        + LONGEST);
    }

    /** Says that it knows the other's secret: it accepts any answer and proves nothing. */
    private SSLEngine liar() {
        return new DelegatingEngine(SecretEngine.connecting(secret, HERE)) {
            private int written;
            private HandshakeStatus status = HandshakeStatus.NEED_WRAP;

            @Override
            public HandshakeStatus getHandshakeStatus() {
                return status;
            }

            @Override
            public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target)
                    throws SSLException {
                if (written++ == 0) {
                    status = HandshakeStatus.NEED_UNWRAP;
                    return engine.wrap(sources, offset, length, target);
                }
                target.put(new byte[ClusterSecret.BYTES]);
                status = HandshakeStatus.NOT_HANDSHAKING;
                return new SSLEngineResult(SSLEngineResult.Status.OK, HandshakeStatus.FINISHED, 0, ClusterSecret.BYTES);
            }

            @Override
            public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length) {
                int bytes = source.remaining();
                source.position(source.limit());
                status = HandshakeStatus.NEED_WRAP;
                return new SSLEngineResult(SSLEngineResult.Status.OK, status, bytes, 0);
            }
        };
    }

    private static void shakeHands(SSLEngine from, SSLEngine to, int atATime) throws SSLException {
        deliver(from, to, atATime);
        deliver(to, from, atATime);
        deliver(from, to, atATime);
        assertThat(to.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
    }

    private static void deliver(SSLEngine from, SSLEngine to, int atATime) throws SSLException {
        ByteBuffer sent = ByteBuffer.allocate(1000);
        from.wrap(ByteBuffer.allocate(0), sent);
        sent.flip();
        ByteBuffer arrived = ByteBuffer.allocate(1000).limit(0);
        while (sent.hasRemaining()) {
            arrived.compact();
            for (int i = 0; i < atATime && sent.hasRemaining(); i++) {
                arrived.put(sent.get());
            }
            arrived.flip();
            to.unwrap(arrived, ByteBuffer.allocate(1000));
        }
    }

    private static ByteBuffer wrapped(SSLEngine engine, ByteBuffer plain) throws SSLException {
        ByteBuffer wire = ByteBuffer.allocate(plain.remaining() + 100);
        engine.wrap(plain, wire);
        return wire.flip();
    }

    /** The head of a connection and frames of these lengths; one that cannot be sent is left out but for its length. */
    private static ByteBuffer frames(int... lengths) {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST + 1000).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {'A', 'K', 'K', 'A', 1});
        for (int length : lengths) {
            bytes.putInt(length);
            bytes.put(new byte[length < 0 || length > LONGEST ? 60 : length]);
        }
        return bytes.flip();
    }
}
