package io.ketju.cluster.link;

import io.ketju.protocol.dataplane.EdgeListener;
import io.ketju.protocol.dataplane.OutboundEdge;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sending ends of one run's edges on one worker, and whether they have all ended: until then a socket may read from
 * a stage's buffers.
 */
final class SentEdges {
    /** One edge, from the wish to open it to its end. */
    final class Entry implements EdgeListener {
        private final Consumer<String> lost;
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private @Nullable OutboundEdge edge;

        private Entry(Consumer<String> lost) {
            this.lost = lost;
        }

        /** The edge is open; it is closed at once if the run has ended meanwhile. */
        void opened(OutboundEdge opened) {
            synchronized (SentEdges.this) {
                edge = opened;
                if (!released) {
                    return;
                }
            }
            opened.close();
        }

        @Override
        public void closed(Optional<Throwable> cause) {
            ended.complete(null);
            if (!isReleased()) {
                lost.accept(cause.map(Throwable::getMessage).orElse("the connection was closed"));
            }
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private boolean released;

    /**
     * An edge is about to be opened.
     *
     * @param lost hears why, once, if the edge breaks before {@link #release}
     */
    synchronized Entry opening(Consumer<String> lost) {
        Entry entry = new Entry(lost);
        entries.add(entry);
        return entry;
    }

    /** The run ends: an edge that ends is no news. */
    synchronized void release() {
        released = true;
    }

    /** Closes all edges; completes when every one that was opened has ended. */
    CompletableFuture<Void> ended() {
        return CompletableFuture.allOf(
                close().stream().map(entry -> entry.ended).toArray(CompletableFuture[]::new));
    }

    /** Closes all edges, without waiting; returns those that were open. */
    List<Entry> close() {
        List<Entry> open;
        synchronized (this) {
            open = entries.stream().filter(entry -> entry.edge != null).toList();
        }
        for (Entry entry : open) {
            OutboundEdge edge = entry.edge;
            if (edge != null) {
                edge.close();
            }
        }
        return open;
    }

    private synchronized boolean isReleased() {
        return released;
    }
}
