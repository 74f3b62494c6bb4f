package io.ketju.actors.transport;

import io.ketju.actors.message.OutputAddress;
import io.ketju.actors.message.StageAddress;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.StageLink;
import io.ketju.actors.piece.PieceLink;
import io.ketju.actors.piece.PieceQueue;
import io.ketju.pipeline.stage.TensorKey;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Both ends of the links of the stages that one worker holds during one start of one run: those that it opens, and those
 * that others open to it, with the buffers for what arrives.
 */
public interface HostedLinks extends AutoCloseable {
    /** Makes ready for all that comes to a stage of this worker. Called before anybody is told where the stage is. */
    void receive(int stage, ActorRef<StageCommand> actor);

    /**
     * Opens the link from a stage of this worker to another stage; a failure completes the future, nothing is thrown.
     *
     * @param sender hears it if the link breaks later
     */
    CompletableFuture<StageLink> open(int from, ActorRef<StageCommand> sender, StageAddress to, TensorKey.Kind kind);

    /** The same, from a stage of this worker that makes outputs of the model, to whoever wants them. */
    CompletableFuture<StageLink> openOutputs(int from, ActorRef<StageCommand> sender, OutputAddress to);

    /** Whether the run's folder is where this worker is: its stages read and write there themselves. */
    default boolean sharesFolder() {
        return true;
    }

    /**
     * Makes ready for the files that a stage of this worker starts from, where it does not share the folder. Called before anybody is
     * told where the stage is.
     *
     * @return what comes of them
     */
    default PieceQueue receiveState(int stage) {
        throw new IllegalStateException("this worker shares the run's folder");
    }

    /** A stage has all that it starts from, or will not have it: nothing more of it is taken. */
    default void endState(int stage) {}

    /**
     * Opens the way of a stage's shards to the run's folder, where this worker does not share it; a failure completes the future,
     * nothing is thrown.
     */
    default CompletableFuture<PieceLink> openFolder(int stage, InetSocketAddress folder) {
        throw new IllegalStateException("this worker shares the run's folder");
    }

    /** Makes ready for the copies of a stage of another worker; see {@link #receiveState}. */
    default PieceQueue receiveCopies(int stage) {
        throw new IllegalStateException("no other worker has copies for this one");
    }

    /** Opens the way of the copies of a stage of this worker to the worker of this other stage. */
    default CompletableFuture<PieceLink> openCopies(int stage, StageAddress there) {
        throw new IllegalStateException("no other worker takes copies");
    }

    /** The run ends: nothing more is taken, and a connection that closes is no loss. */
    void release();

    /** Closes what was opened; completes when nothing reads from a stage's buffers any more. */
    CompletableFuture<Void> sent();

    /** Completes when all buffers of arrivals are back; after {@link #release}. */
    CompletableFuture<Void> drained();

    /** Frees the buffers of arrivals: no socket fills one any more. A second call does nothing. */
    @Override
    void close();
}
