package io.ketju.data.safetensors;

import io.ketju.data.BadDataException;
import io.ketju.data.file.DurableFile;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Weights of a GPT-2 as Hugging Face's files name them, {@code transformer.h.0.attn.c_attn.weight} or without {@code transformer.}
 * in front, as the model of the zoo takes them: the projections of attention are called as in torch.nn.MultiheadAttention, and
 * weights of their Conv1D [in, out] are transposed to those of a linear layer [out, in]. Causal masks are left out, and so is a last
 * weight that is the embedding's.
 */
public final class Gpt2Weights {
    private static final String PREFIX = "transformer.";
    private static final String EMBEDDING = PREFIX + "wte.weight";
    private static final String HEAD = "lm_head.weight";
    private static final Pattern MASK = Pattern.compile(".*\\.attn\\.(masked_)?bias");
    private static final Pattern CONV1D = Pattern.compile(".*\\.(c_attn|c_proj|c_fc)\\.weight");

    private Gpt2Weights() {}

    /**
     * Writes such weights as the model of the zoo takes them, in one file. All are held in memory, twice.
     *
     * @param from a file, the index of several, or a model's folder
     * @param to the file to write, replaced if it is there
     * @throws BadDataException if there are no such weights, one is of a type that is not read as float32, or the file cannot be
     *     written
     */
    public static void convert(Path from, Path to) {
        List<Path> files = files(from);
        try (TensorArena arena = new TensorArena(bytes(files, from))) {
            List<NamedTensor> tensors = new ArrayList<>();
            for (Path file : files) {
                read(file, arena, tensors);
            }
            List<NamedTensor> kept = withoutTie(tensors);
            DurableFile.write(to, out -> SafeTensorsWriter.write(out, kept, Map.of("format", "pt")));
        } catch (IOException e) {
            throw BadDataException.unwritable(to.toString(), e);
        }
    }

    /** A file, those that an index names, or those of a model's folder. */
    private static List<Path> files(Path from) {
        Path index = ShardIndex.isIndex(from) ? from : from.resolve(ShardIndex.FILE);
        if (Files.exists(index)) {
            return ShardIndex.shards(index);
        }
        return List.of(Files.isDirectory(from) ? from.resolve("model.safetensors") : from);
    }

    private static List<TensorEntry> entries(SafeTensorsReader reader) {
        return reader.entries().stream()
                .filter(entry -> !MASK.matcher(entry.name()).matches())
                .toList();
    }

    /** What the tensors take, and those that they are transposed to; throws if they are none of a GPT-2. */
    private static long bytes(List<Path> files, Path from) {
        List<TensorEntry> all = new ArrayList<>();
        for (Path file : files) {
            try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
                all.addAll(entries(reader));
            }
        }
        if (all.stream().noneMatch(entry -> whole(entry.name()).equals(EMBEDDING))) {
            throw BadDataException.of(
                    from.toString(),
                    "weights of a GPT-2, with " + EMBEDDING,
                    Excerpt.of(all.stream().map(TensorEntry::name).toList()) + "");
        }
        return 2
                * all.stream()
                        .mapToLong(entry -> TensorArena.bytesFor(entry.shape()))
                        .sum();
    }

    private static void read(Path file, TensorArena arena, List<NamedTensor> tensors) {
        try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
            for (TensorEntry entry : entries(reader)) {
                Tensor tensor = arena.allocate(entry.shape());
                reader.readFloats(entry.name(), tensor);
                tensors.add(new NamedTensor(
                        renamed(whole(entry.name())), transposes(entry) ? transposed(tensor, arena) : tensor));
            }
        }
    }

    /**
     * Writes a folder as Hugging Face's libraries have it: {@code config.json}, and the weights in one file or in several with
     * their index.
     *
     * @param folder made if it is not there; files of the same names are replaced
     * @param config of the same model
     * @param weights of {@code gpt}, by its names
     * @param mostBytes of a file's weights
     * @return what was written
     * @throws IOException if a file cannot be written
     */
    public static List<Path> write(Path folder, Gpt2Config config, List<NamedTensor> weights, long mostBytes)
            throws IOException {
        long bytes = weights.stream()
                .mapToLong(weight -> TensorArena.bytesFor(weight.tensor().shape()))
                .sum();
        try (TensorArena arena = new TensorArena(bytes)) {
            List<NamedTensor> theirs = new ArrayList<>();
            for (NamedTensor weight : weights) {
                String name = theirName(weight.name());
                boolean turned = CONV1D.matcher(name).matches();
                theirs.add(new NamedTensor(name, turned ? transposed(weight.tensor(), arena) : weight.tensor()));
            }
            List<Path> written =
                    new ArrayList<>(ShardedWriter.write(folder, theirs, mostBytes, Map.of("format", "pt")));
            ByteBuffer json = ByteBuffer.wrap(config.toJson());
            written.add(folder.resolve(Gpt2Config.FILE));
            DurableFile.write(written.getLast(), out -> {
                while (json.hasRemaining()) {
                    out.write(json);
                }
            });
            return written;
        }
    }

    private static String theirName(String name) {
        return name.replace(".attn.in_proj_weight", ".attn.c_attn.weight")
                .replace(".attn.in_proj_bias", ".attn.c_attn.bias")
                .replace(".attn.out_proj.", ".attn.c_proj.");
    }

    private static String whole(String name) {
        return name.startsWith(PREFIX) || name.equals(HEAD) ? name : PREFIX + name;
    }

    private static String renamed(String name) {
        return name.replace(".attn.c_attn.weight", ".attn.in_proj_weight")
                .replace(".attn.c_attn.bias", ".attn.in_proj_bias")
                .replace(".attn.c_proj.", ".attn.out_proj.");
    }

    private static boolean transposes(TensorEntry entry) {
        return CONV1D.matcher(whole(entry.name())).matches() && entry.shape().rank() == 2;
    }

    private static Tensor transposed(Tensor tensor, TensorArena arena) {
        int rows = tensor.shape().dimension(0);
        int columns = tensor.shape().dimension(1);
        Tensor result = arena.allocate(Shape.of(columns, rows));
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                result.setFloat(j * rows + i, tensor.getFloat(i * columns + j));
            }
        }
        return result;
    }

    private static List<NamedTensor> withoutTie(List<NamedTensor> tensors) {
        Optional<float[]> embedding = values(tensors, EMBEDDING);
        Optional<float[]> head = values(tensors, HEAD);
        boolean tied = head.isPresent() && Arrays.equals(head.get(), embedding.orElseThrow());
        return tensors.stream()
                .filter(tensor -> !tied || !tensor.name().equals(HEAD))
                .toList();
    }

    private static Optional<float[]> values(List<NamedTensor> tensors, String name) {
        return tensors.stream()
                .filter(tensor -> tensor.name().equals(name))
                .map(tensor -> tensor.tensor().toFloats())
                .findFirst();
    }
}
