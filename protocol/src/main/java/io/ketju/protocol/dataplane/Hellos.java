package io.ketju.protocol.dataplane;

import com.google.protobuf.ByteString;
import io.ketju.protocol.dataplane.message.Hello;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameException;
import io.ketju.protocol.frame.FrameHeader;

/** The first message of a connection. It says again what its header says, so that a dump of it can be read alone. */
final class Hellos {
    private Hellos() {}

    /** Of a sender that knows no secret. */
    static Hello of(EdgeId edge, String softwareVersion, boolean sharesMemory) {
        return of(edge, softwareVersion, sharesMemory, ByteString.EMPTY);
    }

    /**
     * @param nonce of a sender that knows the cluster's secret; empty: it knows none
     */
    static Hello of(EdgeId edge, String softwareVersion, boolean sharesMemory, ByteString nonce) {
        return Hello.newBuilder()
                .setProtocolVersion(FrameHeader.VERSION)
                .setJob(edge.job())
                .setConfigHash(edge.configHash())
                .setIncarnation(edge.incarnation())
                .setFromStage(edge.fromStage())
                .setToStage(edge.toStage())
                .setStreamValue(edge.kind().code())
                .setSoftwareVersion(softwareVersion)
                .setSharesMemory(sharesMemory)
                .setNonce(nonce)
                .build();
    }

    /** Throws {@link FrameException} unless the message and the header that carried it name the same edge. */
    static void requireAgreement(Hello hello, EdgeId edge) {
        if (hello.getProtocolVersion() != FrameHeader.VERSION) {
            throw new FrameException(
                    FrameException.Reason.VERSION,
                    "protocol version is " + FrameHeader.VERSION + " here, HELLO says "
                            + Integer.toUnsignedString(hello.getProtocolVersion()));
        }
        if (!hello.equals(of(edge, hello.getSoftwareVersion(), hello.getSharesMemory(), hello.getNonce()))) {
            throw new FrameException(
                    FrameException.Reason.MESSAGE, "HELLO names another edge than its header, which says " + edge);
        }
    }
}
