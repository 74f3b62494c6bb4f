package io.ketju.protocol.dataplane;

import io.ketju.protocol.dataplane.DataPlaneException.Reason;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.shared.SharedFile;
import io.ketju.tensor.core.IdlePoll;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tensors' way between processes. One per node: it listens, takes the edges that were registered with
 * {@link #accept}, and {@link #connect}s to other nodes. Thread-safe. Pools whose leases travel must outlive it: close
 * the data plane first.
 */
public final class DataPlane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataPlane.class);

    private static final int MAX_READ_BYTES = 256 * 1024;
    private static final int PAGE_BYTES = 8 * 1024;
    /** Chunks of 1 MiB: the allocator only holds headers and what one read takes. */
    private static final int MAX_ORDER = 7;

    private final DataPlaneOptions options;
    private final SocketKind sockets;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final MultiThreadIoEventLoopGroup loops;
    private final PooledByteBufAllocator allocator;
    private final InboundRegistry registry = new InboundRegistry();
    private final RingPolls polls = new RingPolls();
    private final Set<FrameChannel> connections = ConcurrentHashMap.newKeySet();
    private final Admission admission;
    private final Complaints complaints;
    private final Channel server;
    private volatile boolean closed;

    private DataPlane(DataPlaneOptions options, Consumer<String> log) {
        this.options = options;
        sockets = SocketKind.of(options.transport());
        admission = new Admission(options.limits());
        loops = new MultiThreadIoEventLoopGroup(options.eventLoopThreads(), threadFactory(), sockets.handlers());
        complaints = new Complaints(log, this::aSecondLater);
        allocator = allocator(options.eventLoopThreads(), options.security().encrypts());
        server = listen();
    }

    /**
     * Opens a data plane and listens.
     *
     * @param options its limits; the address has to be one of this machine
     * @return the open one; the caller closes it
     * @throws DataPlaneException if the port is taken, or the address is of another machine
     * @throws IllegalArgumentException for a transport that this machine has not got, or a machine that is not little-endian
     */
    public static DataPlane open(DataPlaneOptions options) {
        return open(options, LOG::warn);
    }

    /**
     * The same.
     *
     * @param log takes the lines about connections that were refused
     */
    static DataPlane open(DataPlaneOptions options, Consumer<String> log) {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new IllegalArgumentException("tensors are little-endian on the wire and this machine is not");
        }
        options.sharing().folder().ifPresent(DataPlane::sweep);
        return new DataPlane(options, log);
    }

    private static void sweep(Path folder) {
        try {
            SharedFile.sweep(folder);
        } catch (IOException e) {
            LOG.debug("names of shared memory in {} stay: {}", folder, e.toString());
        }
    }

    /** {@return where this node listens, with the real port} */
    public InetSocketAddress address() {
        // The name that was bound stays: the certificate is compared with it.
        InetSocketAddress bound = (InetSocketAddress) server.localAddress();
        return new InetSocketAddress(options.bind().getAddress(), bound.getPort());
    }

    /** {@return which socket interface moves the bytes: {@code epoll}, {@code io_uring} or {@code nio}} */
    public String transportName() {
        return sockets.name();
    }

    /**
     * What comes through shared memory, for idle compute workers to look at: a tensor that they find costs no wake-up. Nobody
     * needs to; then the sender wakes the connection's thread.
     *
     * @return always the same one; what it finds goes to the {@link InboundEdge} on the thread that looks
     */
    public IdlePoll idlePoll() {
        return polls;
    }

    /**
     * Takes this edge from now on, one connection at a time.
     *
     * @param edge as the sender will name it
     * @param receiver of its tensors, until {@link #withdraw}
     * @throws IllegalStateException if the edge already has a receiver, or the data plane is closed
     * @throws IllegalArgumentException if the receiver has no credits
     */
    public void accept(EdgeId edge, InboundEdge receiver) {
        requireOpen();
        registry.add(new InboundRegistration(
                edge, receiver, options.maxPayloadBytes().orElse(Long.MAX_VALUE)));
    }

    /**
     * Takes this edge no longer and ends its connection, if any, in an orderly way.
     *
     * @param edge that was accepted; an unknown one is ignored
     */
    public void withdraw(EdgeId edge) {
        InboundRegistration former = registry.remove(edge);
        InboundSession session = former == null ? null : former.session();
        if (session != null) {
            session.end();
        }
    }

    /**
     * Leases of this edge were closed: the sender may send as many more. To be called once per closed lease, also for
     * those that the data plane closed itself; {@code TensorPool.onRelease} does. Any thread.
     *
     * @param edge that was accepted; an unknown one is ignored: its tensors may come back late
     * @param count leases closed, 1 or more
     * @throws IllegalArgumentException if it is less, or more than were lent
     */
    public void creditReturned(EdgeId edge, int count) {
        InboundRegistration registration = registry.find(edge);
        if (registration != null) {
            registration.giveBack(count);
        }
    }

    /**
     * Connects to the node that receives this edge.
     *
     * @param to where that node listens, resolved, under a name that its certificate has, if any; loopback unless tensors are encrypted
     * @param edge as the receiver has accepted it
     * @param listener hears of the end of an edge that was opened
     * @return completes after the handshake, on a thread that moves bytes, or fails, with a {@link DataPlaneException} as the cause;
     *     the caller closes the edge
     * @throws IllegalArgumentException if the address is unresolved, or is not loopback while nothing is encrypted
     * @throws IllegalStateException if the data plane is closed
     */
    public CompletionStage<OutboundEdge> connect(InetSocketAddress to, EdgeId edge, EdgeListener listener) {
        DataPlaneOptions.requireReachable(to, "connect to", options.security());
        requireOpen();
        OutboundSession session = new OutboundSession(edge, listener, options);
        Bootstrap bootstrap = new Bootstrap()
                .group(loops)
                .channel(sockets.client())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        options.timing().connect().toMillis())
                .option(ChannelOption.ALLOCATOR, allocator)
                .option(ChannelOption.RECVBUF_ALLOCATOR, readSizes())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        options.security().tls().ifPresent(tls -> Encryption.connecting(channel, tls, to));
                        install(channel, session);
                    }
                });
        bootstrap.connect(to).addListener((ChannelFutureListener) connected -> {
            Throwable why = connected.cause();
            if (why != null) {
                session.unreachable(new DataPlaneException(
                        Reason.UNREACHABLE,
                        "data plane, " + edge + ", " + to + ": cannot connect: " + why.getMessage(),
                        why));
            }
        });
        return session.outcome();
    }

    /**
     * Says goodbye on all connections, waits at most the closing time for their last bytes, and returns when the
     * threads are gone and every lease is closed. Not to be called from a callback of this data plane. A second call
     * does nothing.
     */
    @Override
    public void close() {
        if (threads.contains(Thread.currentThread())) {
            throw new IllegalStateException("a data plane cannot be closed from one of its own callbacks");
        }
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        Shutdown.run(server, connections, loops, threads, options.timing().close());
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the data plane is closed");
        }
    }

    private Channel listen() {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(sockets.server())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, readSizes())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        welcome(channel);
                    }
                })
                .bind(options.bind())
                .awaitUninterruptibly();
        Throwable why = bound.cause();
        if (why != null) {
            Shutdown.stop(loops, threads);
            throw new DataPlaneException(
                    Reason.BIND,
                    "the data plane cannot listen on " + options.bind() + ": " + why.getMessage()
                            + "; stop the process that has the port, choose another, or 0 for any free one",
                    why);
        }
        return bound.channel();
    }

    private void welcome(Channel channel) {
        Entrance entrance = new Entrance(options.security().secret(), admission, channel, complaints);
        Channel former = admission.arrived(channel);
        if (former != null) {
            // Not even a refusal: whoever floods the port gets no work out of it.
            complaints.about(Admission.class, entrance.crowded(former));
            former.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        }
        channel.closeFuture().addListener(gone -> entrance.left());
        options.security().tls().ifPresent(tls -> Encryption.accepting(channel, tls));
        install(channel, new InboundSession(registry, options.sharing(), polls, entrance));
    }

    private void install(Channel channel, Session session) {
        FrameChannel connection = new FrameChannel(session, options.timing());
        channel.pipeline().addLast(connection);
        connections.add(connection);
        channel.closeFuture().addListener(gone -> connections.remove(connection));
        if (closed) {
            channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        }
    }

    /** One arena per thread, no caches for threads that only send; on the heap only what the JDK's TLS works on. */
    private static PooledByteBufAllocator allocator(int threads, boolean encrypts) {
        return new PooledByteBufAllocator(
                true,
                encrypts ? threads : 0,
                threads,
                PAGE_BYTES,
                MAX_ORDER,
                PooledByteBufAllocator.defaultSmallCacheSize(),
                PooledByteBufAllocator.defaultNormalCacheSize(),
                false);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a line of the log that nobody waits for
    private void aSecondLater(Runnable task) {
        try {
            loops.schedule(task, 1, TimeUnit.SECONDS);
        } catch (RejectedExecutionException e) {
            task.run(); // the plane is closing: what was kept is told now
        }
    }

    private static AdaptiveRecvByteBufAllocator readSizes() {
        return new AdaptiveRecvByteBufAllocator(1024, 16 * 1024, MAX_READ_BYTES);
    }

    private ThreadFactory threadFactory() {
        return task -> {
            // Netty's pools keep what they recycle for such threads alone.
            Thread thread = new FastThreadLocalThread(task, "ketju-dataplane-" + threads.size());
            thread.setDaemon(true);
            threads.add(thread);
            return thread;
        };
    }
}
