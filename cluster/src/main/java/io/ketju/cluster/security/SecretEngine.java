package io.ketju.cluster.security;

import io.ketju.protocol.security.ClusterSecret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * Stands where TLS would in connections between processes of one user on one machine. Each side proves that it knows the cluster's secret,
 * for a connection to this very address; then bytes pass as they are, for within the machine nobody reads or changes them on
 * their way. Certificates, whose mathematics takes a JVM that has just begun more than a second, are not needed for that.
 *
 * <pre>
 * connecting -> accepting   "KETJU" 0 purpose version (8 bytes) | nonce (32)
 * accepting -> connecting   nonce (32) | proof of "accepting", both nonces, address (32)
 * connecting -> accepting   proof of "connecting", both nonces, address (32)
 * </pre>
 *
 * <p>The address is what the connecting side meant and what the accepting side is reached at: whoever takes a port that a node
 * does not listen on cannot pass proofs on to one that does. The purpose is 0 for messages of the cluster and 1 for the
 * node's status; what is proved for one is no proof for the other. Used by one thread at a time, as every engine.
 */
final class SecretEngine extends PlainEngine {
    private static final byte[] NAME = {'K', 'E', 'T', 'J', 'U', 0};

    /** Of the greeting: the name, a purpose, a version. */
    private static final int HELLO = NAME.length + 2;

    private static final String ACCEPTING = "accepting";
    private static final String CONNECTING = "connecting";
    private static final int PART = ClusterSecret.BYTES;

    /** What comes next; the same for both sides. */
    private enum Step {
        GREET,
        ANSWER,
        PROVE,
        PASS;

        Step next() {
            return switch (this) {
                case GREET -> ANSWER;
                case ANSWER -> PROVE;
                case PROVE, PASS -> PASS;
            };
        }
    }

    private final ClusterSecret secret;
    private final byte[] address;
    private final boolean connecting;
    private final byte[] own = ClusterSecret.nonce();
    private byte[] others = new byte[0];
    private ConnectionPurpose purpose;
    private Step step = Step.GREET;

    private SecretEngine(ClusterSecret secret, String address, ConnectionPurpose purpose, boolean connecting) {
        this.secret = secret;
        this.purpose = purpose;
        this.address = address.getBytes(StandardCharsets.UTF_8);
        this.connecting = connecting;
    }

    /** @param address {@code host:port} of the node that is meant */
    static SecretEngine connecting(ClusterSecret secret, String address) {
        return connecting(secret, address, ConnectionPurpose.CONTROL);
    }

    /** The same for another purpose. */
    static SecretEngine connecting(ClusterSecret secret, String address, ConnectionPurpose purpose) {
        return new SecretEngine(secret, address, purpose, true);
    }

    /** @param address {@code host:port} that this node is reached at */
    static SecretEngine accepting(ClusterSecret secret, String address) {
        return new SecretEngine(
                secret, address, ConnectionPurpose.CONTROL, false); // until the other side says why it comes
    }

    @Override
    public String getApplicationProtocol() {
        return purpose.protocol();
    }

    @Override
    public boolean getUseClientMode() {
        return connecting;
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        if (step == Step.PASS) {
            return HandshakeStatus.NOT_HANDSHAKING;
        }
        return writes() ? HandshakeStatus.NEED_WRAP : HandshakeStatus.NEED_UNWRAP;
    }

    private boolean writes() {
        return connecting == (step != Step.ANSWER);
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target) {
        if (isOutboundDone()) {
            return new SSLEngineResult(Status.CLOSED, getHandshakeStatus(), 0, 0);
        }
        if (step != Step.PASS) {
            return writes() ? write(target) : result(0, 0);
        }
        int moved = 0;
        for (int i = offset; i < offset + length && target.hasRemaining(); i++) {
            moved += move(sources[i], target);
        }
        return result(moved, moved);
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length) throws SSLException {
        if (isInboundDone()) {
            return new SSLEngineResult(Status.CLOSED, getHandshakeStatus(), 0, 0);
        }
        if (step != Step.PASS) {
            return writes() ? result(0, 0) : read(source);
        }
        if (!source.hasRemaining()) {
            return new SSLEngineResult(Status.BUFFER_UNDERFLOW, getHandshakeStatus(), 0, 0);
        }
        int moved = 0;
        for (int i = offset; i < offset + length && source.hasRemaining(); i++) {
            moved += move(source, targets[i]);
        }
        return moved == 0
                ? new SSLEngineResult(Status.BUFFER_OVERFLOW, getHandshakeStatus(), 0, 0)
                : result(moved, moved);
    }

    private SSLEngineResult write(ByteBuffer target) {
        byte[] bytes = switch (step) {
            case GREET -> joined(hello(), own);
            case ANSWER -> joined(own, secret.proof(purpose.proof(ACCEPTING), others, own, address));
            default -> secret.proof(purpose.proof(CONNECTING), own, others, address);
        };
        target.put(bytes);
        return advanced(0, bytes.length);
    }

    private SSLEngineResult read(ByteBuffer source) throws SSLException {
        int wanted = switch (step) {
            case GREET -> HELLO + PART;
            case ANSWER -> 2 * PART;
            default -> PART;
        };
        if (step == Step.GREET) {
            requireHello(source); // as soon as a byte differs: most who come by mistake send less than is wanted
        }
        if (source.remaining() < wanted) {
            return new SSLEngineResult(Status.BUFFER_UNDERFLOW, getHandshakeStatus(), 0, 0);
        }
        byte[] bytes = new byte[wanted];
        source.get(bytes);
        switch (step) {
            case GREET -> others = part(bytes, HELLO);
            case ANSWER -> {
                others = part(bytes, 0);
                require(
                        secret.isProof(part(bytes, PART), purpose.proof(ACCEPTING), own, others, address),
                        "the node there");
            }
            default ->
                require(secret.isProof(bytes, purpose.proof(CONNECTING), others, own, address), "whoever connected");
        }
        return advanced(wanted, 0);
    }

    private byte[] hello() {
        return ByteBuffer.allocate(HELLO)
                .put(NAME)
                .put(purpose.code())
                .put(purpose.version())
                .array();
    }

    /** Of as much as is there; the purpose is known once its byte is. */
    private void requireHello(ByteBuffer source) throws SSLException {
        int begin = source.position();
        int there = Math.min(HELLO, source.remaining());
        for (int i = 0; i < Math.min(NAME.length, there); i++) {
            if (source.get(begin + i) != NAME[i]) {
                throw stranger();
            }
        }
        if (there > NAME.length) {
            byte code = source.get(begin + NAME.length);
            purpose = Stream.of(ConnectionPurpose.values())
                    .filter(known -> known.code() == code)
                    .findFirst()
                    .orElseThrow(SecretEngine::stranger);
        }
        if (there == HELLO && source.get(begin + HELLO - 1) != purpose.version()) {
            String protocol = purpose.protocol();
            throw new SSLException(purpose.refusal(
                    protocol.substring(0, protocol.indexOf('/') + 1) + (source.get(begin + HELLO - 1) & 0xFF)));
        }
    }

    private static SSLException stranger() {
        return new SSLException("it is no node of a cluster within this machine");
    }

    private static void require(boolean proved, String who) throws SSLException {
        if (!proved) {
            throw new SSLException(who + " does not know the secret of this user's clusters");
        }
    }

    private SSLEngineResult advanced(int consumed, int produced) {
        step = step.next();
        return step == Step.PASS
                ? new SSLEngineResult(Status.OK, HandshakeStatus.FINISHED, consumed, produced)
                : result(consumed, produced);
    }

    private SSLEngineResult result(int consumed, int produced) {
        return new SSLEngineResult(Status.OK, getHandshakeStatus(), consumed, produced);
    }

    private static int move(ByteBuffer from, ByteBuffer to) {
        int bytes = Math.min(from.remaining(), to.remaining());
        to.put(to.position(), from, from.position(), bytes);
        from.position(from.position() + bytes);
        to.position(to.position() + bytes);
        return bytes;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    private static byte[] part(byte[] bytes, int from) {
        byte[] part = new byte[PART];
        System.arraycopy(bytes, from, part, 0, PART);
        return part;
    }
}
