package io.ketju.actors.transport;

import io.ketju.actors.message.OutputAddress;
import io.ketju.actors.message.OutputCommand;
import io.ketju.actors.message.RunTicket;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.piece.FolderWays;
import io.ketju.actors.piece.PieceLink;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.tensor.core.TensorCore;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * How tensors come to the stages of one JVM and leave them. Which neighbour is in the same JVM, and how bytes get to one
 * that is not, is known here alone. Safe to use from any thread.
 */
public interface StageTransport extends AutoCloseable {
    /** {@return where other JVMs send tensors to; empty: none ever does} */
    Optional<InetSocketAddress> address();

    /**
     * The threads of this core take what arrives: while they have nothing to do, they may look for it. Called once by each
     * worker that moves tensors by this transport.
     *
     * @param core of the worker, open for as long as this is
     */
    void attendedBy(TensorCore core);

    /**
     * {@return the links of the stages that a placement wants held here, none of them open yet; the worker closes them}
     *
     * @param placement which stages, of which start of which run
     */
    HostedLinks hosted(WorkerCommand.PlaceStages placement);

    /**
     * {@return the links of a run's batch feeder, which is in this JVM, none of them open yet}
     *
     * @param pipeline of the run
     * @param ticket of its start
     */
    FeederLinks feeding(PipelineSpec pipeline, RunTicket ticket);

    /**
     * Makes ready for the outputs of all stages of a run, with buffers for what arrives; called before any stage is told of
     * it.
     *
     * @param pipeline of the run
     * @param ticket of its start
     * @param receiver gets the outputs, and hears it if a connection breaks
     * @return what the stages are told
     */
    OutputAddress takingOutputs(PipelineSpec pipeline, RunTicket ticket, ActorRef<OutputCommand> receiver);

    /**
     * {@return the ways between the run's folder, which is in this JVM, and stages of others, ready for what they send; empty where every
     * stage has the folder itself}
     *
     * @param pipeline of the run
     * @param ticket of its start
     */
    default Optional<FolderWays> folder(PipelineSpec pipeline, RunTicket ticket) {
        return Optional.empty();
    }

    /**
     * {@return the same for copies in memory that come to the folder between two starts; empty where none come}
     *
     * @param pipeline of the run
     * @param next ticket of the start to come, under which they are sent
     */
    default Optional<FolderWays> copies(PipelineSpec pipeline, RunTicket next) {
        return Optional.empty();
    }

    /**
     * {@return the way of a stage's copy to such a folder, once it is open; a failure completes the future} Whoever opens it closes it.
     *
     * @param next ticket of the start to come
     * @param stage that the copy is of
     * @param folder where the JVM with the folder takes tensors
     */
    default CompletableFuture<PieceLink> toFolder(RunTicket next, int stage, InetSocketAddress folder) {
        return CompletableFuture.failedFuture(new IllegalStateException("no way leads to other JVMs"));
    }

    /**
     * Ends all connections: nothing is read or written any more. Frees the buffers of outputs; those of stages are freed by
     * their {@link HostedLinks}.
     */
    @Override
    void close();
}
