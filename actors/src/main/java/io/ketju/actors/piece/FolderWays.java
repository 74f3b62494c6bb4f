package io.ketju.actors.piece;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The ways between a run's folder, which is in this JVM, and stages that are not, during one start of the run. Closed when the start
 * ends; then nothing of it arrives any more.
 */
public interface FolderWays extends AutoCloseable {
    /** Where stages send their shards. */
    InetSocketAddress address();

    /** What comes from them. */
    PieceQueue arrivals();

    /** Whether files for this stage take such a way; one in this JVM reads the folder itself. */
    boolean leadTo(ActorRef<?> stage);

    /** Sends files by them. */
    PieceSender sender();

    /** Opens the way to a stage that awaits files; a failure completes the future, nothing is thrown. */
    CompletableFuture<PieceLink> open(int stage, InetSocketAddress to);

    /** A second call does nothing. */
    @Override
    void close();
}
