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
    /** Where other JVMs send tensors to; empty: none ever does. */
    Optional<InetSocketAddress> address();

    /**
     * The threads of this core take what arrives: while they have nothing to do, they may look for it. Called once by each
     * worker that moves tensors by this transport.
     */
    void attendedBy(TensorCore core);

    /** The links of the stages that this placement wants held here. */
    HostedLinks hosted(WorkerCommand.PlaceStages placement);

    /** The links of a run's batch feeder, which is in this JVM. */
    FeederLinks feeding(PipelineSpec pipeline, RunTicket ticket);

    /**
     * Makes ready for the outputs of all stages of a run, with buffers for what arrives; called before any stage is told of
     * it. A receiver hears it if a connection breaks.
     *
     * @return what the stages are told
     */
    OutputAddress takingOutputs(PipelineSpec pipeline, RunTicket ticket, ActorRef<OutputCommand> receiver);

    /**
     * The ways between the run's folder, which is in this JVM, and stages of others, ready for what they send; empty where every
     * stage has the folder itself.
     */
    default Optional<FolderWays> folder(PipelineSpec pipeline, RunTicket ticket) {
        return Optional.empty();
    }

    /** The same for copies in memory that come to the folder between two starts: ready for them under the ticket of the next. */
    default Optional<FolderWays> copies(PipelineSpec pipeline, RunTicket next) {
        return Optional.empty();
    }

    /** Opens the way of a stage's copy to such a folder; a failure completes the future. */
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
