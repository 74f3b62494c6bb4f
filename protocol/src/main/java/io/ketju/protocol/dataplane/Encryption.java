package io.ketju.protocol.dataplane;

import io.ketju.protocol.security.NodeCredentials;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS of a connection, by the engines of {@link NodeCredentials}. Frames above it are written as they are without: a
 * payload is wrapped where it lies and becomes a copy only as it is encrypted, so everything else of the plane knows nothing
 * of TLS but what this class says.
 */
final class Encryption {
    private Encryption() {}

    /** For a connection that came in. */
    static void accepting(Channel channel, NodeCredentials tls) {
        install(channel, tls.acceptingEngine());
    }

    /** For a connection to this address; the name that it was meant by is the one that is compared. */
    static void connecting(Channel channel, NodeCredentials tls, InetSocketAddress to) {
        install(channel, tls.connectingEngine(to.getHostString(), to.getPort()));
    }

    private static void install(Channel channel, SSLEngine engine) {
        SslHandler handler = new SslHandler(engine);
        // The deadline of the whole handshake is the frame channel's, and so is that of its end.
        handler.setHandshakeTimeoutMillis(0);
        handler.setCloseNotifyFlushTimeoutMillis(0);
        channel.pipeline().addLast(handler);
    }

    /** Whether nothing can be said to the other side yet. */
    static boolean isPending(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        return handler != null && !handler.handshakeFuture().isSuccess();
    }

    /** Tells the other side that no more comes, if the connection is encrypted; what was written goes out before. */
    static @Nullable ChannelFuture sayEnd(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        return handler == null ? null : handler.closeOutbound();
    }

    /** Why there is no encrypted connection, if that is what went wrong. */
    static Optional<String> refusal(Throwable thrown) {
        Throwable cause = thrown instanceof DecoderException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof NotSslRecordException) {
            return Optional.of("no TLS: the other side speaks without encryption, or another protocol;"
                    + " start all nodes with certificates");
        }
        if (!(cause instanceof SSLException)) {
            return Optional.empty();
        }
        Throwable innermost = cause;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return Optional.of("no trusted TLS 1.3 connection: " + innermost.getMessage());
    }
}
