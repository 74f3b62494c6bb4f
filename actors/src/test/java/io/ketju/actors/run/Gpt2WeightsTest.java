package io.ketju.actors.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.actors.job.ModelSource;
import io.ketju.data.BadDataException;
import io.ketju.data.safetensors.Gpt2Weights;
import io.ketju.data.safetensors.NamedTensor;
import io.ketju.data.safetensors.SafeTensorsReader;
import io.ketju.data.safetensors.SafeTensorsWriter;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.zoo.Models;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A GPT-2 under Hugging Face's names gives the logits of its formulas: see {@code src/test/golden/gpt2.py}. */
class Gpt2WeightsTest {
    private static final double TOLERANCE = 2e-6;
    private static final Shape TOKENS = Shape.of(2, 6);
    private static final int VOCABULARY = 13;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givesTheSameLogits(boolean tied) throws IOException {
        Path file = folder.resolve("gpt.safetensors");
        Gpt2Weights.convert(tied ? golden("gpt2") : withHead("lm_head.weight"), file);
        String model = "gpt(13, 6, layers=2, heads=2, width=8, tied=" + tied + ")";
        requireLogits(model, file, tied ? "tied" : "untied");
    }

    /** Files of the body alone have no common name in front; a last weight that is the embedding's is none. */
    @Test
    void theBodyAloneAndATiedLastWeightAreTakenToo() throws IOException {
        Path file = folder.resolve("gpt.safetensors");
        Gpt2Weights.convert(withHead("transformer.wte.weight"), file);
        requireLogits("gpt(13, 6, layers=2, heads=2, width=8)", file, "tied");
    }

    @Test
    void otherWeightsAreRefused() {
        assertThatThrownBy(() -> Gpt2Weights.convert(golden("gpt2-logits"), folder.resolve("x")))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(
                        "gpt2-logits.safetensors: expected weights of a GPT-2, with transformer.wte.weight,"
                                + " found [");
    }

    private void requireLogits(String model, Path weights, String golden) {
        try (TrainedModel loaded = SavedModels.weights(
                        new ModelSource(model, Models.named(model)), new CrossEntropyLoss(), weights);
                SafeTensorsReader reader = SafeTensorsReader.open(golden("gpt2-logits"));
                TensorArena arena = new TensorArena(1 << 12)) {
            Tensor tokens = arena.allocate(DType.INT32, TOKENS);
            reader.read("tokens", tokens);
            Tensor expected = arena.allocate(Shape.of(2, 6, VOCABULARY));
            reader.read(golden, expected);
            int[] values = new int[TOKENS.elements()];
            Arrays.setAll(values, tokens::getInt);
            float[] logits = loaded.outputs(Map.of("input", TensorValues.of(values, TOKENS.toArray())))
                    .firstEntry()
                    .getValue()
                    .floats();
            assertThat(logits).hasSize(expected.elements());
            for (int i = 0; i < logits.length; i++) {
                assertThat((double) logits[i]).as("logit %d", i).isCloseTo(expected.getFloat(i), within(TOLERANCE));
            }
        }
    }

    /** The golden weights without the name in front, and with a last weight: that of the logits' file, or another again. */
    private Path withHead(String head) throws IOException {
        Path file = folder.resolve("other.safetensors");
        try (SafeTensorsReader weights = SafeTensorsReader.open(golden("gpt2"));
                SafeTensorsReader logits = SafeTensorsReader.open(golden("gpt2-logits"));
                TensorArena arena = new TensorArena(1 << 16);
                FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            List<NamedTensor> tensors = new ArrayList<>();
            weights.entries().forEach(entry -> {
                Tensor tensor = arena.allocate(entry.shape());
                weights.read(entry.name(), tensor);
                tensors.add(new NamedTensor(entry.name().replace("transformer.", ""), tensor));
            });
            Tensor last = arena.allocate(Shape.of(VOCABULARY, 8));
            (head.startsWith("lm_head") ? logits : weights).read(head, last);
            tensors.add(new NamedTensor("lm_head.weight", last));
            SafeTensorsWriter.write(out, tensors, Map.of());
        }
        return file;
    }

    private static Path golden(String name) {
        URL url = Objects.requireNonNull(Gpt2WeightsTest.class.getResource("/golden/" + name + ".safetensors"), name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
