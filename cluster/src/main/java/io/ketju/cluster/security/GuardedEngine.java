package io.ketju.cluster.security;

import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The engine of a connection that somebody has opened to this node. What fails in it ends this connection alone and is
 * logged; what it has decrypted is looked at before Pekko reads it. Used by one thread at a time, as every engine.
 */
final class GuardedEngine extends DelegatingEngine {
    private final FrameLengths lengths;
    private final RefusalLog refusals;
    private @Nullable String othersVersion;
    private boolean refused;

    GuardedEngine(SSLEngine engine, FrameLengths lengths, RefusalLog refusals) {
        super(engine);
        this.lengths = lengths;
        this.refusals = refusals;
        engine.setHandshakeApplicationProtocolSelector((same, offered) -> chosen(offered));
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length) throws SSLException {
        int[] before = new int[length];
        for (int i = 0; i < length; i++) {
            before[i] = targets[offset + i].position();
        }
        try {
            SSLEngineResult result = engine.unwrap(source, targets, offset, length);
            if (result.bytesProduced() > 0) {
                requireVersion();
            }
            for (int i = 0; i < length; i++) {
                lengths.check(targets[offset + i], before[i], targets[offset + i].position());
            }
            return result;
        } catch (SSLException e) {
            throw refused(e);
        }
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target) throws SSLException {
        try {
            return engine.wrap(sources, offset, length, target);
        } catch (SSLException e) {
            throw refused(e);
        }
    }

    private void requireVersion() throws SSLException {
        String spoken = engine.getApplicationProtocol();
        if (!ControlVersion.NAME.equals(spoken)) {
            throw new SSLException(ControlVersion.refusal("no version"));
        }
    }

    /** Null refuses the connection. */
    private @Nullable String chosen(List<String> offered) {
        if (offered.contains(ControlVersion.NAME)) {
            return ControlVersion.NAME;
        }
        othersVersion = String.join(", ", offered);
        return null;
    }

    private SSLException refused(SSLException why) {
        if (!refused) {
            refused = true;
            refusals.refused(
                    othersVersion == null ? String.valueOf(why.getMessage()) : ControlVersion.refusal(othersVersion));
        }
        return why;
    }
}
