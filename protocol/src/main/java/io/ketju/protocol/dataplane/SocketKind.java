package io.ketju.protocol.dataplane;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;

/** A transport as Netty knows it. */
record SocketKind(
        String name,
        IoHandlerFactory handlers,
        Class<? extends ServerChannel> server,
        Class<? extends Channel> client) {

    /**
     * What the options ask for; throws {@link IllegalArgumentException} if it does not work here: the machine is another,
     * or the class path lacks its native library, as it does in programs that embed Ketju.
     */
    static SocketKind of(Transport transport) {
        return switch (transport) {
            case AUTO -> isAvailable(Transport.EPOLL) ? epoll() : isAvailable(Transport.IO_URING) ? ioUring() : nio();
            case EPOLL -> {
                require(transport, Epoll.unavailabilityCause());
                yield epoll();
            }
            case IO_URING -> {
                require(transport, IoUring.unavailabilityCause());
                yield ioUring();
            }
            case NIO -> nio();
        };
    }

    /** Whether it works here. */
    static boolean isAvailable(Transport transport) {
        return switch (transport) {
            case AUTO, NIO -> true;
            case EPOLL -> Epoll.isAvailable();
            case IO_URING -> IoUring.isAvailable();
        };
    }

    private static SocketKind epoll() {
        return new SocketKind(
                "epoll", EpollIoHandler.newFactory(), EpollServerSocketChannel.class, EpollSocketChannel.class);
    }

    private static SocketKind ioUring() {
        return new SocketKind(
                "io_uring",
                IoUringIoHandler.newFactory(),
                IoUringServerSocketChannel.class,
                IoUringSocketChannel.class);
    }

    private static SocketKind nio() {
        return new SocketKind("nio", NioIoHandler.newFactory(), NioServerSocketChannel.class, NioSocketChannel.class);
    }

    private static void require(Transport transport, Throwable why) {
        if (!isAvailable(transport)) {
            throw new IllegalArgumentException(
                    "the transport " + transport + " does not work here (" + why + "); use AUTO");
        }
    }
}
