package io.ketju.onnx.layer;

import io.ketju.layers.spec.Arguments;
import io.ketju.onnx.format.OnnxType;
import io.ketju.onnx.graph.Exporter;
import io.ketju.onnx.graph.Site;
import java.util.List;
import java.util.Map;

/** Products with sparse matrices and messages between nodes of a graph, by indexes and values that are inputs. */
final class SparseNodes {
    static final Map<String, Exporter> TABLE = Map.of(
            "SparseMatMul", SparseNodes::product,
            "NormalizedPropagation", SparseNodes::propagation,
            "NeighborAggregation", SparseNodes::aggregation,
            "GraphAttention", SparseNodes::attention);

    private static final int POINTERS = 1;
    private static final int COLUMNS = 2;
    private static final int VALUES = 3;

    private SparseNodes() {}

    private static Segments rows(Site site) {
        return Segments.ofRows(site, site.cast(site.input(POINTERS), OnnxType.INT64), site.input(COLUMNS));
    }

    private static String column(Site site, String value) {
        return site.call("Unsqueeze", value, site.longs(-1));
    }

    private static String neighbours(Site site, String x) {
        return site.call("Gather", x, site.input(COLUMNS));
    }

    private static List<String> product(Site site) {
        String x = neighbours(site, site.input(0));
        return List.of(rows(site).sum(site.call("Mul", x, column(site, site.input(VALUES)))));
    }

    /** 1 for each edge between two nodes, 0 for a loop. */
    private static String between(Site site, Segments rows) {
        String columns = site.cast(site.input(COLUMNS), OnnxType.INT64);
        return site.cast(site.call("Not", site.call("Equal", rows.owners(), columns)), OnnxType.FLOAT);
    }

    /** With s the inverse roots of the sums: {@code s · (A · (s · x) + loop · s · x)}. */
    private static List<String> propagation(Site site) {
        Segments rows = rows(site);
        String values = site.input(VALUES);
        String loops = null;
        if (site.arguments().flag("add_self_loops")) {
            String between = between(site, rows);
            String ofLoops = site.call("Sub", site.number(1), between);
            String given = rows.sum(site.call("Mul", values, ofLoops));
            String any = site.call("Greater", rows.sum(ofLoops), site.number(0));
            loops = site.call("Where", any, given, site.number(1));
            values = site.call("Mul", values, between);
        }
        String sums = loops == null ? rows.sum(values) : rows.sum(loops, values);
        String positive = site.call("Greater", sums, site.number(0));
        String safe = site.call("Where", positive, sums, site.number(1));
        String inverse = site.call("Reciprocal", site.call("Sqrt", safe));
        inverse = column(site, site.call("Where", positive, inverse, site.number(0)));
        String scaled = site.call("Mul", site.input(0), inverse);
        String messages = site.call("Mul", neighbours(site, scaled), column(site, values));
        String heard =
                loops == null ? rows.sum(messages) : rows.sum(site.call("Mul", scaled, column(site, loops)), messages);
        return List.of(site.call("Mul", heard, inverse));
    }

    private static List<String> aggregation(Site site) {
        Segments rows = rows(site);
        String messages = neighbours(site, site.input(0));
        String aggr = site.arguments().word("aggr");
        if (aggr.equals("sum")) {
            return List.of(rows.sum(messages));
        }
        String one = site.call("Expand", site.number(1), site.call("Shape", rows.owners()));
        String counts = column(site, rows.sum(one));
        if (aggr.equals("mean")) {
            return List.of(site.call("Div", rows.sum(messages), site.call("Max", counts, site.number(1))));
        }
        String any = site.call("Greater", counts, site.number(0));
        return List.of(site.call("Where", any, rows.max(messages), site.number(0)));
    }

    private static List<String> attention(Site site) {
        Arguments arguments = site.arguments();
        int heads = arguments.integer("heads");
        int channels = arguments.integer("out_channels");
        Segments rows = rows(site);
        String x = site.reshape(site.input(0), -1, heads, channels);
        String source = site.reduce("ReduceSum", site.call("Mul", x, site.parameter("att_src")), false, -1);
        String target = site.reduce("ReduceSum", site.call("Mul", x, site.parameter("att_dst")), false, -1);
        String edges = leaky(site, site.call("Add", neighbours(site, source), rows.gather(target)));
        boolean loops = arguments.flag("add_self_loops");
        String between = loops ? column(site, between(site, rows)) : null;
        if (between != null) {
            String counts = site.call("Greater", between, site.number(0));
            edges = site.call("Where", counts, edges, site.number(-Float.MAX_VALUE));
        }
        String own = leaky(site, site.call("Add", source, target));
        String most = loops ? rows.max(own, edges) : rows.max(edges);
        String shares = site.call("Exp", site.call("Sub", edges, rows.gather(most)));
        shares = between == null ? shares : site.call("Mul", shares, between);
        String ownShare = site.call("Exp", site.call("Sub", own, most));
        String sum = loops ? rows.sum(ownShare, shares) : rows.sum(shares);
        String messages = site.call("Mul", neighbours(site, x), column(site, shares));
        String heard = loops ? rows.sum(site.call("Mul", x, column(site, ownShare)), messages) : rows.sum(messages);
        // A node that hears of nobody has sums of 0.
        String y = site.call("Div", heard, column(site, site.call("Max", sum, site.number(Float.MIN_NORMAL))));
        y = arguments.flag("concat")
                ? site.reshape(y, -1, (long) heads * channels)
                : site.reduce("ReduceMean", y, false, 1);
        return List.of(site.hasParameter("bias") ? site.call("Add", y, site.parameter("bias")) : y);
    }

    private static String leaky(Site site, String scores) {
        return site.op("LeakyRelu", scores)
                .with("alpha", site.arguments().number("negative_slope"))
                .get();
    }
}
