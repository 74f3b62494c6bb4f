package io.ketju.actors.copy;

import io.ketju.actors.piece.PieceLink;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Where the copies of a rank's stages go.
 *
 * @param job of the run's ticket
 * @param shelf of their own worker
 * @param keeper sends them on
 * @param ways to the worker that keeps them besides, by stage
 */
public record CopyWays(long job, CopyShelf shelf, ActorRef<CopyKeeper.Command> keeper, Map<Integer, PieceLink> ways) {
    /** Copies the map. */
    public CopyWays {
        ways = Map.copyOf(ways);
    }
}
