package io.ketju.actors.copy;

import io.ketju.actors.piece.FileSeal;
import io.ketju.actors.piece.PieceKey;
import io.ketju.actors.piece.PieceNews;
import io.ketju.actors.piece.PieceOrder;
import io.ketju.actors.piece.PieceQueue;
import io.ketju.data.file.DigestChannel;
import io.ketju.tensor.Tensor;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the copies of one stage of a neighbour on the shelf: one when its seal fits, and none that came otherwise. Thread-safe. */
public final class CopyTaker {
    private static final Logger LOG = LoggerFactory.getLogger(CopyTaker.class);

    private final CopyId stage;
    private final long mostBytes;
    private final CopyShelf shelf;
    private final PieceQueue queue;
    private final LongConsumer held;
    private @Nullable Coming coming;
    private boolean released;

    /** One copy. */
    private record Coming(PieceOrder order, CopyBuffer buffer, DigestChannel out) {}

    /**
     * Begins to take what comes.
     *
     * @param stage whose copies come, of whatever step
     * @param mostBytes that one can have, by the plan; a larger one is dropped
     * @param shelf where they are put; stays the caller's
     * @param queue brings the pieces; ended by {@link #release}
     * @param executor for the work of a piece
     * @param held hears the step of every copy that is on the shelf
     */
    public CopyTaker(
            CopyId stage, long mostBytes, CopyShelf shelf, PieceQueue queue, Executor executor, LongConsumer held) {
        this.stage = stage;
        this.mostBytes = mostBytes;
        this.shelf = shelf;
        this.queue = queue;
        this.held = held;
        queue.onNews(() -> executor.execute(this::takeOne));
    }

    /** Nothing is written to the shelf any more when this returns. */
    public void release() {
        synchronized (this) {
            released = true;
        }
        queue.end();
    }

    private synchronized void takeOne() {
        PieceNews news = queue.poll();
        if (news instanceof PieceNews.Arrived piece) {
            try (var lease = piece.lease()) {
                if (!released) {
                    take(piece.key(), lease.tensor());
                }
            } catch (IOException e) {
                LOG.warn("a copy of stage {} is of no use: {}", stage.stage(), e.getMessage());
                coming = null;
            }
        } else {
            coming = null;
        }
    }

    private void take(PieceKey key, Tensor piece) throws IOException {
        Coming copy = coming;
        if (key.piece() == 0) {
            CopyId id = new CopyId(stage.job(), stage.incarnation(), stage.stage(), key.file());
            CopyBuffer buffer = shelf.begin(id, mostBytes);
            copy = new Coming(new PieceOrder(key.file()), buffer, new DigestChannel(buffer));
            coming = copy;
        }
        if (copy == null) {
            return; // of one that was given up
        }
        copy.order().require(key);
        if (!key.seal()) {
            copy.out().write(piece.segment().asByteBuffer());
            return;
        }
        FileSeal.of(piece).require(copy.out().digest());
        coming = null;
        shelf.whole(copy.buffer());
        held.accept(key.file());
    }
}
