package io.ketju.data.safetensors;

import io.ketju.data.file.DurableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes tensors into a folder as {@code model.safetensors}, or, where they are larger than a file may be, as several files and
 * their {@link ShardIndex}, which is written last. A tensor is never cut: one that is larger has a file of its own.
 */
public final class ShardedWriter {
    private static final String WHOLE = "model.safetensors";

    private ShardedWriter() {}

    /**
     * Writes the files; those of the same names are replaced.
     *
     * @param folder made if it is not there
     * @param tensors in the order that they get; the memory is only read
     * @param mostBytes elements of a file, in bytes
     * @param metadata free text for each file, in its iteration order
     * @return what was written, the index last
     * @throws IllegalArgumentException if a name cannot be one
     * @throws IOException if a file cannot be written; those before it are then new
     */
    public static List<Path> write(Path folder, List<NamedTensor> tensors, long mostBytes, Map<String, String> metadata)
            throws IOException {
        Files.createDirectories(folder);
        List<List<NamedTensor>> shards = cut(tensors, mostBytes);
        List<Path> written = new ArrayList<>();
        Map<String, String> places = new LinkedHashMap<>();
        for (int i = 0; i < shards.size(); i++) {
            String name = shards.size() == 1
                    ? WHOLE
                    : String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
            List<NamedTensor> shard = shards.get(i);
            DurableFile.write(folder.resolve(name), out -> SafeTensorsWriter.write(out, shard, metadata));
            shard.forEach(tensor -> places.put(tensor.name(), name));
            written.add(folder.resolve(name));
        }
        if (shards.size() > 1) {
            long total = tensors.stream()
                    .mapToLong(tensor -> tensor.tensor().shape().bytes())
                    .sum();
            ByteBuffer index = ByteBuffer.wrap(new ShardIndex(total, places).toJson());
            Path file = folder.resolve(ShardIndex.FILE);
            DurableFile.write(file, out -> {
                while (index.hasRemaining()) {
                    out.write(index);
                }
            });
            written.add(file);
        }
        return List.copyOf(written);
    }

    /** In their order, as many in each file as fit. */
    private static List<List<NamedTensor>> cut(List<NamedTensor> tensors, long mostBytes) {
        List<List<NamedTensor>> shards = new ArrayList<>();
        List<NamedTensor> shard = new ArrayList<>();
        long bytes = 0;
        for (NamedTensor tensor : tensors) {
            long size = tensor.tensor().shape().bytes();
            if (!shard.isEmpty() && bytes + size > mostBytes) {
                shards.add(shard);
                shard = new ArrayList<>();
                bytes = 0;
            }
            shard.add(tensor);
            bytes += size;
        }
        shards.add(shard);
        return shards;
    }
}
