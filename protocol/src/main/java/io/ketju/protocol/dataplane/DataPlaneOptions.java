package io.ketju.protocol.dataplane;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Every limit of a data plane.
 *
 * @param bind where the server listens, port 0 for any free one; only loopback, unless the security encrypts
 * @param transport which socket interface
 * @param eventLoopThreads threads that move bytes, 1 or 2
 * @param limits connections from others
 * @param maxPayloadBytes largest tensor taken on any edge, 0 or more; empty: what each receiver says
 * @param maxQueuedFrames tensors that an outbound edge holds while it has no credit, 1 to 1048576; empty: twice its window
 * @param timing how long anything may take
 * @param security by what the two sides of a connection know each other
 * @param sharing whether tensors to a process of the same machine go through memory
 * @param softwareVersion what the handshake tells the other side, for its log
 */
public record DataPlaneOptions(
        InetSocketAddress bind,
        Transport transport,
        int eventLoopThreads,
        ConnectionLimits limits,
        OptionalLong maxPayloadBytes,
        OptionalInt maxQueuedFrames,
        Timing timing,
        PlaneSecurity security,
        Sharing sharing,
        String softwareVersion) {

    /**
     * Deadlines, each longer than zero.
     *
     * @param connect until a connection stands
     * @param handshake from there until both sides agreed on the edge
     * @param heartbeat between two signs of life
     * @param silence without any byte until the other side counts as gone; longer than two heartbeats
     * @param close for the last bytes of a connection that ends
     */
    public record Timing(Duration connect, Duration handshake, Duration heartbeat, Duration silence, Duration close) {
        /** 5 s to connect, 5 s for the handshake, a heartbeat each second, 10 s of silence, 2 s to close. */
        public static final Timing DEFAULT = new Timing(
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2));

        /**
         * Checks the times.
         *
         * @throws IllegalArgumentException if one is not above zero, or the silence is not longer than two heartbeats
         */
        public Timing {
            requirePositive("connect", connect);
            requirePositive("handshake", handshake);
            requirePositive("heartbeat", heartbeat);
            requirePositive("close", close);
            if (silence.compareTo(heartbeat.multipliedBy(2)) <= 0) {
                throw new IllegalArgumentException("the silence limit is longer than two heartbeats, got " + silence
                        + " with a heartbeat each " + heartbeat);
            }
        }

        private static void requirePositive(String name, Duration duration) {
            if (!duration.isPositive()) {
                throw new IllegalArgumentException(
                        "the " + name + " time of the data plane is positive, got " + duration);
            }
        }
    }

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if one is out of its range, or the address to listen on is unresolved, or is not loopback
     *     while nothing is encrypted
     */
    public DataPlaneOptions {
        requireReachable(bind, "listen on", security);
        requireRange("event loop threads", eventLoopThreads, 1, 2);
        maxPayloadBytes.ifPresent(bytes -> {
            if (bytes < 0) {
                throw new IllegalArgumentException("the largest payload is 0 bytes or more, got " + bytes);
            }
        });
        maxQueuedFrames.ifPresent(frames -> requireRange("queued frames", frames, 1, 1 << 20));
    }

    /** {@return 127.0.0.1, any free port, one thread, the default limits and deadlines, no security, no shared memory} */
    public static DataPlaneOptions defaults() {
        return new DataPlaneOptions(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Transport.AUTO,
                1,
                ConnectionLimits.DEFAULT,
                OptionalLong.empty(),
                OptionalInt.empty(),
                Timing.DEFAULT,
                PlaneSecurity.NONE,
                Sharing.NONE,
                "unknown");
    }

    /**
     * {@return the same with another place to listen}
     *
     * @param other with port 0 for any free one
     * @throws IllegalArgumentException if it is unresolved, or is not loopback while nothing is encrypted
     */
    public DataPlaneOptions withBind(InetSocketAddress other) {
        return new DataPlaneOptions(
                other,
                transport,
                eventLoopThreads,
                limits,
                maxPayloadBytes,
                maxQueuedFrames,
                timing,
                security,
                sharing,
                softwareVersion);
    }

    /**
     * {@return the same over another transport}
     *
     * @param other which {@link DataPlane#open} refuses where it does not work
     */
    public DataPlaneOptions withTransport(Transport other) {
        return new DataPlaneOptions(
                bind,
                other,
                eventLoopThreads,
                limits,
                maxPayloadBytes,
                maxQueuedFrames,
                timing,
                security,
                sharing,
                softwareVersion);
    }

    /**
     * {@return the same with other deadlines}
     *
     * @param other all of them
     */
    public DataPlaneOptions withTiming(Timing other) {
        return new DataPlaneOptions(
                bind,
                transport,
                eventLoopThreads,
                limits,
                maxPayloadBytes,
                maxQueuedFrames,
                other,
                security,
                sharing,
                softwareVersion);
    }

    /**
     * {@return the same with other security; to be set before an address that is not loopback}
     *
     * @param other of the same kind on all nodes
     * @throws IllegalArgumentException if it does not encrypt, and the address is not loopback
     */
    public DataPlaneOptions withSecurity(PlaneSecurity other) {
        return new DataPlaneOptions(
                bind,
                transport,
                eventLoopThreads,
                limits,
                maxPayloadBytes,
                maxQueuedFrames,
                timing,
                other,
                sharing,
                softwareVersion);
    }

    /**
     * {@return the same with memory that is shared, or not}
     *
     * @param other {@link Sharing#NONE} for connections alone
     */
    public DataPlaneOptions withSharing(Sharing other) {
        return new DataPlaneOptions(
                bind,
                transport,
                eventLoopThreads,
                limits,
                maxPayloadBytes,
                maxQueuedFrames,
                timing,
                security,
                other,
                softwareVersion);
    }

    /**
     * {@return the same with room for other numbers of connections}
     *
     * @param other those that come in; the ones that this node opens are not counted
     */
    public DataPlaneOptions withLimits(ConnectionLimits other) {
        return new DataPlaneOptions(
                bind,
                transport,
                eventLoopThreads,
                other,
                maxPayloadBytes,
                maxQueuedFrames,
                timing,
                security,
                sharing,
                softwareVersion);
    }

    /** Throws {@link IllegalArgumentException} unless the address is on this machine's loopback, or tensors are encrypted. */
    static void requireReachable(InetSocketAddress address, String purpose, PlaneSecurity security) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("the data plane cannot " + purpose + " " + address.getHostString()
                    + ": the name has no address; write 127.0.0.1 or fix the name");
        }
        if (!security.encrypts() && !address.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("the data plane will not " + purpose + " " + address.getHostString()
                    + ": tensors would travel unencrypted; give all nodes certificates, or set the host to 127.0.0.1 or"
                    + " ::1");
        }
    }

    private static void requireRange(String name, int value, int from, int to) {
        if (value < from || value > to) {
            throw new IllegalArgumentException(
                    "the data plane takes " + from + " to " + to + " " + name + ", got " + value);
        }
    }
}
