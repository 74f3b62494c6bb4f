package io.ketju.layers;

import static io.ketju.tensor.TensorType.floats;
import static io.ketju.tensor.TensorType.ints;

import io.ketju.layers.attention.InProjection;
import io.ketju.layers.attention.ScaledDotProductAttention;
import io.ketju.layers.recurrent.GRU;
import io.ketju.layers.recurrent.LSTM;
import io.ketju.layers.recurrent.RNN;
import java.util.List;

/** Attention and recurrent layers, with and without lengths, which go from 0 to all steps. */
final class SequenceCases {
    private SequenceCases() {}

    static List<LayerCase> all() {
        return List.of(
                LayerCase.of("InProjection(1)", 1, 1),
                LayerCase.of("InProjection(5)", 2, 3, 5),
                LayerCase.of("InProjection(3, bias=false)", floats(2, 4, 3), floats(2, 1, 3), floats(2, 5, 3)),
                LayerCase.of("InProjection(7)", floats(2, 3, 7), floats(2, 5, 7), floats(2, 5, 7)),
                LayerCase.of("ScaledDotProductAttention(1)", 1, 1, 3),
                LayerCase.of("ScaledDotProductAttention(2, is_causal=true)", 2, 5, 18),
                LayerCase.of("ScaledDotProductAttention(3)", floats(2, 4, 9), floats(2, 7, 9), floats(2, 7, 9)),
                LayerCase.of("ScaledDotProductAttention(2)", floats(3, 4, 30), ints(3))
                        .boundedBy(5),
                LayerCase.of(
                                "ScaledDotProductAttention(1, is_causal=true)",
                                floats(4, 3, 5),
                                floats(4, 6, 5),
                                floats(4, 6, 5),
                                ints(4))
                        .boundedBy(7),
                LayerCase.of("LSTM(1, 1, batch_first=true)", 1, 1, 1),
                LayerCase.of("LSTM(3, 5, batch_first=true)", 2, 4, 3),
                LayerCase.of("LSTM(3, 2, batch_first=true)", floats(5, 6, 3), ints(5))
                        .boundedBy(7),
                LayerCase.of("LSTM(4, 3, batch_first=true, bias=false, num_layers=3)", 2, 3, 4),
                LayerCase.of("LSTM(2, 3, batch_first=true, bidirectional=true)", 3, 4, 2),
                LayerCase.of("LSTM(2, 3, batch_first=true, bidirectional=true, num_layers=2)", floats(4, 5, 2), ints(4))
                        .boundedBy(6),
                LayerCase.of("GRU(3, 5, batch_first=true)", 2, 4, 3),
                LayerCase.of("GRU(2, 3, batch_first=true, bidirectional=true, num_layers=2)", floats(3, 4, 2), ints(3))
                        .boundedBy(5),
                LayerCase.of("GRU(3, 1, batch_first=true, bias=false)", floats(2, 3, 3), ints(2))
                        .boundedBy(4),
                LayerCase.of("RNN(3, 5, batch_first=true)", 2, 4, 3),
                LayerCase.of("RNN(2, 3, batch_first=true, nonlinearity=relu)", floats(3, 4, 2), ints(3))
                        .boundedBy(5),
                LayerCase.of("RNN(2, 3, batch_first=true, bidirectional=true, num_layers=2)", 2, 3, 2));
    }

    /** Larger than blocks of the kernels, too large for central differences. */
    static List<LayerCase> large() {
        return List.of(
                LayerCase.of("InProjection(67)", floats(3, 5, 67), floats(3, 9, 67), floats(3, 9, 67)),
                LayerCase.of("ScaledDotProductAttention(2, is_causal=true)", floats(2, 131, 42), ints(2))
                        .boundedBy(132),
                LayerCase.of("ScaledDotProductAttention(3)", floats(1, 70, 33), floats(1, 101, 33), floats(1, 101, 33)),
                LayerCase.of("LSTM(19, 67, batch_first=true)", floats(23, 13, 19), ints(23))
                        .boundedBy(14),
                LayerCase.of("GRU(19, 35, batch_first=true, bidirectional=true)", 9, 31, 19));
    }
}
