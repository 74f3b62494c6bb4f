package io.ketju.onnx.layer;

import io.ketju.layers.spec.Arguments;
import io.ketju.onnx.format.OnnxType;
import io.ketju.onnx.graph.Exporter;
import io.ketju.onnx.graph.Site;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** Rows of tables by tokens and positions. */
final class EmbeddingNodes {
    private static final String WEIGHT = "weight";

    static final Map<String, Exporter> TABLE = Map.of(
            "Embedding", site -> List.of(site.call("Gather", site.parameter(WEIGHT), site.input(0))),
            "EmbeddingBag", EmbeddingNodes::bag,
            "Positions", EmbeddingNodes::positions,
            "SinusoidalPositions", EmbeddingNodes::sinusoidal,
            "RotaryPositionalEmbeddings", EmbeddingNodes::rotary);

    private EmbeddingNodes() {}

    /** As many of the first rows of a table as the input has positions. */
    private static String firstRows(Site site, String table, int rows) {
        if (!site.sizes(0).get(1).free() && site.size(0, 1) == rows) {
            return table;
        }
        String count = site.sizeOf(site.input(0), 1);
        return site.call("Slice", table, site.longs(0), count, site.longs(0));
    }

    private static List<String> positions(Site site) {
        String rows = firstRows(site, site.parameter(WEIGHT), site.arguments().integer("max_length"));
        return List.of(site.call("Add", site.input(0), rows));
    }

    /** Positions of the longest sequence that can come. */
    private static int longest(Site site) {
        return site.sizes(0).get(1).number();
    }

    /** A function of the angle of each position and pair, [positions, pairs]. */
    private static float[] angles(Site site, int dim, DoubleUnaryOperator function) {
        double base = site.arguments().number("base");
        int pairs = dim / 2;
        float[] values = new float[longest(site) * pairs];
        for (int i = 0; i < values.length; i++) {
            double turn = StrictMath.pow(base, -2.0 * (i % pairs) / dim);
            int position = i / pairs;
            values[i] = (float) function.applyAsDouble(position * turn);
        }
        return values;
    }

    private static List<String> sinusoidal(Site site) {
        int dim = site.arguments().integer("dim");
        float[] sines = angles(site, dim, StrictMath::sin);
        float[] cosines = angles(site, dim, StrictMath::cos);
        float[] rows = new float[2 * sines.length];
        for (int i = 0; i < sines.length; i++) {
            rows[2 * i] = sines[i];
            rows[2 * i + 1] = cosines[i];
        }
        String table = site.constant("table", rows::clone, longest(site), dim);
        return List.of(site.call("Add", site.input(0), firstRows(site, table, longest(site))));
    }

    /** Cosines and sines [positions, 1, pairs], for all heads. */
    private static List<String> rotary(Site site) {
        Arguments arguments = site.arguments();
        int dim = arguments.integer("dim");
        int heads = site.size(0, -1) / dim;
        boolean interleaved = arguments.flag("interleaved");
        int place = interleaved ? 4 : 3;
        String pairs = interleaved
                ? site.reshape(site.input(0), 0, 0, heads, dim / 2, 2)
                : site.reshape(site.input(0), 0, 0, heads, 2, dim / 2);
        List<String> planes = site.split(pairs, place, 1, 1);
        String a = site.call("Squeeze", planes.get(0), site.longs(place));
        String b = site.call("Squeeze", planes.get(1), site.longs(place));
        String cosines = angleTable(site, "cosines", dim, StrictMath::cos);
        String sines = angleTable(site, "sines", dim, StrictMath::sin);
        String first = site.call("Sub", site.call("Mul", a, cosines), site.call("Mul", b, sines));
        String second = site.call("Add", site.call("Mul", b, cosines), site.call("Mul", a, sines));
        String turned = site.concat(
                place,
                List.of(
                        site.call("Unsqueeze", first, site.longs(place)),
                        site.call("Unsqueeze", second, site.longs(place))));
        return List.of(site.reshape(turned, 0, 0, site.size(0, -1)));
    }

    private static String angleTable(Site site, String name, int dim, DoubleUnaryOperator function) {
        float[] values = angles(site, dim, function);
        String table = site.constant(name, values::clone, longest(site), 1, dim / 2);
        return firstRows(site, table, longest(site));
    }

    /** 1 for each token that counts, 0 for padding. */
    private static String counted(Site site, String tokens) {
        Arguments arguments = site.arguments();
        int padding = arguments.text("padding_idx").isPresent() ? arguments.integer("padding_idx") : -1;
        String whole = site.cast(tokens, OnnxType.INT64);
        return site.cast(site.call("Not", site.call("Equal", whole, site.whole(padding))), OnnxType.FLOAT);
    }

    private static List<String> bag(Site site) {
        String tokens = site.input(0);
        String rows = site.call("Gather", site.parameter(WEIGHT), tokens);
        boolean flat = site.rank(0) == 1;
        String mode = site.arguments().word("mode");
        int given = flat ? 2 : 1;
        String factors = counted(site, tokens);
        String weighted = site.inputs() > given ? site.call("Mul", factors, site.input(given)) : factors;
        return List.of(
                flat ? offsets(site, mode, rows, factors, weighted) : samples(site, mode, rows, factors, weighted));
    }

    private static String column(Site site, String value) {
        return site.call("Unsqueeze", value, site.longs(-1));
    }

    private static String atLeastOne(Site site, String counts) {
        return column(site, site.call("Max", counts, site.number(1)));
    }

    /** The rows that win, or zeros where there is none. */
    private static String orZeros(Site site, String counts, String largest) {
        String any = site.call("Greater", column(site, counts), site.number(0));
        return site.call("Where", any, largest, site.number(0));
    }

    private static String countedOnly(Site site, String rows, String counted) {
        String counts = site.call("Greater", column(site, counted), site.number(0));
        return site.call("Where", counts, rows, site.number(-Float.MAX_VALUE));
    }

    private static String samples(Site site, String mode, String rows, String counted, String weighted) {
        String counts = site.reduce("ReduceSum", counted, false, 1);
        if (mode.equals("max")) {
            return orZeros(site, counts, site.reduce("ReduceMax", countedOnly(site, rows, counted), false, 1));
        }
        String product = site.call("MatMul", site.call("Unsqueeze", weighted, site.longs(1)), rows);
        String sums = site.call("Squeeze", product, site.longs(1));
        return mode.equals("mean") ? site.call("Div", sums, atLeastOne(site, counts)) : sums;
    }

    /** Bags one behind the other, that begin at offsets. */
    private static String offsets(Site site, String mode, String rows, String counted, String weighted) {
        String offsets = site.cast(site.input(1), OnnxType.INT64);
        if (site.arguments().flag("include_last_offset")) {
            offsets = site.slice(offsets, 0, 0, -1, 1);
        }
        Segments bags = Segments.of(site, offsets, site.input(0));
        String counts = bags.sum(counted);
        if (mode.equals("max")) {
            return orZeros(site, counts, bags.max(countedOnly(site, rows, counted)));
        }
        String sums = bags.sum(site.call("Mul", rows, column(site, weighted)));
        return mode.equals("mean") ? site.call("Div", sums, atLeastOne(site, counts)) : sums;
    }
}
