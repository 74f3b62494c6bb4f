package io.ketju.actors.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
    @TempDir
    Path root;

    @Test
    void theManifestIsTheCommitPoint() throws IOException {
        try (TensorArena arena = new TensorArena(1 << 16)) {
            Shard shard = CheckpointStore.writeShard(folder(3), 0, tensors(arena, 3, "a"));
            assertThat(CheckpointReader.newestValid(root)).isEmpty();
            store().commit(3, List.of(shard));
            assertThat(CheckpointReader.newestValid(root).orElseThrow().step()).isEqualTo(3);
        }
    }

    @Test
    void keepsTheTwoNewest() throws IOException {
        for (long step : new long[] {1, 2, 3, 10}) {
            commit(step);
        }
        assertThat(CheckpointReader.committed(root).stream()
                        .map(Checkpoint::step)
                        .toList())
                .containsExactly(10L, 3L);
        assertThat(folder(1)).doesNotExist();
        assertThat(folder(2)).doesNotExist();
    }

    @Test
    void everyDamageToTheNewestFallsBackToTheOneBefore() throws IOException {
        commit(1);
        commit(2);
        for (String name : List.of("stage-0.safetensors", "stage-1.safetensors", Manifest.FILE)) {
            Path file = folder(2).resolve(name);
            byte[] whole = Files.readAllBytes(file);
            // Without its last line end a manifest is whole.
            int end = name.equals(Manifest.FILE) ? whole.length - 1 : whole.length;
            for (int length = 0; length < end; length += name.equals(Manifest.FILE) ? 29 : 1) {
                Files.write(file, java.util.Arrays.copyOf(whole, length));
                assertThat(newest()).as("%s cut to %d bytes", name, length).isEqualTo(1);
            }
            if (!name.equals(Manifest.FILE)) {
                for (int at = 0; at < whole.length; at++) {
                    byte[] flipped = whole.clone();
                    flipped[at] ^= (byte) (1 << at % 8);
                    Files.write(file, flipped);
                    assertThat(newest())
                            .as("%s, bit flipped in byte %d", name, at)
                            .isEqualTo(1);
                }
                Files.delete(file);
                assertThat(newest()).as("%s deleted", name).isEqualTo(1);
            }
            Files.write(file, whole);
            assertThat(newest()).isEqualTo(2);
        }
    }

    @Test
    void onlyDamagedOnesAreAnErrorThatNamesTheNewest() throws IOException {
        commit(1);
        commit(2);
        for (long step : new long[] {1, 2}) {
            Files.writeString(folder(step).resolve("stage-1.safetensors"), "x");
        }
        assertThatThrownBy(() -> CheckpointReader.newestValid(root))
                .isInstanceOf(DamagedCheckpointException.class)
                .hasMessageContaining("step-000000002")
                .hasMessageContaining("damaged: expected")
                .hasMessageContaining("found 1");
    }

    @Test
    void aCheckpointOfTwoStagesLoadsIntoAnyNumber() throws IOException {
        commit(5);
        try (TensorArena arena = new TensorArena(1 << 16)) {
            Map<String, Tensor> one = new LinkedHashMap<>();
            one.putAll(tensors(arena, 0, "b"));
            one.putAll(tensors(arena, 0, "a"));
            CheckpointReader.load(folder(5), one);
            assertThat(one.values())
                    .allSatisfy(tensor -> assertThat(tensor.toFloats()).containsOnly(5));
            Map<String, Tensor> unknown = tensors(arena, 0, "c");
            assertThatThrownBy(() -> CheckpointReader.load(folder(5), unknown))
                    .isInstanceOf(DamagedCheckpointException.class)
                    .hasMessageContaining("no tensor 'c'");
        }
    }

    @Test
    void aFolderOfARunIsNewOrARun() throws IOException {
        Path run = root.resolve("runs").resolve("one");
        RunDirectory made = RunDirectory.create(run, "name = x\n");
        assertThat(made.newest()).isEmpty();
        assertThat(made.nextIncarnation()).isEqualTo(1);
        assertThat(RunDirectory.open(run).nextIncarnation()).isEqualTo(2);
        assertThat(Files.readString(made.jobFile())).isEqualTo("name = x\n");
        assertThatThrownBy(() -> RunDirectory.create(run, ""))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("expected an empty or absent folder, found files")
                .hasMessageContaining("--resume");
        assertThatThrownBy(() -> RunDirectory.create(made.jobFile(), ""))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("expected a folder, found a file");
        assertThatThrownBy(() -> RunDirectory.create(made.jobFile().resolve("below"), ""))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("is not a folder that may be written to");
        assertThatThrownBy(() -> RunDirectory.open(root))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("not a run");
        assertThatThrownBy(() -> RunDirectory.open(root.resolve("absent")))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("no such folder");
        Files.writeString(run.resolve("incarnation"), "many");
        assertThatThrownBy(made::nextIncarnation)
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("expected a whole number");
    }

    private long newest() throws IOException {
        return CheckpointReader.newestValid(root).orElseThrow().step();
    }

    private CheckpointStore store() {
        return new CheckpointStore(root, 1, "abc", "def");
    }

    private Path folder(long step) {
        return CheckpointStore.directory(root, step);
    }

    private void commit(long step) throws IOException {
        try (TensorArena arena = new TensorArena(1 << 16)) {
            List<Shard> shards = new ArrayList<>();
            shards.add(CheckpointStore.writeShard(folder(step), 0, tensors(arena, (float) step, "a")));
            shards.add(CheckpointStore.writeShard(folder(step), 1, tensors(arena, (float) step, "b")));
            store().commit(step, shards);
        }
    }

    private static Map<String, Tensor> tensors(TensorArena arena, float value, String... names) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : names) {
            Tensor tensor = arena.allocate(Shape.of(2, 3));
            tensor.copyFrom(new float[] {value, value, value, value, value, value});
            tensors.put(name, tensor);
        }
        return tensors;
    }
}
