package io.ketju.tests.simulation;

import io.ketju.actors.piece.PieceKey;
import io.ketju.actors.piece.PieceLink;
import io.ketju.tensor.memory.TensorLease;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The sending end of a way of files. Bytes are taken at once, and wait at the other end for a buffer: an actor that sends files waits
 * for buffers on its own thread, which all share here.
 */
final class FileWay implements PieceLink {
    private final World world;
    private final FileWires wires;
    private final Node node;
    private final Node to;
    private final FileEdge edge;
    private final CompletableFuture<PieceLink> opened = new CompletableFuture<>();
    private @Nullable FileArrival arrival;
    private @Nullable String cause;
    private boolean over;
    private boolean lost;

    FileWay(World world, FileWires wires, Node node, Node to, FileEdge edge) {
        this.world = world;
        this.wires = wires;
        this.node = node;
        this.to = to;
        this.edge = edge;
    }

    Node node() {
        return node;
    }

    Node to() {
        return to;
    }

    FileEdge edge() {
        return edge;
    }

    boolean isBetween(Node one, Node other) {
        return (node == one && to == other) || (node == other && to == one);
    }

    /** Completes when the other end has answered. */
    CompletableFuture<PieceLink> opened() {
        return opened;
    }

    /** The other end, once this way has come there. */
    @Nullable
    FileArrival arrival() {
        return arrival;
    }

    /** It has come to the other end, which takes what is sent. */
    void reached(FileArrival there) {
        arrival = there;
    }

    void accepted() {
        opened.complete(this);
    }

    /** What is under way between the two is gone. */
    void lose() {
        lost = true;
    }

    boolean lost() {
        return lost;
    }

    void broken(String why) {
        opened.completeExceptionally(new IllegalStateException(why));
        if (!over) {
            over = true;
            cause = why;
        }
    }

    @Override
    public void send(PieceKey key, TensorLease lease) {
        Frame frame = Frame.of(lease.tensor());
        lease.close();
        node.comesToFile();
        if (over) {
            return;
        }
        for (CopyFaults.Piece piece : wires.copyFaults().sent(edge, key, frame)) {
            world.network().send(node, to, edge.channel(), () -> {
                FileArrival there = arrival;
                if (there != null) {
                    there.take(this, piece.key(), piece.frame());
                }
            });
        }
    }

    @Override
    public void requireWhole() throws IOException {
        String why = cause;
        if (why != null) {
            throw new IOException(why);
        }
    }

    /** The other side hears of it behind all that was sent. */
    @Override
    public void close() {
        if (!over) {
            over = true;
            wires.closed(this);
            world.network().send(node, to, edge.channel(), () -> {
                FileArrival there = arrival;
                if (there != null) {
                    there.ended(this, Optional.empty());
                }
            });
        }
    }
}
