package io.ketju.actors.worker;

import io.ketju.actors.checkpoint.DamagedCheckpointException;
import io.ketju.actors.piece.FileSeal;
import io.ketju.actors.piece.PieceKey;
import io.ketju.actors.piece.PieceNews;
import io.ketju.actors.piece.PieceOrder;
import io.ketju.actors.piece.PieceQueue;
import io.ketju.data.file.DigestChannel;
import io.ketju.data.safetensors.SafeTensorsStream;
import io.ketju.tensor.Tensor;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What a stage starts from, as it comes from the run's folder in another JVM: copied to its place piece by piece. The stage has it when
 * the last file's seal fits and nothing is missing. Thread-safe.
 */
final class StateArrival {
    private final int stage;
    private final Map<String, Tensor> wanted;
    private final PieceQueue queue;
    private final Set<String> found = new HashSet<>();
    private final CompletableFuture<Void> whole = new CompletableFuture<>();
    private @Nullable File current;
    private long next;
    private boolean released;

    /** One file. */
    private record File(PieceOrder order, DigestChannel digest, SafeTensorsStream tensors) {}

    /**
     * @param wanted the stage's tensors by name, overwritten
     * @param queue brings the pieces
     * @param executor for the work of a piece
     */
    StateArrival(int stage, Map<String, Tensor> wanted, PieceQueue queue, Executor executor) {
        this.stage = stage;
        this.wanted = wanted;
        this.queue = queue;
        queue.onNews(() -> executor.execute(this::takeOne));
    }

    /** Completes when the stage has all that it starts from; fails with one line if it will not. */
    CompletableFuture<Void> whole() {
        return whole;
    }

    /** Nothing is written to the stage's tensors any more when this returns. */
    void release() {
        synchronized (this) {
            released = true;
        }
        queue.end();
    }

    /** Pieces are taken in the order in which they came, whichever thread comes first. */
    private synchronized void takeOne() {
        PieceNews news = queue.poll();
        if (news instanceof PieceNews.Arrived piece) {
            try (var lease = piece.lease()) {
                if (!released && !whole.isDone()) {
                    take(piece.key(), lease.tensor());
                }
            } catch (IOException | RuntimeException e) {
                fail(String.valueOf(e.getMessage()));
            }
        } else if (news instanceof PieceNews.Ended ended) {
            fail(ended.cause().orElse("the connection was closed before all of it had come"));
        }
    }

    private void take(PieceKey key, Tensor piece) throws IOException {
        File file = current;
        if (file == null) {
            file = new File(
                    new PieceOrder(next), DigestChannel.discarding(), new SafeTensorsStream(source(), wanted, found));
            current = file;
        }
        file.order().require(key);
        if (!key.seal()) {
            file.digest().write(piece.segment().asByteBuffer());
            file.tensors().accept(piece.segment().asByteBuffer());
            return;
        }
        FileSeal seal = FileSeal.of(piece);
        seal.require(file.digest().digest());
        file.tensors().end();
        current = null;
        next++;
        if (seal.behind() == 0) {
            requireAll();
            whole.complete(null);
        }
    }

    private void requireAll() {
        for (String name : wanted.keySet()) {
            if (!found.contains(name)) {
                throw new DamagedCheckpointException("no tensor '" + name + "'; the checkpoint is of another model");
            }
        }
    }

    private void fail(String cause) {
        whole.completeExceptionally(new DamagedCheckpointException(source() + ": " + cause));
    }

    private String source() {
        return "what stage " + stage + " starts from";
    }
}
