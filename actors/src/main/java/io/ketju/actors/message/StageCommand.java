package io.ketju.actors.message;

import io.ketju.actors.copy.CopyWays;
import io.ketju.actors.piece.PieceLink;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.pipeline.stage.Window;
import io.ketju.tensor.memory.TensorLease;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** What a rank understands: the actor of one stage or of several. */
public sealed interface StageCommand {
    /** What only the rank sends to itself; it holds these messages. */
    non-sealed interface Internal extends StageCommand {}

    /** What the coordinator wants done; anything of another start of the run is dropped. */
    sealed interface Directive extends StageCommand {
        /** {@return the fencing number of the start that it is of; a rank drops those of others} */
        int incarnation();
    }

    /**
     * The next mini-batch may start.
     *
     * @param incarnation of the start that it is of
     * @param window the mini-batch and its micro-batches
     * @param copies whether each stage copies what it has learnt when it has finished the window
     * @param watched whether each rank tells what it did in the window: {@link CoordinatorCommand.WindowWatched}
     */
    record GrantWindow(int incarnation, Window window, boolean copies, boolean watched) implements Directive {
        /**
         * Nothing is copied, and nobody watches.
         *
         * @param incarnation of the start that it is of
         * @param window the mini-batch and its micro-batches
         */
        public GrantWindow(int incarnation, Window window) {
            this(incarnation, window, false, false);
        }
    }

    /**
     * Several mini-batches may start: the same as a {@link GrantWindow} for each, in this order, in one message.
     *
     * @param incarnation of the start that all of them are of
     * @param windows to be granted
     */
    record GrantWindows(int incarnation, List<GrantWindow> windows) implements Directive {
        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if one is of another start
         */
        public GrantWindows {
            windows = OneStart.copy(incarnation, windows, GrantWindow::incarnation);
        }
    }

    /**
     * The sums of all stages, to those that made some for a window: its step may go on.
     *
     * @param incarnation of the start that it is of
     * @param window number of the window
     * @param sums of the whole model, the same for all
     */
    record TakeSums(int incarnation, long window, List<Double> sums) implements Directive {
        /** Copies the list. */
        public TakeSums {
            sums = List.copyOf(sums);
        }
    }

    /**
     * Write the part of a checkpoint of each of the rank's stages. Sent at a step boundary, when no window is granted, and the
     * checkpoint before is committed.
     *
     * @param incarnation of the start that it is of
     * @param step of the checkpoint: optimizer steps taken
     * @param directory the checkpoint's folder, into which stages write that share a file system with the run
     */
    record SaveShard(int incarnation, long step, Path directory) implements Directive {}

    /**
     * Do nothing more, and say of each stage where the NaN or infinity in the loss of a micro-batch began.
     *
     * @param incarnation of the start that it is of
     * @param window number of the window
     * @param microbatch index within the window, from 0
     */
    record InspectMicrobatch(int incarnation, long window, int microbatch) implements Directive {}

    /**
     * A tensor for one of the stages, from another stage or from the feeder. Never leaves the JVM.
     *
     * @param stage that it is for, one of the rank's
     * @param key which tensor it is; of another start, or come twice, it is dropped
     * @param lease the rank's from now on, which closes it
     */
    record DeliverTensor(int stage, TensorKey key, TensorLease lease) implements StageCommand {}

    /**
     * The ways to all stages that those of this rank send to are open.
     *
     * @param links one for each way that the rank's stages send by; the rank closes them when it is released
     * @param copies where copies in memory go, if they are taken
     * @param folder those of the rank's shards to the run's folder, by stage; a stage without one writes into the folder itself
     */
    record ConnectLinks(Map<Route, StageLink> links, Map<Integer, PieceLink> folder, Optional<CopyWays> copies)
            implements StageCommand {
        /** Copies both maps. */
        public ConnectLinks {
            links = Map.copyOf(links);
            folder = Map.copyOf(folder);
        }

        /**
         * The run's folder is in this JVM, and nothing is copied.
         *
         * @param links one for each way that the rank's stages send by
         */
        public ConnectLinks(Map<Route, StageLink> links) {
            this(links, Map.of(), Optional.empty());
        }
    }

    /**
     * A connection to or from a neighbour broke.
     *
     * @param neighbour the stage at its other end; -1: the batch feeder, or who wants the outputs
     * @param cause one line
     */
    record LinkLost(int neighbour, String cause) implements StageCommand {}

    /**
     * Let go of everything. The actor lives on, and closes what still comes, until {@link Stop}.
     *
     * @param reason one line
     * @param replyTo hears it when the rank neither computes nor writes nor sends any more
     */
    record Release(String reason, ActorRef<Released> replyTo) implements StageCommand {}

    /** End the actor: all ranks that could send to it are released. */
    record Stop() implements StageCommand {}

    /**
     * Answer to {@link Release}.
     *
     * @param rank that has let go
     */
    record Released(int rank) {}
}
