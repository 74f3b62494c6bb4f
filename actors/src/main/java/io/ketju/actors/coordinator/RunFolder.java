package io.ketju.actors.coordinator;

import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.StageAddress;
import io.ketju.actors.piece.FolderWays;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/** What stages of other JVMs are sent out of the run's folder, and what comes from them into it: two actors beside the coordinator. */
final class RunFolder {
    private final CoordinatorParts parts;
    private final @Nullable FolderWays ways;
    private final @Nullable ActorRef<StateSender.Send> sender;

    RunFolder(CoordinatorParts parts, ActorContext<CoordinatorCommand> context) {
        this.parts = parts;
        FolderWays opened = parts.folder().orElse(null);
        this.ways = opened;
        if (opened == null) {
            this.sender = null;
            return;
        }
        context.spawn(ShardTaker.create(parts, opened, context.getSelf()), "shards", DispatcherSelector.blocking());
        this.sender = context.spawn(
                StateSender.create(parts, opened, context.getSelf()), "states", DispatcherSelector.blocking());
    }

    /** Where shards go; empty: all stages write into the folder themselves. */
    Optional<InetSocketAddress> address() {
        return Optional.ofNullable(ways).map(FolderWays::address);
    }

    /** All stages stand somewhere: those of other JVMs await what they start from. */
    void send(List<StageAddress> stages) {
        FolderWays lead = ways;
        ActorRef<StateSender.Send> to = sender;
        if (lead != null && to != null && parts.checkpoint().isPresent()) {
            List<StageAddress> elsewhere =
                    stages.stream().filter(stage -> lead.leadTo(stage.actor())).toList();
            if (!elsewhere.isEmpty()) {
                to.tell(new StateSender.Send(elsewhere, parts.checkpoint().get()));
            }
        }
    }
}
