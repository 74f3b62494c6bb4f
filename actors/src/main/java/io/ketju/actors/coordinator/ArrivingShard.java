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
     * @param root of the run's checkpoints
     * @param mostBytes what the stage's shard can have, by the plan
     */
    public ArrivingShard(Path root, int incarnation, int stage, long step, long mostBytes) throws IOException {
        this.step = step;
        this.mostBytes = mostBytes;
        this.order = new PieceOrder(step);
        this.draft = CheckpointStore.draft(CheckpointStore.directory(root, step), incarnation, stage);
    }

    public long step() {
        return step;
    }

    /**
     * Takes a piece, which stays the caller's; with the last one, gives what is durable.
     *
     * @throws BrokenFileException if it is not what was sent
     * @throws IOException if it cannot be written
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
