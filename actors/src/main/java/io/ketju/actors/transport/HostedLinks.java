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
    /**
     * Makes ready for all that comes to a stage of this worker. Called before anybody is told where the stage is.
     *
     * @param stage its number
     * @param actor of the stage's rank, which gets the tensors and hears of ways that break
     */
    void receive(int stage, ActorRef<StageCommand> actor);

    /**
     * {@return the link from a stage of this worker to another stage, once it is open; a failure completes the future, nothing is thrown}
     * The sender closes it.
     *
     * @param from number of the stage that sends
     * @param sender its rank, which hears it if the link breaks later
     * @param to the stage that receives, wherever it is
     * @param kind of the tensors: each kind has a link of its own
     */
    CompletableFuture<StageLink> open(int from, ActorRef<StageCommand> sender, StageAddress to, TensorKey.Kind kind);

    /**
     * {@return the same, from a stage of this worker that makes outputs of the model, to whoever wants them}
     *
     * @param from number of the stage that sends
     * @param sender its rank, which hears it if the link breaks later
     * @param to where the run is directed
     */
    CompletableFuture<StageLink> openOutputs(int from, ActorRef<StageCommand> sender, OutputAddress to);

    /** {@return whether the run's folder is where this worker is: its stages read and write there themselves} */
    default boolean sharesFolder() {
        return true;
    }

    /**
     * Makes ready for the files that a stage of this worker starts from, where it does not share the folder. Called before anybody is
     * told where the stage is.
     *
     * @param stage its number
     * @return what comes of them; whoever polls it closes the leases
     * @throws IllegalStateException if this worker shares the folder
     */
    default PieceQueue receiveState(int stage) {
        throw new IllegalStateException("this worker shares the run's folder");
    }

    /**
     * A stage has all that it starts from, or will not have it: nothing more of it is taken.
     *
     * @param stage its number; one that awaits nothing is ignored
     */
    default void endState(int stage) {}

    /**
     * {@return the way of a stage's shards to the run's folder, once it is open; a failure completes the future, nothing is thrown} The
     * rank closes it.
     *
     * @param stage of this worker, by its number
     * @param folder where the JVM with the folder takes tensors
     * @throws IllegalStateException if this worker shares the folder
     */
    default CompletableFuture<PieceLink> openFolder(int stage, InetSocketAddress folder) {
        throw new IllegalStateException("this worker shares the run's folder");
    }

    /**
     * {@return what comes of the copies of a stage of another worker, for which this one is now ready; see {@link #receiveState}}
     *
     * @param stage of the other worker, by its number
     * @throws IllegalStateException if the whole run is in one JVM
     */
    default PieceQueue receiveCopies(int stage) {
        throw new IllegalStateException("no other worker has copies for this one");
    }

    /**
     * {@return the way of the copies of a stage of this worker, once it is open; see {@link #openFolder}}
     *
     * @param stage of this worker, by its number
     * @param there any stage of the worker that keeps them
     * @throws IllegalStateException if the whole run is in one JVM
     */
    default CompletableFuture<PieceLink> openCopies(int stage, StageAddress there) {
        throw new IllegalStateException("no other worker takes copies");
    }

    /** The run ends: nothing more is taken, and a connection that closes is no loss. */
    void release();

    /** {@return what completes when nothing that was opened reads from a stage's buffers any more} Closes it; after {@link #release}. */
    CompletableFuture<Void> sent();

    /** {@return what completes when all buffers of arrivals are back} After {@link #release}. */
    CompletableFuture<Void> drained();

    /** Frees the buffers of arrivals: no socket fills one any more. A second call does nothing. */
    @Override
    void close();
}
