package io.ketju.actors.piece;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.file.DigestChannel;
import io.ketju.data.file.FileDigest;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PieceSenderTest {
    private final PieceSender sender = new PieceSender();

    @AfterEach
    void close() {
        sender.close();
    }

    @Test
    void whatIsSentIsTheFileInPiecesAndItsSeal() throws IOException {
        for (int words : new int[] {1, PieceSender.BYTES / 4, 3 * PieceSender.BYTES / 4 + 5}) {
            byte[] file = bytes(4 * words);
            RecordedPieces way = new RecordedPieces();
            FileDigest sent = sender.send(way, 7, 2, out -> writeInParts(file, out));

            int pieces = Math.ceilDiv(file.length, PieceSender.BYTES);
            assertThat(way.sent()).hasSize(pieces + 1);
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            for (int i = 0; i < pieces; i++) {
                assertThat(way.sent().get(i).key()).isEqualTo(new PieceKey(7, i, false));
                joined.write(way.sent().get(i).bytes());
            }
            assertThat(joined.toByteArray()).isEqualTo(file);
            assertThat(way.sent().getLast().key()).isEqualTo(new PieceKey(7, pieces, true));
            FileSeal seal = sealOf(way.sent().getLast().bytes());
            assertThat(seal).isEqualTo(new FileSeal(sent, 2));
            seal.require(digest(file));
        }
    }

    /** A receiver that takes nothing holds the sender up after as many pieces as there are buffers. */
    @Test
    void noMorePiecesAreUnderWayThanThereAreBuffers() throws Exception {
        BlockingQueue<TensorLease> underWay = new LinkedBlockingQueue<>();
        PieceLink slow = link(underWay, new CompletableFuture<>());
        byte[] file = bytes(10 * PieceSender.BYTES);
        CompletableFuture<FileDigest> sending = CompletableFuture.supplyAsync(() -> send(slow, file));
        int taken = 0;
        while (taken < 11) {
            TensorLease lease = underWay.poll(30, TimeUnit.SECONDS);
            assertThat(underWay.size()).isLessThan(PieceSender.BUFFERS);
            lease.close();
            taken++;
        }
        assertThat(sending.get(30, TimeUnit.SECONDS)).isEqualTo(digest(file));
    }

    @Test
    void aWayThatBreaksEndsTheWait() {
        BlockingQueue<TensorLease> underWay = new LinkedBlockingQueue<>();
        CompletableFuture<String> broken = new CompletableFuture<>();
        PieceLink stuck = link(underWay, broken);
        CompletableFuture<FileDigest> sending =
                CompletableFuture.supplyAsync(() -> send(stuck, bytes(10 * PieceSender.BYTES)));
        broken.complete("nobody is there any more");
        assertThatThrownBy(() -> sending.get(30, TimeUnit.SECONDS)).hasMessageContaining("nobody is there any more");
        underWay.forEach(TensorLease::close);
    }

    @Test
    void partsOfWordsAreNotSent() {
        assertThatThrownBy(() -> sender.send(new RecordedPieces(), 1, 0, out -> writeInParts(bytes(9), out)))
                .isInstanceOf(IOException.class)
                .hasMessage("expected a file of whole words of 4 bytes, found 9 bytes in its last piece");
    }

    @Test
    void aSealIsOfItsLengthAndFitsItsFileAlone() throws IOException {
        FileSeal seal = new FileSeal(digest(bytes(8)), 0);
        assertThatThrownBy(() -> seal.require(digest(bytes(12))))
                .isInstanceOf(BrokenFileException.class)
                .hasMessageStartingWith("expected 8 bytes with SHA-256 ")
                .hasMessageContaining(", found 12 with ");
        assertThatThrownBy(() -> sealOf(new byte[40]))
                .hasMessage("expected a seal of 11 words at the end of a file, found 10");
    }

    private FileDigest send(PieceLink link, byte[] file) {
        try {
            return sender.send(link, 1, 0, out -> writeInParts(file, out));
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static PieceLink link(BlockingQueue<TensorLease> underWay, CompletableFuture<String> broken) {
        return new PieceLink() {
            @Override
            public void send(PieceKey key, TensorLease lease) {
                underWay.add(lease);
            }

            @Override
            public void requireWhole() throws IOException {
                if (broken.isDone()) {
                    throw new IOException(broken.join());
                }
            }

            @Override
            public void close() {}
        };
    }

    private static FileSeal sealOf(byte[] bytes) throws IOException {
        try (TensorPool pool = new TensorPool("seal", bytes.length, 1);
                TensorLease lease = pool.lease(DType.INT32, Shape.of(bytes.length / 4))) {
            lease.tensor().segment().copyFrom(MemorySegment.ofArray(bytes));
            return FileSeal.of(lease.tensor());
        }
    }

    private static void writeInParts(byte[] file, DigestChannel out) throws IOException {
        for (int at = 0; at < file.length; at += 100_003) {
            out.write(ByteBuffer.wrap(file, at, Math.min(100_003, file.length - at)));
        }
    }

    private static FileDigest digest(byte[] file) throws IOException {
        DigestChannel digest = DigestChannel.discarding();
        digest.write(ByteBuffer.wrap(file));
        return digest.digest();
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }
}
