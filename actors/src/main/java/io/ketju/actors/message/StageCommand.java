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
        int incarnation();
    }

    /**
     * The next mini-batch may start.
     *
     * @param copies whether each stage copies what it has learnt when it has finished the window
     * @param watched whether each rank tells what it did in the window: {@link CoordinatorCommand.WindowWatched}
     */
    record GrantWindow(int incarnation, Window window, boolean copies, boolean watched) implements Directive {
        /** Nothing is copied, and nobody watches. */
        public GrantWindow(int incarnation, Window window) {
            this(incarnation, window, false, false);
        }
    }

    /** The sums of all stages, to those that made some for a window: its step may go on. */
    record TakeSums(int incarnation, long window, List<Double> sums) implements Directive {
        public TakeSums {
            sums = List.copyOf(sums);
        }
    }

    /**
     * Write the part of a checkpoint of each of the rank's stages. Sent at a step boundary, when no window is granted, and the
     * checkpoint before is committed.
     */
    record SaveShard(int incarnation, long step, Path directory) implements Directive {}

    /**
     * Do nothing more, and say of each stage where the NaN or infinity in the loss of a micro-batch began.
     *
     * @param window number of the window
     */
    record InspectMicrobatch(int incarnation, long window, int microbatch) implements Directive {}

    /** A tensor for one of the stages, from another stage or from the feeder; the lease moves. Never leaves the JVM. */
    record DeliverTensor(int stage, TensorKey key, TensorLease lease) implements StageCommand {}

    /**
     * The ways to all stages that those of this rank send to are open.
     *
     * @param copies where copies in memory go, if they are taken
     * @param folder those of the rank's shards to the run's folder, by stage; a stage without one writes into the folder itself
     */
    record ConnectLinks(Map<Route, StageLink> links, Map<Integer, PieceLink> folder, Optional<CopyWays> copies)
            implements StageCommand {
        public ConnectLinks {
            links = Map.copyOf(links);
            folder = Map.copyOf(folder);
        }

        /** The run's folder is in this JVM, and nothing is copied. */
        public ConnectLinks(Map<Route, StageLink> links) {
            this(links, Map.of(), Optional.empty());
        }
    }

    /** A connection to or from a neighbour broke. */
    record LinkLost(int neighbour, String cause) implements StageCommand {}

    /** Let go of everything; {@code replyTo} hears it when the rank neither computes nor writes nor sends any more. */
    record Release(String reason, ActorRef<Released> replyTo) implements StageCommand {}

    /** End the actor: all ranks that could send to it are released. */
    record Stop() implements StageCommand {}

    /** Answer to {@link Release}. */
    record Released(int rank) {}
}
