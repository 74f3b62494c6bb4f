package io.ketju.tests.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** All connections between nodes: who listens for which, and which are open. */
final class Wires {
    /** How long a sender tries to reach a node that does not answer. */
    private static final long PATIENCE = 5_000_000_000L;

    private final World world;
    private final Map<Edge, Arrival> listening = new LinkedHashMap<>();
    private final List<Outgoing> open = new ArrayList<>();
    private final FileWires files;

    Wires(World world) {
        this.world = world;
        this.files = new FileWires(world);
    }

    /** Those for files. */
    FileWires files() {
        return files;
    }

    void listen(Edge edge, Arrival arrival) {
        listening.put(edge, arrival);
    }

    void withdraw(Edge edge, Arrival arrival) {
        listening.remove(edge, arrival);
    }

    /** Whoever listens on that node; frames of another start find nobody. */
    private @Nullable Arrival listener(Edge edge, Node node) {
        Arrival found = listening.get(edge);
        return found != null && found.node() == node ? found : null;
    }

    /** Asks the other node for its end; it answers with credits, or refuses, or does not answer. */
    CompletableFuture<Outgoing> open(Outgoing sender, Node to) {
        CompletableFuture<Outgoing> opened = new CompletableFuture<>();
        Node from = sender.node();
        world.after(
                PATIENCE,
                from,
                () -> opened.completeExceptionally(
                        new IllegalStateException("no answer from " + to + " for " + sender.edge())));
        world.network().send(from, to, sender.channel(), () -> {
            Arrival arrival = listener(sender.edge(), to);
            world.network().send(to, from, sender.channel(), () -> {
                if (arrival == null) {
                    opened.completeExceptionally(new IllegalStateException(to + " refused " + sender.edge()));
                } else {
                    sender.connect(arrival);
                    arrival.connect(sender);
                    open.add(sender);
                    opened.complete(sender);
                }
            });
        });
        return opened;
    }

    /** Connections between these two break; each of them that lives hears of it after a while. */
    void broken(Node one, Node other, String cause) {
        files.broken(one, other, cause);
        for (Outgoing sender : List.copyOf(open)) {
            if (sender.isBetween(one, other)) {
                open.remove(sender);
                if (world.has(Bug.LOSS_UNHEARD)) {
                    continue;
                }
                world.after(world.delay(50_000_000), sender.node(), () -> sender.broken(cause));
                Arrival arrival = sender.arrival();
                world.after(world.delay(50_000_000), arrival.node(), () -> arrival.broken(cause));
            }
        }
    }

    /** The sender has closed it: the other side hears of that behind all that was sent. */
    void closed(Outgoing sender) {
        if (open.remove(sender)) {
            Arrival arrival = sender.arrival();
            world.network()
                    .send(
                            sender.node(),
                            arrival.node(),
                            sender.channel(),
                            () -> arrival.broken("the connection was closed"));
        }
    }
}
