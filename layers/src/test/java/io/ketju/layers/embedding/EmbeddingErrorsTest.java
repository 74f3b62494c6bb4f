package io.ketju.layers.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.Layer;
import io.ketju.layers.catalogue.Layers;
import io.ketju.tensor.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the embeddings refuse, and how they say it. */
class EmbeddingErrorsTest {
    private static final String NO_MAX_NORM =
            "; forward does not change weights, which micro-batches in flight share: keep"
                    + " rows short by weight_decay, or normalize what is read of them";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EmbeddingBag(0, 5)|EmbeddingBag: argument 'num_embeddings': expected at least 1, found 0",
                "EmbeddingBag(5, 0)|EmbeddingBag: argument 'embedding_dim': expected at least 1, found 0",
                "EmbeddingBag(4, 5, padding_idx=4)|EmbeddingBag: argument 'padding_idx': expected a token from 0 to 3, found 4",
                "EmbeddingBag(4, 5, mode=min)|EmbeddingBag: argument 'mode': expected sum or mean or max, found 'min'",
                "EmbeddingBag(4, 5, scale_grad_by_freq=true)|EmbeddingBag: argument 'scale_grad_by_freq': expected false, found true; a micro-batch does not know how often tokens occur in the others",
                "SinusoidalPositions(5)|SinusoidalPositions: argument 'dim': expected an even number, found 5",
                "SinusoidalPositions(0)|SinusoidalPositions: argument 'dim': expected at least 1, found 0",
                "SinusoidalPositions(4, 1)|SinusoidalPositions: argument 'base': expected a number above 1, found 1.0",
                "RotaryPositionalEmbeddings(3)|RotaryPositionalEmbeddings: argument 'dim': expected an even number, found 3",
                "RotaryPositionalEmbeddings(4, base=-2)|RotaryPositionalEmbeddings: argument 'base': expected a number above 1, found -2.0",
                "RotaryPositionalEmbeddings(4, interleaved=half)|RotaryPositionalEmbeddings(4, interleaved=half): argument 'interleaved': expected true or false, found 'half'",
            })
    void arguments(String text, String message) {
        assertThatThrownBy(() -> Layers.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void normsAreNotBounded() {
        assertThatThrownBy(() -> Layers.parse("Embedding(4, 5, max_norm=1)"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Embedding: argument 'max_norm': expected None, found 1" + NO_MAX_NORM);
        assertThatThrownBy(() -> Layers.parse("EmbeddingBag(4, 5, 0.5)"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("EmbeddingBag: argument 'max_norm': expected None, found 0.5" + NO_MAX_NORM);
        assertThat(Layers.parse("Embedding(4, 5, 0, None)")).isEqualTo(new Embedding(4, 5).withPaddingIdx(0));
        assertThat(Layers.parse("EmbeddingBag(4, 5, None, 2, False, sum)"))
                .isEqualTo(new EmbeddingBag(4, 5, EmbeddingBag.Mode.SUM))
                .hasToString("EmbeddingBag(4, 5, mode=sum)");
    }

    @Test
    void inputs() {
        TensorType bags = TensorType.ints(2, 3);
        refuses("EmbeddingBag(9, 4)", "expected input [samples, tokens], found [6, 2, 2]", TensorType.ints(6, 2, 2));
        refuses(
                "EmbeddingBag(9, 4)",
                "expected tokens int32 [tokens] and offsets int32 [bags], found [int32[6]]",
                TensorType.ints(6));
        refuses(
                "EmbeddingBag(9, 4, mode=max, include_last_offset=true)",
                "expected tokens int32 [tokens] and offsets int32 [bags + 1], found [int32[6], int32[0]]",
                TensorType.ints(6),
                TensorType.ints(0));
        refuses(
                "EmbeddingBag(9, 4, mode=sum)",
                "expected a factor for each of the tokens [6], found float32[5]",
                TensorType.ints(6),
                TensorType.ints(2),
                TensorType.floats(5));
        refuses("EmbeddingBag(9, 4)", "expected input of type int32, found float32[2, 3]", TensorType.floats(2, 3));
        refuses(
                "EmbeddingBag(9, 4, mode=mean)",
                "expected 1 input, found 2 [int32[2, 3], float32[2, 3]]",
                bags,
                TensorType.floats(2, 3));
        refuses(
                "EmbeddingBag(9, 4, mode=sum)",
                "expected a factor for each of the tokens [2, 3], found float32[2, 4]",
                bags,
                TensorType.floats(2, 4));
        refuses(
                "SinusoidalPositions(4)",
                "expected input [samples, positions, 4], found [2, 3, 6]",
                TensorType.floats(2, 3, 6));
        refuses(
                "RotaryPositionalEmbeddings(4)",
                "expected input [samples, positions, a multiple of 4], found [2, 3, 6]",
                TensorType.floats(2, 3, 6));
    }

    private static void refuses(String text, String message, TensorType... inputs) {
        Layer layer = Layers.parse(text);
        assertThatThrownBy(() -> layer.outputs(List.of(inputs)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
