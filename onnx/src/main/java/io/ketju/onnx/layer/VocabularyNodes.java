package io.ketju.onnx.layer;

import io.ketju.onnx.format.OnnxType;
import io.ketju.onnx.graph.Exporter;
import io.ketju.onnx.graph.InexpressibleException;
import io.ketju.onnx.graph.Site;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Losses over large vocabularies, as far as nothing is drawn. */
final class VocabularyNodes {
    static final Map<String, Exporter> TABLE =
            Map.of("NegativeSampling", VocabularyNodes::negatives, "HierarchicalSoftmax", VocabularyNodes::hierarchy);

    /** A target that is none, where rows have several. */
    private static final int NONE = -100;

    private VocabularyNodes() {}

    private static boolean several(Site site) {
        return site.rank(1) == site.rank(0);
    }

    private static String targets(Site site) {
        return site.cast(site.input(1), OnnxType.INT64);
    }

    /** Each row of x once for each of its targets, [..., 1, width], or as it is. */
    private static String rows(Site site) {
        return several(site) ? site.call("Unsqueeze", site.input(0), site.longs(-2)) : site.input(0);
    }

    private static String scores(Site site, String x, String chosen) {
        return site.reduce("ReduceSum", site.call("Mul", x, chosen), false, -1);
    }

    private static String ofTable(Site site, String index) {
        String place = site.call("Max", index, site.whole(0));
        return site.call("Gather", site.parameter("weight"), place);
    }

    /** Losses of targets, of which some may be none, to those of rows. */
    private static List<String> summed(Site site, String targets, String losses) {
        if (!several(site)) {
            return List.of(losses);
        }
        String none = site.call("Equal", targets, site.whole(NONE));
        String kept = site.call("Where", none, site.number(0), losses);
        return List.of(site.reduce("ReduceSum", kept, false, -1));
    }

    private static List<String> negatives(Site site) {
        if (site.rank(2) == 1) {
            throw new InexpressibleException("it draws random numbers by how often tokens occur; an output before it,"
                    + " such as the word vectors, can be exported");
        }
        String targets = targets(site);
        String negatives = site.cast(site.input(2), OnnxType.INT64);
        String x = rows(site);
        String right = scores(site, x, ofTable(site, targets));
        String loss = site.call("Softplus", site.call("Neg", right));
        String wrong = scores(site, site.call("Unsqueeze", x, site.longs(-2)), ofTable(site, negatives));
        String same = site.call("Equal", negatives, site.call("Unsqueeze", targets, site.longs(-1)));
        String others = site.call("Where", same, site.number(0), site.call("Softplus", wrong));
        loss = site.call("Add", loss, site.reduce("ReduceSum", others, false, -1));
        return summed(site, targets, loss);
    }

    private static List<String> hierarchy(Site site) {
        String targets = targets(site);
        String paths = site.inputs() > 2 ? site.cast(site.input(2), OnnxType.INT64) : balanced(site);
        String path = site.call("Gather", paths, site.call("Max", targets, site.whole(0)));
        String steps = site.call("Max", path, site.whole(0));
        String nodes = site.call("Div", steps, site.whole(2));
        String second = site.call("Equal", site.call("Mod", steps, site.whole(2)), site.whole(1));
        String x = site.call("Unsqueeze", rows(site), site.longs(-2));
        String scores = scores(site, x, ofTable(site, nodes));
        String losses = site.call("Softplus", site.call("Where", second, scores, site.call("Neg", scores)));
        String behind = site.call("Less", path, site.whole(0));
        String kept = site.call("Where", behind, site.number(0), losses);
        return summed(site, targets, site.reduce("ReduceSum", kept, false, -1));
    }

    /** The path of each token through the balanced tree, whose nodes count from 1 at the root, children being 2n and 2n + 1. */
    private static String balanced(Site site) {
        int tokens = site.arguments().integer("num_embeddings");
        int most = levels(2 * tokens - 1);
        long[] paths = new long[tokens * most];
        Arrays.fill(paths, -1);
        for (int token = 0; token < tokens; token++) {
            int leaf = tokens + token;
            int levels = levels(leaf);
            for (int step = 0; step < levels; step++) {
                int below = levels - 1 - step;
                paths[token * most + step] = 2L * ((leaf >> (below + 1)) - 1) + ((leaf >> below) & 1);
            }
        }
        return site.reshape(site.longs(paths), tokens, most);
    }

    private static int levels(int node) {
        return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(node);
    }
}
