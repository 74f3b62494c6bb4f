package io.ketju.onnx.layer;

import io.ketju.layers.spec.Arguments;
import io.ketju.onnx.graph.Exporter;
import io.ketju.onnx.graph.Site;
import io.ketju.onnx.layer.CellNodes.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A recurrent network that looks at a memory before each step: a loop over the steps. */
final class DecoderNodes {
    static final Map<String, Exporter> TABLE = Map.of("AttentionDecoder", DecoderNodes::decoder);

    private DecoderNodes() {}

    private static Kind kind(Arguments arguments) {
        return switch (arguments.word("cell")) {
            case "lstm" -> Kind.LSTM;
            case "gru" -> Kind.GRU;
            default -> Kind.TANH;
        };
    }

    /** The states, then contexts and weights of each step. */
    private static List<String> decoder(Site site) {
        Kind kind = kind(site.arguments());
        int hidden = site.arguments().integer("hidden_size");
        String memory = site.input(1);
        boolean padded = site.inputs() > 2 && site.isWhole(2);
        String present = padded ? CellNodes.present(site, site.input(2), memory) : Site.NOTHING;
        List<String> given = new ArrayList<>();
        for (String state : site.inputsFrom(padded ? 3 : 2)) {
            given.add(site.call("Squeeze", state, site.longs(1)));
        }
        while (given.size() < kind.states()) {
            given.add(CellNodes.zeros(site, memory, hidden));
        }
        String bias = site.hasParameter("bias_ih") ? site.parameter("bias_ih") : Site.NOTHING;
        given.add(LinearNodes.product(site, site.input(0), 3, site.parameter("weight_ih"), bias));
        String keys = LinearNodes.product(site, memory, 3, site.parameter("weight_key"), Site.NOTHING);
        Site body = site.body();
        List<String> read = new ArrayList<>();
        for (int i = 0; i <= kind.states(); i++) {
            read.add(body.bodyInput("step_" + i));
        }
        List<String> made = step(body, kind, hidden, read, keys, present);
        List<String> all =
                site.scan(site.op("Scan", given.toArray(String[]::new)), body, read, made, kind.states(), false);
        return all.subList(kind.states(), all.size());
    }

    private static List<String> step(Site body, Kind kind, int hidden, List<String> read, String keys, String present) {
        String before = read.getFirst();
        String query = body.call("Unsqueeze", CellNodes.gates(body, before, "weight_query", "none"), body.longs(1));
        String neurons = body.call("Tanh", body.call("Add", keys, query));
        String scores = body.call("MatMul", neurons, body.transpose(body.parameter("weight_score"), 1, 0));
        String weights = shares(body, body.call("Squeeze", scores, body.longs(2)), present);
        String context = body.call("MatMul", body.call("Unsqueeze", weights, body.longs(1)), body.input(1));
        context = body.call("Squeeze", context, body.longs(1));
        String ofContext = CellNodes.gates(body, context, "weight_ch", "none");
        String xg = body.call("Add", read.getLast(), ofContext);
        String hg = CellNodes.gates(body, before, "weight_hh", "bias_hh");
        List<String> made = new ArrayList<>(CellNodes.step(body, kind, hidden, xg, hg, read));
        made.add(body.call("Identity", made.getFirst()));
        made.add(context);
        made.add(weights);
        return made;
    }

    /** Softmax over the places of the memory that are there; zeros if none is. */
    private static String shares(Site body, String scores, String present) {
        if (present.isEmpty()) {
            return body.op("Softmax", scores).with("axis", -1).get();
        }
        String there = body.call("Greater", present, body.number(0));
        String masked = body.call("Where", there, scores, body.number(-Float.MAX_VALUE));
        return body.call("Mul", body.op("Softmax", masked).with("axis", -1).get(), present);
    }
}
