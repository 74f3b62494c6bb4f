package io.ketju.onnx.layer;

import io.ketju.layers.spec.Arguments;
import io.ketju.onnx.graph.Exporter;
import io.ketju.onnx.graph.Site;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Normalizations, as they are in evaluation. */
final class NormalizationNodes {
    static final Map<String, Exporter> TABLE = Map.of(
            "BatchNorm1d", NormalizationNodes::batch,
            "BatchNorm2d", NormalizationNodes::batch,
            "InstanceNorm1d", NormalizationNodes::instance,
            "InstanceNorm2d", NormalizationNodes::instance,
            "GroupNorm", NormalizationNodes::group,
            "LayerNorm", NormalizationNodes::layer,
            "RMSNorm", NormalizationNodes::rootMeanSquare,
            "LocalResponseNorm", NormalizationNodes::localResponse);

    private NormalizationNodes() {}

    /** A parameter, or as many ones or zeros. */
    private static String orAll(Site site, String parameter, float value, long... shape) {
        if (site.hasParameter(parameter)) {
            return site.parameter(parameter);
        }
        float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        Arrays.fill(values, value);
        return site.floats(values, shape);
    }

    private static double eps(Site site) {
        return site.arguments().number("eps");
    }

    private static List<String> batch(Site site) {
        Arguments arguments = site.arguments();
        int channels = arguments.integer("num_features");
        String weight = orAll(site, "weight", 1, channels);
        String bias = orAll(site, "bias", 0, channels);
        if (!arguments.flag("track_running_stats")) {
            return List.of(byBatch(site, weight, bias));
        }
        String mean = site.parameter("running_mean");
        String variance = site.parameter("running_var");
        return List.of(site.op("BatchNormalization", site.input(0), weight, bias, mean, variance)
                .with("epsilon", eps(site))
                .get());
    }

    /** By the statistics of what is given, whatever that is. */
    private static String byBatch(Site site, String weight, String bias) {
        String x = site.input(0);
        long[] axes =
                LongStream.range(0, site.rank(0)).filter(axis -> axis != 1).toArray();
        String distance = site.call("Sub", x, site.reduce("ReduceMean", x, true, axes));
        String variance = site.reduce("ReduceMean", site.call("Mul", distance, distance), true, axes);
        String deviation = site.call("Sqrt", site.call("Add", variance, site.number(eps(site))));
        return byChannel(site, site.call("Div", distance, deviation), weight, bias);
    }

    /** Times a number of each channel, plus another. */
    private static String byChannel(Site site, String x, String weight, String bias) {
        long[] shape = new long[site.rank(0) - 1];
        Arrays.fill(shape, 1);
        shape[0] = -1;
        String scaled = site.call("Mul", x, site.reshape(weight, shape));
        return site.call("Add", scaled, site.reshape(bias, shape));
    }

    private static List<String> instance(Site site) {
        int channels = site.arguments().integer("num_features");
        return List.of(site.op(
                        "InstanceNormalization",
                        site.input(0),
                        orAll(site, "weight", 1, channels),
                        orAll(site, "bias", 0, channels))
                .with("epsilon", eps(site))
                .get());
    }

    /** Each group of a sample as a channel. */
    private static List<String> group(Site site) {
        int groups = site.arguments().integer("num_groups");
        String ones = orAll(site, "none", 1, groups);
        String zeros = orAll(site, "none", 0, groups);
        String parted = site.reshape(site.input(0), 0, groups, -1);
        String y = site.op("InstanceNormalization", parted, ones, zeros)
                .with("epsilon", eps(site))
                .get();
        y = site.call("Reshape", y, site.call("Shape", site.input(0)));
        return List.of(
                site.hasParameter("weight") ? byChannel(site, y, site.parameter("weight"), site.parameter("bias")) : y);
    }

    private static long[] normalized(Site site) {
        return site.arguments().integers("normalized_shape").stream()
                .mapToLong(Integer::longValue)
                .toArray();
    }

    private static List<String> layer(Site site) {
        long[] shape = normalized(site);
        List<String> operands = new ArrayList<>(List.of(site.input(0), orAll(site, "weight", 1, shape)));
        if (site.hasParameter("bias")) {
            operands.add(site.parameter("bias"));
        }
        return List.of(site.op("LayerNormalization", operands.toArray(String[]::new))
                .with("axis", -shape.length)
                .with("epsilon", eps(site))
                .get());
    }

    private static List<String> rootMeanSquare(Site site) {
        String x = site.input(0);
        int dimensions = normalized(site).length;
        long[] axes = LongStream.range(-dimensions, 0).toArray();
        String mean = site.reduce("ReduceMean", site.call("Mul", x, x), true, axes);
        String root = site.call("Sqrt", site.call("Add", mean, site.number(eps(site))));
        String y = site.call("Div", x, root);
        return List.of(site.hasParameter("weight") ? site.call("Mul", y, site.parameter("weight")) : y);
    }

    /** The mean over neighbouring channels as a pooling; ONNX's own operator takes others where there is an even number. */
    private static List<String> localResponse(Site site) {
        Arguments arguments = site.arguments();
        int size = arguments.integer("size");
        String x = site.input(0);
        String squares = site.reshape(site.call("Mul", x, x), 0, 1, site.size(0, 1), -1);
        String means = site.op("AveragePool", squares)
                .ints("kernel_shape", size, 1)
                .ints("pads", size / 2, 0, (size - 1) / 2, 0)
                .with("count_include_pad", 1)
                .get();
        means = site.call("Reshape", means, site.call("Shape", x));
        String sum = site.call("Mul", means, site.number(arguments.number("alpha")));
        sum = site.call("Add", sum, site.number(arguments.number("k")));
        return List.of(site.call("Div", x, site.call("Pow", sum, site.number(arguments.number("beta")))));
    }
}
