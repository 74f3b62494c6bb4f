package io.ketju.layers.attention;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.catalogue.Layers;
import io.ketju.layers.model.Blocks;
import io.ketju.layers.model.ModelText;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What attention, its blocks and those of graphs refuse, and how they say it. */
class AttentionErrorsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ScaledDotProductAttention(4, num_kv_heads=3)|ScaledDotProductAttention: argument 'num_kv_heads': expected a divisor of num_heads 4, found 3",
                "ScaledDotProductAttention(4, num_kv_heads=0)|ScaledDotProductAttention: argument 'num_kv_heads': expected at least 1, found 0",
                "InProjection(4, key_features=-2)|InProjection: argument 'key_features': expected at least 1, found -2",
                "ScaledDotProductAttention(2, extra_keys=-1)|ScaledDotProductAttention: argument 'extra_keys': expected at least 0, found -1",
                "AttentionWeights(0)|AttentionWeights: argument 'num_heads': expected at least 1, found 0",
                "AttentionWeights(4, num_kv_heads=3)|AttentionWeights: argument 'num_kv_heads': expected a divisor of num_heads 4, found 3",
                "AdditiveScores(0)|AdditiveScores: argument 'features': expected at least 1, found 0",
                "GraphAttention(0)|GraphAttention: argument 'out_channels': expected at least 1, found 0",
                "GraphAttention(2, heads=0)|GraphAttention: argument 'heads': expected at least 1, found 0",
                "GraphAttention(2, dropout=1.5)|GraphAttention: argument 'dropout': expected a probability from 0 to 1, found 1.5",
                "GraphAttention(2, negative_slope=NaN)|GraphAttention(2, negative_slope=NaN): argument 'negative_slope': expected a finite number, found 'NaN'",
                "NeighborAggregation(aggr=min)|NeighborAggregation: argument 'aggr': expected sum or mean or max, found 'min'",
                "NormalizedPropagation(maybe)|NormalizedPropagation(maybe): argument 'add_self_loops': expected true or false, found 'maybe'",
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
                "MultiheadAttention(8, 4, batch_first=true, num_kv_heads=3)|MultiheadAttention: argument 'num_kv_heads': expected a divisor of num_heads 4, found 3",
                "MultiheadAttention(8, 4, batch_first=true, inputs=padding)|MultiheadAttention: argument 'inputs': expected some of lengths, key_padding_mask, attn_mask, each once, found 'padding'",
                "TransformerEncoderLayer(8, 2, activation=Linear(2, 2), batch_first=true)|TransformerEncoderLayer: argument 'activation': expected relu, gelu or a layer as SiLU(), found 'Linear(2, 2)'",
                "TransformerEncoderLayer(8, 2, activation=rleu, batch_first=true)|unknown layer 'rleu'; did you mean 'RReLU'?",
                "TransformerDecoderLayer(8, 2, batch_first=true, inputs=src_mask)|TransformerDecoderLayer: argument 'inputs': expected some of tgt_lengths, memory_lengths, tgt_mask, memory_mask, each once, found 'src_mask'",
                "Transformer(8, 2, batch_first=true, inputs=(tgt_mask, tgt_mask))|Transformer: argument 'inputs': expected some of src_lengths, tgt_lengths, src_mask, tgt_mask, memory_mask, each once, found 'tgt_mask'",
                "LuongAttention(8, sum)|LuongAttention: argument 'score': expected dot or general or concat, found 'sum'",
                "AdditiveAttention(8, 4)|AdditiveAttention(8, 4): missing argument 'attention_dim'; it takes query_dim, memory_dim, attention_dim",
                "GATConv(0, 4)|GATConv: argument 'in_channels': expected at least 1, found 0",
                "SAGEConv(3, 4, median)|SAGEConv: argument 'aggr': expected mean or sum or max, found 'median'; did you mean 'mean'?",
            })
    void argumentsOfBlocks(String text, String message) {
        assertThatThrownBy(() -> Blocks.REGISTRY.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ScaledDotProductAttention(4, num_kv_heads=2)|float32[2, 3, 24]|expected query, key and value as 3 inputs, where there are 2 heads of keys for 4 of queries, found [float32[2, 3, 24]]",
                "ScaledDotProductAttention(4, num_kv_heads=2)|float32[2, 3, 8]; float32[2, 5, 8]; float32[2, 5, 4]|expected key [2, keys, 4] and value [2, keys, any], found [2, 5, 8] and [2, 5, 4]",
                "ScaledDotProductAttention(2)|float32[2, 3, 4]; float32[2, 5, 4]; float32[2, 5, 3]|expected input 2 [samples, keys, a multiple of 2], found [2, 5, 3]",
                "ScaledDotProductAttention(2, key_padding_mask=true)|float32[2, 3, 12]|expected query, key and value as 1 or 3 inputs, then lengths int32 if keys are padded, then the mask of padded keys, then a mask if there is one, found 1 inputs [float32[2, 3, 12]]",
                "ScaledDotProductAttention(2, key_padding_mask=true)|float32[2, 3, 12]; int32[2, 4]|expected a mask of padded keys int32[2, 3] as input 1, found int32[2, 4]",
                "ScaledDotProductAttention(2, extra_keys=4)|float32[2, 3, 12]|expected at least 4 keys, which are extra, found 3",
                "AttentionWeights(2)|float32[2, 3, 4]; float32[2, 5, 6]|expected query [samples, queries, a multiple of 2] and key [samples, keys, as many for each of 2 heads], found [2, 3, 4] and [2, 5, 6]",
                "InProjection(4, add_bias_kv=true)|float32[2, 3, 4]|expected 3 inputs, found 1 [float32[2, 3, 4]]",
                "InProjection(4, add_zero_attn=true)|float32[2, 4]; float32[3, 4]; float32[3, 4]|expected keys and values [samples, keys, features] where others follow them, found [3, 4]",
                "MultiheadAttention(4, 2, batch_first=true, inputs=key_padding_mask)|float32[2, 3, 4]|expected one or three sequences, then [key_padding_mask], found 0 inputs behind them",
                "AdditiveScores(3)|float32[2, 5, 3]; float32[2, 4, 2]|expected [samples, queries, 3] and [samples, keys, 3], found [2, 5, 3] and [2, 4, 2]",
                "TransformerDecoderLayer(4, 2, batch_first=true)|float32[2, 3, 4]; float32[2, 5, 4]; int32[2]|expected the lengths of both sequences or of none, found those of one; name what is given by the argument 'inputs'",
                "TransformerDecoderLayer(4, 2, batch_first=true, inputs=tgt_mask)|float32[2, 3, 4]; float32[2, 5, 4]; int32[2]|expected tgt_mask as input 2, [queries, keys] or more dimensions, found int32[2]",
                "TransformerDecoderLayer(4, 2, batch_first=true, inputs=tgt_lengths)|float32[2, 3, 4]; float32[2, 5, 4]; float32[3, 3]|expected tgt_lengths as input 2, int32 [samples], found float32[3, 3]",
                "GraphAttention(3, 2)|float32[4, 5]; int32[5]; int32[7]|expected input 0 [nodes, 6], found [4, 5]",
                "NeighborAggregation()|float32[4, 5]; int32[4]; int32[7]|expected [nodes, features], row pointers [nodes + 1] and column indexes [edges], found [float32[4, 5], int32[4], int32[7]]",
                "NormalizedPropagation()|float32[4, 5]; int32[5]; int32[7]; float32[6]|expected [nodes, features], row pointers [nodes + 1], column indexes [edges] and values [edges], found [float32[4, 5], int32[5], int32[7], float32[6]]",
                "GATConv(5, 2)|float32[4, 5]; int32[5]; int32[7]; float32[7]|expected features, then the row pointers and column indexes of a graph, found 4 inputs",
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
