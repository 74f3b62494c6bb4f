package io.ketju.onnx.layer;

import io.ketju.onnx.graph.Dimension;
import io.ketju.onnx.graph.Exporter;
import io.ketju.onnx.graph.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Poolings to a given size, one axis after the other: bin i of n goes from {@code ⌊i·L/n⌋} to {@code ⌈(i + 1)·L/n⌉ - 1}. */
final class AdaptivePoolingNodes {
    static final Map<String, Exporter> TABLE = Map.of(
            "AdaptiveAvgPool1d", site -> pooled(site, AdaptivePoolingNodes::mean),
            "AdaptiveAvgPool2d", site -> pooled(site, AdaptivePoolingNodes::mean),
            "AdaptiveMaxPool1d", site -> pooled(site, AdaptivePoolingNodes::maximum),
            "AdaptiveMaxPool2d", site -> pooled(site, AdaptivePoolingNodes::maximum));

    private AdaptivePoolingNodes() {}

    @FunctionalInterface
    private interface Bins {
        String along(Site site, String x, int axis, int count);
    }

    private static List<String> pooled(Site site, Bins bins) {
        String y = site.input(0);
        for (int axis = site.rank(0) - 1; axis > 1; axis--) {
            Dimension count = site.outputSizes(0).get(axis);
            boolean kept = count.equals(site.sizes(0).get(axis));
            y = kept ? y : bins.along(site, y, axis, site.outputSize(0, axis));
        }
        return List.of(y);
    }

    private static int start(int bin, int size, int count) {
        return (int) ((long) bin * size / count);
    }

    private static int end(int bin, int size, int count) {
        return (int) (((bin + 1L) * size + count - 1) / count);
    }

    /** A product with the matrix of the bins' shares, since bins may overlap. */
    private static String mean(Site site, String x, int axis, int count) {
        if (count == 1) {
            return site.reduce("ReduceMean", x, true, axis);
        }
        int size = site.size(0, axis);
        boolean last = axis == site.rank(0) - 1;
        float[] shares = new float[size * count];
        for (int bin = 0; bin < count; bin++) {
            int start = start(bin, size, count);
            int end = end(bin, size, count);
            for (int i = start; i < end; i++) {
                shares[last ? i * count + bin : bin * size + i] = 1f / (end - start);
            }
        }
        return last
                ? site.call("MatMul", x, site.floats(shares, size, count))
                : site.call("MatMul", site.floats(shares, count, size), x);
    }

    private static String maximum(Site site, String x, int axis, int count) {
        if (count == 1) {
            return site.reduce("ReduceMax", x, true, axis);
        }
        int size = site.size(0, axis);
        List<String> bins = new ArrayList<>();
        for (int bin = 0; bin < count; bin++) {
            String part = site.slice(x, axis, start(bin, size, count), end(bin, size, count), 1);
            bins.add(site.reduce("ReduceMax", part, true, axis));
        }
        return site.concat(axis, bins);
    }
}
