package io.ketju.actors.coordinator;

import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.piece.BrokenFileException;
import io.ketju.actors.piece.FolderWays;
import io.ketju.actors.piece.PieceNews;
import io.ketju.data.file.FileErrors;
import io.ketju.data.safetensors.SafeTensorsHeader;
import io.ketju.pipeline.stage.StagePlan;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Writes the shards that stages of other JVMs send into the run's folder, and tells the coordinator of each that is durable. On a
 * dispatcher that may block. Ends with the coordinator, and nothing that is not whole is left then.
 */
final class ShardTaker extends AbstractMatchingBehavior<ShardTaker.News> {
    /** Something has come; what it is lies in the queue. */
    enum News {
        ONE
    }

    private final CoordinatorParts parts;
    private final FolderWays ways;
    private final ActorRef<CoordinatorCommand> coordinator;
    private final List<StagePlan> plans;
    /** By stage. */
    private final Map<Integer, ArrivingShard> arriving = new TreeMap<>();
    /** Stages of which nothing is taken any more. */
    private final Set<Integer> given = new HashSet<>();

    static Behavior<News> create(CoordinatorParts parts, FolderWays ways, ActorRef<CoordinatorCommand> coordinator) {
        return Behaviors.setup(context -> new ShardTaker(context, parts, ways, coordinator));
    }

    private ShardTaker(
            ActorContext<News> context,
            CoordinatorParts parts,
            FolderWays ways,
            ActorRef<CoordinatorCommand> coordinator) {
        super(context);
        this.parts = parts;
        this.ways = ways;
        this.coordinator = coordinator;
        this.plans = StagePlan.all(parts.job().pipeline());
        ActorRef<News> self = context.getSelf();
        ways.arrivals().onNews(() -> self.tell(News.ONE));
    }

    @Override
    public Behavior<News> onMessage(News one) {
        switch (ways.arrivals().poll()) {
            case PieceNews.Arrived piece -> take(piece);
            case PieceNews.Ended ended -> ended(ended);
            case null -> {}
        }
        return this;
    }

    @Override
    public Behavior<News> onSignal(Signal signal) {
        if (signal instanceof PostStop) {
            ways.close();
            ways.arrivals().end();
            arriving.keySet().stream().toList().forEach(this::drop);
        }
        return this;
    }

    private void take(PieceNews.Arrived piece) {
        int stage = piece.stage();
        try (var lease = piece.lease()) {
            if (given.contains(stage)) {
                return;
            }
            ArrivingShard shard = arriving.get(stage);
            if (shard == null) {
                shard = begun(stage, piece.key().file());
                arriving.put(stage, shard);
            }
            Optional<Shard> whole = shard.take(piece.key(), lease.tensor());
            if (whole.isPresent()) {
                drop(stage);
                coordinator.tell(new CoordinatorCommand.ShardSaved(
                        incarnation(), stage, piece.key().file(), whole.get()));
            }
        } catch (BrokenFileException e) {
            lost(stage, piece.key().file(), "its shard: " + e.getMessage());
        } catch (IOException e) {
            getContext().getLog().error("shard of stage {}", stage, e);
            giveUp(stage);
            String cause = "cannot write in " + parts.checkpointRoot() + ": " + FileErrors.reason(e);
            coordinator.tell(new CoordinatorCommand.StageFailed(
                    incarnation(),
                    new RunFailure.ShardNotWritten(stage, piece.key().file(), cause)));
        }
    }

    private ArrivingShard begun(int stage, long step) throws IOException {
        long planned = plans.get(stage).copyBytes();
        return new ArrivingShard(
                parts.checkpointRoot(), incarnation(), stage, step, planned + SafeTensorsHeader.MAX_BYTES + Long.BYTES);
    }

    /** A way that its worker closes is no news, unless a shard was on it. */
    private void ended(PieceNews.Ended ended) {
        ArrivingShard shard = arriving.get(ended.stage());
        if (ended.cause().isPresent() || shard != null) {
            String cause = ended.cause().orElse("the connection was closed before the shard was whole");
            lost(ended.stage(), shard == null ? 0 : shard.step(), cause);
        }
    }

    private void lost(int stage, long step, String cause) {
        giveUp(stage);
        coordinator.tell(new CoordinatorCommand.NeighbourLost(incarnation(), stage, step, cause));
    }

    private void giveUp(int stage) {
        given.add(stage);
        drop(stage);
    }

    /** Removes what has come of a shard, unless it is a file. */
    private void drop(int stage) {
        ArrivingShard shard = arriving.remove(stage);
        if (shard != null) {
            try {
                shard.close();
            } catch (IOException e) {
                getContext().getLog().warn("what has come of the shard of stage {} stays: {}", stage, e.toString());
            }
        }
    }

    private int incarnation() {
        return parts.ticket().incarnation();
    }
}
