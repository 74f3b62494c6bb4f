package io.ketju.actors.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
    @TempDir
    Path folder;

    private SmallRun run;

    @BeforeEach
    void start() throws IOException {
        run = SmallRun.started(folder);
    }

    @Test
    void theManifestIsTheCommitPoint() throws IOException {
        List<Shard> shards = run.shards(3, 1);
        assertThat(CheckpointReader.newestValid(run.root())).isEmpty();
        run.store(1).commit(3, shards);
        assertThat(run.newest()).isEqualTo(3);
    }

    @Test
    void keepsTheTwoNewest() throws IOException {
        run.commit(1, 2, 3, 10);
        assertThat(committed()).containsExactly(10L, 3L);
        assertThat(run.folder(1)).doesNotExist();
        assertThat(run.folder(2)).doesNotExist();
    }

    @Test
    void keepsAsManyAsItIsTold() throws IOException {
        for (long step = 1; step <= 5; step++) {
            run.keeping(3).commit(step, run.shards(step, 1));
        }
        assertThat(committed()).containsExactly(5L, 4L, 3L);
        run.keeping(1).commit(6, run.shards(6, 1));
        assertThat(committed()).containsExactly(6L);
        assertThatThrownBy(() -> run.keeping(0)).hasMessage("expected at least 1 checkpoint to be kept, found 0");
    }

    /** One alone is kept, and it cannot be read back: the one before is still there. */
    @Test
    void theLastSoundOneIsNotDeletedForOneThatIsNot() throws IOException {
        run.keeping(1).commit(1, run.shards(1, 1));
        List<Shard> shards = run.shards(2, 1);
        Files.writeString(run.shard(2, 0, 1), "torn");
        assertThatThrownBy(() -> run.keeping(1).commit(2, shards)).isInstanceOf(DamagedCheckpointException.class);
        assertThat(run.newest()).isEqualTo(1);
    }

    /** A run that was killed while it wrote, and went on, comes to the same folder again. */
    @Test
    void whatAKilledRunWasWritingGoesWithTheNextCommit() throws IOException {
        Path begun = Files.createDirectories(run.folder(2)).resolve(".stage-0.incarnation-0.safetensors.0.tmp");
        Files.writeString(begun, "half a shar");
        Path mine = Files.writeString(run.folder(2).resolve(".note.tmp"), "not one of ours");
        run.commit(1);
        assertThat(begun).as("of a step that nobody has committed").exists();
        run.commit(2);
        assertThat(begun).doesNotExist();
        assertThat(mine).exists();
    }

    @Test
    void whatCannotBeReadOrRemovedStaysAndFailsNoCommit() throws IOException {
        run.commit(1, 2);
        Files.writeString(run.manifest(1), "{ \"format\" : 2,");
        Path stray = Files.createDirectories(run.root().resolve("stray"));
        Files.writeString(stray.resolve(Manifest.FILE), "no manifest");
        Path odd = Files.createDirectories(run.root().resolve("step-000000000"));
        Files.createDirectory(odd.resolve(Manifest.FILE));
        Path inTheWay = Files.createDirectories(run.folder(2).resolve("mine"));
        Files.writeString(inTheWay.resolve("note"), "keep this");
        Files.writeString(run.root().resolve("step-000000007"), "a file");

        run.commit(3, 4, 5);

        assertThat(committed()).containsExactly(5L, 4L);
        assertThat(run.folder(3)).doesNotExist();
        assertThat(run.manifest(1)).exists();
        assertThat(stray.resolve(Manifest.FILE)).exists();
        assertThat(odd).exists();
        assertThat(inTheWay.resolve("note")).exists();
    }

    /** A newer one that was refused when the run was resumed must not push a sound one out. */
    @Test
    void onlyWhatIsNotNewerCountsAsKept() throws IOException {
        run.commit(1, 2, 9);
        run.commit(3);
        assertThat(committed()).containsExactly(9L, 3L, 2L);
    }

    @Test
    void everyDamageToAShardFallsBackToTheOneBefore() throws IOException {
        run.commit(1, 2);
        for (int stage : new int[] {0, 1}) {
            Path file = run.shard(2, stage, 1);
            byte[] whole = Files.readAllBytes(file);
            for (int length = 0; length < whole.length; length++) {
                Files.write(file, java.util.Arrays.copyOf(whole, length));
                assertThat(run.newest()).as("%s cut to %d bytes", file, length).isEqualTo(1);
            }
            for (int at = 0; at < whole.length; at++) {
                byte[] flipped = whole.clone();
                flipped[at] ^= (byte) (1 << at % 8);
                Files.write(file, flipped);
                assertThat(run.newest())
                        .as("%s, bit flipped in byte %d", file, at)
                        .isEqualTo(1);
            }
            Files.delete(file);
            assertThat(run.newest()).as("%s deleted", file).isEqualTo(1);
            Files.createDirectory(file);
            assertThat(run.newest()).as("%s a folder", file).isEqualTo(1);
            Files.delete(file);
            Path aside = Files.write(folder.resolve("aside"), whole);
            Files.createSymbolicLink(file, aside);
            assertThat(run.newest()).as("%s a link", file).isEqualTo(1);
            Files.delete(file);
            Files.copy(run.shard(1, stage, 1), file);
            assertThat(run.newest()).as("%s of an older step", file).isEqualTo(1);
            Files.write(file, whole);
            assertThat(run.newest()).isEqualTo(2);
        }
    }

    @Test
    void onlyDamagedOnesAreAnErrorThatNamesTheNewest() throws IOException {
        run.commit(1, 2);
        for (long step : new long[] {1, 2}) {
            Files.writeString(run.shard(step, 1, 1), "x");
        }
        assertThatThrownBy(() -> CheckpointReader.newestValid(run.root()))
                .isInstanceOf(DamagedCheckpointException.class)
                .hasMessageContaining("step-000000002")
                .hasMessageContaining("damaged: expected")
                .hasMessageContaining("found 1");
    }

    @Test
    void aCheckpointOfTwoStagesLoadsIntoAnyNumber() throws IOException {
        run.commit(5);
        try (TensorArena arena = new TensorArena(1 << 16)) {
            Map<String, Tensor> one = new LinkedHashMap<>();
            one.putAll(SmallRun.tensors(arena, 0, "b"));
            one.putAll(SmallRun.tensors(arena, 0, "a"));
            CheckpointReader.load(run.folder(5), one);
            assertThat(one.values())
                    .allSatisfy(tensor -> assertThat(tensor.toFloats()).containsOnly(5));
            Map<String, Tensor> unknown = SmallRun.tensors(arena, 0, "c");
            assertThatThrownBy(() -> CheckpointReader.load(run.folder(5), unknown))
                    .isInstanceOf(DamagedCheckpointException.class)
                    .hasMessageContaining("no tensor 'c'");
        }
    }

    /** A process that was stopped, then superseded by a start that ran to the end, and that wakes now. */
    @Test
    void aStartThatWasSupersededWritesNothing() throws IOException {
        CheckpointStore first = run.store(1);
        first.commit(1, run.shards(1, 1));
        List<Shard> ready = run.shards(2, 1);
        Incarnation.ofRun(folder).write(2);
        run.store(2).commit(2, run.shards(2, 2));
        Map<Path, byte[]> finished = files();

        assertThatThrownBy(() -> first.commit(2, ready)).hasMessageContaining("number 1, was superseded by start 2");
        for (long step : new long[] {1, 2, 3}) {
            assertThatThrownBy(() -> run.shards(step, 1)).hasMessageContaining("number 1, was superseded by start 2");
        }

        assertThat(files().keySet()).isEqualTo(finished.keySet());
        assertThat(files()).allSatisfy((file, bytes) -> assertThat(bytes).isEqualTo(finished.get(file)));
        assertThat(CheckpointReader.newestValid(run.root())
                        .orElseThrow()
                        .manifest()
                        .incarnation())
                .isEqualTo(2);
    }

    /** The stop may come in the middle of a write: nothing is renamed to its name, no temporary file stays. */
    @Test
    void aStartThatIsSupersededDuringAWriteLeavesNothing() throws IOException {
        try (TensorArena arena = new TensorArena(1 << 16)) {
            Map<String, Tensor> tensors = SmallRun.tensors(arena, 1, "a");
            Map<String, Tensor> overtaken = new LinkedHashMap<>(tensors) {
                @Override
                public void forEach(java.util.function.BiConsumer<? super String, ? super Tensor> action) {
                    super.forEach(action);
                    start(2);
                }
            };
            assertThatThrownBy(() -> CheckpointStore.writeShard(run.folder(1), 1, 0, overtaken))
                    .hasMessageContaining("superseded by start 2");
            assertThat(run.folder(1)).isEmptyDirectory();
        }
    }

    @Test
    void aNumberThatWentBackStopsTheWriterToo() throws IOException {
        run.commit(1);
        start(2);
        List<Shard> shards = run.shards(2, 2);
        start(1);
        assertThatThrownBy(() -> run.store(2).commit(2, shards))
                .hasMessageContaining("expected 2")
                .hasMessageContaining("found 1");
        Files.delete(folder.resolve("incarnation"));
        assertThatThrownBy(() -> run.shards(3, 2)).hasMessageContaining("incarnation: cannot be read: no such file");
        assertThat(run.folder(3)).doesNotExist();
    }

    private void start(int incarnation) {
        try {
            Incarnation.ofRun(folder).write(incarnation);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private List<Long> committed() throws IOException {
        return CheckpointReader.committed(run.root()).stream()
                .map(Checkpoint::step)
                .toList();
    }

    private Map<Path, byte[]> files() throws IOException {
        Map<Path, byte[]> found = new LinkedHashMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                found.put(file, Files.readAllBytes(file));
            }
        }
        return found;
    }
}
