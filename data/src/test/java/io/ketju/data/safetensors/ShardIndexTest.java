package io.ketju.data.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several files with an index, as Hugging Face's libraries write them. */
class ShardIndexTest {
    private final TensorArena arena = new TensorArena(1 << 16);

    @TempDir
    private Path folder;

    @AfterEach
    void closeArena() {
        arena.close();
    }

    /** Of 8, 12 and 16 bytes. */
    private List<NamedTensor> tensors() {
        List<NamedTensor> tensors = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Tensor tensor = arena.allocate(Shape.of(2 + i));
            tensor.setFloat(1, 0.5f + i);
            tensors.add(new NamedTensor(i + ".weight", tensor));
        }
        return tensors;
    }

    @Test
    void tensorsAreCutIntoFilesThatAreNotTooLarge() throws IOException {
        List<Path> written = ShardedWriter.write(folder, tensors(), 20, Map.of("format", "pt"));
        assertThat(written)
                .extracting(file -> "" + file.getFileName())
                .containsExactly(
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json");
        assertThat(Files.readString(written.getLast()).replaceAll("\\s", ""))
                .isEqualTo("{\"metadata\":{\"total_size\":36},\"weight_map\":{"
                        + "\"0.weight\":\"model-00001-of-00002.safetensors\","
                        + "\"1.weight\":\"model-00001-of-00002.safetensors\","
                        + "\"2.weight\":\"model-00002-of-00002.safetensors\"}}");
        assertThat(ShardIndex.shards(written.getLast())).isEqualTo(written.subList(0, 2));
        try (SafeTensorsReader reader = SafeTensorsReader.open(written.get(1))) {
            Tensor read = arena.allocate(Shape.of(4));
            reader.read("2.weight", read);
            assertThat(read.toFloats()).containsExactly(0, 2.5f, 0, 0);
        }
        // A tensor is never cut, and where all fits there is no index.
        assertThat(ShardedWriter.write(folder.resolve("each"), tensors(), 1, Map.of()))
                .hasSize(4);
        assertThat(ShardedWriter.write(folder.resolve("one"), tensors(), 36, Map.of()))
                .containsExactly(folder.resolve("one/model.safetensors"));
    }

    @Test
    void anIndexThatDoesNotFitItsFilesIsRefused() throws IOException {
        Path index = ShardedWriter.write(folder, tensors(), 20, Map.of()).getLast();
        String text = Files.readString(index);
        requireRefused(index, text.replace("0.weight", "7.weight"), "expected tensor '0.weight' in model-00001-of");
        requireRefused(
                index,
                text.replace("\"2.weight\"", "\"3.weight\" : \"model-00001-of-00002.safetensors\", \"2.weight\""),
                "expected tensor '3.weight', found none of that name");
        requireRefused(index, text.replace("model-00002", "../model-00002"), "names of .safetensors files beside it");
        requireRefused(index, "{\"weight_map\":{}}", "an index of shards, with a weight_map");
        requireRefused(index, "{\"weight_map\":", "expected JSON");
        requireRefused(index, text.replace("model-00002-of-00002", "model-3"), "model-3.safetensors: cannot be read");
    }

    private static void requireRefused(Path index, String text, String line) throws IOException {
        Files.writeString(index, text);
        assertThatThrownBy(() -> ShardIndex.shards(index))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(line);
    }
}
