package io.ketju.actors.checkpoint;

import io.ketju.actors.piece.PieceSender;
import io.ketju.data.file.FileDigest;
import io.ketju.data.file.FileErrors;
import io.ketju.data.safetensors.NamedTensor;
import io.ketju.data.safetensors.SafeTensorsWriter;
import io.ketju.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/** Writes shards and manifests, or sends shards to where they are written, one after the other, on a dispatcher that may block. */
public final class CheckpointWriter extends AbstractMatchingBehavior<CheckpointWriter.Command> {
    /** What a writer understands. */
    public sealed interface Command {}

    /**
     * Write one stage's tensors.
     *
     * @param target where to
     * @param incarnation the start of the run that writes
     * @param stage index of the stage, from 0
     * @param step of the checkpoint: optimizer steps taken
     * @param tensors by name, live ones or copies, which nobody changes until the answer
     * @param metadata free text under keys
     * @param replyTo hears once
     */
    public record StoreShard(
            ShardTarget target,
            int incarnation,
            int stage,
            long step,
            Map<String, Tensor> tensors,
            Map<String, String> metadata,
            ActorRef<ShardOutcome> replyTo)
            implements Command {}

    /**
     * Write the manifest over these shards: the checkpoint exists from then on.
     *
     * @param root folder of all checkpoints of the run, for what is said of a failure
     * @param step of the checkpoint: optimizer steps taken
     * @param shards of all stages, in their order; durable
     * @param progress as in {@link Manifest}
     * @param replyTo hears once
     */
    public record CommitManifest(
            Path root, long step, List<Shard> shards, String progress, ActorRef<ManifestOutcome> replyTo)
            implements Command {}

    /** Answer to {@link StoreShard}. */
    public sealed interface ShardOutcome {}

    /**
     * The shard is durable.
     *
     * @param stage whose it is
     * @param step of the checkpoint
     * @param shard the file, as a manifest names it
     */
    public record ShardStored(int stage, long step, Shard shard) implements ShardOutcome {}

    /**
     * The shard is on its way to where it is written; whoever does that tells the coordinator.
     *
     * @param stage whose it is
     * @param step of the checkpoint
     */
    public record ShardSent(int stage, long step) implements ShardOutcome {}

    /**
     * The shard could not be written.
     *
     * @param stage whose it is
     * @param cause one line that names folder and cause
     */
    public record ShardRejected(int stage, String cause) implements ShardOutcome {}

    /**
     * The way to where the shard is written broke.
     *
     * @param stage whose it is
     * @param step of the checkpoint
     * @param cause one line
     */
    public record ShardCut(int stage, long step, String cause) implements ShardOutcome {}

    /**
     * Answer to {@link CommitManifest}.
     *
     * @param step of the checkpoint
     * @param failure one line that names step, folder and cause; empty: the checkpoint is committed
     */
    public record ManifestOutcome(long step, Optional<String> failure) {}

    private final @Nullable CheckpointStore store;
    private final RootFolders roots;
    private final @Nullable PieceSender pieces;

    /**
     * A writer of shards, which writes no manifests.
     *
     * @param roots where it may write: a shard for any other folder is rejected
     * @param pieces sends shards whose folder is in another JVM; stays the caller's, which closes it later
     * @return for a dispatcher that may block
     */
    public static Behavior<Command> create(RootFolders roots, PieceSender pieces) {
        return Behaviors.setup(context -> new CheckpointWriter(context, null, roots, pieces));
    }

    /**
     * A writer of manifests, which sends no shards.
     *
     * @param store of the start of the run
     * @return for a dispatcher that may block
     */
    public static Behavior<Command> create(CheckpointStore store) {
        return Behaviors.setup(context -> new CheckpointWriter(context, store, RootFolders.anywhere(), null));
    }

    private CheckpointWriter(
            ActorContext<Command> context,
            @Nullable CheckpointStore store,
            RootFolders roots,
            @Nullable PieceSender pieces) {
        super(context);
        this.roots = roots;
        this.store = store;
        this.pieces = pieces;
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case StoreShard store -> store.replyTo().tell(store(store));
            case CommitManifest commit -> commit.replyTo().tell(new ManifestOutcome(commit.step(), commit(commit)));
        }
        return this;
    }

    private ShardOutcome store(StoreShard wanted) {
        CheckpointEvent event = CheckpointEvent.begun(wanted.step(), "stage " + wanted.stage());
        try {
            return switch (wanted.target()) {
                case ShardTarget.Folder folder -> write(wanted, folder.directory(), event);
                case ShardTarget.Elsewhere elsewhere -> send(wanted, elsewhere, event);
            };
        } finally {
            event.commit();
        }
    }

    private ShardOutcome write(StoreShard wanted, Path directory, CheckpointEvent event) {
        try {
            roots.require("checkpoint", directory);
            Shard shard = CheckpointStore.writeShard(
                    directory, wanted.incarnation(), wanted.stage(), wanted.tensors(), wanted.metadata());
            event.written(shard.bytes());
            return new ShardStored(wanted.stage(), wanted.step(), shard);
        } catch (OutsideRootException e) {
            getContext().getLog().warn("refused: {}", e.getMessage());
            return new ShardRejected(wanted.stage(), String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            getContext().getLog().error("shard of stage {} in {}", wanted.stage(), directory, e);
            return new ShardRejected(wanted.stage(), "cannot write in " + directory + ": " + reason(e));
        }
    }

    private ShardOutcome send(StoreShard wanted, ShardTarget.Elsewhere to, CheckpointEvent event) {
        if (pieces == null) {
            return new ShardRejected(wanted.stage(), "this writer sends nothing");
        }
        List<NamedTensor> named = CheckpointStore.named(wanted.tensors());
        try {
            FileDigest sent = pieces.send(
                    to.way(), wanted.step(), 0, out -> SafeTensorsWriter.write(out, named, wanted.metadata()));
            event.written(sent.length());
            return new ShardSent(wanted.stage(), wanted.step());
        } catch (IOException e) {
            getContext().getLog().warn("shard of stage {}, step {}: {}", wanted.stage(), wanted.step(), reason(e));
            return new ShardCut(wanted.stage(), wanted.step(), "its checkpoint's way: " + reason(e));
        }
    }

    private Optional<String> commit(CommitManifest wanted) {
        if (store == null) {
            return Optional.of("this writer has no run to commit to");
        }
        CheckpointEvent event = CheckpointEvent.begun(wanted.step(), "manifest");
        try {
            store.commit(wanted.step(), wanted.shards(), wanted.progress());
            event.written(0);
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            getContext().getLog().error("manifest of step {} in {}", wanted.step(), wanted.root(), e);
            return Optional.of("cannot commit the checkpoint of step " + wanted.step() + " in " + wanted.root() + ": "
                    + reason(e));
        } finally {
            event.commit();
        }
    }

    private static String reason(Exception e) {
        return e instanceof IOException io ? FileErrors.reason(io) : String.valueOf(e.getMessage());
    }
}
