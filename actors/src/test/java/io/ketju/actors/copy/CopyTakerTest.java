package io.ketju.actors.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.piece.PieceKey;
import io.ketju.actors.piece.PieceNews;
import io.ketju.actors.piece.PieceQueue;
import io.ketju.actors.piece.PieceSender;
import io.ketju.actors.piece.RecordedPieces;
import io.ketju.tensor.memory.TensorPool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What comes from a neighbour lies on the shelf when it is whole, and what was there before stays until then. */
class CopyTakerTest {
    private static final int BYTES = 3 * PieceSender.BYTES + 40;
    private static final CopyId STAGE = new CopyId(7, 2, 1, 0);

    private final CopyShelf shelf = new CopyShelf();
    private final PieceQueue queue = new PieceQueue();
    private final PieceSender sender = new PieceSender();
    private final TensorPool buffers = new TensorPool("arrivals", PieceSender.BYTES, 32);
    private final List<Long> held = new ArrayList<>();
    private final CopyTaker taker = new CopyTaker(STAGE, BYTES, shelf, queue, Runnable::run, held::add);

    @AfterEach
    void close() {
        taker.release();
        assertThat(buffers.outstanding()).isZero();
        shelf.close();
        sender.close();
        buffers.close();
    }

    @Test
    void theTwoNewestAreKept() throws IOException {
        for (long step = 1; step <= 3; step++) {
            sent(step).bring(1, queue, buffers);
        }
        assertThat(held).containsExactly(1L, 2L, 3L);
        assertThat(shelf.find(id(2, 1))).isEmpty();
        assertThat(bytes(2)).isEqualTo(content(2));
        assertThat(bytes(3)).isEqualTo(content(3));
    }

    @Test
    void copiesOfOtherStartsAndStagesAndRunsAreOthers() throws IOException {
        sent(5).bring(1, queue, buffers);
        assertThat(shelf.find(id(2, 5))).isPresent();
        assertThat(shelf.find(id(1, 5))).isEmpty();
        assertThat(shelf.find(id(3, 5))).isEmpty();
        assertThat(shelf.find(new CopyId(7, 2, 0, 5))).isEmpty();
        assertThat(shelf.find(new CopyId(8, 2, 1, 5))).isEmpty();
    }

    /** Wherever it is torn or damaged: the one before stays, and the next one counts again. */
    @Test
    void whatIsTornOrDamagedIsNoCopy() throws IOException {
        sent(1).bring(1, queue, buffers);
        int pieces = sent(2).sent().size();
        for (int piece = 0; piece < pieces; piece++) {
            RecordedPieces damaged = sent(2);
            damaged.sent().get(piece).bytes()[9] ^= 1;
            damaged.bring(1, queue, buffers);
            RecordedPieces torn = sent(2);
            torn.sent().subList(piece, pieces).clear();
            torn.bring(1, queue, buffers);
            queue.add(new PieceNews.Ended(1, Optional.of("cut")));
            assertThat(shelf.find(id(2, 2))).as("piece %d", piece).isEmpty();
            assertThat(bytes(1)).isEqualTo(content(1));
        }
        assertThat(held).containsExactly(1L);
        sent(3).bring(1, queue, buffers);
        assertThat(bytes(3)).isEqualTo(content(3));
        assertThat(bytes(1)).isEqualTo(content(1));
    }

    /** The pieces of one step are never taken for those of another. */
    @Test
    void piecesOfTwoStepsMakeNoCopy() throws IOException {
        RecordedPieces mixed = sent(4);
        RecordedPieces other = sent(5);
        for (int piece = 2; piece < mixed.sent().size(); piece++) {
            mixed.sent().set(piece, other.sent().get(piece));
        }
        mixed.bring(1, queue, buffers);
        assertThat(held).isEmpty();
        RecordedPieces renamed = sent(4);
        RecordedPieces.Piece second = other.sent().get(1);
        renamed.sent().set(1, new RecordedPieces.Piece(new PieceKey(4, 1, false), second.bytes()));
        renamed.bring(1, queue, buffers);
        assertThat(held).isEmpty();
        assertThat(shelf.find(id(2, 4))).isEmpty();
    }

    @Test
    void moreThanThePlanHasIsNotTaken() {
        CopyBuffer buffer = shelf.begin(id(2, 9), 100);
        assertThatThrownBy(() -> buffer.write(ByteBuffer.allocate(101)))
                .hasMessage("expected a copy of at most 100 bytes, found more");
    }

    private RecordedPieces sent(long step) throws IOException {
        RecordedPieces way = new RecordedPieces();
        sender.send(way, step, 0, out -> out.write(ByteBuffer.wrap(content(step))));
        return way;
    }

    private byte[] bytes(long step) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        shelf.find(id(2, step)).orElseThrow().copyTo(Channels.newChannel(out));
        return out.toByteArray();
    }

    private static CopyId id(int incarnation, long step) {
        return new CopyId(7, incarnation, 1, step);
    }

    private static byte[] content(long step) {
        byte[] bytes = new byte[BYTES];
        new Random(step).nextBytes(bytes);
        return bytes;
    }
}
