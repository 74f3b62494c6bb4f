package io.ketju.actors.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.CheckpointReader;
import io.ketju.actors.checkpoint.CheckpointStore;
import io.ketju.actors.checkpoint.Manifest;
import io.ketju.actors.checkpoint.RunCopy;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.piece.PieceSender;
import io.ketju.actors.piece.RecordedPieces;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sent of a run's folder, and what becomes of it in the copy. */
class ShipmentTest {
    private static final long SEED = 1;

    @TempDir
    private Path folder;

    private KeptRun run;
    private Path path;
    private RunCopy copy;

    @BeforeEach
    void open() {
        run = KeptRun.started(folder.resolve("run"));
        path = folder.resolve("copy").resolve("run");
        copy = RunCopy.open(path);
    }

    @AfterEach
    void close() {
        copy.close();
        run.close();
    }

    private static RecordedPieces sent(Shipment shipment) throws IOException {
        RecordedPieces way = new RecordedPieces();
        try (PieceSender sender = new PieceSender()) {
            assertThat(shipment.send(way, sender, 0))
                    .isEqualTo(1 + shipment.parcel().files().size());
        }
        return way;
    }

    /** What comes of these pieces: the parcel with the last, if it is whole. */
    private Optional<Parcel> take(List<RecordedPieces.Piece> pieces) throws IOException {
        Optional<Parcel> whole = Optional.empty();
        try (ParcelTaker taker = new ParcelTaker(copy);
                TensorPool pool = new TensorPool("pieces", PieceSender.BYTES, 1)) {
            for (RecordedPieces.Piece piece : pieces) {
                assertThat(whole).isEmpty();
                try (TensorLease lease = pool.lease(DType.INT32, Shape.of(piece.bytes().length / Integer.BYTES))) {
                    lease.tensor().segment().copyFrom(MemorySegment.ofArray(piece.bytes()));
                    whole = taker.take(piece.key(), lease.tensor());
                }
            }
        }
        return whole;
    }

    private void arrive(long step, int kept) throws IOException {
        Shipment shipment = run.shipment(step, kept);
        assertThat(take(sent(shipment).sent())).contains(shipment.parcel());
    }

    private List<Long> steps() throws IOException {
        return CheckpointReader.committed(path.resolve("checkpoints")).stream()
                .map(Checkpoint::step)
                .toList();
    }

    private List<Path> unfinished() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(file -> file.toString().endsWith(".tmp")).toList();
        }
    }

    @Test
    void aCheckpointIsThereWithAllItsBytes() throws IOException {
        Files.writeString(run.path().resolve("metrics.csv"), "step,loss\n1,0.5\n2");
        arrive(7, 2);
        assertThat(path.resolve("job.conf")).content().isEqualTo(KeptRun.JOB);
        assertThat(path.resolve("metrics.csv")).content().isEqualTo("step,loss\n1,0.5\n2");
        Path checkpoint = CheckpointStore.directory(path.resolve("checkpoints"), 7);
        assertThat(CheckpointReader.verify(checkpoint)).isEqualTo(run.manifest(7));
        assertThat(RunCopy.starts(path)).isEqualTo(1);
    }

    @Test
    void olderOnesGoAsTheRunSays() throws IOException {
        for (long step = 1; step <= 5; step++) {
            arrive(step, 3);
        }
        assertThat(steps()).containsExactly(5L, 4L, 3L);
        arrive(6, 1);
        assertThat(steps()).containsExactly(6L);
    }

    /** In every piece, one byte: nothing of that counts, and what was there before is. */
    @Test
    void whatIsChangedOnTheWayIsNoCheckpoint() throws IOException {
        arrive(1, 2);
        SplittableRandom random = new SplittableRandom(SEED);
        int pieces = sent(run.shipment(2, 2)).sent().size();
        for (int i = 0; i < pieces; i++) {
            List<RecordedPieces.Piece> sent = sent(run.shipment(2, 2)).sent();
            byte[] bytes = sent.get(i).bytes();
            int at = random.nextInt(bytes.length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> take(sent))
                    .as("seed %d: byte %d of piece %d", SEED, at, i)
                    .isInstanceOf(IOException.class);
            assertThat(steps()).containsExactly(1L);
            assertThat(unfinished()).isEmpty();
        }
    }

    @Test
    void whatIsCutIsNoCheckpointAndCanBeSentAgain() throws IOException {
        arrive(1, 2);
        List<RecordedPieces.Piece> sent = sent(run.shipment(2, 2)).sent();
        for (int i = 0; i < sent.size(); i++) {
            assertThat(take(sent.subList(0, i))).isEmpty();
            assertThat(steps()).containsExactly(1L);
            assertThat(unfinished()).isEmpty();
        }
        assertThat(take(sent)).isPresent();
        assertThat(steps()).containsExactly(2L, 1L);
    }

    @Test
    void aFileThatIsDamagedIsNotSent() throws IOException {
        Shipment shipment = run.shipment(2, 2);
        Path shard = run.path().resolve(shipment.parcel().files().get(1).name());
        byte[] bytes = Files.readAllBytes(shard);
        bytes[bytes.length - 1] ^= 1;
        Files.write(shard, bytes);
        assertThatThrownBy(() -> sent(shipment)).isInstanceOf(IOException.class).hasMessageContaining("damaged");
    }

    @Test
    void anEarlierStartIsNotFollowed() throws IOException {
        take(sent(Shipment.start(run.path(), 4, 2)).sent());
        assertThat(RunCopy.starts(path)).isEqualTo(4);
        assertThatThrownBy(() -> take(sent(run.shipment(1, 2)).sent()))
                .hasMessageContaining("has start 4 of the run, which its driver, with start 1, does not know of");
        assertThat(steps()).isEmpty();
    }

    /** Whoever goes on from a copy has a number of starts that nobody had before. */
    @Test
    void theFirstStartMakesItARunLikeAnyOther() throws IOException {
        arrive(3, 2);
        assertThat(RunCopy.is(path)).isTrue();
        RunDirectory held = copy.takeOver();
        assertThat(held.nextIncarnation()).isEqualTo(2);
        assertThat(RunCopy.is(path)).isFalse();
        assertThat(held.newest().orElseThrow().step()).isEqualTo(3);
    }

    @Test
    void anotherProcessHasNoUseOfTheFolderMeanwhile() {
        assertThatThrownBy(() -> RunCopy.open(path))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("is in use");
        copy.close();
        RunCopy.open(path).close();
        assertThatThrownBy(() -> RunCopy.open(run.path()))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("is in use");
    }

    /** By which who stands by knows whether the folder is the driver's; whoever asks must not shake the lock. */
    @Test
    void aFolderIsKnownByWhoHoldsIt() throws IOException {
        String holder = RunCopy.holder(run.directory());
        assertThat(RunCopy.isHeldBy(folder.resolve("none"), holder)).isFalse();
        assertThatThrownBy(() -> RunCopy.isHeldBy(run.path(), holder)).hasMessageContaining("in use by this process");
        run.close();
        assertThat(RunCopy.isHeldBy(run.path(), holder)).isTrue();
        copy.close();
        assertThat(RunCopy.isHeldBy(path, holder)).isFalse();
    }

    @Test
    void aParcelReadsBack() throws IOException {
        for (Parcel parcel : List.of(
                run.shipment(12, 3).parcel(), Shipment.start(run.path(), 9, 2).parcel())) {
            assertThat(Parcel.parse(parcel.text() + "   ")).isEqualTo(parcel);
        }
    }

    @Test
    void namesOutsideOfTheFolderAreRefused() {
        String sha = "00".repeat(32);
        for (String name : List.of(
                "../job.conf", "/etc/passwd", "lock", "incarnation", "checkpoints/step-000000001/../../lock", "copy")) {
            assertThatThrownBy(() -> new Parcel.Item(name, 1, sha))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        Parcel.Item manifest = new Parcel.Item("checkpoints/step-000000001/" + Manifest.FILE, 1, sha);
        Parcel.Item job = new Parcel.Item("job.conf", 1, sha);
        assertThatThrownBy(() -> new Parcel(1, 2, OptionalLong.of(1), List.of(manifest, job)))
                .isInstanceOf(IllegalArgumentException.class);
        for (String text : List.of("", "parcel", "parcel of start 0, 2 checkpoints are kept", "1 2 3")) {
            assertThatThrownBy(() -> Parcel.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
