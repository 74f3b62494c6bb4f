package io.ketju.cluster.security;

import java.util.List;
import java.util.function.BiFunction;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What an engine that is not TLS has to answer to the questions that are about TLS alone; and how it is closed. */
abstract class PlainEngine extends SSLEngine {
    private static final String[] NONE = {};

    private boolean inboundDone;
    private boolean outboundDone;

    @Override
    public void beginHandshake() {
        // It begins by itself.
    }

    @Override
    public void closeInbound() {
        inboundDone = true;
    }

    /**
     * Both ways: nothing on the wire tells the other side that there will be no more, so whoever closes must not wait until the other
     * closes as well. Connections of the control plane carry messages one way only.
     */
    @Override
    public void closeOutbound() {
        outboundDone = true;
        inboundDone = true;
    }

    @Override
    public boolean isInboundDone() {
        return inboundDone;
    }

    @Override
    public boolean isOutboundDone() {
        return outboundDone;
    }

    @Override
    public @Nullable Runnable getDelegatedTask() {
        return null;
    }

    @Override
    public String getApplicationProtocol() {
        return ControlVersion.NAME; // the handshake compares it
    }

    @Override
    public void setHandshakeApplicationProtocolSelector(BiFunction<SSLEngine, List<String>, String> selector) {
        // The handshake of this one has its own.
    }

    /** There is none: nothing of it is ever resumed. */
    @Override
    public @Nullable SSLSession getSession() {
        return null;
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return NONE;
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return NONE;
    }

    @Override
    public String[] getSupportedProtocols() {
        return NONE;
    }

    @Override
    public String[] getEnabledProtocols() {
        return NONE;
    }

    @Override
    public boolean getNeedClientAuth() {
        return true;
    }

    @Override
    public boolean getWantClientAuth() {
        return false;
    }

    @Override
    public boolean getEnableSessionCreation() {
        return false;
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        throw fixed();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        throw fixed();
    }

    @Override
    public void setUseClientMode(boolean mode) {
        throw fixed();
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        throw fixed();
    }

    @Override
    public void setWantClientAuth(boolean want) {
        throw fixed();
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
        throw fixed();
    }

    private static UnsupportedOperationException fixed() {
        return new UnsupportedOperationException("there is nothing to choose");
    }
}
