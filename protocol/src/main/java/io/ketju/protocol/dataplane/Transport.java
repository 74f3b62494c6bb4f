package io.ketju.protocol.dataplane;

/** Which of the kernel's interfaces to sockets is used. */
public enum Transport {
    /** The fastest that works on this machine. */
    AUTO,
    /** Linux epoll, native. */
    EPOLL,
    /** Linux io_uring, native. */
    IO_URING,
    /** The JDK's own, everywhere. */
    NIO
}
