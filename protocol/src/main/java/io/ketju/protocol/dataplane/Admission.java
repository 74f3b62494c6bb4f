package io.ketju.protocol.dataplane;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The places of {@link ConnectionLimits}, and who has them. Thread-safe. */
final class Admission {
    /** What an address has. */
    private static final class Guest {
        /** Oldest first. */
        private final Deque<Channel> unfinished = new ArrayDeque<>();

        private int taken;
    }

    private final ConnectionLimits limits;
    private final Map<Object, Guest> guests = new HashMap<>();
    private int unfinished;
    private int taken;

    Admission(ConnectionLimits limits) {
        this.limits = limits;
    }

    /** A connection came in. Returns the one that has to go for it, if any: the caller closes it. */
    synchronized @Nullable Channel arrived(Channel channel) {
        Guest guest = guests.computeIfAbsent(address(channel), key -> new Guest());
        guest.unfinished.add(channel);
        unfinished++;
        if (guest.unfinished.size() > limits.unfinishedPerAddress()) {
            return removeOldest(guest);
        }
        if (unfinished > limits.unfinished()) {
            return removeOldest(guests.values().stream()
                    .max(Comparator.comparingInt(each -> each.unfinished.size()))
                    .orElseThrow());
        }
        return null;
    }

    private Channel removeOldest(Guest guest) {
        unfinished--;
        return guest.unfinished.remove();
    }

    /** A connection got through its handshake; false if there is no place for it, or it has had to go meanwhile. */
    synchronized boolean took(Channel channel) {
        Guest guest = guests.get(address(channel));
        if (guest == null
                || !guest.unfinished.contains(channel)
                || taken >= limits.taken()
                || guest.taken >= limits.takenPerAddress()) {
            return false;
        }
        guest.unfinished.remove(channel);
        unfinished--;
        guest.taken++;
        taken++;
        return true;
    }

    /** A connection that had come in is gone. */
    synchronized void left(Channel channel, boolean wasTaken) {
        Object address = address(channel);
        Guest guest = guests.get(address);
        if (guest == null) {
            return;
        }
        if (wasTaken) {
            guest.taken--;
            taken--;
        } else if (guest.unfinished.remove(channel)) {
            unfinished--;
        }
        if (guest.taken == 0 && guest.unfinished.isEmpty()) {
            guests.remove(address);
        }
    }

    /** Why {@link #took} said no. */
    String full() {
        return "this node has " + limits.taken() + " connections, " + limits.takenPerAddress()
                + " of one address, and takes no more";
    }

    private static Object address(Channel channel) {
        SocketAddress remote = channel.remoteAddress();
        if (remote instanceof InetSocketAddress inet) {
            InetAddress host = inet.getAddress();
            return host == null ? inet.getHostString() : host;
        }
        return String.valueOf(remote);
    }
}
