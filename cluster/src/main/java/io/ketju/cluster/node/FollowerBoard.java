package io.ketju.cluster.node;

import io.ketju.actors.piece.PieceSender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Who follows a run, and what is sent to them, for the end of its process. Thread-safe. */
final class FollowerBoard implements AutoCloseable {
    private final List<RemoteFollower> following = new CopyOnWriteArrayList<>();
    private final List<PieceSender> senders = new ArrayList<>();

    /** For one follower; closed with this. */
    synchronized PieceSender sender() {
        PieceSender sender = new PieceSender();
        senders.add(sender);
        return sender;
    }

    void joined(RemoteFollower follower) {
        following.add(follower);
    }

    void left(RemoteFollower follower) {
        following.remove(follower);
    }

    /** Waits until all know how the run has ended who were told of it, no longer than this. */
    void awaitEndHeard(Duration longest) {
        CompletableFuture.allOf(following.stream()
                        .filter(RemoteFollower::endTold)
                        .map(RemoteFollower::endHeard)
                        .toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, longest.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** To be called when the transport is closed, which reads from what senders hold. */
    @Override
    public synchronized void close() {
        senders.forEach(PieceSender::close);
        senders.clear();
    }
}
