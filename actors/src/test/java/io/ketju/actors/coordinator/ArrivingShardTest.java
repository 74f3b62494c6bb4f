package io.ketju.actors.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.checkpoint.CheckpointStore;
import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.piece.BrokenFileException;
import io.ketju.actors.piece.PieceSender;
import io.ketju.actors.piece.RecordedPieces;
import io.ketju.data.file.DurableFile;
import io.ketju.data.safetensors.NamedTensor;
import io.ketju.data.safetensors.SafeTensorsWriter;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shard that comes in pieces is the file that a stage would have written, or no file at all. */
class ArrivingShardTest {
    private static final long STEP = 40;
    private static final int ELEMENTS = 200_000;

    @TempDir
    private Path run;

    private final RecordedPieces way = new RecordedPieces();
    private Shard expected = new Shard("", 0, "");

    @BeforeEach
    void send() throws IOException {
        startAs(run, 1);
        Path elsewhere = run.resolve("elsewhere");
        DurableFile.makeFolders(elsewhere);
        startAs(elsewhere, 1);
        try (TensorArena arena = new TensorArena(1 << 20);
                PieceSender sender = new PieceSender()) {
            Tensor tensor = arena.allocate(Shape.of(ELEMENTS));
            for (int i = 0; i < ELEMENTS; i++) {
                tensor.setFloat(i, i * 0.37f);
            }
            expected = CheckpointStore.writeShard(
                    CheckpointStore.directory(elsewhere.resolve("checkpoints"), STEP), 1, 2, Map.of("w", tensor));
            sender.send(
                    way, STEP, 0, out -> SafeTensorsWriter.write(out, List.of(new NamedTensor("w", tensor)), Map.of()));
        }
    }

    @Test
    void itIsTheFileThatTheStageWouldHaveWritten() throws IOException {
        try (ArrivingShard shard = shard(1 << 20)) {
            assertThat(take(shard)).contains(expected);
        }
        Path file = CheckpointStore.directory(run.resolve("checkpoints"), STEP).resolve(expected.file());
        assertThat(Files.mismatch(
                        file,
                        CheckpointStore.directory(run.resolve("elsewhere").resolve("checkpoints"), STEP)
                                .resolve(expected.file())))
                .isEqualTo(-1);
    }

    @Test
    void whatIsDamagedOnItsWayLeavesNoFile() throws IOException {
        for (RecordedPieces.Piece piece : List.copyOf(way.sent())) {
            piece.bytes()[5] ^= 1;
            try (ArrivingShard shard = shard(1 << 20)) {
                assertThatThrownBy(() -> take(shard)).isInstanceOf(BrokenFileException.class);
            }
            piece.bytes()[5] ^= 1;
        }
        assertNothingIsLeft();
    }

    @Test
    void whatIsCutLeavesNoFile() throws IOException {
        while (!way.sent().isEmpty()) {
            way.sent().removeLast();
            try (ArrivingShard shard = shard(1 << 20)) {
                assertThat(take(shard)).isEmpty();
            }
        }
        assertNothingIsLeft();
    }

    @Test
    void aPieceThatIsMissingOrComesTwiceLeavesNoFile() throws IOException {
        RecordedPieces.Piece second = way.sent().remove(1);
        try (ArrivingShard shard = shard(1 << 20)) {
            assertThatThrownBy(() -> take(shard)).hasMessage("expected piece 1 of file 40, found piece 2 of file 40");
        }
        way.sent().add(1, second);
        way.sent().add(1, second);
        try (ArrivingShard shard = shard(1 << 20)) {
            assertThatThrownBy(() -> take(shard)).hasMessage("expected piece 2 of file 40, found piece 1 of file 40");
        }
        assertNothingIsLeft();
    }

    @Test
    void moreThanThePlanHasIsNotTaken() throws IOException {
        try (ArrivingShard shard = shard(4 * ELEMENTS)) {
            assertThatThrownBy(() -> take(shard))
                    .isInstanceOf(BrokenFileException.class)
                    .hasMessage("expected a shard of at most 800000 bytes, found more");
        }
        assertNothingIsLeft();
    }

    /** The run was started again while it came. */
    @Test
    void aStartThatWasSupersededWritesNothing() throws IOException {
        try (ArrivingShard shard = shard(1 << 20)) {
            startAs(run, 2);
            assertThatThrownBy(() -> take(shard)).hasMessageContaining("was superseded by start 2");
        }
        assertThatThrownBy(() -> shard(1 << 20)).hasMessageContaining("was superseded by start 2");
        assertNothingIsLeft();
    }

    private ArrivingShard shard(long mostBytes) throws IOException {
        return new ArrivingShard(run.resolve("checkpoints"), 1, 2, STEP, mostBytes);
    }

    private Optional<Shard> take(ArrivingShard shard) throws IOException {
        Optional<Shard> whole = Optional.empty();
        try (TensorPool pool = new TensorPool("arrivals", PieceSender.BYTES, 1)) {
            for (RecordedPieces.Piece piece : way.sent()) {
                try (TensorLease lease = pool.lease(DType.INT32, Shape.of(piece.bytes().length / 4))) {
                    lease.tensor().segment().copyFrom(MemorySegment.ofArray(piece.bytes()));
                    whole = shard.take(piece.key(), lease.tensor());
                }
            }
        }
        return whole;
    }

    private void assertNothingIsLeft() throws IOException {
        try (Stream<Path> all = Files.list(CheckpointStore.directory(run.resolve("checkpoints"), STEP))) {
            assertThat(all).isEmpty();
        }
    }

    private static void startAs(Path folder, int incarnation) throws IOException {
        ByteBuffer number = ByteBuffer.wrap((incarnation + "\n").getBytes(StandardCharsets.UTF_8));
        DurableFile.write(folder.resolve("incarnation"), out -> out.write(number));
    }
}
