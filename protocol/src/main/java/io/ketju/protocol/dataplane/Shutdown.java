package io.ketju.protocol.dataplane;

import io.netty.channel.Channel;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The end of a data plane: no new connections, goodbyes, the last bytes within a limit, then no thread is left. */
final class Shutdown {
    /** Loops end after their current tasks; this only bounds a task that hangs. */
    private static final long HUNG_SECONDS = 5;

    private Shutdown() {}

    static void run(
            Channel server,
            Collection<FrameChannel> connections,
            MultiThreadIoEventLoopGroup loops,
            List<Thread> threads,
            Duration limit) {
        server.close().awaitUninterruptibly();
        long deadline = System.nanoTime() + limit.toNanos();
        List<FrameChannel> open = new ArrayList<>(connections);
        for (FrameChannel connection : open) {
            connection.context().executor().execute(connection::end);
        }
        for (FrameChannel connection : open) {
            long left = Math.max(1, deadline - System.nanoTime());
            connection.context().channel().closeFuture().awaitUninterruptibly(left, TimeUnit.NANOSECONDS);
        }
        stop(loops, threads);
    }

    /** Ends the threads; Netty closes what connections are left. */
    static void stop(MultiThreadIoEventLoopGroup loops, List<Thread> threads) {
        loops.shutdownGracefully(0, HUNG_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(HUNG_SECONDS, TimeUnit.SECONDS);
        boolean interrupted = false;
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofSeconds(HUNG_SECONDS));
            } catch (InterruptedException e) {
                interrupted = true;
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
