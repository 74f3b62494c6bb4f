package io.ketju.onnx.layer;

import io.ketju.layers.spec.Arguments;
import io.ketju.onnx.graph.Exporter;
import io.ketju.onnx.graph.Site;
import io.ketju.tensor.kernel.resampling.PaddingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Padding of planes. */
final class PaddingNodes {
    static final Map<String, Exporter> TABLE = table();

    private PaddingNodes() {}

    private static Map<String, Exporter> table() {
        Map<String, Exporter> table = new HashMap<>();
        for (int sides = 1; sides <= 2; sides++) {
            table.put("ZeroPad" + sides + "d", site -> padded(site, PaddingMode.ZEROS));
            table.put("ConstantPad" + sides + "d", site -> padded(site, PaddingMode.ZEROS));
            table.put("ReflectionPad" + sides + "d", site -> padded(site, PaddingMode.REFLECT));
            table.put("ReplicationPad" + sides + "d", site -> padded(site, PaddingMode.REPLICATE));
            table.put("CircularPad" + sides + "d", site -> padded(site, PaddingMode.CIRCULAR));
        }
        return Map.copyOf(table);
    }

    private static List<String> padded(Site site, PaddingMode mode) {
        Arguments arguments = site.arguments();
        List<Integer> given = arguments.integers("padding");
        int last = site.rank(0) - 1;
        List<Integer> all = new ArrayList<>(given);
        while (all.size() < 2 * (site.rank(0) - 2)) {
            all.add(given.getFirst());
        }
        List<Edge> edges = new ArrayList<>();
        for (int i = 0; i < all.size(); i += 2) {
            edges.add(new Edge(last - i / 2, all.get(i), all.get(i + 1)));
        }
        double value = arguments.text("value").isPresent() ? arguments.number("value") : 0;
        return List.of(pad(site, site.input(0), mode, value, edges));
    }

    /** Positions that are put before and behind an axis, or cut off where they are negative. */
    record Edge(int axis, int before, int after) {}

    /** First what is negative is cut off, then what is left is padded. */
    static String pad(Site site, String x, PaddingMode mode, double value, List<Edge> edges) {
        String cut = x;
        for (Edge edge : edges) {
            if (edge.before < 0 || edge.after < 0) {
                long end = edge.after < 0 ? edge.after : Long.MAX_VALUE;
                cut = site.slice(cut, edge.axis, Math.max(0, -edge.before), end, 1);
            }
        }
        if (edges.stream().allMatch(edge -> edge.before <= 0 && edge.after <= 0)) {
            return cut;
        }
        return switch (mode) {
            case ZEROS -> plain(site, cut, "constant", value, edges);
            case REFLECT -> plain(site, cut, "reflect", 0, edges);
            case REPLICATE -> plain(site, cut, "edge", 0, edges);
            case CIRCULAR -> circular(site, cut, edges);
        };
    }

    private static String plain(Site site, String x, String mode, double value, List<Edge> edges) {
        int rank = site.rank(0);
        long[] pads = new long[2 * rank];
        for (Edge edge : edges) {
            pads[edge.axis] = Math.max(0, edge.before);
            pads[edge.axis + rank] = Math.max(0, edge.after);
        }
        return site.op("Pad", x, site.longs(pads), site.number(value))
                .with("mode", mode)
                .get();
    }

    /** What stands at the other end, by itself: the mode of its own came with a later set of operators. */
    private static String circular(Site site, String x, List<Edge> edges) {
        String result = x;
        for (Edge edge : edges) {
            List<String> parts = new ArrayList<>(List.of(result));
            if (edge.before > 0) {
                parts.addFirst(site.slice(result, edge.axis, -edge.before, Long.MAX_VALUE, 1));
            }
            if (edge.after > 0) {
                parts.add(site.slice(result, edge.axis, 0, edge.after, 1));
            }
            result = parts.size() == 1 ? result : site.concat(edge.axis, parts);
        }
        return result;
    }
}
