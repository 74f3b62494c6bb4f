package io.ketju.actors.worker;

import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.copy.CopyId;
import io.ketju.actors.copy.CopyKeeper;
import io.ketju.actors.message.WorkerCommand;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * What a worker has that may block, whatever run it holds.
 *
 * @param shards writes those of checkpoints, or sends them to where they are written
 * @param copies sends copies in memory, and keeps those of the last run
 */
record HostedWriters(
        WorkerResources resources, ActorRef<CheckpointWriter.Command> shards, ActorRef<CopyKeeper.Command> copies) {
    static HostedWriters spawn(ActorContext<?> context, WorkerResources resources) {
        return new HostedWriters(
                resources,
                context.spawn(
                        CheckpointWriter.create(resources.roots(), resources.pieces()),
                        "shard-writer",
                        DispatcherSelector.blocking()),
                context.spawn(CopyKeeper.create(resources.copies()), "copies", DispatcherSelector.blocking()));
    }

    /** A run that begins again asks for what is kept here. */
    void send(WorkerCommand.SendCopies wanted) {
        List<CopyId> ids = wanted.stages().stream()
                .map(stage -> new CopyId(wanted.next().job(), wanted.incarnation(), stage, wanted.step()))
                .toList();
        copies.tell(new CopyKeeper.SendKept(
                ids, stage -> resources.transport().toFolder(wanted.next(), stage, wanted.folder())));
    }
}
