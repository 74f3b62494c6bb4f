package io.ketju.tests.simulation;

import io.ketju.actors.message.StageLink;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorLease;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The sending end of a connection: without credit a tensor waits here; when its bytes are written its lease is closed. */
final class Outgoing implements StageLink {
    private static final int SELDOM = 60;
    private static final int LESS_SELDOM = 6;
    /** A lease that is closed late is closed within this time. */
    private static final long LONGEST_WRITE = 2_000_000;

    private record Waiting(TensorKey key, TensorLease lease) {}

    private final World world;
    private final Wires wires;
    private final Node node;
    private final Edge edge;
    private final Consumer<String> lost;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final List<TensorLease> written = new ArrayList<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private @Nullable Arrival arrival;
    private int credits;
    private boolean released;
    private boolean over;

    /** @param lost hears once, before {@link #release}, that it broke */
    Outgoing(World world, Wires wires, Node node, Edge edge, Consumer<String> lost) {
        this.world = world;
        this.wires = wires;
        this.node = node;
        this.edge = edge;
        this.lost = lost;
    }

    Node node() {
        return node;
    }

    Edge edge() {
        return edge;
    }

    Arrival arrival() {
        return Objects.requireNonNull(arrival);
    }

    /** Each connection keeps its own order, and no other's. */
    String channel() {
        return edge.ticket().incarnation() + ":" + edge.from() + ">" + edge.to() + ":" + edge.kind();
    }

    void credits(int granted) {
        credits = granted;
    }

    void connect(Arrival opened) {
        arrival = opened;
    }

    boolean isBetween(Node one, Node other) {
        Node to = arrival().node();
        return (node == one && to == other) || (node == other && to == one);
    }

    @Override
    public void send(TensorKey key, TensorLease lease) {
        if (over) {
            lease.close();
        } else {
            waiting.add(new Waiting(key, lease));
            flush();
        }
    }

    void credit() {
        credits++;
        flush();
    }

    private void flush() {
        while (credits > 0 && !waiting.isEmpty() && !over) {
            credits--;
            Waiting next = waiting.remove();
            write(next.key(), next.lease());
        }
    }

    /** Bytes are taken before the lease is closed, and it is closed before they can arrive. */
    private void write(TensorKey key, TensorLease lease) {
        Tensor tensor = lease.tensor();
        Frame taken = Frame.of(tensor);
        Arrival to = arrival();
        for (TensorKey sent : new LinkFaults(world).keys(key)) {
            Frame whole = world.has(Bug.FRAME_DAMAGED) && world.delay(SELDOM) == 0 ? taken.damaged() : taken;
            boolean late = world.has(Bug.LEASE_CLOSED_EARLY);
            world.network().send(node, to.node(), channel(), () -> to.take(sent, late ? Frame.of(tensor) : whole));
        }
        if (world.has(Bug.LEASE_KEPT) && world.delay(LESS_SELDOM) == 0) {
            return;
        }
        if (world.has(Bug.LEASE_CLOSED_LATE)) {
            written.add(lease);
            world.after(world.delay(LONGEST_WRITE), node, () -> writtenOut(lease));
        } else {
            lease.close();
        }
    }

    private void writtenOut(TensorLease lease) {
        if (written.remove(lease)) {
            lease.close();
        }
    }

    /** What has not left yet never will. */
    private void end() {
        over = true;
        waiting.forEach(each -> each.lease().close());
        waiting.clear();
        List.copyOf(written).forEach(this::writtenOut);
        ended.complete(null);
    }

    void broken(String cause) {
        if (!over) {
            end();
            if (!released) {
                lost.accept(cause);
            }
        }
    }

    /** From now on its end is no news. */
    void release() {
        released = true;
    }

    CompletableFuture<Void> ended() {
        return ended;
    }

    @Override
    public void close() {
        if (!over) {
            end();
            wires.closed(this);
        }
    }
}
