package io.ketju.onnx.layer;

import io.ketju.layers.spec.Arguments;
import io.ketju.onnx.format.OnnxType;
import io.ketju.onnx.graph.Exporter;
import io.ketju.onnx.graph.Operator;
import io.ketju.onnx.graph.Site;
import io.ketju.onnx.layer.CellNodes.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Recurrent networks as ONNX's operators of the same names, level by level; and single steps. */
final class RecurrentNodes {
    static final Map<String, Exporter> TABLE = Map.of(
            "RNN",
            site -> new RecurrentNodes(site).levels(),
            "LSTM",
            site -> new RecurrentNodes(site).levels(),
            "GRU",
            site -> new RecurrentNodes(site).levels(),
            "RNNCell",
            RecurrentNodes::step,
            "LSTMCell",
            RecurrentNodes::step,
            "GRUCell",
            RecurrentNodes::step);

    /** Where ONNX has which of PyTorch's gates: input, output, forget, cell; update, reset, new. */
    private static final Map<String, int[]> GATES =
            Map.of("RNN", new int[] {0}, "LSTM", new int[] {0, 3, 1, 2}, "GRU", new int[] {1, 0, 2});

    private final Site site;
    private final Arguments arguments;
    private final int hidden;
    private final int directions;
    private final boolean padded;
    private final int firstState;

    private RecurrentNodes(Site site) {
        this.site = site;
        arguments = site.arguments();
        hidden = arguments.integer("hidden_size");
        directions = arguments.flag("bidirectional") ? 2 : 1;
        padded = site.inputs() > 1 && site.isWhole(1);
        firstState = padded ? 2 : 1;
    }

    private static Kind kind(Site site) {
        if (site.kind().startsWith("LSTM")) {
            return Kind.LSTM;
        }
        if (site.kind().startsWith("GRU")) {
            return Kind.GRU;
        }
        return site.arguments().word("nonlinearity").equals("relu") ? Kind.RELU : Kind.TANH;
    }

    private List<String> levels() {
        if (site.kind().equals("LSTM") && arguments.integer("proj_size") > 0) {
            return new ProjectedNodes(site, hidden, directions, padded, firstState).levels();
        }
        int levels = arguments.integer("num_layers");
        String x = site.transpose(site.input(0), 1, 0, 2);
        List<List<String>> states = new ArrayList<>();
        for (int i = 0; i < kind(site).states(); i++) {
            states.add(new ArrayList<>());
        }
        for (int level = 0; level < levels; level++) {
            List<String> made = level(level, x);
            // [steps, directions, samples, hidden]
            x = site.reshape(site.transpose(made.getFirst(), 0, 2, 1, 3), 0, 0, (long) directions * hidden);
            for (int i = 0; i < states.size(); i++) {
                states.get(i).add(lastState(level, i, site.transpose(made.get(i + 1), 1, 0, 2)));
            }
        }
        List<String> outputs = new ArrayList<>(List.of(site.transpose(x, 1, 0, 2)));
        for (List<String> ofLevels : states) {
            outputs.add(levels == 1 ? ofLevels.getFirst() : site.concat(1, ofLevels));
        }
        return outputs;
    }

    private String before(int level, int which) {
        return site.slice(site.input(firstState + which), 1, (long) level * directions, (level + 1L) * directions, 1);
    }

    /** Of a sequence without steps it is the state before, about which readers of the operator differ. */
    private String lastState(int level, int which, String made) {
        if (!padded) {
            return made;
        }
        String steps = site.call("Unsqueeze", site.input(1), site.longs(1, 2));
        String any = site.call("Greater", site.cast(steps, OnnxType.INT64), site.whole(0));
        boolean given = site.inputs() > firstState;
        return site.call("Where", any, made, given ? before(level, which) : site.number(0));
    }

    private List<String> level(int level, String x) {
        List<String> operands = new ArrayList<>(List.of(
                x,
                weights("W", List.of("weight_ih"), level),
                weights("R", List.of("weight_hh"), level),
                arguments.flag("bias") ? weights("B", List.of("bias_ih", "bias_hh"), level) : Site.NOTHING,
                padded ? site.input(1) : Site.NOTHING));
        for (int i = firstState; i < site.inputs(); i++) {
            operands.add(site.transpose(before(level, i - firstState), 1, 0, 2));
        }
        Operator operator = site.op(site.kind(), operands.toArray(String[]::new))
                .with("hidden_size", hidden)
                .with("direction", directions == 2 ? "bidirectional" : "forward");
        if (kind(site) == Kind.RELU) {
            operator.texts("activations", Collections.nCopies(directions, "Relu"));
        }
        if (kind(site) == Kind.GRU) {
            operator.with("linear_before_reset", 1);
        }
        return operator.get(1 + kind(site).states());
    }

    static String suffix(int level, int direction) {
        return "_l" + level + (direction == 1 ? "_reverse" : "");
    }

    /** Parameters side by side for each direction, with the gates in ONNX's order. */
    private String weights(String name, List<String> parameters, int level) {
        int[] order = GATES.getOrDefault(site.kind(), new int[] {0});
        int rows = order.length * hidden;
        int columns = parameters.size() > 1
                ? 1
                : site.layer().parameters().stream()
                        .filter(one -> one.name().equals(parameters.getFirst() + suffix(level, 0)))
                        .mapToInt(one -> one.shape().dimension(1))
                        .findFirst()
                        .orElseThrow();
        long[] shape = parameters.size() > 1
                ? new long[] {directions, (long) parameters.size() * rows}
                : new long[] {directions, rows, columns};
        int one = hidden * columns;
        return site.constant(
                name + "_l" + level,
                () -> {
                    float[] all = new float[directions * parameters.size() * rows * columns];
                    int at = 0;
                    for (int direction = 0; direction < directions; direction++) {
                        for (String parameter : parameters) {
                            float[] values = site.values(parameter + suffix(level, direction), rows * columns);
                            for (int gate : order) {
                                System.arraycopy(values, gate * one, all, at, one);
                                at += one;
                            }
                        }
                    }
                    return all;
                },
                shape);
    }

    private static List<String> step(Site site) {
        Kind kind = kind(site);
        int hidden = site.arguments().integer("hidden_size");
        List<String> before = site.inputsFrom(1);
        while (before.size() < kind.states()) {
            before.add(CellNodes.zeros(site, site.input(0), hidden));
        }
        String xg = CellNodes.gates(site, site.input(0), "weight_ih", "bias_ih");
        String hg = CellNodes.gates(site, before.getFirst(), "weight_hh", "bias_hh");
        return CellNodes.step(site, kind, hidden, xg, hg, before);
    }
}
