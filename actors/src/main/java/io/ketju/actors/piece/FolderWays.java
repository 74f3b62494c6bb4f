package io.ketju.actors.piece;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The ways between a run's folder, which is in this JVM, and stages that are not, during one start of the run. Closed when the start
 * ends; then nothing of it arrives any more.
 */
public interface FolderWays extends AutoCloseable {
    /** {@return where stages send their shards} */
    InetSocketAddress address();

    /** {@return what comes from them, of all stages in one queue; whoever polls it closes the leases} */
    PieceQueue arrivals();

    /**
     * {@return the oldest of the arrivals that nobody has taken, as soon as there is one; null if none comes in time} For who may block,
     * where nobody listens to them.
     *
     * @param longest that it waits
     * @throws InterruptedException if it is ended meanwhile
     */
    default @Nullable PieceNews next(Duration longest) throws InterruptedException {
        return arrivals().poll(longest);
    }

    /**
     * {@return whether files for a stage take such a way; one in this JVM reads the folder itself}
     *
     * @param stage the actor of its rank
     */
    boolean leadTo(ActorRef<?> stage);

    /** {@return what sends files by them; the transport's, which closes it} */
    PieceSender sender();

    /**
     * {@return the way to a stage that awaits files, once it is open; a failure completes the future, nothing is thrown} Closed with these
     * ways, if nobody closes it before.
     *
     * @param stage its number
     * @param to where its JVM takes tensors
     */
    CompletableFuture<PieceLink> open(int stage, InetSocketAddress to);

    /** A second call does nothing. */
    @Override
    void close();
}
