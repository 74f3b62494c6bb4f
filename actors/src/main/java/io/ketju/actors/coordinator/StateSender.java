package io.ketju.actors.coordinator;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.CheckpointReader;
import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.StageAddress;
import io.ketju.actors.piece.BrokenFileException;
import io.ketju.actors.piece.FolderWays;
import io.ketju.actors.piece.PieceLink;
import io.ketju.data.file.DigestChannel;
import io.ketju.data.file.FileDigest;
import io.ketju.data.file.FileErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Sends stages of other JVMs what they start from, out of the run's folder: one after the other, each the files that it has tensors in.
 * On a dispatcher that may block.
 */
final class StateSender extends AbstractMatchingBehavior<StateSender.Send> {
    private static final int READ_BYTES = 1 << 18;

    /** Send these stages their part of the checkpoint in this folder. */
    record Send(List<StageAddress> stages, Path checkpoint) {
        Send {
            stages = List.copyOf(stages);
        }
    }

    private final CoordinatorParts parts;
    private final FolderWays ways;
    private final ActorRef<CoordinatorCommand> coordinator;

    static Behavior<Send> create(CoordinatorParts parts, FolderWays ways, ActorRef<CoordinatorCommand> coordinator) {
        return Behaviors.setup(context -> new StateSender(context, parts, ways, coordinator));
    }

    private StateSender(
            ActorContext<Send> context,
            CoordinatorParts parts,
            FolderWays ways,
            ActorRef<CoordinatorCommand> coordinator) {
        super(context);
        this.parts = parts;
        this.ways = ways;
        this.coordinator = coordinator;
    }

    @Override
    public Behavior<Send> onMessage(Send wanted) {
        int stage = wanted.stages().getFirst().stage();
        try {
            Checkpoint checkpoint = CheckpointReader.at(wanted.checkpoint());
            NeededShards needed = new NeededShards(checkpoint, parts.job().pipeline());
            for (StageAddress to : wanted.stages()) {
                stage = to.stage();
                send(to, checkpoint, needed.of(stage));
            }
        } catch (IOException
                | RuntimeException e) { // the next start looks at every file again, and takes what is whole
            lost(stage, e instanceof CompletionException && e.getCause() != null ? e.getCause() : e);
        }
        return this;
    }

    private void send(StageAddress stage, Checkpoint checkpoint, List<Shard> shards) throws IOException {
        if (shards.isEmpty()) {
            return; // it learns nothing, and awaits nothing
        }
        PieceLink way = ways.open(stage.stage(), stage.data().orElseThrow()).join();
        for (int file = 0; file < shards.size(); file++) {
            Shard shard = shards.get(file);
            Path path = checkpoint.directory().resolve(shard.file());
            ways.sender().send(way, file, shards.size() - 1 - file, out -> copy(path, shard, out));
        }
    }

    /** What is not what the manifest says gets no seal. */
    private static void copy(Path path, Shard shard, DigestChannel out) throws IOException {
        try (FileChannel in = FileChannel.open(path)) {
            ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
            while (in.read(buffer.clear()) >= 0) {
                buffer.flip();
                out.write(buffer);
            }
        }
        FileDigest found = out.digest();
        if (found.length() != shard.bytes() || !found.sha256().equals(shard.sha256())) {
            throw new BrokenFileException(path + ": damaged: expected " + shard.bytes() + " bytes with SHA-256 "
                    + shard.sha256() + ", found " + found.length() + " with " + found.sha256());
        }
    }

    private void lost(int stage, Throwable thrown) {
        String cause = thrown instanceof IOException io ? FileErrors.reason(io) : String.valueOf(thrown.getMessage());
        getContext().getLog().warn("the state of stage {} cannot be sent: {}", stage, cause);
        coordinator.tell(new CoordinatorCommand.NeighbourLost(
                parts.ticket().incarnation(), stage, parts.completedSteps(), cause));
    }
}
