package io.ketju.actors.coordinator;

import io.ketju.actors.checkpoint.CheckpointStore;
import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.checkpoint.ShardDraft;
import io.ketju.actors.piece.BrokenFileException;
import io.ketju.actors.piece.FileSeal;
import io.ketju.actors.piece.PieceKey;
import io.ketju.actors.piece.PieceOrder;
import io.ketju.data.file.FileDigest;
import io.ketju.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A stage's shard that comes piece by piece; a file when its seal fits what has come, and nothing before. */
public final class ArrivingShard implements AutoCloseable {
    private final long step;
    private final long mostBytes;
    private final PieceOrder order;
    private final ShardDraft draft;
    private long bytes;

    /**
     * Begins an empty file in the folder of the step's checkpoint, which is made if it is not there.
     *
     * @param root of the run's checkpoints
     * @param incarnation of the start that the shard is of; must still be the latest
     * @param stage whose shard it is, from 0
     * @param step that the checkpoint is of; all pieces must name it as their file
     * @param mostBytes what the stage's shard can have, by the plan
     * @throws IOException if it cannot be made, or there is a later start of the run
     */
    public ArrivingShard(Path root, int incarnation, int stage, long step, long mostBytes) throws IOException {
        this.step = step;
        this.mostBytes = mostBytes;
        this.order = new PieceOrder(step);
        this.draft = CheckpointStore.draft(CheckpointStore.directory(root, step), incarnation, stage);
    }

    /** {@return the step that the checkpoint is of} */
    public long step() {
        return step;
    }

    /**
     * {@return the durable shard with the last piece, the seal; empty with all before}
     *
     * @param key where the piece belongs; it must be the next one
     * @param piece its bytes, which stay the caller's
     * @throws BrokenFileException if it is not what was sent
     * @throws IOException if it cannot be written, or there is a later start of the run when it is whole
     */
    public Optional<Shard> take(PieceKey key, Tensor piece) throws IOException {
        order.require(key);
        if (key.seal()) {
            FileDigest digest = draft.digest();
            FileSeal.of(piece).require(digest);
            return Optional.of(draft.commit());
        }
        bytes += piece.segment().byteSize();
        if (bytes > mostBytes) {
            throw new BrokenFileException("expected a shard of at most " + mostBytes + " bytes, found more");
        }
        draft.write(piece.segment().asByteBuffer());
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        draft.close();
    }
}
