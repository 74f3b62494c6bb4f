package io.ketju.protocol.dataplane;

import com.google.protobuf.ByteString;
import io.ketju.protocol.dataplane.message.Hello;
import io.ketju.protocol.frame.FrameHeader;
import io.ketju.protocol.security.ClusterSecret;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What the two sides of one handshake prove to each other: that each knows the secret, in this very connection. A proof is
 * HMAC-SHA-256 over
 *
 * <pre>
 *   "ketju data plane N, receiver" or "..., sender"   N is the protocol's version: nobody's proof is another's
 *   HELLO as it was sent                              the edge, and the sender's nonce
 *   the receiver's nonce                              so that a recorded proof serves no second time
 *   address and port of both ends                     so that nobody in between can hand it on
 * </pre>
 *
 * each part after its length. On loopback, where alone secrets are used, both sides see the same addresses.
 *
 * @param nonce the receiver's
 */
record SecretProof(ClusterSecret secret, Hello hello, ByteString nonce, SocketAddress receiver, SocketAddress sender) {

    ByteString ofReceiver() {
        return ByteString.copyFrom(secret.proof(parts("receiver")));
    }

    ByteString ofSender() {
        return ByteString.copyFrom(secret.proof(parts("sender")));
    }

    boolean isOfReceiver(ByteString offered) {
        return secret.isProof(offered.toByteArray(), parts("receiver"));
    }

    boolean isOfSender(ByteString offered) {
        return secret.isProof(offered.toByteArray(), parts("sender"));
    }

    private byte[][] parts(String side) {
        return new byte[][] {
            ("ketju data plane " + FrameHeader.VERSION + ", " + side).getBytes(StandardCharsets.US_ASCII),
            hello.toByteArray(),
            nonce.toByteArray(),
            bytes(receiver),
            bytes(sender)
        };
    }

    private static byte[] bytes(SocketAddress address) {
        if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
            byte[] host = inet.getAddress().getAddress();
            return ByteBuffer.allocate(host.length + Integer.BYTES)
                    .put(host)
                    .putInt(inet.getPort())
                    .array();
        }
        return address.toString().getBytes(StandardCharsets.UTF_8);
    }
}
