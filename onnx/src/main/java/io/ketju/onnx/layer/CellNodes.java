package io.ketju.onnx.layer;

import io.ketju.onnx.format.OnnxType;
import io.ketju.onnx.graph.Site;
import java.util.List;

/** One step of a recurrent cell, with PyTorch's order of the gates. */
final class CellNodes {
    /** Which cell. */
    enum Kind {
        TANH,
        RELU,
        LSTM,
        GRU;

        int states() {
            return this == LSTM ? 2 : 1;
        }
    }

    private CellNodes() {}

    /**
     * The states after a step, h and for LSTM c.
     *
     * @param xg what the input gives to the gates, [samples, gates · hidden]
     * @param hg what the state before gives
     * @param before the states before
     */
    static List<String> step(Site site, Kind kind, int hidden, String xg, String hg, List<String> before) {
        return switch (kind) {
            case TANH -> List.of(site.call("Tanh", site.call("Add", xg, hg)));
            case RELU -> List.of(site.call("Relu", site.call("Add", xg, hg)));
            case LSTM -> lstm(site, hidden, site.call("Add", xg, hg), before.get(1));
            case GRU -> gru(site, hidden, xg, hg, before.getFirst());
        };
    }

    private static List<String> lstm(Site site, int hidden, String sum, String cellBefore) {
        List<String> gates = site.split(sum, -1, hidden, hidden, hidden, hidden);
        String taken = site.call("Mul", site.call("Sigmoid", gates.get(0)), site.call("Tanh", gates.get(2)));
        String kept = site.call("Mul", site.call("Sigmoid", gates.get(1)), cellBefore);
        String cell = site.call("Add", kept, taken);
        return List.of(site.call("Mul", site.call("Sigmoid", gates.get(3)), site.call("Tanh", cell)), cell);
    }

    private static List<String> gru(Site site, int hidden, String xg, String hg, String before) {
        List<String> x = site.split(xg, -1, hidden, hidden, hidden);
        List<String> h = site.split(hg, -1, hidden, hidden, hidden);
        String reset = site.call("Sigmoid", site.call("Add", x.get(0), h.get(0)));
        String update = site.call("Sigmoid", site.call("Add", x.get(1), h.get(1)));
        String fresh = site.call("Tanh", site.call("Add", x.get(2), site.call("Mul", reset, h.get(2))));
        String kept = site.call("Mul", update, before);
        return List.of(site.call("Add", site.call("Mul", site.call("Sub", site.number(1), update), fresh), kept));
    }

    /** Zeros [samples, features], of as many samples as a value has. */
    static String zeros(Site site, String value, int features) {
        String shape = site.concat(0, List.of(site.sizeOf(value, 0), site.longs(features)));
        return site.call("Expand", site.number(0), shape);
    }

    /** {@code x · weightᵀ + bias} of rows, where the layer has a bias. */
    static String gates(Site site, String x, String weight, String bias) {
        return LinearNodes.product(
                site, x, 2, site.parameter(weight), site.hasParameter(bias) ? site.parameter(bias) : Site.NOTHING);
    }

    /** 1 where a step is none of the padding: [samples, steps], of so many steps as dimension 1 of a value. */
    static String present(Site site, String lengths, String value) {
        String ends = site.call("Unsqueeze", site.cast(lengths, OnnxType.INT64), site.longs(1));
        return site.cast(site.call("Less", site.range(value, 1), ends), OnnxType.FLOAT);
    }
}
