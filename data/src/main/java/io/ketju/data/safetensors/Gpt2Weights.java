package io.ketju.data.safetensors;

import io.ketju.data.BadDataException;
import io.ketju.data.file.DurableFile;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
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

    /** Throws {@link BadDataException} if the file has no such weights, or one of a type that is not read as float32. */
    public static void convert(Path from, Path to) {
        try (SafeTensorsReader reader = SafeTensorsReader.open(from)) {
            List<TensorEntry> entries = reader.entries().stream()
                    .filter(entry -> !MASK.matcher(entry.name()).matches())
                    .toList();
            if (entries.stream().noneMatch(entry -> whole(entry.name()).equals(EMBEDDING))) {
                throw BadDataException.of(
                        from.toString(),
                        "weights of a GPT-2, with " + EMBEDDING,
                        Excerpt.of(entries.stream().map(TensorEntry::name).toList()) + "");
            }
            long bytes = 2
                    * entries.stream()
                            .mapToLong(entry -> TensorArena.bytesFor(entry.shape()))
                            .sum();
            try (TensorArena arena = new TensorArena(bytes)) {
                List<NamedTensor> tensors = new ArrayList<>();
                for (TensorEntry entry : entries) {
                    Tensor tensor = arena.allocate(entry.shape());
                    reader.readFloats(entry.name(), tensor);
                    tensors.add(new NamedTensor(
                            renamed(whole(entry.name())), transposes(entry) ? transposed(tensor, arena) : tensor));
                }
                List<NamedTensor> kept = withoutTie(tensors);
                DurableFile.write(to, out -> SafeTensorsWriter.write(out, kept, Map.of("format", "pt")));
            }
        } catch (IOException e) {
            throw BadDataException.unwritable(to.toString(), e);
        }
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
