package io.ketju.onnx.layer;

import io.ketju.layers.spec.Arguments;
import io.ketju.onnx.graph.Exporter;
import io.ketju.onnx.graph.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Attention and its projections. */
final class AttentionNodes {
    static final Map<String, Exporter> TABLE = Map.of(
            "InProjection", AttentionNodes::projection,
            "ScaledDotProductAttention", AttentionNodes::attention,
            "AttentionWeights", AttentionNodes::weights,
            "AdditiveScores", AttentionNodes::additive);

    private static final int PARTS = 3;

    private AttentionNodes() {}

    private static List<String> projection(Site site) {
        boolean separate = site.hasParameter("q_proj_weight");
        String bias = site.hasParameter("in_proj_bias") ? site.parameter("in_proj_bias") : Site.NOTHING;
        if (site.inputs() == 1) {
            return List.of(
                    LinearNodes.product(site, site.input(0), site.rank(0), site.parameter("in_proj_weight"), bias));
        }
        Arguments arguments = site.arguments();
        int width = arguments.integer("embed_dim");
        int keys = arguments.integer("key_features", width);
        List<String> weights = separate
                ? List.of(
                        site.parameter("q_proj_weight"),
                        site.parameter("k_proj_weight"),
                        site.parameter("v_proj_weight"))
                : site.split(site.parameter("in_proj_weight"), 0, width, width, width);
        List<String> biases = bias.isEmpty() ? List.of() : site.split(bias, 0, width, keys, keys);
        List<String> outputs = new ArrayList<>();
        for (int i = 0; i < PARTS; i++) {
            String ofPart = biases.isEmpty() ? Site.NOTHING : biases.get(i);
            String made = LinearNodes.product(site, site.input(i), site.rank(i), weights.get(i), ofPart);
            outputs.add(i == 0 ? made : followed(site, made, i == 1 ? "bias_k" : "bias_v", keys));
        }
        return List.copyOf(outputs);
    }

    /** Keys or values with the learned one and the one of zeros behind them, if there are any. */
    private static String followed(Site site, String made, String learned, int features) {
        List<String> parts = new ArrayList<>(List.of(made));
        String one = site.concat(0, List.of(site.sizeOf(made, 0), site.longs(1, features)));
        if (site.hasParameter(learned)) {
            parts.add(site.call("Expand", site.parameter(learned), one));
        }
        if (site.arguments().flag("add_zero_attn")) {
            parts.add(site.call("Expand", site.number(0), one));
        }
        return parts.size() == 1 ? made : site.concat(1, parts);
    }

    /** A tensor [samples, positions, columns] head by head, in an order of its dimensions samples, positions, heads, width. */
    private static String byHead(Site site, String x, int columns, int own, long... order) {
        return site.transpose(site.reshape(x, 0, 0, own, columns / own), order);
    }

    /** Fewer heads of keys, each as often as there are heads of queries for it. */
    private static String repeated(Site site, String byHead, int own, int heads) {
        if (own == heads) {
            return byHead;
        }
        long[] which =
                LongStream.range(0, heads).map(head -> head / (heads / own)).toArray();
        return site.op("Gather", byHead, site.longs(which)).with("axis", 1).get();
    }

    private static int keyHeads(Arguments arguments) {
        return arguments.integer("num_kv_heads", arguments.integer("num_heads"));
    }

    /** Weights [samples, heads, queries, keys]. */
    private static String shares(Site site, String query, String key, int columns, int operands) {
        Arguments arguments = site.arguments();
        int heads = arguments.integer("num_heads");
        int own = keyHeads(arguments);
        int width = columns / heads;
        String q = byHead(site, query, columns, heads, 0, 2, 1, 3);
        String k = repeated(site, byHead(site, key, width * own, own, 0, 2, 3, 1), own, heads);
        double scale = arguments.number("scale", 1 / Math.sqrt(width));
        String scores = site.call("Mul", site.call("MatMul", q, k), site.number(scale));
        return new MaskNodes(site, query, key, operands).softmax(scores);
    }

    private static List<String> attention(Site site) {
        Arguments arguments = site.arguments();
        int heads = arguments.integer("num_heads");
        int own = keyHeads(arguments);
        boolean packed = site.inputs() < PARTS || site.isWhole(1);
        int columns = site.size(0, -1) / (packed ? PARTS : 1);
        List<String> operands = packed ? site.split(site.input(0), 2, columns, columns, columns) : site.inputsFrom(0);
        int ofValues = packed ? columns : site.size(2, -1);
        String shares = shares(site, operands.get(0), operands.get(1), columns, packed ? 1 : PARTS);
        String v = repeated(site, byHead(site, operands.get(2), ofValues, own, 0, 2, 1, 3), own, heads);
        String y = site.transpose(site.call("MatMul", shares, v), 0, 2, 1, 3);
        return List.of(site.reshape(y, 0, 0, (long) ofValues / own * heads));
    }

    private static List<String> weights(Site site) {
        String shares = shares(site, site.input(0), site.input(1), site.size(0, -1), 2);
        boolean average = site.arguments().flag("average_attn_weights");
        return List.of(average ? site.reduce("ReduceMean", shares, false, 1) : shares);
    }

    private static List<String> additive(Site site) {
        String q = site.call("Unsqueeze", site.input(0), site.longs(2));
        String k = site.call("Unsqueeze", site.input(1), site.longs(1));
        String neurons = site.call("Tanh", site.call("Add", q, k));
        String scores = site.call("MatMul", neurons, site.transpose(site.parameter("weight"), 1, 0));
        return List.of(site.call("Squeeze", scores, site.longs(3)));
    }
}
