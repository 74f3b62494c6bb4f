package io.ketju.actors.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.checkpoint.DamagedCheckpointException;
import io.ketju.actors.piece.PieceKey;
import io.ketju.actors.piece.PieceNews;
import io.ketju.actors.piece.PieceQueue;
import io.ketju.actors.piece.PieceSender;
import io.ketju.actors.piece.RecordedPieces;
import io.ketju.data.safetensors.NamedTensor;
import io.ketju.data.safetensors.SafeTensorsWriter;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.memory.TensorPool;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a stage starts from, sent by a real sender, taken on several threads: whole, or not at all. */
@Timeout(60)
class StateArrivalTest {
    private final TensorArena arena = new TensorArena(8 << 20);
    private final TensorPool buffers = new TensorPool("arrivals", PieceSender.BYTES, 64);
    private final PieceSender sender = new PieceSender();
    private final RecordedPieces way = new RecordedPieces();
    private final PieceQueue queue = new PieceQueue();
    private final ExecutorService threads = Executors.newFixedThreadPool(3);
    private final Random random = new Random(5);

    @AfterEach
    void close() throws InterruptedException {
        queue.end();
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(buffers.outstanding()).isZero();
        buffers.close();
        sender.close();
        arena.close();
    }

    @Test
    void theFilesOfSeveralStagesFillOne() throws Exception {
        Tensor a = random(300_000);
        Tensor b = random(7);
        Tensor c = random(200_000);
        send(1, Map.of("of.another", random(90_000), "a", a));
        send(0, Map.of("b", b, "c", c));
        Map<String, Tensor> wanted = wanted(Map.of("a", a, "b", b, "c", c));

        arrive(wanted).whole().get(30, TimeUnit.SECONDS);
        assertSame(of(wanted, "a"), a);
        assertSame(of(wanted, "b"), b);
        assertSame(of(wanted, "c"), c);
    }

    @Test
    void aBitThatFlipsIsNoticed() throws IOException {
        Tensor a = random(100_000);
        send(0, Map.of("a", a));
        for (int piece = 0; piece < way.sent().size(); piece++) {
            byte[] bytes = way.sent().get(piece).bytes();
            bytes[bytes.length / 2] ^= 4;
            assertFails(wanted(Map.of("a", a)), "what stage 3 starts from: expected ");
            bytes[bytes.length / 2] ^= 4;
        }
    }

    @Test
    void aPieceThatIsMissingIsNoticed() throws IOException {
        send(0, Map.of("a", random(200_000)));
        way.sent().remove(1);
        assertFails(wanted(Map.of("a", random(200_000))), "expected piece 1 of file 0, found piece 2 of file 0");
    }

    @Test
    void aConnectionThatIsCutIsNoticed() throws IOException {
        send(0, Map.of("a", random(200_000)));
        way.sent().removeLast();
        StateArrival arrival = arrive(wanted(Map.of("a", random(200_000))));
        assertThat(arrival.whole()).isNotDone();
        queue.add(new PieceNews.Ended(3, Optional.of("cut")));
        assertThatThrownBy(() -> arrival.whole().get(30, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(DamagedCheckpointException.class)
                .hasMessageContaining("what stage 3 starts from: cut");
    }

    @Test
    void aTensorThatNoFileHasAndOneOfAnotherShapeAreNamed() throws IOException {
        send(0, Map.of("a", random(10)));
        assertFails(
                wanted(Map.of("a", random(10), "z", random(3))), "no tensor 'z'; the checkpoint is of another model");
        assertFails(wanted(Map.of("a", random(11))), "tensor 'a': expected ");
    }

    /** Once it is released the memory may be gone. */
    @Test
    void nothingIsWrittenAfterTheRelease() throws IOException {
        Tensor a = random(10);
        send(0, Map.of("a", a));
        Map<String, Tensor> wanted = wanted(Map.of("a", a));
        StateArrival arrival = new StateArrival(3, wanted, queue, threads);
        arrival.release();
        way.bring(3, queue, buffers);
        assertThat(arrival.whole()).isNotDone();
        assertThat(of(wanted, "a").getFloat(0)).isZero();
    }

    private void assertFails(Map<String, Tensor> wanted, String message) {
        PieceQueue own = new PieceQueue();
        StateArrival arrival = new StateArrival(3, wanted, own, threads);
        way.bring(3, own, buffers);
        assertThatThrownBy(() -> arrival.whole().get(30, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(DamagedCheckpointException.class)
                .hasMessageContaining(message);
        arrival.release();
    }

    private StateArrival arrive(Map<String, Tensor> wanted) {
        StateArrival arrival = new StateArrival(3, wanted, queue, threads);
        way.bring(3, queue, buffers);
        return arrival;
    }

    private void send(int behind, Map<String, Tensor> tensors) throws IOException {
        List<NamedTensor> named = tensors.entrySet().stream()
                .map(entry -> new NamedTensor(entry.getKey(), entry.getValue()))
                .toList();
        long file = way.sent().stream()
                .map(RecordedPieces.Piece::key)
                .filter(PieceKey::seal)
                .count();
        sender.send(way, file, behind, out -> SafeTensorsWriter.write(out, named, Map.of("k", "v")));
    }

    private Map<String, Tensor> wanted(Map<String, Tensor> like) {
        Map<String, Tensor> wanted = new LinkedHashMap<>();
        like.forEach((name, tensor) -> wanted.put(name, arena.allocate(tensor.shape())));
        return wanted;
    }

    private Tensor random(int elements) {
        Tensor tensor = arena.allocate(Shape.of(elements));
        for (int i = 0; i < elements; i++) {
            tensor.setFloat(i, random.nextFloat() + 1);
        }
        return tensor;
    }

    private static Tensor of(Map<String, Tensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name));
    }

    private static void assertSame(Tensor found, Tensor expected) {
        assertThat(found.segment().mismatch(expected.segment())).isEqualTo(-1);
    }
}
