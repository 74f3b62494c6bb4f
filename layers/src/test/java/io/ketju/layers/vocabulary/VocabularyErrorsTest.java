package io.ketju.layers.vocabulary;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.catalogue.Layers;
import io.ketju.layers.model.ModelText;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What losses over large vocabularies refuse, and how they say it. */
class VocabularyErrorsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NegativeSampling(0, 3)|NegativeSampling: argument 'num_embeddings': expected at least 1, found 0",
                "NegativeSampling(7, -1)|NegativeSampling: argument 'embedding_dim': expected at least 1, found -1",
                "NegativeSampling(7, 3, k=0)|NegativeSampling: argument 'k': expected at least 1, found 0",
                "NegativeSampling(7, 3, power=-1)|NegativeSampling: argument 'power': expected a number of at least 0, found -1.0",
                "NegativeSampling(7, 3, negatives=2)|NegativeSampling(7, 3, negatives=2): unknown argument 'negatives'; it takes num_embeddings, embedding_dim, k, power, init, sparse",
                "HierarchicalSoftmax(1, 3)|HierarchicalSoftmax: argument 'num_embeddings': expected at least 2, found 1",
                "HierarchicalSoftmax(5, 0)|HierarchicalSoftmax: argument 'embedding_dim': expected at least 1, found 0",
                "HierarchicalSoftmax(5, 3, tree=binary)|HierarchicalSoftmax: argument 'tree': expected balanced or huffman, found 'binary'",
                "HierarchicalSoftmx(5, 3)|unknown layer 'HierarchicalSoftmx'; did you mean 'HierarchicalSoftmax'?",
            })
    void arguments(String text, String message) {
        assertThatThrownBy(() -> Layers.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NegativeSampling(7, 3)|float32[2, 3]; int32[2]|expected 3 inputs, found 2 [float32[2, 3], int32[2]]",
                "NegativeSampling(7, 3)|float32[2, 4]; int32[2]; int32[7]|expected input 0 [samples, ..., 3], found [2, 4]",
                "NegativeSampling(7, 3)|float32[2, 3]; float32[2]; int32[7]|expected targets int32[2] or int32[2, several] as input 1, found float32[2]",
                "NegativeSampling(7, 3)|float32[2, 5, 3]; int32[2]; int32[7]|expected targets int32[2, 5] or int32[2, 5, several] as input 1, found int32[2]",
                "NegativeSampling(7, 3)|float32[2, 3]; int32[2]; int32[6]|expected counts int32[7] or negatives int32[2, 5] as input 2, found int32[6]",
                "NegativeSampling(7, 3, k=2)|float32[2, 3]; int32[2]; int32[2, 5]|expected counts int32[7] or negatives int32[2, 2] as input 2, found int32[2, 5]",
                "HierarchicalSoftmax(5, 3)|float32[2, 3]; int32[2]; int32[5, 3]|expected 2 inputs, found 3 [float32[2, 3], int32[2], int32[5, 3]]",
                "HierarchicalSoftmax(5, 3, tree=huffman)|float32[2, 3]; int32[2]|expected 3 inputs, found 2 [float32[2, 3], int32[2]]",
                "HierarchicalSoftmax(5, 3, tree=huffman)|float32[2, 3]; int32[2]; int32[4, 3]|expected paths [5, steps] as input 2, found [4, 3]",
                "HierarchicalSoftmax(5, 3, tree=huffman)|float32[2, 3]; int32[2]; float32[5, 3]|expected input 2 of type int32, found float32[5, 3]",
            })
    void inputs(String spec, String inputs, String message) {
        String[] types = inputs.split("; ", -1);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            lines.add("input in" + i + " = whole " + types[i]);
        }
        String names = IntStream.range(0, types.length).mapToObj(i -> "in" + i).collect(Collectors.joining(", "));
        lines.add("y = " + spec + " <- " + names);
        assertThatThrownBy(() -> ModelText.parse(Shape.of(1), lines))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith(message);
    }
}
