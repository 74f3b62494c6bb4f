package io.ketju.tests.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What is on its way between nodes: in any time, but in order for each channel, as one TCP connection has it. A cut holds back
 * what is sent until it heals; a connection that is given up loses what it holds.
 */
final class Network {
    /** Most messages come this fast, in nanoseconds; one in so many is slow. */
    private static final long FAST = 1_000_000;

    private static final long SLOW = 300_000_000;
    private static final long SELDOM = 40;

    private static final String CONTROL = "control";

    private record Channel(Node from, Node to, String name) {}

    private record Way(Node from, Node to) {}

    /** What waits on a channel, and when the last of it comes. */
    private static final class Line {
        final Deque<Runnable> waiting = new ArrayDeque<>();
        final SplittableRandom delays;
        long last;

        Line(SplittableRandom delays) {
            this.delays = delays;
        }
    }

    private final World world;
    private final Map<Channel, Line> lines = new LinkedHashMap<>();
    private final Set<Way> cut = new HashSet<>();
    private final Set<Way> parted = new HashSet<>();

    Network(World world) {
        this.world = world;
    }

    /** A message between actors. */
    void control(Node from, Node to, Runnable deliver) {
        if (!parted.contains(new Way(from, to))) {
            send(from, to, CONTROL, deliver);
        }
    }

    /** Something that runs on the other node when it has arrived, after all that was sent on this channel before. */
    void send(Node from, Node to, String channel, Runnable deliver) {
        if (from.alive() && to.alive()) {
            Line line = lines.computeIfAbsent(
                    new Channel(from, to, channel),
                    made -> new Line(world.random(made.from() + " " + made.to() + " " + made.name())));
            line.waiting.add(deliver);
            schedule(new Channel(from, to, channel), line);
        }
    }

    private void schedule(Channel channel, Line line) {
        long delay = line.delays.nextLong(line.delays.nextLong(SELDOM) == 0 ? SLOW : FAST);
        line.last = Math.max(line.last + 1, world.now() + delay);
        world.after(line.last - world.now(), channel.to(), () -> deliver(channel, line));
    }

    private void deliver(Channel channel, Line line) {
        if (!cut.contains(new Way(channel.from(), channel.to()))) {
            boolean last = world.has(Bug.MESSAGES_REORDERED) && channel.name().equals(CONTROL);
            Runnable next = last ? line.waiting.pollLast() : line.waiting.poll();
            if (next != null) {
                next.run();
            }
        }
    }

    /** Nothing of one comes to the other, until {@link #heal}. */
    void cut(Node from, Node to) {
        cut.add(new Way(from, to));
    }

    void heal(Node from, Node to) {
        if (cut.remove(new Way(from, to))) {
            List.copyOf(lines.keySet()).stream()
                    .filter(channel -> channel.from() == from && channel.to() == to)
                    .forEach(this::release);
        }
    }

    /** As fast as the delays of so many messages: a queue that was held back is long on its way. */
    private void release(Channel channel) {
        Line line = Objects.requireNonNull(lines.get(channel));
        List<Runnable> held = new ArrayList<>(line.waiting);
        held.forEach(ignored -> schedule(channel, line));
    }

    /** The nodes hold each other for lost: what is on its way between them is gone, and no actor hears of the other again. */
    void part(Node one, Node other) {
        parted.add(new Way(one, other));
        parted.add(new Way(other, one));
        drop(one, other);
    }

    /** What is on its way between these two is gone. */
    void drop(Node one, Node other) {
        lines.forEach((channel, line) -> {
            if ((channel.from() == one && channel.to() == other) || (channel.from() == other && channel.to() == one)) {
                line.waiting.clear();
            }
        });
    }

    /** What a dead node had sent and nobody has heard is gone. */
    void dropFrom(Node node) {
        lines.forEach((channel, line) -> {
            if (channel.from() == node) {
                line.waiting.clear();
            }
        });
    }
}
